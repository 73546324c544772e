// A virtual world for clients: time that a test moves, wires that a test delivers message by message or cuts, storage that
// outlives a tab. Everything happens when the test says so and in the order it says.
import type { Fields } from '../../../src/document/entity';
import type { LiveDocument } from '../../../src/sync/api';
import type { LiveConnection } from '../../../src/sync/connection';
import type { DocumentSession } from '../../../src/sync/document_session';
import type { TransportHandlers } from '../../../src/sync/environment';
import type { Replica } from '../../../src/sync/replica';
import { Clock } from './clock';
import { Disk } from './disk';
import { replicaOf } from './inside';
import { ModelServer } from './model_server';
import { Random } from './random';
import { Tab } from './tab';
import { WireEnd } from './wire';

// Both directions of one connection, with what is on its way.
export class Wire extends WireEnd {
  readonly up: string[] = [];
  readonly down: string[] = [];
  readonly sent: string[] = []; // everything the client ever said here
  private readonly far: { receive: (text: string) => void; disconnect: () => void };

  constructor(server: ModelServer, handlers: TransportHandlers) {
    super(handlers);
    this.far = server.connect((text) => this.down.push(text));
  }
  protected said(text: string): void {
    this.up.push(text);
    this.sent.push(text);
  }
  protected closed(): void {
    this.far.disconnect();
  }
  // The network breaks: what is on its way is lost.
  override cut(): void {
    this.far.disconnect();
    super.cut();
  }
  // One step of delivery; false: nothing was on its way.
  stepUp(): boolean {
    if (this.isNew) {
      this.open();
      return true;
    }
    const text = this.isOpen ? this.up.shift() : undefined;
    if (text !== undefined) this.far.receive(text);
    return text !== undefined;
  }
  stepDown(): boolean {
    const text = this.isOpen ? this.down.shift() : undefined;
    if (text !== undefined) this.receive(text);
    return text !== undefined;
  }
}

export class Client {
  readonly id: string;
  readonly world: World;
  readonly disk: Disk;
  wire: Wire | null = null;
  private tab: Tab;

  constructor(world: World, id: string, disk = new Disk()) {
    this.world = world;
    this.id = id;
    this.disk = disk;
    this.tab = this.start();
  }

  get connection(): LiveConnection {
    return this.tab.connection;
  }
  get document(): DocumentSession {
    return this.tab.document;
  }
  get live(): LiveDocument {
    return this.document;
  }
  get replica(): Replica {
    return replicaOf(this.document);
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
    this.wire?.close();
    this.tab.die(arrives);
    this.tab = this.start();
    await this.document.loaded;
  }
  writeToDisk(): void {
    this.beginWriting();
    this.finishWriting();
  }
  beginWriting(): void {
    void this.tab.storage.begin();
  }
  finishWriting(): void {
    this.tab.storage.finish();
  }

  private start(): Tab {
    const { clock, random, server } = this.world;
    const connect = (handlers: TransportHandlers): Wire => (this.wire = new Wire(server, handlers));
    return new Tab({ clock, random, disk: this.disk, connect }, { client: this.id, document: server.name });
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
