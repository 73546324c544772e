// Keeps what is on screen also in storage, so that a reload, a crash or a closed laptop loses nothing.
//
// Two places work together. The journal is written synchronously, before an edit is announced (or a change goes on the wire): each
// entry holds what the server said since the entry before and then that one step, so replaying entries in order repeats exactly
// what happened. Checkpoints follow a moment later, whole states written in one transaction, and make the entries before them
// superfluous. The journal stays as small as a moment's typing.
//
// While storage does not hold what an entry follows from (a snapshot has come and its checkpoint is not written yet, the server
// said too much for the journal, an entry found no room), the next entry brings a footing: what is pending, at which epoch and
// revision, and the confirmed records of just the entities that it concerns. Entries after it may follow. The rest of the document the
// server has.
import type { Entity } from '../document/entity';
import type { EffectiveOperation, EntityId } from '../document/operation';
import type { Figures } from '../protocol/messages';
import { decodeJournalEntry, type Footing, type JournalEntry } from '../protocol/decode';
import type { DocumentSchema } from '../protocol/schema';
import type { Checkpoint, CheckpointSource, DocumentStorage, StoredRow, StoredState } from './environment';

// Whose state it is.
export interface Kept {
  state(): Omit<StoredState, 'journal' | 'vanished'>;
  vanished(): StoredState['vanished'];
  confirmed(id: EntityId): Entity | undefined;
  figures(id: EntityId): Figures | undefined;
  rowIds(): Iterable<EntityId>;
}

// What the next journal entry may follow from.
type Ground =
  | { type: 'nothing' }
  | { type: 'footing'; brought: Set<EntityId> } // an entry of this tab, not in a checkpoint yet, and the entities known since
  | { type: 'stored' }; // a checkpoint and the entries after it

export interface Restored {
  readonly state: StoredState | null;
  readonly rows: readonly StoredRow[];
  readonly entries: readonly JournalEntry[]; // to be repeated
  readonly stray: readonly JournalEntry[]; // what they followed from is lost
}

export class Outbox implements CheckpointSource {
  private readonly storage: DocumentStorage;
  private readonly schema: DocumentSchema;
  private readonly kept: Kept;
  private dirty = new Set<EntityId>();
  private everything = true;
  private journalNumber = 0;
  private inputs: { mark: number; text: string }[] = []; // since the last journal entry, not in a checkpoint yet
  private inputsSize = 0;
  private mark = 0;
  private ground: Ground = { type: 'nothing' };
  private groundMark = 0; // a checkpoint captured later than this is ground to stand on

  constructor(storage: DocumentStorage, schema: DocumentSchema, kept: Kept) {
    this.storage = storage;
    this.schema = schema;
    this.kept = kept;
  }

  // What was stored: the checkpoint's state and rows, then the journal's entries. One with a footing makes those before it
  // superfluous; one without follows from the number before it or not at all.
  async load(): Promise<Restored> {
    const { document, journal, borrowed } = await this.storage.load();
    const own = document !== null && !borrowed;
    const after = document?.state.journal ?? 0;
    let entries: JournalEntry[] = [];
    let stray: JournalEntry[] = [];
    let last = own ? after : null;
    for (const { number, text } of journal) {
      const entry = number > after ? decodeJournalEntry(text, this.schema) : null;
      if (entry === null) continue;
      if (entry.footing !== null) [entries, stray, last] = [[entry], [], number];
      else if (number - 1 === last) {
        entries.push(entry);
        last = number;
      } else stray.push(entry);
    }
    this.journalNumber = Math.max(after, ...journal.map((it) => it.number));
    this.everything = !own;
    if (own && stray.length === 0) this.ground = { type: 'stored' };
    return { state: document?.state ?? null, rows: document?.rows ?? [], entries, stray };
  }

  start(): void {
    this.storage.attach(this);
  }

  // The server said something that changed the state.
  heard(text: string): void {
    this.inputs.push({ mark: this.mark, text });
    this.inputsSize += text.length;
    if (this.inputsSize > this.storage.inputsMax) this.breakOff();
    this.storage.touch();
  }

  touch(ids: Iterable<EntityId>): void {
    for (const id of ids) this.dirty.add(id);
    this.storage.touch();
  }

  // Something happened that no entry will tell of: what follows does not follow from what is stored.
  breakOff(): void {
    this.ground = { type: 'nothing' };
    this.groundMark = this.mark;
    this.forgetInputs();
  }

  // A snapshot came: every row is new. It is too big to journal, so the checkpoint follows at once.
  touchAll(): void {
    this.everything = true;
    this.breakOff();
    this.storage.touch();
    void this.storage.flush();
  }

  submitted(ops: readonly EffectiveOperation[]): void {
    const written = this.write({ type: 'submit', ops });
    this.storage.touch();
    if (!written) void Promise.resolve().then(() => this.storage.flush()); // then they are among the pending ones
  }

  // `send` runs when it is certain that this client will know that it has sent it.
  sealed(seq: number, wire: string, send: () => void): void {
    const written = this.write({ type: 'seal', seq, wire });
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
    return { state: { ...this.kept.state(), vanished: this.kept.vanished() ?? [], journal: this.journalNumber }, rows, full: whole, mark: this.mark };
  }

  saved(mark: number): void {
    this.inputs = this.inputs.filter((it) => it.mark >= mark);
    this.inputsSize = this.inputs.reduce((sum, it) => sum + it.text.length, 0);
    if (mark > this.groundMark) this.ground = { type: 'stored' };
  }

  private write(step: JournalEntry['step']): boolean {
    const footing = this.takeFooting();
    const ops = [...(footing?.pending ?? []).flatMap((change) => change.ops), ...(step.type === 'submit' ? step.ops : [])];
    const entry: JournalEntry = { footing, entities: this.bring(ops), inputs: this.inputs.map((it) => it.text), step };
    this.journalNumber += 1;
    const written = this.storage.journal(this.journalNumber, JSON.stringify(entry));
    if (written) this.forgetInputs();
    else this.breakOff();
    return written;
  }

  private takeFooting(): Footing | null {
    if (this.ground.type !== 'nothing') return null;
    this.breakOff(); // a checkpoint that is being written now is of before it
    this.ground = { type: 'footing', brought: new Set() };
    return this.kept.state();
  }

  private bring(ops: readonly EffectiveOperation[]): Entity[] {
    if (this.ground.type !== 'footing') return [];
    const entities: Entity[] = [];
    for (const { id } of ops) {
      const entity = this.ground.brought.has(id) ? undefined : this.kept.confirmed(id);
      this.ground.brought.add(id);
      if (entity !== undefined) entities.push(entity);
    }
    return entities;
  }

  private forgetInputs(): void {
    this.inputs = [];
    this.inputsSize = 0;
  }
}
