// A client that opens many documents on one connection: each document has a model server of its own, and the connection keeps the limit
// of open documents as the server does (OD9).
import { limits } from '../../../src/protocol/schema';
import { LiveConnection } from '../../../src/sync/connection';
import type { TransportHandlers } from '../../../src/sync/environment';
import { Clock } from './clock';
import { Disk } from './disk';
import { ModelServer } from './model_server';
import { Random } from './random';
import { WireEnd } from './wire';
import { promisesRun } from './world';

type Far = ReturnType<ModelServer['connect']>;

// Both directions of one connection.
class ManyWire extends WireEnd {
  readonly up: string[] = [];
  readonly down: string[] = [];
  private readonly world: ManyDocuments;
  private readonly far = new Map<string, Far>();
  private hello = '';

  constructor(world: ManyDocuments, handlers: TransportHandlers) {
    super(handlers);
    this.world = world;
  }
  protected said(text: string): void {
    this.up.push(text);
  }
  protected closed(): void {
    for (const it of this.far.values()) it.disconnect();
    this.far.clear();
  }
  override cut(): void {
    this.closed();
    super.cut();
  }
  get documents(): readonly string[] {
    return [...this.far.keys()];
  }

  // One step of delivery; false: nothing was on its way.
  step(): boolean {
    if (this.isNew) {
      this.open();
      return true;
    }
    const up = this.isOpen ? this.up.shift() : undefined;
    if (up !== undefined) this.arrive(up);
    const down = this.isOpen ? this.down.shift() : undefined;
    if (down !== undefined) this.receive(down);
    return up !== undefined || down !== undefined;
  }

  private arrive(text: string): void {
    const it = JSON.parse(text);
    if (it.type === 'hello') {
      this.hello = text;
      this.down.push(JSON.stringify({ type: 'welcome', protocol: 1, session: 1, server: 'model', epoch: 'epoch-1', heartbeat_ms: 20000 }));
    } else if (it.type === 'ping') this.down.push('{"type":"pong"}');
    else if (it.type === 'open') this.openDocument(it.document, text);
    else if (it.type === 'close') {
      this.far.get(it.document)?.receive(text);
      this.far.get(it.document)?.disconnect();
      this.far.delete(it.document);
    } else this.far.get(it.document)?.receive(text);
  }

  private openDocument(name: string, text: string): void {
    this.world.opens.push(name);
    this.far.get(name)?.disconnect();
    this.far.delete(name);
    const refusal = this.world.refused.has(name) ? 'quarantined' : this.far.size >= limits.open_documents_per_session ? 'too_many_documents' : null;
    if (refusal !== null) {
      this.world.refusals.push(refusal);
      this.down.push(JSON.stringify({ type: 'refused', document: name, final: false, code: refusal, rule: 'OD9', message: '' }));
      return;
    }
    const far = this.world.server(name).connect((said) => {
      if (JSON.parse(said).type !== 'welcome') this.down.push(said);
    });
    far.receive(this.hello);
    far.receive(text);
    this.far.set(name, far);
    this.world.most = Math.max(this.world.most, this.far.size);
  }
}

export class ManyDocuments {
  readonly clock = new Clock();
  readonly refused = new Set<string>(); // documents that the server does not open
  readonly refusals: string[] = [];
  readonly opens: string[] = [];
  most = 0; // documents open at once
  readings = 0; // of storage: one for each time that a document is opened here, with or without the server
  readonly connection: LiveConnection;
  private readonly servers = new Map<string, ModelServer>();
  private readonly disks = new Map<string, Disk>();
  private wire: ManyWire | null = null;
  private reachable = true;

  constructor() {
    const random = new Random(7);
    this.connection = new LiveConnection(
      {
        now: () => this.clock.now,
        random: () => random.next(),
        schedule: (ms, run) => this.clock.schedule(ms, run),
        transport: { connect: (handlers) => (this.wire = new ManyWire(this, handlers)) },
        network: { online: true, subscribe: () => () => {} },
        storage: (_client, document) => this.disk(document).mount(),
      },
      { key: 'ada-client', workspace: 'acme', name: 'Ada', language: 'en' },
    );
  }

  server(name: string): ModelServer {
    const known = this.servers.get(name) ?? new ModelServer(name);
    this.servers.set(name, known);
    return known;
  }
  get open(): readonly string[] {
    return this.wire?.documents ?? [];
  }

  // The server is away from now on, or back.
  cut(): void {
    this.reachable = false;
    this.wire?.cut();
  }
  async mend(): Promise<void> {
    this.reachable = true;
    await this.settle();
    this.connection.reconnectNow();
    await this.settle();
  }

  // Everything that is on its way arrives.
  async settle(): Promise<void> {
    for (let moved = true; moved; ) {
      await promisesRun();
      moved = false;
      while (this.reachable && this.wire?.step() === true) moved = true;
    }
  }
  async pass(ms: number): Promise<void> {
    for (const until = this.clock.now + ms; this.clock.step(until); ) await this.settle();
    await this.settle();
  }

  private disk(document: string): Disk {
    this.readings += 1;
    const disk = this.disks.get(document) ?? new Disk();
    this.disks.set(document, disk);
    return disk;
  }
}
