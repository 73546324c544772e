// The web client's sync core as a process whose every input is a request, for simulations that bring the server themselves.
//
//   node web-client/tests/simulation/start.mjs
//
// One JSON object per line comes in, exactly one goes out. The same requests get the same replies, byte for byte, in every process:
// time moves when a request says so, chance comes from seeds, and whatever waits for a promise has run before the reply.
//
//   {"do":"reset","now":MS}                     forgets everything; the clock stands at MS since 1970 UTC
//   {"do":"start","client":ID,"document":NAME,"seed":N,"disk":TEXT,"inputs_max":N?,"lender":TEXT?}
//                                               a tab opens on a disk, which keeps what tabs before it left; a new disk shows what is
//                                               on the lender's. Ids and delays come from the seed. `inputs_max`: of DocumentStorage
//   {"do":"advance","to":MS}                    runs the timers due by then in order, each with its promises
//   {"do":"opened","wire":N}                    the connection is made
//   {"do":"message","wire":N,"text":TEXT}       the server said something
//   {"do":"closed","wire":N,"code":N|null}      the connection has ended; null: without a close frame
//   {"do":"act","client":ID,"seed":N,"lossless":BOOL?}
//                                               the user does one random thing (random_user.ts); lossless: takes nothing back. Replies
//                                               "what", "taken", "refusal" (a code, if not taken), "marks" (texts, unique in the run,
//                                               that were typed) and "gone" (marks that may be missing from now on)
//   {"do":"offline"|"online","client":ID}       the browser's hint
//   {"do":"close","client":ID}                  the tab closes in order; what it was writing arrives
//   {"do":"crash","client":ID,"arrives":BOOL}   the tab dies; a checkpoint under way arrives or not. Both reply "gone", as "act" does:
//                                               marks typed while the journal did not work, of which storage has nothing
//   {"do":"disk","client":ID,"what":WHAT}       "write": a checkpoint of now; "begin" and "finish": in two steps; "hold": only "finish"
//                                               finishes one, and "release" ends that; "journal_off", "journal_on"; "set_back": to the
//                                               checkpoint before the last, while no tab is open
//   {"do":"state","client":ID}                  replies "epoch" ("" before the first snapshot), "revision", "synced", "loaded",
//                                               "connection" (connecting, live, waiting, away), "pending_ops", "client_seq" (the last
//                                               used), "drafts" (how many), "drafted" (marks in them), "confirmed" (entities as in a
//                                               part, by id), "figures" (by id) and "consistent" (true, or what is wrong)
//
// Every reply has "out", what the clients did at their wires in order, and "next", the time of the earliest timer, rounded up, or null:
//   {"wire":N,"client":ID,"do":"connect"}       a new wire, numbered from 1 since the reset
//   {"wire":N,"client":ID,"do":"send","text":TEXT}
//   {"wire":N,"client":ID,"do":"close"}         by the client, or because its tab is gone; nothing may come on it any more
// and "error", with a stack, if the request was impossible or an exception escaped. After one the state is not defined.
import type { Delivery } from '../../src/sync/delivery';
import type { FigureTable } from '../../src/sync/figure_table';
import type { TransportHandlers } from '../../src/sync/environment';
import { Clock } from '../unit/support/clock';
import { Disk } from '../unit/support/disk';
import { inconsistency, replicaOf, snapshotEntity } from '../unit/support/inside';
import { Random } from '../unit/support/random';
import { Tab } from '../unit/support/tab';
import { WireEnd } from '../unit/support/wire';
import { marksInDrafts, RandomUser, type Deed } from './random_user';

interface Start {
  readonly client: string;
  readonly document: string;
  readonly seed: number;
  readonly disk: string;
  readonly inputs_max?: number;
  readonly lender?: string;
}
type DiskAction = 'write' | 'begin' | 'finish' | 'hold' | 'release' | 'set_back' | 'journal_off' | 'journal_on';
type Request =
  | { readonly do: 'reset'; readonly now: number }
  | ({ readonly do: 'start' } & Start)
  | { readonly do: 'advance'; readonly to: number }
  | { readonly do: 'opened'; readonly wire: number }
  | { readonly do: 'message'; readonly wire: number; readonly text: string }
  | { readonly do: 'closed'; readonly wire: number; readonly code: number | null }
  | { readonly do: 'act'; readonly client: string; readonly seed: number; readonly lossless?: boolean }
  | { readonly do: 'offline' | 'online' | 'close' | 'state'; readonly client: string }
  | { readonly do: 'crash'; readonly client: string; readonly arrives: boolean }
  | { readonly do: 'disk'; readonly client: string; readonly what: DiskAction };

class Wire extends WireEnd {
  private readonly report: (event: object) => void;

  constructor(handlers: TransportHandlers, report: (event: object) => void) {
    super(handlers);
    this.report = report;
    report({ do: 'connect' });
  }
  protected said(text: string): void {
    this.report({ do: 'send', text });
  }
  protected closed(): void {
    this.report({ do: 'close' });
  }
}

interface Client {
  readonly user: RandomUser;
  disk: Disk;
  tab: Tab | null;
  wire: Wire | null; // the newest
  readonly atRisk: Set<string>; // marks typed while the journal did not work, by the tab that is open
}

// Every promise that can go on has done so before the event loop's next turn.
const promisesRun = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class Simulation {
  readonly escaped: unknown[] = []; // exceptions that came out of promises
  private clock = new Clock();
  private clients = new Map<string, Client>();
  private disks = new Map<string, Disk>();
  private wires: Wire[] = [];
  private out: object[] = [];

  // One request to one reply; the next comes after it.
  async answer(line: string): Promise<string> {
    let told: object = {};
    try {
      told = (await this.perform(JSON.parse(line))) ?? {};
    } catch (error) {
      this.escaped.push(error);
    }
    await promisesRun();
    const problem = this.escaped.splice(0).map((error) => (error instanceof Error ? error.stack : JSON.stringify(error)));
    const { next } = this.clock;
    const error = problem.length === 0 ? {} : { error: problem.join('\n') };
    const reply = { ...told, ...error, out: this.out, next: next === null ? null : Math.ceil(next) };
    this.out = [];
    return JSON.stringify(reply);
  }

  private async perform(request: Request): Promise<object | void> {
    switch (request.do) {
      case 'reset':
        return this.reset(request.now);
      case 'start':
        return this.start(request);
      case 'advance':
        if (request.to < this.clock.now) throw new Error(`it is ${this.clock.now} already`);
        while (this.clock.step(request.to)) await promisesRun();
        return;
      case 'opened':
        return this.wire(request.wire).open();
      case 'message':
        return this.wire(request.wire).receive(request.text);
      case 'closed':
        return this.wire(request.wire).cut(request.code);
      case 'act':
        return this.act(this.client(request.client), this.tab(request.client), request.seed, request.lossless ?? false);
      case 'offline':
      case 'online':
        return this.tab(request.client).network.tell(request.do === 'online');
      case 'close':
        this.tab(request.client).connection.close();
        await promisesRun();
        return this.end(request.client, true);
      case 'crash':
        return this.end(request.client, request.arrives);
      case 'disk':
        return this.atDisk(request.client, request.what);
      case 'state':
        return describe(this.tab(request.client));
    }
    throw new Error(`unknown request ${JSON.stringify(request)}`);
  }

  private reset(now: number): void {
    this.clock = new Clock(now);
    this.clients = new Map();
    this.disks = new Map();
    this.wires = [];
  }

  private start({ client: id, document, seed, disk: diskName, inputs_max: inputsMax, lender }: Start): void {
    const disk = this.disks.get(diskName) ?? new Disk();
    this.disks.set(diskName, disk);
    if (inputsMax !== undefined) disk.inputsMax = inputsMax;
    disk.lender = lender === undefined ? null : (this.disks.get(lender) ?? null);
    const client = this.clients.get(id) ?? { user: new RandomUser(id), disk, tab: null, wire: null, atRisk: new Set<string>() };
    if (client.tab !== null) throw new Error(`${id} has a tab`);
    this.clients.set(id, client);
    const connect = (handlers: TransportHandlers): Wire => {
      const number = this.wires.length + 1;
      client.wire = new Wire(handlers, (event) => this.out.push({ wire: number, client: id, ...event }));
      this.wires.push(client.wire);
      return client.wire;
    };
    client.disk = disk;
    client.tab = new Tab({ clock: this.clock, random: new Random(seed), disk, connect }, { client: id, document });
    client.user.sitsDown(client.tab);
  }

  private act({ user, disk, atRisk }: Client, tab: Tab, seed: number, lossless: boolean): Deed {
    const deed = user.act(tab, seed, lossless);
    if (!disk.journalWorks) for (const mark of deed.marks ?? []) atRisk.add(mark);
    return deed;
  }

  // What no journal took and no checkpoint reached may go with its tab.
  private end(id: string, arrives: boolean): object {
    const client = this.client(id);
    this.tab(id).die(arrives);
    client.tab = null;
    client.wire?.close();
    const stored = JSON.stringify([client.disk.state, ...client.disk.journal.values()]);
    const gone = [...client.atRisk].filter((mark) => !stored.includes(mark));
    client.atRisk.clear();
    return { gone };
  }

  private atDisk(id: string, what: DiskAction): void {
    const { disk, tab } = this.client(id);
    const begin = (): void => void this.tab(id).storage.begin();
    const finish = (): void => this.tab(id).storage.finish();
    switch (what) {
      case 'write':
        begin();
        return finish();
      case 'begin':
        return begin();
      case 'finish':
        return finish();
      case 'hold':
        disk.held = true;
        return;
      case 'release':
        disk.held = false;
        return tab?.storage.finish();
      case 'set_back':
        if (tab !== null) throw new Error(`${id} has a tab`);
        return disk.setBack();
      case 'journal_off':
      case 'journal_on':
        disk.journalWorks = what === 'journal_on';
    }
  }

  private client(id: string): Client {
    const client = this.clients.get(id);
    if (client === undefined) throw new Error(`no client ${id}`);
    return client;
  }
  private tab(id: string): Tab {
    const { tab } = this.client(id);
    if (tab === null) throw new Error(`${id} has no tab`);
    return tab;
  }
  private wire(number: number): Wire {
    const wire = this.wires[number - 1];
    if (wire === undefined || !wire.isUp) throw new Error(`no wire ${number}`);
    return wire;
  }
}

function describe({ document }: Tab): object {
  const { status, drafts } = document;
  const entities = [...replicaOf(document).confirmed.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const figureTable: FigureTable = Reflect.get(document, 'figureTable');
  const delivery: Delivery = Reflect.get(document, 'delivery');
  return {
    epoch: Reflect.get(document, 'epoch'),
    revision: status.revision,
    synced: status.synced,
    loaded: status.loaded,
    connection: status.connection.type,
    pending_ops: status.pendingOps,
    client_seq: delivery.seqUsed,
    drafts: drafts.length,
    drafted: marksInDrafts(drafts),
    confirmed: entities.map(snapshotEntity),
    figures: Object.fromEntries([...figureTable.ids()].sort().map((id) => [id, document.figures(id)])),
    consistent: inconsistency(document) ?? true,
  };
}

// Node's own line reader also ends lines at U+2028, which texts may hold.
async function* linesOf(input: NodeJS.ReadStream): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of input.setEncoding('utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

// What differs from run to run is not there.
function forbid(holder: object, ...names: string[]): void {
  for (const name of names) {
    Reflect.set(holder, name, () => {
      throw new Error(`${name} in a simulation`);
    });
  }
}

export async function main(): Promise<void> {
  forbid(Math, 'random');
  forbid(Date, 'now');
  forbid(performance, 'now');
  forbid(crypto, 'getRandomValues', 'randomUUID');
  forbid(globalThis, 'setTimeout', 'setInterval');
  const simulation = new Simulation();
  process.on('unhandledRejection', (error) => simulation.escaped.push(error));
  for await (const line of linesOf(process.stdin)) process.stdout.write(`${await simulation.answer(line)}\n`);
}
