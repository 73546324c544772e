// Storage that outlives a tab. A checkpoint is captured and on the disk when a test says so.
import type { Checkpoint, CheckpointSource, DocumentStorage, StoredHistory, StoredRow, StoredState } from '../../../src/sync/environment';

// One document's storage of one client. A checkpoint is captured at one moment and on the disk at a later one: what is still
// being written when the tab dies may or may not get there. The journal is there at once.
export class Disk {
  state: StoredState | null = null;
  rows = new Map<string, StoredRow>();
  journal = new Map<number, string>();
  journalWorks = true;
  slow = false; // no checkpoint is ever finished
  held = false; // checkpoints are finished by `MountedDisk.finish` only
  inputsMax = 256 * 1024;
  lender: Disk | null = null; // another client's, shown to one that has nothing of its own

  private earlier: { state: StoredState | null; rows: Map<string, StoredRow> } | null = null;

  mount(): MountedDisk {
    return new MountedDisk(this);
  }
  store(checkpoint: Checkpoint): void {
    this.earlier = { state: this.state, rows: new Map(this.rows) };
    if (checkpoint.full) this.rows.clear();
    for (const row of checkpoint.rows) this.rows.set(row.id, row);
    this.state = checkpoint.state;
  }
  // What was written last has not reached the disk when the power fails. The journal, on another part of it, is as it was.
  setBack(): void {
    if (this.earlier !== null) Object.assign(this, this.earlier);
  }
}

export class MountedDisk implements DocumentStorage {
  private readonly disk: Disk;
  private source: CheckpointSource | null = null;
  private touched = false;
  private writing: { checkpoint: Checkpoint; finished: Promise<void>; finish: () => void } | null = null;

  constructor(disk: Disk) {
    this.disk = disk;
  }
  get inputsMax(): number {
    return this.disk.inputsMax;
  }
  async load(): Promise<StoredHistory> {
    const { disk } = this;
    const journal = [...disk.journal].map(([number, text]) => ({ number, text })).sort((a, b) => a.number - b.number);
    if (disk.state !== null) return { document: structuredClone({ state: disk.state, rows: [...disk.rows.values()] }), borrowed: false, journal };
    const lent = disk.lender;
    if (lent === null || lent.state === null) return { document: null, borrowed: false, journal };
    const state = { ...lent.state, seqUsed: 0, pending: [], drafts: [], journal: 0 };
    return { document: structuredClone({ state, rows: [...lent.rows.values()] }), borrowed: true, journal };
  }
  attach(source: CheckpointSource): void {
    this.source = source;
  }
  touch(): void {
    this.touched = true;
  }
  journal(number: number, entry: string): boolean {
    if (this.disk.journalWorks) this.disk.journal.set(number, entry);
    return this.disk.journalWorks;
  }
  async flush(): Promise<boolean> {
    while (this.writing !== null) await this.writing.finished;
    await this.begin();
    return !this.disk.slow;
  }
  close(): void {
    this.source = null;
  }

  begin(): Promise<void> {
    if (!this.touched || this.source === null || this.writing !== null || this.disk.slow) return Promise.resolve();
    this.touched = false;
    const checkpoint = structuredClone(this.source.capture(false));
    let finish = (): void => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    this.writing = { checkpoint, finished, finish };
    if (!this.disk.held) void Promise.resolve().then(() => this.finish());
    return finished;
  }
  finish(): void {
    if (this.writing === null) return;
    const { checkpoint, finish } = this.writing;
    this.writing = null;
    this.disk.store(checkpoint);
    for (const number of [...this.disk.journal.keys()]) if (number <= checkpoint.state.journal) this.disk.journal.delete(number);
    this.source?.saved(checkpoint.mark);
    finish();
  }
  // The tab is gone; `arrives`: the transaction under way was with the browser already.
  die(arrives: boolean): void {
    if (this.writing !== null && arrives) this.disk.store(this.writing.checkpoint);
    this.writing = null;
    this.source = null;
  }
}
