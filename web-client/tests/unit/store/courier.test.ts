// What a tab leaves behind is sent by the next one, in its name and exactly once.
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { LiveConnection } from '../../../src/sync/connection';
import type { Environment } from '../../../src/sync/environment';
import { startCourier } from '../../../src/store/courier';
import { tryAcquire, type LeaseStores } from '../../../src/store/client_lease';
import { databaseSource, type DatabaseSource } from '../../../src/store/database';
import { LocalJournal } from '../../../src/store/journal_local';
import { IdbDocumentStorage } from '../../../src/store/outbox_idb';
import { listUnsent } from '../../../src/store/unsent';
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

beforeEach(() => {
  indexedDB = new IDBFactory();
  server = new ModelServer(name);
  local = new MemoryStorage();
  database = databaseSource();
  const random = new Random(3);
  stores = { session: new MemoryStorage(), local, locks: memoryLocks(), random: () => random.next(), now: () => 0 };
  wires = [];
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
    storage: (client, document) => new IdbDocumentStorage(database, client, document, new LocalJournal(local, client, document)),
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
  const tab = new LiveConnection(environment(), { ...identity, client });
  const document = tab.open(name);
  await until(() => document.status.synced);
  for (const wire of wires) wire.close();
  expect(document.submit([{ op: 'edit', id: 'plan', field: 'title', edit: [`from ${client};`] }])).toBeNull();
  await until(async () => (await listUnsent({ database, local })).length > 0);
}

describe('courier', () => {
  it('[CH3] sends what a dead tab left, under its own name', async () => {
    await leaveBehind('dead-tab');
    const own = new LiveConnection(environment(), { ...identity, client: 'my-tab' });
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
    const own = new LiveConnection(environment(), { ...identity, client: 'my-tab' });
    const stop = startCourier({ environment: environment(), sources: { database, local }, stores, identity, own });
    for (let turn = 0; turn < 50; turn += 1) await until(() => true).then(() => new Promise((resolve) => setImmediate(resolve)));
    expect(wires.filter((wire) => wire.sent.some((it) => it.includes('live-tab') && it.includes('hello')))).toHaveLength(1);
    lease?.release();
    stop();
    own.close();
  });
  it('[CH3] sends what this tab\'s client has inherited in documents that it does not show', async () => {
    await leaveBehind('my-tab');
    const own = new LiveConnection(environment(), { ...identity, client: 'my-tab' });
    const stop = startCourier({ environment: environment(), sources: { database, local }, stores, identity, own });
    await until(() => server.revision === 1);
    expect(server.log[0]).toMatchObject({ client: 'my-tab' });
    stop();
    own.close();
  });
});
