// How the user interface begins: one call gives this tab its client and its connection.
import { LiveConnection } from '../sync/connection';
import type { Connection } from '../sync/api';
import { BrowserEnvironment } from './browser_environment';
import { acquireClient, type LeaseStores } from './client_lease';
import { startCourier } from './courier';
import { knownClients } from './unsent';

export interface ClientOptions {
  readonly workspace: string;
  readonly name: string; // the person's, as others see it
  readonly language: string;
  readonly socketUrl?: string; // this page's own server unless given
}

export interface StartedClient {
  readonly connection: Connection;
  // Closes all documents and lets another tab have the client.
  stop(): void;
}

// Resolves within milliseconds, with or without a network. To change the workspace, stop and start again.
export async function startClient(options: ClientOptions): Promise<StartedClient> {
  const { workspace, name, language } = options;
  const environment = new BrowserEnvironment(options.socketUrl ?? ownSocketUrl());
  const sources = { database: environment.database, local: environment.local };
  const stores: LeaseStores = {
    session: environment.sessionStore,
    local: environment.local,
    locks: navigator.locks ?? null,
    random: () => environment.random(),
    now: () => environment.now(),
  };
  const lease = await acquireClient(stores, await knownClients(sources, workspace).catch(() => []));
  const connection = new LiveConnection(environment, { client: lease.client, workspace, name, language });
  const stopCourier = startCourier({ environment, sources, stores, identity: { workspace, name, language }, own: connection });
  const stop = (): void => {
    stopCourier();
    connection.close();
    lease.release();
  };
  return { connection, stop };
}

function ownSocketUrl(): string {
  const url = new URL('/api/socket', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
