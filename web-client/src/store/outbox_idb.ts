// One document of one client in the browser. Checkpoints go to IndexedDB one at a time, a moment after what they hold has happened, so
// that a burst of typing or a busy room costs one transaction. What happens until then is in the journal, twice: localStorage is written
// before the call returns and survives the death of the tab, but a browser keeps the last seconds of it in its memory and loses them when
// it is killed; IndexedDB has an entry a moment later and keeps it.
// Transactions are `relaxed`: a crash of the system may lose the last of them to its write cache; what the server has acknowledged is
// never at stake.
import type { ClientKey } from '../protocol/client_key';
import type { CheckpointSource, DocumentStorage, StoredDocument, StoredHistory } from '../sync/environment';
import { entryRange, rowRange, type Database, type DatabaseSource } from './database';
import type { LocalJournal } from './journal_local';

const writeAfterMs = 300;
// After a failure, and twice as long after each further one: a full disk stays full.
const retryMinMs = 3000;
const retryMaxMs = 60_000;
// A database that fails to read is asked again: without what was stored, the journal's entries have nothing to stand on.
const readTries = 3;
const readAgainMs = 300;

export class IdbDocumentStorage implements DocumentStorage {
  readonly inputsMax = 256 * 1024;
  private readonly database: DatabaseSource;
  private known: Database | null = null; // the one that holds the rows of the checkpoint before
  private retryMs = retryMinMs;
  private readonly client: ClientKey;
  private readonly document: string;
  private readonly localJournal: LocalJournal;
  private source: CheckpointSource | null = null;
  private dirty = false;
  private whole = false; // the last write failed, so the next one is of everything
  private timer: ReturnType<typeof setTimeout> | null = null;
  private writing: Promise<boolean> | null = null;
  private end: () => void = () => {};
  readonly closed = new Promise<void>((resolve) => (this.end = resolve));

  // `database` is ready when whoever used this document's storage before is done with it.
  constructor(database: DatabaseSource, client: ClientKey, document: string, journal: LocalJournal) {
    this.database = database;
    this.client = client;
    this.document = document;
    this.localJournal = journal;
  }

  async load(): Promise<StoredHistory> {
    for (let tries = 1; tries <= readTries; tries += 1) {
      try {
        return await this.read(await this.database());
      } catch {
        if (tries < readTries) await new Promise((resolve) => setTimeout(resolve, readAgainMs));
      }
    }
    return this.read(null);
  }

  attach(source: CheckpointSource): void {
    this.source = source;
    if (this.dirty) this.writeLater(writeAfterMs);
  }

  touch(): void {
    this.dirty = true;
    this.writeLater(writeAfterMs);
  }

  // HOT PATH: once a keystroke. The transaction is handed over without waiting for it.
  journal(number: number, entry: string): boolean {
    const written = this.localJournal.append(number, entry);
    if (written && this.known !== null) putEntry(this.known, [this.client, this.document, number], entry);
    return written;
  }

  async flush(): Promise<boolean> {
    // A write under way may have captured before what must be stored now.
    while (this.writing !== null) await this.writing;
    return this.write();
  }

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.source = null;
    this.end();
  }

  private async read(database: Database | null): Promise<StoredHistory> {
    const own = database === null ? null : await readDocument(database, this.client, this.document);
    // Entries that a tab before this one had no time to drop: the courier would take them for unsent.
    if (own !== null) this.localJournal.dropUpTo(own.state.journal);
    const document = own ?? (database === null ? null : await borrowDocument(database, this.document));
    const local = this.localJournal.read();
    const journal = database === null ? local : merged(local, await readEntries(database, this.client, this.document));
    this.known = database;
    return { document, borrowed: own === null && document !== null, journal };
  }

  private writeLater(ms: number): void {
    if (this.timer !== null || this.source === null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.write();
    }, ms);
  }

  private write(): Promise<boolean> {
    if (this.writing !== null) return this.writing;
    if (!this.dirty || this.source === null) return Promise.resolve(true);
    this.dirty = false;
    const writing = this.writeCheckpoint(this.source).then((stored) => {
      this.writing = null;
      if (!stored) {
        this.dirty = true;
        this.whole = true;
      }
      if (this.dirty) this.writeLater(stored ? writeAfterMs : this.retryMs);
      this.retryMs = stored ? retryMinMs : Math.min(2 * this.retryMs, retryMaxMs);
      return stored;
    });
    this.writing = writing;
    return writing;
  }

  private async writeCheckpoint(source: CheckpointSource): Promise<boolean> {
    const { client, document } = this;
    const database = await this.database();
    if (database === null || this.source === null) return false;
    // One that was opened again may be another: the browser may have deleted what was in it.
    const checkpoint = source.capture(this.whole || (this.known !== null && database !== this.known));
    const requests: Promise<unknown>[] = [];
    let transaction: Transaction | null = null;
    try {
      transaction = begin(database);
      const rows = transaction.objectStore('rows');
      if (checkpoint.full) requests.push(rows.delete(rowRange(client, document)));
      for (const row of checkpoint.rows) {
        const gone = row.entity === null && row.figures === null;
        requests.push(gone ? rows.delete([client, document, row.id]) : rows.put(row, [client, document, row.id]));
      }
      requests.push(transaction.objectStore('entries').delete(entryRange(client, document, checkpoint.state.journal)));
      requests.push(transaction.objectStore('states').put(checkpoint.state, [client, document]), transaction.done);
      await Promise.all(requests);
    } catch {
      abandon(transaction, requests);
      return false;
    }
    this.known = database;
    this.whole = false;
    this.localJournal.dropUpTo(checkpoint.state.journal);
    source.saved(checkpoint.mark);
    return true;
  }
}

const begin = (database: Database) => database.transaction(['states', 'rows', 'entries'], 'readwrite', { durability: 'relaxed' });

type Transaction = ReturnType<typeof begin>;

// Rows without their state would be taken for those of an older one.
function abandon(transaction: Transaction | null, requests: readonly Promise<unknown>[]): void {
  for (const request of [...requests, transaction?.done]) void request?.catch(() => {});
  try {
    transaction?.abort();
  } catch {
    // It has ended by itself.
  }
}

interface JournalText {
  readonly number: number;
  readonly text: string;
}

// `commit` ends the transaction here and now: nothing of it waits for another turn of the page's loop, which may never come.
function putEntry(database: Database, key: [ClientKey, string, number], entry: string): void {
  try {
    const transaction = database.transaction('entries', 'readwrite', { durability: 'relaxed' });
    for (const promise of [transaction.store.put(entry, key), transaction.done]) void promise.catch(() => {}); // localStorage has it
    transaction.commit();
  } catch {
    // Closed by the browser. The next checkpoint opens it again.
  }
}

async function readEntries(database: Database, client: ClientKey, document: string): Promise<JournalText[]> {
  const transaction = database.transaction('entries', 'readonly');
  const range = entryRange(client, document);
  const [keys, texts] = await Promise.all([transaction.store.getAllKeys(range), transaction.store.getAll(range)]);
  return keys.map(([, , number], index) => ({ number, text: texts[index] ?? '' }));
}

// Either may lack the last ones, or the first.
function merged(local: readonly JournalText[], stored: readonly JournalText[]): JournalText[] {
  const byNumber = new Map([...stored, ...local].map((it) => [it.number, it]));
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}

async function readDocument(database: Database, client: ClientKey, document: string): Promise<StoredDocument | null> {
  const transaction = database.transaction(['states', 'rows'], 'readonly');
  const [state, rows] = await Promise.all([
    transaction.objectStore('states').get([client, document]),
    transaction.objectStore('rows').getAll(rowRange(client, document)),
  ]);
  return state === undefined ? null : { state, rows };
}

// A new tab without a network shows what another tab has last seen, without that one's pending changes.
async function borrowDocument(database: Database, document: string): Promise<StoredDocument | null> {
  const keys = await database.getAllKeys('states');
  let best: StoredDocument | null = null;
  for (const [client, name] of keys) {
    if (name !== document) continue;
    const state = await database.get('states', [client, name]);
    if (state === undefined || state.epoch === '' || (best !== null && best.state.revision >= state.revision)) continue;
    best = await readDocument(database, client, document);
  }
  if (best === null) return null;
  return { state: { ...best.state, seqUsed: 0, pending: [], drafts: [], journal: 0 }, rows: best.rows };
}
