import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { databaseSource, type DatabaseSource } from '../../../src/store/database';
import type { KeptPlace } from '../../../src/store/kept_input';
import { KeptInputs } from '../../../src/store/kept_inputs';

const dayMs = 86_400_000;
const place = (entity: string): KeptPlace => ({ document: 'acme/plan/web/q1', entity, form: 'check_in' });
let now: number;
let database: DatabaseSource;

beforeEach(() => {
  indexedDB = new IDBFactory();
  database = databaseSource();
  now = 1000 * dayMs;
  timers.length = 0;
  alive.clear();
});
const plan = place('').document;
const timers: (() => void)[] = [];
const alive = new Set<string>();

// A tab with the plan open. The same tab again: its page is loaded again.
async function open(tab = 'tab', { from = database, document = plan } = {}): Promise<KeptInputs> {
  const kept = await load(tab, from);
  await kept.enter(document);
  return kept;
}
async function load(tab: string, from = database): Promise<KeptInputs> {
  alive.add(tab);
  const lease = (other: string) => Promise.resolve(alive.has(other) ? null : { release: () => {} });
  return KeptInputs.load({ database: from, tab, lease, isHere: () => true, now: () => now, schedule: (_, run) => (timers.push(run), () => {}) });
}
const written = async (): Promise<unknown> => (await database())?.count('kept'); // what was asked for before is done before
const words = (kept: KeptInputs): string[] => kept.all().map((it) => `${it.entity} ${JSON.stringify(it.values)}`);
// As the next page of this tab finds it.
async function found(tab = 'tab'): Promise<string[]> {
  await written();
  return words(await load(tab, databaseSource()));
}
async function looks(kept: KeptInputs, times: number): Promise<void> {
  for (let look = 0; look < times; look += 1) await kept.look();
}

describe('what was begun in a form and not sent', () => {
  it('is there at once, and for the next page, by its place', async () => {
    const kept = await open();
    kept.keep(place('k1'), 'note', 'Half a');
    now += 1;
    kept.keep(place('k1'), 'note', 'Half a sentence');
    kept.keep(place('k1'), 'value', '12');
    now += 1;
    kept.keep(place('k2'), 'note', 'Other');
    expect(kept.find(place('k1'))?.values).toEqual({ note: 'Half a sentence', value: '12' });
    expect(kept.find({ ...place('k1'), document: 'acme/plan/web/q2' })).toBeUndefined();
    expect(await found()).toEqual(['k2 {"note":"Other"}', 'k1 {"note":"Half a sentence","value":"12"}']);
  });

  it('is gone when it is sent, or when nothing in it is touched any more; and can be brought back', async () => {
    const kept = await open();
    kept.keep(place('k1'), 'note', 'Sent');
    kept.keep(place('k2'), 'note', 'Typed');
    const input = kept.find(place('k1'));
    kept.drop(place('k1'));
    kept.keep(place('k2'), 'note', null);
    expect(kept.all()).toEqual([]);
    expect(await found()).toEqual([]);
    if (input !== undefined) kept.bringBack(input);
    expect(await found()).toEqual(['k1 {"note":"Sent"}']);
  });

  it('has bounds: what is oldest goes first, and what nobody has touched for months goes', async () => {
    const kept = await open();
    kept.keep(place('old'), 'note', 'x'.repeat(400_000));
    now += 1;
    kept.keep(place('new'), 'note', 'x'.repeat(400_000));
    now += 1;
    kept.keep(place('newest'), 'note', 'x'.repeat(400_000));
    expect(kept.all().map((it) => it.entity)).toEqual(['newest', 'new']);
    now += 1;
    kept.keep(place('huge'), 'note', 'x'.repeat(2_000_000));
    expect(kept.all().map((it) => it.entity)).toEqual(['huge']);
    now += 100 * dayMs;
    expect((await open()).all()).toEqual([]);
  });

  it('lasts as long as the page where the disk takes nothing, and nothing is complained about', async () => {
    const opened = await database();
    const full = opened === null ? null : new Proxy(opened, { get: (it, name) => (name === 'transaction' ? () => { throw new DOMException('no room', 'QuotaExceededError'); } : Reflect.get(it, name)) });
    const kept = await open('tab', { from: async () => full });
    kept.keep(place('k1'), 'note', 'Here');
    await kept.look();
    await kept.leave(plan);
    await kept.enter(plan);
    expect(words(kept)).toEqual(['k1 {"note":"Here"}']);
  });

  it('lasts as long as the page where there is no database', async () => {
    const kept = await open('tab', { from: async () => null });
    kept.keep(place('k1'), 'note', 'Here');
    expect(kept.find(place('k1'))?.values).toEqual({ note: 'Here' });
  });
});

describe('with several tabs of one person', () => {
  it('what one of them sends or lets go leaves what another writes in the same form', async () => {
    const [first, second] = [await open('first'), await open('second')];
    second.keep(place('k1'), 'note', 'Of the second');
    first.keep(place('k1'), 'note', 'Of the first');
    await first.look();
    expect(words(first)).toEqual(['k1 {"note":"Of the first"}']);
    first.drop(place('k1'));
    await looks(first, 3);
    expect(await found('second')).toEqual(['k1 {"note":"Of the second"}']);
    expect(await found('first')).toEqual([]);
  });

  it('what a closed one has left is taken up by the next that opens the document, by one alone', async () => {
    const writes = await open('writes');
    writes.keep(place('k1'), 'note', 'Half a');
    await written();
    alive.delete('writes');
    expect(words(await open('elsewhere', { document: 'acme/plan/web/q2' }))).toEqual([]);
    const both = await Promise.all([open('first'), open('second')]);
    expect(both.flatMap(words)).toEqual(['k1 {"note":"Half a"}']);
    expect(words(await open('writes'))).toEqual([]); // a tab that comes to be this client later
  });

  it('what a closed one has left is taken up by one that has the document open, when its person is there', async () => {
    const [stays, writes] = [await open('stays'), await open('writes')];
    writes.keep(place('k1'), 'note', 'Half a');
    await written();
    await looks(stays, 3);
    expect(words(stays)).toEqual([]);
    expect(timers.length, 'it looks again by itself').toBeGreaterThan(0);
    alive.delete('writes');
    await looks(stays, 1);
    expect(words(stays), 'a page that is loaded again is gone for a moment').toEqual([]);
    await looks(stays, 1);
    expect(words(stays)).toEqual(['k1 {"note":"Half a"}']);
    expect(await found('stays')).toEqual(['k1 {"note":"Half a"}']);
    expect(await found('writes')).toEqual([]);
  });

  it('a page that is loaded again has its own at once, whoever else looks for it', async () => {
    const [other, writes] = [await open('other'), await open('writes')];
    writes.keep(place('k1'), 'note', 'Half a');
    await written();
    await other.look();
    alive.delete('writes');
    await looks(other, 1);
    const again = await load('writes');
    expect(words(again)).toEqual(['k1 {"note":"Half a"}']);
    await again.enter(plan);
    await looks(other, 3);
    expect([words(again), words(other)]).toEqual([['k1 {"note":"Half a"}'], []]);
  });

  it('one that has left the document leaves it to whoever has it open, and has it again when it comes back first', async () => {
    const writes = await open('writes');
    writes.keep(place('k1'), 'note', 'Half a');
    await writes.leave(plan);
    expect(words(writes)).toEqual([]);
    await writes.enter(plan);
    expect(words(writes)).toEqual(['k1 {"note":"Half a"}']);
    await writes.leave(plan);
    expect(words(await open('other'))).toEqual(['k1 {"note":"Half a"}']);
    await writes.enter(plan);
    expect(words(writes)).toEqual([]);
  });

  it('one form holds one at a time: the others wait, the latest first, until it is sent', async () => {
    for (const [index, tab] of ['oldest', 'older'].entries()) {
      now += 1;
      (await open(tab)).keep(place('k1'), 'note', tab);
      if (index === 1) (await open('older')).keep(place('k2'), 'note', 'other');
    }
    const kept = await open('kept');
    now += 1;
    kept.keep(place('k1'), 'note', 'mine');
    await written();
    alive.delete('oldest');
    alive.delete('older');
    await looks(kept, 2);
    expect(words(kept).sort()).toEqual(['k1 {"note":"mine"}', 'k2 {"note":"other"}']);
    for (const next of ['older', 'oldest']) {
      kept.drop(place('k1'));
      await looks(kept, 3);
      expect(kept.find(place('k1'))?.values).toEqual({ note: next });
    }
    kept.drop(place('k1'));
    await looks(kept, 3);
    expect(await found('kept')).toEqual(['k2 {"note":"other"}']);
  });

  it('what was let go comes back to its form, and what has come to stand there waits again', async () => {
    const [kept, other] = [await open('kept'), await open('other')];
    other.keep(place('k1'), 'note', 'waits');
    kept.keep(place('k1'), 'note', 'let go');
    await written();
    alive.delete('other');
    const input = kept.find(place('k1'));
    kept.drop(place('k1'));
    await looks(kept, 3);
    expect(words(kept)).toEqual(['k1 {"note":"waits"}']);
    if (input !== undefined) kept.bringBack(input);
    await looks(kept, 3);
    expect(words(kept)).toEqual(['k1 {"note":"let go"}']);
    kept.drop(place('k1'));
    await looks(kept, 3);
    expect(words(kept)).toEqual(['k1 {"note":"waits"}']);
  });

  it('what was kept before tabs were told apart is nobody\'s, and taken up', async () => {
    await (await database())?.put('kept', { ...place('k1'), at: now, values: { note: 'Old' } }, `${plan} k1 check_in`);
    expect(words(await open())).toEqual(['k1 {"note":"Old"}']);
    expect(words(await open('other'))).toEqual([]);
    expect(await found()).toEqual(['k1 {"note":"Old"}']);
  });
});
