// Clients that edit, lose their connection, lose their tab and come back, at random. At the end all replicas are equal, and what
// was typed is there exactly once.
import { describe, expect, it } from 'vitest';
import { textOf } from '../../../src/document/apply';
import type { Entity } from '../../../src/document/entity';
import { Disk } from '../support/disk';
import { inconsistency, replicaOf } from '../support/inside';
import { randomOps } from '../support/random_ops';
import { Client, World } from '../support/world';

const seeds = Number(process.env.OKRA_SEEDS ?? 600);

function dump(entities: Iterable<Entity>): unknown[] {
  return [...entities].map((it) => ({ ...it, fields: Object.fromEntries(Object.entries(it.fields).sort()) })).sort((a, b) => (a.id < b.id ? -1 : 1));
}

let marks = 0;

const nextMark = (): string => {
  marks += 1;
  return `⟨${marks}⟩`;
};

interface Faults {
  readonly cut: number;
  readonly crash: number;
  readonly storage: number;
  readonly floor: number;
  readonly undo: number;
  readonly journal: number; // the synchronous journal stops or starts working
  readonly backup: number; // the server is restored from a backup
  readonly join: number; // somebody comes for the first time, perhaps with what another tab of the browser has
  readonly setBack: number; // the power fails: the disk has an earlier checkpoint, and of the journal what was written since
  readonly slow: boolean; // checkpoints take their time: whatever can happen before one is finished does
}
const calm: Faults = { cut: 0, crash: 0, storage: 0, floor: 0, undo: 0.05, journal: 0, backup: 0, join: 0, setBack: 0, slow: false };
const clientsMax = 6;

async function act(world: World, client: Client, typed: Set<string>, faults: Faults): Promise<void> {
  const { random, server } = world;
  const chance = random.next();
  if (chance < faults.cut) client.wire?.cut();
  else if (chance < faults.cut + faults.crash) await client.crash(random.chance(0.5));
  else if (chance < faults.cut + faults.crash + faults.setBack) {
    client.disk.setBack();
    await client.crash();
  }
  else if (chance < 0.2) world.clock.advance(random.below(3000));
  else if (chance < 0.45) {
    const { ops, mark } = randomOps(random, client.document, nextMark);
    if (client.live.submit(ops) === null && mark !== null) typed.add(mark);
  }
  else if (chance < 0.45 + faults.undo) client.live.undo();
  else if (chance < 0.45 + 1.5 * faults.undo) client.live.redo();
  else if (chance < 0.53) client.live.setPlace({ entity: 'plan', field: 'note', anchor: random.below(5), head: random.below(5) });
  else if (chance < 0.54 && client.disk.held) client.beginWriting();
  else if (chance < 0.56 && client.disk.held) client.finishWriting();
  else if (chance < 0.56) client.writeToDisk();
  else if (random.chance(0.5)) client.wire?.stepUp();
  else client.wire?.stepDown();
  if (random.chance(0.1)) server.audit();
  if (random.chance(faults.storage)) server.failing = !server.failing;
  if (random.chance(faults.floor)) server.tailFloor = server.revision;
  if (random.chance(faults.floor)) server.historyFloor = server.revision;
  if (random.chance(faults.journal)) client.disk.journalWorks = !client.disk.journalWorks;
  if (random.chance(faults.backup) && server.revision > 0) {
    // The process ends, and with it every connection.
    for (const other of world.clients) other.wire?.cut();
    server.rollBackTo(random.below(server.revision));
  }
  if (random.chance(faults.join) && world.clients.length < clientsMax) newcomer(world, faults);
  if (random.chance(0.3)) await Promise.resolve();
}

// Nothing is delivered to it yet: its first messages race with everything else.
function newcomer(world: World, faults: Faults): void {
  const { random, clients } = world;
  const disk = new Disk();
  disk.held = faults.slow;
  if (faults.slow) disk.inputsMax = random.pick([0, 300, 3000]);
  if (random.chance(0.5)) disk.lender = random.pick(clients).disk;
  clients.push(new Client(world, `client-${random.pick(['0', 'z'])}${clients.length}`, disk));
}

async function run(seed: number, faults: Faults): Promise<void> {
  const world = new World(seed);
  const { clients } = world;
  for (const id of ['client-a', 'client-b', 'client-c']) {
    const { disk } = await world.join(id);
    disk.held = faults.slow;
    if (faults.slow) disk.inputsMax = world.random.pick([0, 300, 3000]);
  }
  const typed = new Set<string>();
  for (let step = 0; step < 120; step += 1) {
    const client = world.random.pick(clients);
    await act(world, client, typed, faults);
    if (step % 10 === 0) expect(inconsistency(client.document)).toBeNull();
  }
  world.server.failing = false;
  for (const client of clients) {
    client.disk.held = false;
    client.finishWriting();
  }
  await world.heal();
  world.server.audit();
  await world.settle();
  expect(world.server.divergences).toEqual([]);
  const truth = dump(world.server.document.all());
  const drafts = clients.flatMap((client) => client.live.drafts.map((draft) => JSON.stringify(draft.ops))).join();
  for (const client of clients) {
    expect(client.live.status.pendingOps).toBe(0);
    expect(inconsistency(client.document)).toBeNull();
    expect(dump(replicaOf(client.document).confirmed.values())).toEqual(truth);
    expect(client.live.status.revision).toBe(world.server.revision);
  }
  const note = textOf(world.server.document.get('plan'), 'note');
  for (const mark of typed) {
    const times = note.split(mark).length - 1;
    expect(times, `${mark} is there more than once`).toBeLessThanOrEqual(1);
    if (faults.undo === 0 && faults.journal === 0 && faults.backup === 0 && faults.setBack === 0) expect(times === 1 || drafts.includes(mark), `${mark} is lost`).toBe(true);
  }
}

async function runAll(count: number, first: number, faults: Partial<Faults>): Promise<void> {
  for (let seed = first; seed < first + count; seed += 1) {
    // With undo, a mark may be gone because its author took it back: every other seed does without and looks for each.
    const undo = seed % 2 === 0 ? 0 : calm.undo;
    await run(seed, { ...calm, undo, ...faults }).catch(naming(seed));
  }
}

describe('convergence', { timeout: 600_000 }, () => {
  it('[RB1] [TX4] replicas end equal over a good network', () => runAll(seeds / 4, 1, {}));
  it('[CH3] [CH5] [RC3] nothing is lost or doubled when connections break and storage fails', () => runAll(seeds / 2, 100_000, { cut: 0.05, storage: 0.02 }));
  it('[CH3] [RB4] [CH7] nothing is lost or doubled when tabs crash and histories are cut off', () => runAll(seeds, 200_000, { cut: 0.04, crash: 0.04, storage: 0.01, floor: 0.02 }));
  it('[TX3] [RB4] nothing is lost, doubled or out of place when tabs crash before their first or next checkpoint', () => runAll(seeds, 500_000, { cut: 0.03, crash: 0.05, storage: 0.01, floor: 0.01, join: 0.03, slow: true }));
  it('[CH5] nothing is doubled when storage is set back', () => runAll(seeds / 4, 600_000, { cut: 0.03, crash: 0.03, setBack: 0.03, slow: true }));
  it('[CH5] nothing is doubled where only the slow storage works', () => runAll(seeds / 4, 300_000, { cut: 0.03, crash: 0.05, journal: 0.1, join: 0.02, slow: true }));
  it('[RB4] replicas end equal when the server comes back with an older history', () => runAll(seeds / 4, 400_000, { cut: 0.03, crash: 0.03, backup: 0.02, join: 0.02, slow: true }));
});

const naming = (seed: number) => (error: unknown): never => {
  throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
};
