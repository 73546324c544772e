// A virtual world for clients: time that a test moves, wires that a test delivers message by message or cuts, storage that
// outlives a tab. Everything happens when the test says so and in the order it says.
import type { Cancel, Checkpoint, CheckpointSource, DocumentStorage, Environment, Socket, StoredHistory, StoredRow, StoredState, TransportHandlers } from '../../../src/sync/environment';
import { LiveConnection } from '../../../src/sync/connection';
import type { LiveDocument } from '../../../src/sync/api';
import type { Fields } from '../../../src/document/entity';
import { DocumentSession } from '../../../src/sync/document_session';
import type { Replica } from '../../../src/sync/replica';
import { ModelServer } from './model_server';
import { Random } from './random';

export class Clock {
  now = 1_790_000_000_000;
  private timers: { at: number; run: () => void }[] = [];

  schedule(ms: number, run: () => void): Cancel {
    const timer = { at: this.now + ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((it) => it !== timer);
    };
  }
  advance(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const due = this.timers.filter((it) => it.at <= until).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.timers = this.timers.filter((it) => it !== due);
      this.now = Math.max(this.now, due.at);
      due.run();
    }
    this.now = until;
  }
}

// Both directions of one connection, with what is on its way.
export class Wire implements Socket {
  readonly up: string[] = [];
  readonly down: string[] = [];
  readonly sent: string[] = []; // everything the client ever said here
  private readonly handlers: TransportHandlers;
  private readonly far: { receive: (text: string) => void; disconnect: () => void };
  private state: 'new' | 'open' | 'cut' = 'new';

  constructor(server: ModelServer, handlers: TransportHandlers) {
    this.handlers = handlers;
    this.far = server.connect((text) => this.down.push(text));
  }
  get isUp(): boolean {
    return this.state !== 'cut';
  }
  send(text: string): void {
    if (this.state !== 'open') return;
    this.up.push(text);
    this.sent.push(text);
  }
  close(): void {
    if (this.state === 'cut') return;
    this.state = 'cut';
    this.far.disconnect();
  }
  // The network breaks: what is on its way is lost.
  cut(): void {
    if (this.state === 'cut') return;
    this.close();
    this.handlers.closed(null);
  }
  // One step of delivery; false: nothing was on its way.
  stepUp(): boolean {
    if (this.state === 'new') {
      this.state = 'open';
      this.handlers.opened();
      return true;
    }
    const text = this.state === 'open' ? this.up.shift() : undefined;
    if (text !== undefined) this.far.receive(text);
    return text !== undefined;
  }
  stepDown(): boolean {
    const text = this.state === 'open' ? this.down.shift() : undefined;
    if (text !== undefined) this.handlers.message(text);
    return text !== undefined;
  }
}

// One document's storage of one client. A checkpoint is captured at one moment and on the disk at a later one: what is still
// being written when the tab dies may or may not get there. The journal is there at once.
export class Disk {
  state: StoredState | null = null;
  rows = new Map<string, StoredRow>();
  journal = new Map<number, string>();
  journalWorks = true;
  slow = false; // no checkpoint is ever finished
  held = false; // checkpoints are finished by `Client.finishWriting` only
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

class MountedDisk implements DocumentStorage {
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

export class Client {
  readonly id: string;
  readonly world: World;
  readonly disk: Disk;
  connection: LiveConnection;
  document: DocumentSession;
  wire: Wire | null = null;
  private storage: MountedDisk | null = null;
  private alive = { now: true };

  constructor(world: World, id: string, disk = new Disk()) {
    this.world = world;
    this.id = id;
    this.disk = disk;
    [this.connection, this.document] = this.start();
  }

  get live(): LiveDocument {
    return this.document;
  }
  get replica(): Replica {
    return Reflect.get(this.document, 'replica');
  }

  // What a fault of the client would do: its confirmed state is not what the server's ops make.
  corrupt(id: string, fields: Fields): void {
    const entity = this.replica.confirmed.get(id);
    if (entity === undefined) throw new Error(`no ${id}`);
    this.replica.confirmed.set(id, { ...entity, fields: { ...entity.fields, ...fields } });
    this.replica.rebuild();
  }

  // The tab dies without a word; a new one opens with what the disk has.
  async crash(arrives = false): Promise<void> {
    this.alive.now = false;
    this.wire?.close();
    this.storage?.die(arrives);
    this.alive = { now: true };
    [this.connection, this.document] = this.start();
    await this.document.loaded;
  }
  writeToDisk(): void {
    this.beginWriting();
    this.finishWriting();
  }
  beginWriting(): void {
    void this.storage?.begin();
  }
  finishWriting(): void {
    this.storage?.finish();
  }

  private start(): [LiveConnection, DocumentSession] {
    const { world, alive } = this;
    const environment: Environment = {
      now: () => world.clock.now,
      random: () => world.random.next(),
      schedule: (ms, run) => world.clock.schedule(ms, () => {
        if (alive.now) run();
      }),
      transport: {
        connect: (handlers) => {
          this.wire = new Wire(world.server, handlers);
          return this.wire;
        },
      },
      network: { online: true, subscribe: () => () => {} },
      storage: () => {
        this.storage = this.disk.mount();
        return this.storage;
      },
    };
    const connection = new LiveConnection(environment, { client: this.id, workspace: 'acme', name: this.id, language: 'en' });
    const document = connection.open(world.server.name);
    if (!(document instanceof DocumentSession)) throw new Error('unexpected document');
    return [connection, document];
  }
}

// Longer than any chain of promises between a storage and what waits for it.
export async function promisesRun(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
}

export class World {
  readonly clock = new Clock();
  readonly random: Random;
  readonly server: ModelServer;
  readonly clients: Client[] = [];

  constructor(seed = 1, document = 'acme/plan/web/q1') {
    this.random = new Random(seed);
    this.server = new ModelServer(document);
  }

  async join(id: string): Promise<Client> {
    const client = new Client(this, id);
    this.clients.push(client);
    await client.document.loaded;
    await this.settle();
    return client;
  }

  // Delivers everything that is on its way, both ways, until nothing is; promises of storage run in between.
  async settle(): Promise<void> {
    for (;;) {
      await promisesRun();
      let moved = false;
      for (const client of this.clients) {
        while (client.wire?.stepUp() === true) moved = true;
        while (client.wire?.stepDown() === true) moved = true;
      }
      if (!moved) return;
    }
  }
  // The same, with the time that reconnecting and retrying takes.
  async heal(): Promise<void> {
    for (let round = 0; round < 15; round += 1) {
      await this.settle();
      this.clock.advance(2000);
    }
    await this.settle();
  }
}
