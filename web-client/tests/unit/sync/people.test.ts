import { beforeEach, describe, expect, it } from 'vitest';
import { World, type Client } from '../support/world';

let world: World;
let ann: Client;
let bo: Client;

beforeEach(async () => {
  world = new World(13);
  ann = await world.join('ann-client');
  bo = await world.join('bo-client');
  ann.live.submit([{ op: 'edit', id: 'plan', field: 'note', edit: ['0123456789'] }]);
  await world.settle();
});

const edit = (client: Client, ...edits: (number | string | { d: number })[]): unknown => client.live.submit([{ op: 'edit', id: 'plan', field: 'note', edit: edits }]);
async function place(client: Client, anchor: number, head = anchor): Promise<void> {
  client.live.setPlace({ entity: 'plan', field: 'note', anchor, head });
  world.clock.advance(60);
  await world.settle();
}
const seen = (client: Client): [number | undefined, number | undefined][] => client.live.people.map((it) => [it.at?.anchor, it.at?.head]);
const said = (client: Client): { at: unknown }[] => (client.wire?.sent ?? []).filter((it) => it.includes('"presence"')).map((it) => JSON.parse(it));

describe('carets of others', () => {
  it('[PR1] [PR2] are shown where they are and go along with every edit shown', async () => {
    await place(ann, 3, 6);
    expect(seen(bo)).toEqual([[3, 6]]);
    edit(bo, 1, 'xx'); // pending: moves at once
    expect(seen(bo)).toEqual([[5, 8]]);
    edit(bo, 6, { d: 6 });
    expect(seen(bo)).toEqual([[5, 6]]);
    await world.settle();
    expect(seen(bo)).toEqual([[5, 6]]);
  });
  it('[PR1] that an own edit has moved are told at once', async () => {
    await place(ann, 3, 6);
    const told: number[] = [];
    bo.live.subscribe((event) => event.type === 'people' && told.push(seen(bo)[0]?.[0] ?? -1));
    edit(bo, 1, 'xx');
    expect(told).toEqual([5]);
    edit(bo, 10, 'behind them');
    expect(told).toEqual([5]);
  });
  it('[PR1] follow what their own owner types', async () => {
    await place(ann, 4);
    edit(ann, 4, 'abc');
    await world.settle();
    expect(seen(bo)).toEqual([[7, 7]]);
  });
  it('[PR1] stay before what somebody else puts in their place', async () => {
    await place(ann, 4);
    edit(bo, 4, 'abc');
    await world.settle();
    expect(seen(bo)).toEqual([[4, 4]]);
  });
  it('[PR1] of an older revision are carried to the present one', async () => {
    edit(bo, 'BB');
    await world.settle();
    const person = { session: 9, client: 'late', name: 'Late', color: 2, at: { entity: 'plan', field: 'note', anchor: 3, head: 3, revision: 1 } };
    bo.wire?.down.push(JSON.stringify({ type: 'presence', document: world.server.name, people: [person], gone: [] }));
    await world.settle();
    expect(seen(bo)).toEqual([[5, 5]]);
  });
  it('[PR1] of a revision that has not come yet wait for it', async () => {
    const person = { session: 9, client: 'early', name: 'Early', color: 2, at: { entity: 'plan', field: 'note', anchor: 12, head: 12, revision: 2 } };
    bo.wire?.down.push(JSON.stringify({ type: 'presence', document: world.server.name, people: [person], gone: [] }));
    await world.settle();
    expect(seen(bo)).toEqual([[undefined, undefined]]);
    edit(ann, 'AA');
    await world.settle();
    expect(seen(bo)).toEqual([[12, 12]]);
  });
  it('[PR2] go when their session goes', async () => {
    await place(ann, 1);
    const { session } = bo.live.people[0] ?? {};
    bo.wire?.down.push(JSON.stringify({ type: 'presence', document: world.server.name, people: [], gone: [session] }));
    await world.settle();
    expect(bo.live.people).toEqual([]);
  });
});

describe('the own place', () => {
  it('[PR3] is told once a moment, the last one only, and not again', async () => {
    ann.live.setPlace({ entity: 'plan', field: 'note', anchor: 1, head: 1 });
    ann.live.setPlace({ entity: 'plan', field: 'note', anchor: 2, head: 2 });
    expect(said(ann)).toEqual([]);
    world.clock.advance(60);
    await place(ann, 2);
    expect(said(ann).map((it) => it.at)).toEqual([{ entity: 'plan', field: 'note', anchor: 2, head: 2, revision: 1 }]);
  });
  it('[PR1] is said in confirmed coordinates, or waits until they are', async () => {
    await place(ann, 4);
    edit(ann, 4, 'abc');
    ann.live.setPlace({ entity: 'plan', field: 'note', anchor: 7, head: 7 });
    world.clock.advance(60);
    expect(said(ann)).toHaveLength(1); // held back
    await world.settle();
    world.clock.advance(60);
    expect(said(ann)).toHaveLength(1); // and superfluous: the others have moved it along
    expect(seen(bo)).toEqual([[7, 7]]);
    await place(ann, 5);
    expect(said(ann).at(-1)?.at).toMatchObject({ anchor: 5, revision: 2 });
  });
  it('[PR1] in a text with unsent edits, coming from elsewhere, is where the others can find it', () => {
    edit(ann, 2, 'abc');
    ann.live.setPlace({ entity: 'plan', field: 'note', anchor: 4, head: 9 });
    world.clock.advance(60);
    expect(said(ann).at(-1)?.at).toEqual({ entity: 'plan', field: 'note', anchor: 2, head: 6, revision: 1 });
  });
  it('[PR1] nowhere is a place too, and is told', async () => {
    await place(ann, 1);
    ann.live.setPlace(null);
    world.clock.advance(60);
    expect(said(ann).at(-1)?.at).toBeNull();
  });
  it('[RC3] is told again on a new connection', async () => {
    await place(ann, 1);
    ann.wire?.cut();
    await world.heal();
    expect(said(ann)).toHaveLength(1);
  });
});
