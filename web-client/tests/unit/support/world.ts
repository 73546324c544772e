// A virtual world for clients: time that a test moves, wires that a test delivers message by message or cuts, storage that
// outlives a tab. Everything happens when the test says so and in the order it says.
import type { Cancel, Checkpoint, CheckpointSource, DocumentStorage, Environment, Socket, StoredRow, StoredState, TransportHandlers } from '../../../src/sync/environment';
import { LiveConnection } from '../../../src/sync/connection';
import type { LiveDocument } from '../../../src/sync/api';
import { DocumentSession } from '../../../src/sync/document_session';
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

// One document's storage of one client; what `write` has not run for is lost with the tab, the journal is not.
export class Disk {
  state: StoredState | null = null;
  rows = new Map<string, StoredRow>();
  journal = new Map<number, string>();
  journalWorks = true;
  slow = false; // no checkpoint is ever finished

  mount(): DocumentStorage & { write: () => void } {
    let source: CheckpointSource | null = null;
    let touched = false;
    const write = (): void => {
      if (!touched || source === null || this.slow) return;
      touched = false;
      const checkpoint: Checkpoint = structuredClone(source.capture(false));
      if (checkpoint.full) this.rows.clear();
      for (const row of checkpoint.rows) this.rows.set(row.id, row);
      this.state = checkpoint.state;
      for (const number of [...this.journal.keys()]) if (number <= checkpoint.state.journal) this.journal.delete(number);
      source.saved(checkpoint.mark);
    };
    return {
      load: async () => ({
        document: this.state === null ? null : structuredClone({ state: this.state, rows: [...this.rows.values()] }),
        borrowed: false,
        journal: [...this.journal].map(([number, text]) => ({ number, text })).sort((a, b) => a.number - b.number),
      }),
      attach: (it) => {
        source = it;
      },
      touch: () => {
        touched = true;
      },
      journal: (number, entry) => {
        if (this.journalWorks) this.journal.set(number, entry);
        return this.journalWorks;
      },
      flush: async () => {
        write();
        return !this.slow;
      },
      close: () => {
        source = null;
      },
      write,
    };
  }
}

export class Client {
  readonly id: string;
  readonly world: World;
  readonly disk: Disk;
  connection: LiveConnection;
  document: DocumentSession;
  wire: Wire | null = null;
  private storage: (DocumentStorage & { write: () => void }) | null = null;
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

  // The tab dies without a word; a new one opens with what the disk has.
  async crash(): Promise<void> {
    this.alive.now = false;
    this.wire?.close();
    this.alive = { now: true };
    [this.connection, this.document] = this.start();
    await this.document.loaded;
  }
  writeToDisk(): void {
    this.storage?.write();
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
      await Promise.resolve();
      await Promise.resolve();
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
