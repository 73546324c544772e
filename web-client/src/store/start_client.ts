// How the user interface begins: one call gives this tab its client and its connection.
import { LiveConnection } from '../sync/connection';
import type { Connection } from '../sync/api';
import { BrowserEnvironment } from './browser_environment';
import { acquireAbandoned, acquireClient, type LeaseStores } from './client_lease';
import { startCourier } from './courier';
import { KeptInputs } from './kept_inputs';
import { knownClients } from './unsent';

export interface ClientOptions {
  readonly workspace: string;
  readonly name: string; // the person's, as others see it
  readonly language: string;
  readonly socketUrl?: string; // this page's own server unless given
}

export interface StartedClient {
  readonly connection: Connection;
  readonly kept: KeptInputs;
  // Closes all documents and lets another tab have the client.
  stop(): void;
}

// Resolves within milliseconds, with or without a network. To change the workspace, stop and start again.
export async function startClient(options: ClientOptions): Promise<StartedClient> {
  const { workspace, name, language } = options;
  const environment = new BrowserEnvironment(options.socketUrl ?? ownSocketUrl());
  const sources = { database: environment.database, local: environment.local };
  // Without the database nobody knows what earlier clients left there, nor which numbers they have used: a new one begins.
  const readable = (await environment.database()) !== null;
  const stores: LeaseStores = {
    session: readable ? environment.sessionStore : null,
    local: environment.local,
    locks: navigator.locks ?? null,
    random: () => environment.random(),
    now: () => environment.now(),
  };
  const lease = await acquireClient(stores, readable ? await knownClients(sources, workspace).catch(() => []) : []);
  const connection = new LiveConnection(environment, { key: lease.key, workspace, name, language });
  const stopCourier = startCourier({ environment, sources, stores, identity: { workspace, name, language }, own: connection });
  const kept = await KeptInputs.load({
    database: environment.database,
    tab: lease.key,
    lease: (tab) => acquireAbandoned(stores, tab),
    isHere: () => document.hasFocus(),
    now: () => environment.now(),
    schedule: (ms, run) => environment.schedule(ms, run),
  });
  const look = (): void => void kept.look();
  addEventListener('focus', look);
  const forgetPage = followPage(connection);
  const stop = (): void => {
    removeEventListener('focus', look);
    kept.stop();
    forgetPage();
    stopCourier();
    connection.close();
    lease.release();
  };
  return { connection, kept, stop };
}

// A page that is left may be put aside whole (the back/forward cache), with its socket, and a browser answers the server's pings for it:
// to the others its person would stay where they were for a minute and more. So the socket is closed when the page goes. A page that is
// brought back may have lost its client to another tab meanwhile: a reload begins with what is stored.
function followPage(connection: Connection): () => void {
  const hidden = (): void => connection.suspend();
  const shown = (event: PageTransitionEvent): void => {
    if (event.persisted) location.reload();
  };
  addEventListener('pagehide', hidden);
  addEventListener('pageshow', shown);
  return () => {
    removeEventListener('pagehide', hidden);
    removeEventListener('pageshow', shown);
  };
}

function ownSocketUrl(): string {
  const url = new URL('/api/socket', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
