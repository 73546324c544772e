// What a page reads in other plans, on a real connection that may hold sixteen documents.
import { createEffect, createRoot } from 'solid-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/document/operation';
import { limits } from '../../../src/protocol/schema';
import { createLiveStore } from '../../../src/store/live_store';
import { createNeighbours, type Known, type Neighbours, type WholePlan } from '../../../src/ui/plan/neighbours';
import { ManyDocuments } from '../support/many_documents';

let world: ManyDocuments;
let neighbours: Neighbours;
let endPage: () => void;

const plan = (team: number | string): string => `acme/plan/${typeof team === 'number' ? `t${team}` : team}/q1`;
const teams = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const read = (title: string, gone: 'removed' | 'abandoned' | null = null): Known => ({ type: 'read', title, gone });
const placesMax = limits.open_documents_per_session - 3;

// Somebody else's edit, which whoever has the plan open hears of.
let seq = 0;
function edit(team: number, ...ops: Operation[]): void {
  const server = world.server(plan(team));
  const tom = server.connect(() => {});
  const say = (message: object): void => tom.receive(JSON.stringify(message));
  seq += 1;
  const client = `tom-${seq}`;
  say({ type: 'hello', client });
  say({ type: 'open', document: server.name });
  say({ type: 'change', document: server.name, seq: 1, base: server.revision, ops });
  tom.disconnect();
}
const create = (team: number): void => edit(team, { op: 'create', id: 'o1', kind: 'objective', parent: 'plan', fields: { title: `Theirs ${team}` } });

// Needs an answer until `end`.
function watch<T>(ask: () => T): { last: T | undefined; all: T[]; end: () => void } {
  const seen: { last: T | undefined; all: T[]; end: () => void } = { last: undefined, all: [], end: () => {} };
  createRoot((end) => {
    seen.end = end;
    createEffect(() => {
      seen.last = ask();
      seen.all.push(seen.last);
    });
  });
  return seen;
}
const watchName = (team: number, id = 'o1') => watch(() => neighbours.name(`t${team}`, 'q1', id));
// Whole plans by the titles in them, as long as they are read.
function watchWhole(team: number) {
  const titles = (it: WholePlan): string | readonly string[] => (it.type === 'read' ? it.store.children('plan').map((id) => it.store.text(id, 'title')) : it.why);
  return watch(() => titles(neighbours.whole(`t${team}`, 'q1')));
}

beforeEach(async () => {
  seq = 0;
  world = new ManyDocuments();
  for (const team of teams(30)) create(team);
  world.connection.open('acme/workspace');
  const own = world.connection.open(plan('own'));
  await world.settle();
  createRoot((end) => {
    endPage = end;
    neighbours = createNeighbours(world.connection, createLiveStore(own), { now: () => world.clock.now, schedule: (ms, run) => world.clock.schedule(ms, run) });
  });
});
afterEach(() => expect(world.refusals.filter((it) => it === 'too_many_documents')).toEqual([]));

describe('names of what is in other plans', () => {
  it('are read for thirty plans, with no more open than the session may hold', async () => {
    const names = teams(30).map((it) => watchName(it));
    expect(names[0]?.last).toEqual({ type: 'unread', why: 'reading' });
    await world.settle();
    expect(names.map((it) => it.last)).toEqual(teams(30).map((it) => read(`Theirs ${it}`)));
    expect(world.open.length).toBe(placesMax + 2);
    expect(world.most).toBeLessThanOrEqual(limits.open_documents_per_session);
    expect(world.opens.length).toBe(32); // each once
  });

  it('follow at once where the plan is open, and else when its turn comes', async () => {
    const names = teams(30).map((it) => watchName(it));
    await world.settle();
    for (const team of teams(30)) edit(team, { op: 'edit', id: 'o1', field: 'title', edit: ['New '] });
    await world.settle();
    expect(names.filter((it) => JSON.stringify(it.last).includes('New')).length).toBe(placesMax);
    await world.pass(120_000);
    expect(names.map((it) => it.last)).toEqual(teams(30).map((it) => read(`New Theirs ${it}`)));
    for (const it of names) expect(it.all).not.toContainEqual(read(''));
    // What was read is never shown as unread again.
    for (const { all } of names) expect(all.findLastIndex((it) => it.type === 'unread')).toBeLessThan(all.findIndex((it) => it.type === 'read'));
  });

  it('cost one plan a turn, however many there are, and nothing where all have a place', async () => {
    const names = teams(30).map((it) => watchName(it));
    await world.settle();
    const before = world.opens.length;
    await world.pass(60_000);
    expect(world.opens.length - before).toBeLessThanOrEqual(12);
    for (const it of names.slice(placesMax)) it.end();
    await world.settle();
    const quiet = world.opens.length;
    await world.pass(60_000);
    expect(world.opens.length - quiet).toBeLessThanOrEqual(placesMax);
    const still = world.opens.length;
    await world.pass(600_000);
    expect(world.opens.length).toBe(still);
  });

  it('close their plan when nothing needs it, and share it while several do', async () => {
    const [one, two] = [watchName(1), watchName(1, 'o2')];
    await world.settle();
    expect(world.opens.filter((it) => it === plan(1)).length).toBe(1);
    one.end();
    await world.settle();
    expect(world.open).toContain(plan(1));
    two.end();
    await world.settle();
    expect(world.open).not.toContain(plan(1));
    watchName(2);
    await world.settle();
    endPage();
    await world.settle();
    expect(world.open).toEqual(['acme/workspace', plan('own')]);
  });

  it('say what is gone or given up', async () => {
    const name = watchName(1);
    const nothing = watchName(1, 'o9');
    await world.settle();
    edit(1, { op: 'set', id: 'o1', field: 'state', value: 'abandoned' });
    await world.settle();
    expect(name.last).toEqual(read('Theirs 1', 'abandoned'));
    edit(1, { op: 'remove', id: 'o1' });
    await world.settle();
    expect(name.last).toEqual(read('Theirs 1', 'removed'));
    expect(nothing.last).toEqual(read('', 'removed'));
  });

  it('are read once each without the server, from what is stored, and the others when it is back', async () => {
    const before = teams(20).map((it) => watchName(it));
    await world.settle();
    for (const it of before) it.end();
    await world.settle();
    world.cut();
    await world.settle();
    const opened = world.readings;
    const names = teams(30).map((it) => watchName(it));
    await world.pass(10_000);
    expect(names.slice(0, 20).map((it) => it.last)).toEqual(teams(20).map((it) => read(`Theirs ${it}`)));
    expect(names.slice(20).map((it) => it.last)).toEqual(teams(10).map(() => ({ type: 'unread', why: 'away' })));
    const tried = world.readings - opened;
    expect(tried).toBe(30);
    await world.pass(600_000);
    expect(world.readings - opened).toBe(tried);
    await world.mend();
    expect(names.map((it) => it.last)).toEqual(teams(30).map((it) => read(`Theirs ${it}`)));
  });

  it('of a plan that the server does not give are said to be that, and do not keep others waiting', async () => {
    for (const team of teams(16)) world.refused.add(plan(team));
    const names = teams(30).map((it) => watchName(it));
    await world.settle();
    expect(names.slice(0, 16).map((it) => it.last)).toEqual(teams(16).map(() => ({ type: 'unread', why: 'refused' })));
    expect(names.slice(16).map((it) => it.last)).toEqual(teams(30).slice(16).map((it) => read(`Theirs ${it}`)));
    world.refused.clear();
    await world.pass(180_000);
    expect(names.map((it) => it.last)).toEqual(teams(30).map((it) => read(`Theirs ${it}`)));
  });

  it('are nobody\'s where the reference is none', () => {
    expect(watch(() => neighbours.name('', '', '')).last).toEqual({ type: 'unread', why: 'refused' });
  });
});

describe('a whole plan', () => {
  it('is open at once, whoever waits, and is not empty before it is read', async () => {
    for (const team of teams(30)) watchName(team);
    await world.settle();
    for (const team of [1, 2, 3, 30]) {
      const whole = watchWhole(team);
      await world.settle();
      expect(whole.last).toEqual([`Theirs ${team}`]);
      expect(whole.all).not.toContainEqual([]);
      await world.pass(20_000);
      expect(whole.last).toEqual([`Theirs ${team}`]);
      whole.end();
    }
  });
  it('is said to be unread while the server is away', async () => {
    world.cut();
    await world.settle();
    const whole = watchWhole(1);
    await world.pass(5000);
    expect(whole.last).toBe('away');
    await world.mend();
    expect(whole.last).toEqual(['Theirs 1']);
  });
  it('that nobody has ever written is read, and empty', async () => {
    const whole = watchWhole(99);
    expect(whole.last).toBe('reading');
    await world.settle();
    expect(whole.last).toEqual([]);
  });
});
