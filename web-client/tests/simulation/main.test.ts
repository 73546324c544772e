// The process that simulations start, here with the model of the server: its clients edit, crash and come back, and what they were
// told gets the same answers anew.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { textOf } from '../../src/document/apply';
import { snapshotEntity } from '../unit/support/inside';
import { ModelServer } from '../unit/support/model_server';
import { Random } from '../unit/support/random';

const command = fileURLToPath(new URL('start.mjs', import.meta.url));
const clients = ['ann', 'bo', 'cy'];
const began = 1_790_000_000_000;

interface Reply {
  readonly out: readonly { readonly wire: number; readonly client: string; readonly do: 'connect' | 'send' | 'close'; readonly text: string }[];
  readonly error?: string;
  readonly [member: string]: unknown;
}

// One run of the process, with the network between it and the server.
class Run {
  readonly requests: string[] = [];
  readonly replies: string[] = [];
  readonly server = new ModelServer('acme/plan/web/2026q1');
  readonly typed = new Set<string>(); // marks that are to be there at the end
  readonly done = new Set<string>(); // what users did
  now = began;
  private readonly process = spawn(process.execPath, [command], { stdio: ['pipe', 'pipe', 'inherit'] });
  private readonly lines = createInterface(this.process.stdout)[Symbol.asyncIterator]();
  private readonly wires = new Map<number, { far: ReturnType<ModelServer['connect']>; up: (string | null)[]; down: string[] }>(); // up: null opens it

  async ask(request: object): Promise<Reply> {
    const text = JSON.stringify(request);
    this.process.stdin.write(`${text}\n`);
    const line = await this.lines.next();
    this.requests.push(text);
    this.replies.push(line.value);
    const reply: Reply = JSON.parse(line.value);
    expect(reply.error).toBeUndefined();
    for (const event of reply.out) this.heed(event);
    return reply;
  }

  private heed({ wire, do: what, text }: Reply['out'][number]): void {
    const down: string[] = [];
    if (what === 'connect') this.wires.set(wire, { far: this.server.connect((it) => down.push(it)), up: [null], down });
    else if (what === 'send') this.wires.get(wire)?.up.push(text);
    else this.drop(wire);
  }
  private drop(wire: number): void {
    this.wires.get(wire)?.far.disconnect();
    this.wires.delete(wire);
  }

  async act(client: string, seed: number): Promise<void> {
    const { what, taken, marks, gone }: Reply = await this.ask({ do: 'act', client, seed });
    if (taken === true) for (const word of String(what).split(' ')) this.done.add(word);
    for (const mark of (marks as string[] | undefined) ?? []) this.typed.add(mark);
    for (const mark of (gone as string[] | undefined) ?? []) this.typed.delete(mark);
  }
  start(client: string, seed: number): Promise<Reply> {
    return this.ask({ do: 'start', client, document: this.server.name, seed, disk: client });
  }
  advance(ms: number): Promise<Reply> {
    this.now += ms;
    return this.ask({ do: 'advance', to: this.now });
  }
  async cut(random: Random): Promise<void> {
    if (this.wires.size === 0) return;
    const wire = random.pick([...this.wires.keys()]);
    this.drop(wire);
    await this.ask({ do: 'closed', wire, code: null });
  }

  // One message on each wire and way; false: nothing was on its way.
  async deliver(): Promise<boolean> {
    let moved = false;
    for (const [wire, { far, up, down }] of [...this.wires]) {
      const said = up.shift();
      if (typeof said === 'string') far.receive(said);
      const text = down.shift();
      if (said === null) await this.ask({ do: 'opened', wire });
      else if (text !== undefined && this.wires.has(wire)) await this.ask({ do: 'message', wire, text });
      moved ||= said !== undefined || text !== undefined;
    }
    return moved;
  }
  async heal(): Promise<void> {
    for (let round = 0; round < 15; round += 1) {
      while (await this.deliver());
      await this.advance(2000);
    }
    while (await this.deliver());
  }
  async end(): Promise<void> {
    this.process.stdin.end();
    await once(this.process, 'close');
  }
}

async function play(seed: number): Promise<Run> {
  const random = new Random(seed);
  const run = new Run();
  await run.ask({ do: 'reset', now: began });
  for (const client of clients) await run.start(client, random.below(1e9));
  await run.heal();
  for (let step = 0; step < 900; step += 1) {
    const client = random.pick(clients);
    const chance = random.next();
    if (chance < 0.5) await run.act(client, random.below(1e9));
    else if (chance < 0.8) await run.deliver();
    else if (chance < 0.9) await run.advance(random.below(3000));
    else if (chance < 0.94) await run.ask({ do: 'disk', client, what: random.pick(['write', 'begin', 'hold', 'finish', 'release']) });
    else if (chance < 0.97) await run.cut(random);
    else {
      await run.ask(random.chance(0.5) ? { do: 'close', client } : { do: 'crash', client, arrives: random.chance(0.5) });
      await run.start(client, random.below(1e9));
    }
  }
  await run.heal();
  return run;
}

describe('the process for simulations', { timeout: 60_000 }, () => {
  it('has clients that converge, and answers the same requests with the same replies', async () => {
    const run = await play(1);
    const truth = JSON.stringify([...run.server.document.all()].sort((a, b) => (a.id < b.id ? -1 : 1)).map(snapshotEntity));
    const note = textOf(run.server.document.get('plan'), 'note');
    const drafted: string[] = [];
    for (const client of clients) {
      const state = await run.ask({ do: 'state', client });
      expect(state).toMatchObject({ synced: true, pending_ops: 0, revision: run.server.revision, epoch: run.server.epoch, consistent: true });
      expect(state.confirmed).toEqual(JSON.parse(truth));
      drafted.push(...(state.drafted as string[]));
    }
    for (const mark of run.typed) expect(note.split(mark).length - 1 + drafted.filter((it) => it === mark).length, mark).toBe(1);
    for (const what of ['create', 'set', 'add', 'include', 'exclude', 'edit', 'move', 'remove', 'restore', 'undo', 'redo', 'point']) expect(run.done).toContain(what);
    await run.end();

    const again = spawnSync(process.execPath, [command], { input: `${run.requests.join('\n')}\n`, encoding: 'utf8', maxBuffer: 1 << 28 });
    expect(again.stdout).toBe(`${run.replies.join('\n')}\n`);
  });
});
