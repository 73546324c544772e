// Keeps what is on screen also in storage, so that a reload, a crash or a closed laptop loses nothing.
//
// Two places work together. The journal is written synchronously, before an edit is announced (or a change goes on the wire): each
// entry holds what the server said since the entry before and then that one step, so replaying entries in order repeats exactly
// what happened. Checkpoints follow a moment later, whole states written in one transaction, and make the entries before them
// superfluous. The journal stays as small as a moment's typing.
import type { Entity } from '../document/entity';
import type { EffectiveOperation, EntityId } from '../document/operation';
import type { Figures } from '../protocol/messages';
import { decodeJournalEntry, type JournalEntry } from '../protocol/decode';
import type { Checkpoint, CheckpointSource, DocumentStorage, StoredRow, StoredState } from './environment';

// Whose state it is.
export interface Kept {
  state(): Omit<StoredState, 'journal'>;
  confirmed(id: EntityId): Entity | undefined;
  figures(id: EntityId): Figures | undefined;
  rowIds(): Iterable<EntityId>;
}

// More than this of unwritten input is not worth journaling: a checkpoint is under way, and what an edit loses without it is
// only its exact place if the tab dies before.
const inputsMax = 256 * 1024;

export class Outbox implements CheckpointSource {
  private readonly storage: DocumentStorage;
  private readonly kept: Kept;
  private dirty = new Set<EntityId>();
  private everything = true;
  private journalNumber = 0;
  private inputs: { mark: number; text: string }[] = []; // since the last journal entry, not in a checkpoint yet
  private inputsSize = 0;
  private mark = 0;

  constructor(storage: DocumentStorage, kept: Kept) {
    this.storage = storage;
    this.kept = kept;
  }

  // What was stored: the checkpoint's state and rows, then the journal's entries to repeat.
  async load(): Promise<{ state: StoredState | null; rows: readonly StoredRow[]; entries: readonly JournalEntry[] }> {
    const { document, journal, borrowed } = await this.storage.load();
    const after = document?.state.journal ?? 0;
    const entries = journal.filter((it) => it.number > after).map((it) => decodeJournalEntry(it.text));
    this.journalNumber = Math.max(after, ...journal.map((it) => it.number));
    this.everything = document === null || borrowed;
    return { state: document?.state ?? null, rows: document?.rows ?? [], entries: entries.filter((it) => it !== null) };
  }

  start(): void {
    this.storage.attach(this);
  }

  // The server said something that changed the state.
  heard(text: string): void {
    this.inputs.push({ mark: this.mark, text });
    this.inputsSize += text.length;
    if (this.inputsSize > inputsMax) this.forgetInputs();
    this.storage.touch();
  }

  touch(ids: Iterable<EntityId>): void {
    for (const id of ids) this.dirty.add(id);
    this.storage.touch();
  }

  // A snapshot came: every row is new. Its inputs are too big to journal, so the checkpoint follows at once.
  touchAll(): void {
    this.everything = true;
    this.forgetInputs();
    this.storage.touch();
    void this.storage.flush();
  }

  // Returns the size of what was written.
  submitted(ops: readonly EffectiveOperation[]): number {
    const { written, size } = this.write({ type: 'submit', ops });
    this.storage.touch();
    if (!written) void this.storage.flush();
    return size;
  }

  // `send` runs when it is certain that this client will know that it has sent it.
  sealed(seq: number, wire: string, send: () => void): void {
    const written = this.write({ type: 'seal', seq, wire }).written;
    this.storage.touch();
    if (written) send();
    else void this.storage.flush().then(send); // where nothing can be stored, sending is still the best one can do
  }

  flush(): Promise<boolean> {
    return this.storage.flush();
  }
  close(): void {
    this.storage.close();
  }

  capture(full: boolean): Checkpoint {
    this.mark += 1;
    const whole = full || this.everything;
    const ids = whole ? this.kept.rowIds() : this.dirty;
    const rows: StoredRow[] = [];
    for (const id of ids) rows.push({ id, entity: this.kept.confirmed(id) ?? null, figures: this.kept.figures(id) ?? null });
    this.dirty = new Set();
    this.everything = false;
    return { state: { ...this.kept.state(), journal: this.journalNumber }, rows, full: whole, mark: this.mark };
  }

  saved(mark: number): void {
    this.inputs = this.inputs.filter((it) => it.mark >= mark);
    this.inputsSize = this.inputs.reduce((sum, it) => sum + it.text.length, 0);
  }

  private write(step: JournalEntry['step']): { written: boolean; size: number } {
    const entry: JournalEntry = { inputs: this.inputs.map((it) => it.text), step };
    const text = JSON.stringify(entry);
    this.journalNumber += 1;
    const written = this.storage.journal(this.journalNumber, text);
    const size = text.length - this.inputsSize;
    if (written) this.forgetInputs();
    return { written, size: Math.max(0, size) };
  }

  private forgetInputs(): void {
    this.inputs = [];
    this.inputsSize = 0;
  }
}
