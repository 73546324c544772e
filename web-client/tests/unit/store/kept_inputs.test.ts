import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, describe, expect, it } from 'vitest';
import { databaseSource, type DatabaseSource } from '../../../src/store/database';
import { KeptInputs, type KeptPlace } from '../../../src/store/kept_inputs';

const dayMs = 86_400_000;
const place = (entity: string): KeptPlace => ({ document: 'acme/plan/web/q1', entity, form: 'check_in' });
let now: number;
let database: DatabaseSource;

beforeEach(() => {
  indexedDB = new IDBFactory();
  database = databaseSource();
  now = 1000 * dayMs;
});
const load = (from = database): Promise<KeptInputs> => KeptInputs.load(from, () => now);
// As the next page of this browser finds it.
async function found(): Promise<string[]> {
  await new Promise((resolve) => setImmediate(resolve));
  return (await load(databaseSource())).all().map((it) => `${it.entity} ${JSON.stringify(it.values)}`);
}

describe('what was begun in a form and not sent', () => {
  it('is there at once, and for the next page, by its place', async () => {
    const kept = await load();
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
    const kept = await load();
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
    const kept = await load();
    kept.keep(place('old'), 'note', 'x'.repeat(400_000));
    now += 1;
    kept.keep(place('new'), 'note', 'x'.repeat(400_000));
    now += 1;
    kept.keep(place('newest'), 'note', 'x'.repeat(400_000));
    expect(kept.all().map((it) => it.entity)).toEqual(['newest', 'new']);
    now += 100 * dayMs;
    expect((await load()).all()).toEqual([]);
  });

  it('lasts as long as the page where there is no database', async () => {
    const kept = await load(async () => null);
    kept.keep(place('k1'), 'note', 'Here');
    expect(kept.find(place('k1'))?.values).toEqual({ note: 'Here' });
  });
});
