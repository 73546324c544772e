import 'fake-indexeddb/auto';
import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb';
import { unwrap } from 'idb';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Checkpoint, CheckpointSource, StoredState } from '../../../src/sync/environment';
import { databaseSource, type DatabaseSource } from '../../../src/store/database';
import { LocalJournal, journaledDocuments } from '../../../src/store/journal_local';
import { IdbDocumentStorage } from '../../../src/store/outbox_idb';
import { knownClients, listUnsent } from '../../../src/store/unsent';
import { MemoryStorage } from '../support/browser';

const document = 'acme/plan/web/q1';
let local: MemoryStorage;
let database: DatabaseSource;

beforeEach(() => {
  indexedDB = new IDBFactory();
  local = new MemoryStorage();
  database = databaseSource();
});

const state = (journal: number, pending: StoredState['pending'] = [], revision = 5): StoredState => ({ epoch: 'e', revision, seqUsed: 2, pending, drafts: [], journal });
const row = (id: string, title: string): Checkpoint['rows'][number] => ({ id, entity: { id, kind: 'objective', parent: 'plan', position: 'V', removed: false, fields: { title } }, figures: { progress: 0.5 } });

class Source implements CheckpointSource {
  readonly fulls: boolean[] = [];
  readonly marks: number[] = [];
  next: Omit<Checkpoint, 'mark'>;
  constructor(next: Omit<Checkpoint, 'mark'>) {
    this.next = next;
  }
  capture(full: boolean): Checkpoint {
    this.fulls.push(full);
    return { ...this.next, full: full || this.next.full, mark: this.fulls.length };
  }
  saved(mark: number): void {
    this.marks.push(mark);
  }
}
const mount = (client = 'c1', name = document): IdbDocumentStorage => new IdbDocumentStorage(database, client, name, new LocalJournal(local, client, name));

async function closeByBrowser(source: DatabaseSource): Promise<void> {
  const open = await source();
  if (open !== null) forceCloseDatabase(unwrap(open) as never); // its types name the class where an instance is meant
}

describe('the browser\'s outbox', () => {
  it('gives back what was written, with the journal after it', async () => {
    const storage = mount();
    expect(await storage.load()).toEqual({ document: null, borrowed: false, journal: [] });
    const source = new Source({ state: state(2), rows: [row('o1', 'Grow')], full: true });
    storage.attach(source);
    for (const number of [1, 2, 3]) expect(storage.journal(number, `entry ${number}`)).toBe(true);
    storage.touch();
    expect(await storage.flush()).toBe(true);
    expect(source.marks).toEqual([1]);
    expect(await mount().load()).toEqual({ document: { state: state(2), rows: [row('o1', 'Grow')] }, borrowed: false, journal: [{ number: 3, text: 'entry 3' }] });
  });
  it('changes rows by row, and all of them when told so', async () => {
    const storage = mount();
    const source = new Source({ state: state(0), rows: [row('a', '1'), row('b', '1'), row('c', '1')], full: true });
    storage.attach(source);
    storage.touch();
    await storage.flush();
    source.next = { state: state(0), rows: [row('a', '2'), { id: 'b', entity: null, figures: null }], full: false };
    storage.touch();
    await storage.flush();
    expect((await mount().load()).document?.rows).toEqual([row('a', '2'), row('c', '1')]);
    source.next = { state: state(0), rows: [row('d', '1')], full: true };
    storage.touch();
    await storage.flush();
    expect((await mount().load()).document?.rows).toEqual([row('d', '1')]);
  });
  it('writes nothing that has not changed, and one checkpoint at a time', async () => {
    const storage = mount();
    const source = new Source({ state: state(0), rows: [], full: false });
    storage.attach(source);
    await storage.flush();
    expect(source.fulls).toEqual([]);
    storage.touch();
    await Promise.all([storage.flush(), storage.flush(), storage.flush()]);
    expect(source.fulls).toHaveLength(1);
  });
  it('after a failure writes everything', async () => {
    const storage = mount();
    const source = new Source({ state: state(1), rows: [row('a', '1')], full: false });
    storage.attach(source);
    storage.journal(1, 'entry');
    (await database())?.close();
    storage.touch();
    expect(await storage.flush()).toBe(false);
    expect(source.marks).toEqual([]);
    expect(new LocalJournal(local, 'c1', document).read()).toHaveLength(1); // still all there is
    await storage.flush();
    expect(source.fulls).toEqual([false, true]);
    storage.close();
  });
  it('drops journal entries that its checkpoint holds already', async () => {
    const storage = mount();
    storage.attach(new Source({ state: state(2), rows: [], full: true }));
    storage.touch();
    await storage.flush();
    new LocalJournal(local, 'c1', document).append(2, 'left by a tab that died before it dropped it');
    expect((await mount().load()).journal).toEqual([]);
    expect(await listUnsent({ database, local })).toEqual([]);
  });
  it('writes everything into a database that the browser has made anew', async () => {
    const storage = mount();
    const source = new Source({ state: state(0), rows: [row('a', '1'), row('b', '1')], full: true });
    storage.attach(source);
    storage.touch();
    await storage.flush();
    indexedDB = new IDBFactory(); // site data was deleted while the page is open
    await closeByBrowser(database);
    source.next = { ...source.next, full: false };
    storage.touch();
    expect(await storage.flush()).toBe(true);
    expect(source.fulls).toEqual([false, true]);
    expect((await mount().load()).document?.rows).toHaveLength(2);
  });
  it('asks again when the database does not read', async () => {
    const storage = mount();
    storage.attach(new Source({ state: state(1), rows: [row('a', '1')], full: true }));
    storage.touch();
    await storage.flush();
    let failures = 2;
    const moody: DatabaseSource = async () => {
      const open = await database();
      if (failures === 0) return open;
      failures -= 1;
      await closeByBrowser(database); // whatever is asked of it now fails
      return open;
    };
    const found = await new IdbDocumentStorage(moody, 'c1', document, new LocalJournal(local, 'c1', document)).load();
    expect(found.document?.rows).toHaveLength(1);
    expect(failures).toBe(0);
  });
  it('keeps clients and documents apart', async () => {
    const one = mount('c1', document);
    one.attach(new Source({ state: state(0), rows: [row('a', '1')], full: true }));
    one.touch();
    await one.flush();
    const neighbour = mount('c1', `${document}x`);
    neighbour.attach(new Source({ state: state(0, [], 9), rows: [row('z', '1')], full: true }));
    neighbour.touch();
    await neighbour.flush();
    expect((await mount('c1', document).load()).document?.rows.map((it) => it.id)).toEqual(['a']);
  });
  it('lends a new client what another has seen, without its pending changes', async () => {
    const one = mount('c1');
    one.attach(new Source({ state: state(7, [{ ops: [{ op: 'remove', id: 'a' }], size: 30, sealed: null }]), rows: [row('a', '1')], full: true }));
    one.touch();
    await one.flush();
    const borrowed = await mount('c2').load();
    expect(borrowed).toMatchObject({ borrowed: true, document: { state: { revision: 5, pending: [], seqUsed: 0, journal: 0 }, rows: [{ id: 'a' }] } });
  });
  it('works without a database and without localStorage as far as one can', async () => {
    const storage = new IdbDocumentStorage(async () => null, 'c1', document, new LocalJournal(null, 'c1', document));
    expect(await storage.load()).toEqual({ document: null, borrowed: false, journal: [] });
    storage.attach(new Source({ state: state(0), rows: [], full: true }));
    expect(storage.journal(1, 'x')).toBe(false);
    storage.touch();
    expect(await storage.flush()).toBe(false);
    storage.close();
  });
});

describe('the journal', () => {
  it('survives, in order, and drops what a checkpoint holds', () => {
    const journal = new LocalJournal(local, 'c1', document);
    for (let number = 1; number <= 12; number += 1) journal.append(number, String(number));
    const again = new LocalJournal(local, 'c1', document);
    again.dropUpTo(9);
    expect(again.read().map((it) => it.number)).toEqual([10, 11, 12]);
  });
  it('has a bound, and says no beyond it or when the site is full', () => {
    const journal = new LocalJournal(local, 'c1', document);
    expect(journal.append(1, 'x'.repeat(400_000))).toBe(true);
    expect(journal.append(2, 'x'.repeat(400_000))).toBe(false);
    journal.dropUpTo(1);
    expect(journal.append(2, 'x'.repeat(400_000))).toBe(true);
    local.quota = 400_001;
    expect(journal.append(3, 'xx')).toBe(false);
  });
});

describe('a browser that is killed', () => {
  // localStorage of the last seconds is in the browser's memory only.
  it('has the entries of the moment before a checkpoint all the same', async () => {
    const storage = mount();
    await storage.load();
    storage.attach(new Source({ state: state(1), rows: [], full: true }));
    storage.journal(1, 'in the checkpoint');
    storage.touch();
    await storage.flush();
    for (const number of [2, 3]) storage.journal(number, `typed ${number}`);
    await new Promise((resolve) => setImmediate(resolve));
    local.clear();
    database = databaseSource();
    expect((await mount().load()).journal).toEqual([2, 3].map((number) => ({ number, text: `typed ${number}` })));
    expect((await listUnsent({ database, local })).map((it) => it.client)).toEqual(['c1']);
  });
  it('does not repeat entries that a checkpoint holds, though localStorage has them again', async () => {
    const storage = mount();
    await storage.load();
    storage.attach(new Source({ state: state(2), rows: [], full: true }));
    for (const number of [1, 2, 3]) storage.journal(number, String(number));
    storage.touch();
    await storage.flush();
    for (const number of [1, 2]) new LocalJournal(local, 'c1', document).append(number, String(number));
    expect((await mount().load()).journal).toEqual([{ number: 3, text: '3' }]);
  });
});

describe('what is unsent', () => {
  it('is found in checkpoints and in journals', async () => {
    const one = mount('c1');
    one.attach(new Source({ state: state(0, [{ ops: [{ op: 'remove', id: 'a' }], size: 30, sealed: null }]), rows: [], full: true }));
    one.touch();
    await one.flush();
    const secret = 'a-secret-that-nobody-knows-but-its-client-0';
    const clean = mount(secret);
    clean.attach(new Source({ state: state(0), rows: [], full: true }));
    clean.touch();
    await clean.flush();
    mount('c3').journal(1, 'x');
    expect(journaledDocuments(local)).toEqual([{ client: 'c3', document }]);
    const unsent = await listUnsent({ database, local });
    expect(unsent.map((it) => it.client).sort()).toEqual(['c1', 'c3']);
    expect((await knownClients({ database, local }, 'acme')).at(-1)).toBe(secret);
    expect(await knownClients({ database, local }, 'other')).toEqual([]);
  });
  it('a client with drafts, or with what a server has lost, comes before one that has left nothing: nobody else would show them', async () => {
    const refusal = { code: 'removed', rule: 'OP9', message: '' };
    const left: Record<string, Partial<StoredState>> = {
      [`${'a'.repeat(42)}0`]: {},
      [`${'b'.repeat(42)}0`]: { drafts: [{ key: 'd', document, at: 0, refusal, ops: [] }] },
      [`${'c'.repeat(42)}0`]: {},
      [`${'d'.repeat(42)}0`]: { vanished: [{ was: { id: 'a', kind: 'objective', parent: 'plan', position: 'V', removed: false, fields: {} }, base: null }] },
    };
    for (const [client, more] of Object.entries(left)) await (await database())?.put('states', { ...state(0), ...more }, [client, document]);
    mount(`${'e'.repeat(42)}0`).journal(1, 'x');
    expect((await knownClients({ database, local }, 'acme')).map((it) => it.charAt(0))).toEqual(['e', 'b', 'd', 'a', 'c']);
  });
});
