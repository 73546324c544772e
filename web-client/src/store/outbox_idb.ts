// One document of one client in the browser: the journal in localStorage, checkpoints in IndexedDB. Checkpoints are written one
// at a time, a moment after what they hold has happened, so that a burst of typing or a busy room costs one transaction.
// They are `relaxed`: a crash of the browser or the system may lose the last of them to the system's write cache, as it may
// lose the journal; what the server has acknowledged is never at stake.
import type { ClientId } from '../document/operation';
import type { CheckpointSource, DocumentStorage, StoredDocument, StoredHistory } from '../sync/environment';
import { rowRange, type Database } from './database';
import type { LocalJournal } from './journal_local';

const writeAfterMs = 300;
const retryAfterMs = 3000;

export class IdbDocumentStorage implements DocumentStorage {
  readonly inputsMax = 256 * 1024;
  private readonly database: Promise<Database | null>; // null: there is none (a private window, a full disk)
  private readonly client: ClientId;
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
  constructor(database: Promise<Database | null>, client: ClientId, document: string, journal: LocalJournal) {
    this.database = database;
    this.client = client;
    this.document = document;
    this.localJournal = journal;
  }

  async load(): Promise<StoredHistory> {
    const database = await this.database;
    const journal = this.localJournal.read();
    try {
      const own = database === null ? null : await readDocument(database, this.client, this.document);
      if (own !== null || database === null) return { document: own, borrowed: false, journal };
      const document = await borrowDocument(database, this.document);
      return { document, borrowed: document !== null, journal };
    } catch {
      return { document: null, borrowed: false, journal };
    }
  }

  attach(source: CheckpointSource): void {
    this.source = source;
    if (this.dirty) this.writeLater(writeAfterMs);
  }

  touch(): void {
    this.dirty = true;
    this.writeLater(writeAfterMs);
  }

  journal(number: number, entry: string): boolean {
    return this.localJournal.append(number, entry);
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
      if (this.dirty) this.writeLater(stored ? writeAfterMs : retryAfterMs);
      return stored;
    });
    this.writing = writing;
    return writing;
  }

  private async writeCheckpoint(source: CheckpointSource): Promise<boolean> {
    const checkpoint = source.capture(this.whole); // before anything is awaited: it is the state of now
    const { client, document } = this;
    try {
      const database = await this.database;
      if (database === null) return false;
      const transaction = database.transaction(['states', 'rows'], 'readwrite', { durability: 'relaxed' });
      const rows = transaction.objectStore('rows');
      const requests: Promise<unknown>[] = [];
      if (checkpoint.full) requests.push(rows.delete(rowRange(client, document)));
      for (const row of checkpoint.rows) {
        const gone = row.entity === null && row.figures === null;
        requests.push(gone ? rows.delete([client, document, row.id]) : rows.put(row, [client, document, row.id]));
      }
      requests.push(transaction.objectStore('states').put(checkpoint.state, [client, document]), transaction.done);
      await Promise.all(requests);
    } catch {
      return false;
    }
    this.whole = false;
    this.localJournal.dropUpTo(checkpoint.state.journal);
    source.saved(checkpoint.mark);
    return true;
  }
}

async function readDocument(database: Database, client: ClientId, document: string): Promise<StoredDocument | null> {
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
