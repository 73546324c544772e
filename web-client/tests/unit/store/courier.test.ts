// What a tab leaves behind is sent by the next one, in its name and exactly once; also what one of an older program left.
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { LiveConnection } from '../../../src/sync/connection';
import type { Environment } from '../../../src/sync/environment';
import { startCourier } from '../../../src/store/courier';
import { acquireClient, tryAcquire, type LeaseStores } from '../../../src/store/client_lease';
import { databaseSource, type DatabaseSource } from '../../../src/store/database';
import { LocalJournal } from '../../../src/store/journal_local';
import { IdbDocumentStorage } from '../../../src/store/outbox_idb';
import { clientOf, isSecret } from '../../../src/protocol/client_key';
import { knownClients, listUnsent } from '../../../src/store/unsent';
import { memoryLocks, MemoryStorage } from '../support/browser';
import { ModelServer } from '../support/model_server';
import { Random } from '../support/random';
import { Wire } from '../support/world';

const name = 'acme/plan/web/q1';
const identity = { workspace: 'acme', name: 'Li', language: 'en' };
let server: ModelServer;
let local: MemoryStorage;
let database: DatabaseSource;
let stores: LeaseStores;
let wires: Wire[];
let storages: IdbDocumentStorage[];

beforeEach(() => {
  indexedDB = new IDBFactory();
  server = new ModelServer(name);
  local = new MemoryStorage();
  database = databaseSource();
  const random = new Random(3);
  stores = { session: new MemoryStorage(), local, locks: memoryLocks(), random: () => random.next(), now: () => 0 };
  wires = [];
  storages = [];
});

function environment(): Environment {
  return {
    now: () => 0,
    random: stores.random,
    schedule: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    transport: {
      connect(handlers) {
        const wire = new Wire(server, handlers);
        wires.push(wire);
        return wire;
      },
    },
    network: { online: true, subscribe: () => () => {} },
    storage: (client, document) => {
      const storage = new IdbDocumentStorage(database, client, document, new LocalJournal(local, client, document));
      storages.push(storage);
      return storage;
    },
  };
}

// Turns of the event loop with everything on the wires delivered, until `done`.
async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 500; turn += 1) {
    if (await done()) return;
    for (const wire of [...wires]) while (wire.stepUp() || wire.stepDown());
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('it did not come about');
}

// A tab that types and dies before anything could be sent.
async function leaveBehind(client: string): Promise<void> {
  const tab = new LiveConnection(environment(), { ...identity, key: client });
  const document = tab.open(name);
  await until(() => document.status.synced);
  for (const wire of wires) wire.close();
  expect(document.submit([{ op: 'edit', id: 'plan', field: 'title', edit: [`from ${client};`] }])).toBeNull();
  await until(async () => (await listUnsent({ database, local })).length > 0);
}

describe('courier', () => {
  it('[CH3] sends what a dead tab left, under its own name', async () => {
    await leaveBehind('dead-tab');
    const own = new LiveConnection(environment(), { ...identity, key: 'my-tab' });
    const stop = startCourier({ environment: environment(), sources: { database, local }, stores, identity, own });
    await until(() => server.revision === 1);
    expect(server.log[0]).toMatchObject({ client: 'dead-tab', seq: 1, ops: [{ edit: ['from dead-tab;'] }] });
    await until(async () => (await listUnsent({ database, local })).length === 0);
    stop();
    own.close();
  });
  it('[HS5] leaves a tab alone that lives', async () => {
    await leaveBehind('live-tab');
    const lease = await tryAcquire(stores, 'live-tab');
    const own = new LiveConnection(environment(), { ...identity, key: 'my-tab' });
    const stop = startCourier({ environment: environment(), sources: { database, local }, stores, identity, own });
    for (let turn = 0; turn < 50; turn += 1) await until(() => true).then(() => new Promise((resolve) => setImmediate(resolve)));
    expect(wires.filter((wire) => wire.sent.some((it) => it.includes('live-tab') && it.includes('hello')))).toHaveLength(1);
    lease?.release();
    stop();
    own.close();
  });
  it('[CH3] sends what this tab\'s client has inherited in documents that it does not show', async () => {
    await leaveBehind('my-tab');
    const own = new LiveConnection(environment(), { ...identity, key: 'my-tab' });
    const stop = startCourier({ environment: environment(), sources: { database, local }, stores, identity, own });
    await until(() => server.revision === 1);
    expect(server.log[0]).toMatchObject({ client: 'my-tab' });
    stop();
    own.close();
  });
});

describe('what a program from before there were secrets left', () => {
  const old = '3fK9aZ_xQ1-bT7uLw0Rm';
  const startTab = async (): Promise<{ key: string; connection: LiveConnection; end: () => void }> => {
    const lease = await acquireClient(stores, await knownClients({ database, local }, 'acme'));
    const connection = new LiveConnection(environment(), { ...identity, key: lease.key });
    return { key: lease.key, connection, end: () => [connection.close(), lease.release()] };
  };
  const storedPending = async (): Promise<number> => (await (await database())?.get('states', [old, name]))?.pending.length ?? 0;

  it.each(['localStorage', 'IndexedDB'])('[HS9] in %s is shown and sent under its id; the next start has a secret', async (where) => {
    stores.session?.setItem('okra.client', old);
    await leaveBehind(old);
    if (where === 'IndexedDB') {
      await storages.at(-1)?.flush();
      expect([await storedPending(), local.length]).toEqual([1, 0]);
    } else {
      expect(await storedPending()).toBe(0);
      expect(local.length).toBeGreaterThan(0);
    }

    const tab = await startTab();
    expect(tab.key).toBe(old);
    const document = tab.connection.open(name);
    await until(() => document.status.loaded && document.status.synced && document.status.pendingOps === 0);
    expect(document.root?.fields.title).toBe(`from ${old};`);
    expect(server.log).toMatchObject([{ client: old, seq: 1 }]);
    expect(wires.at(-1)?.sent.some((it) => it.includes('"hello"') && it.includes('secret'))).toBe(false);
    await storages.at(-1)?.flush();
    expect(await listUnsent({ database, local })).toEqual([]);
    tab.end();

    const next = await startTab();
    expect(isSecret(next.key)).toBe(true);
    expect(next.connection.client).toBe(clientOf(next.key));
    const again = next.connection.open(name);
    await until(() => again.status.synced);
    expect(again.root?.fields.title).toBe(`from ${old};`);
    expect(again.submit([{ op: 'edit', id: 'plan', field: 'title', edit: ['New, '] }])).toBeNull();
    await until(() => server.revision === 2);
    expect(server.log[1]).toMatchObject({ client: clientOf(next.key), seq: 1 });
    expect(wires.at(-1)?.sent.find((it) => it.includes('"hello"'))).toContain(`"secret":"${next.key}"`);
    expect(JSON.stringify(server.log)).not.toContain(next.key);
    next.end();
  });
  it('[HS9] keeps its drafts in sight', async () => {
    await leaveBehind(old);
    const opened = await database();
    await storages.at(-1)?.flush();
    const state = await opened?.get('states', [old, name]);
    if (state === undefined) throw new Error('no state');
    const draft = { key: 'd', document: name, at: 0, refusal: { code: 'too_deep', rule: 'ER6', message: '' }, ops: [] };
    await opened?.put('states', { ...state, pending: [], drafts: [draft] }, [old, name]);
    local.clear();
    expect(await knownClients({ database, local }, 'acme')).toEqual([old]);
    await opened?.put('states', { ...state, pending: [], drafts: [] }, [old, name]);
    expect(await knownClients({ database, local }, 'acme')).toEqual([]);
    expect(await knownClients({ database, local }, 'other')).toEqual([]);
  });
});
