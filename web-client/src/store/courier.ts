// Sends what nobody else would: a tab that was closed or died with unsent changes leaves them to the next tab of the same
// browser. For each such client the courier takes its lock, opens a connection in its name, waits until everything is
// acknowledged, and goes. This tab's own client may have inherited unsent changes too, in documents that it does not show.
import type { ClientKey } from '../protocol/client_key';
import type { Connection } from '../sync/api';
import type { Environment } from '../sync/environment';
import { LiveConnection, type Identity } from '../sync/connection';
import { parseDocumentName } from '../protocol/schema';
import { acquireAbandoned, type LeaseStores } from './client_lease';
import { listUnsent, type Unsent, type UnsentSources } from './unsent';

const lookEveryMs = 60_000;
const errandMaxMs = 60_000; // a client that the server does not answer is left for another time

export interface CourierEnds {
  readonly environment: Environment;
  readonly sources: UnsentSources;
  readonly stores: LeaseStores;
  readonly identity: Omit<Identity, 'key'>;
  readonly own: LiveConnection; // this tab's
}

// Returns how to stop it.
export function startCourier(ends: CourierEnds): () => void {
  let stopped = false;
  let cancel = (): void => {};
  const look = async (): Promise<void> => {
    await deliverUnsent(ends, () => stopped).catch(() => {}); // storage that cannot be read now may be later
    if (!stopped) cancel = ends.environment.schedule(lookEveryMs, () => void look());
  };
  cancel = ends.environment.schedule(0, () => void look());
  return () => {
    stopped = true;
    cancel();
  };
}

async function deliverUnsent(ends: CourierEnds, stopped: () => boolean): Promise<void> {
  const unsent = (await listUnsent(ends.sources)).filter((it) => parseDocumentName(it.document)?.workspace === ends.identity.workspace);
  for (const [key, documents] of byClient(unsent)) {
    if (stopped() || !ends.environment.network.online) return;
    if (key === ends.own.key) {
      await settle(ends, ends.own, documents);
      continue;
    }
    const lease = await acquireAbandoned(ends.stores, key);
    if (lease === null) continue; // its tab lives
    if (stopped()) return lease.release();
    const connection = new LiveConnection(ends.environment, { ...ends.identity, key });
    await settle(ends, connection, documents);
    connection.close();
    lease.release();
  }
}

function byClient(unsent: readonly Unsent[]): Map<ClientKey, string[]> {
  const documents = new Map<ClientKey, string[]>();
  for (const { client, document } of unsent) documents.set(client, [...(documents.get(client) ?? []), document]);
  return documents;
}

// Resolves when the server has everything, or will not have it now.
function settle(ends: CourierEnds, connection: Connection, names: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const documents = names.map((name) => connection.open(name));
    const finish = (): void => {
      cancels.forEach((cancel) => cancel());
      documents.forEach((document) => document.close());
      resolve();
    };
    const check = (): void => {
      const done = documents.every(({ status }) => status.problem !== null || (status.synced && status.pendingOps === 0));
      if (done || connection.state.type === 'away') finish();
    };
    const cancels = [
      ends.environment.schedule(errandMaxMs, finish),
      connection.subscribe(check),
      ...documents.map((document) => document.subscribe((event) => event.type === 'status' && check())),
    ];
    check();
  });
}
