import { createEffect, createRoot } from 'solid-js';
import { beforeEach, describe, expect, it } from 'vitest';
import { connectionState, createLiveStore, type LiveStore } from '../../../src/store/live_store';
import { World, type Client } from '../support/world';

let world: World;
let ann: Client;
let bo: Client;
let dispose: () => void;
let store: LiveStore;

beforeEach(async () => {
  world = new World(17);
  ann = await world.join('ann-client');
  bo = await world.join('bo-client');
  bo.live.submit([{ op: 'create', id: 'o1', kind: 'objective', parent: 'plan', fields: { title: 'Grow' } }]);
  bo.live.submit([{ op: 'create', id: 'o2', kind: 'objective', parent: 'plan' }]);
  await world.settle();
  createRoot((end) => {
    dispose = end;
    store = createLiveStore(ann.live);
  });
});

// How often an effect that reads this runs, and what it last read.
function watch<T>(read: () => T): { runs: number; last: T | undefined; end: () => void } {
  const seen: { runs: number; last: T | undefined; end: () => void } = { runs: 0, last: undefined, end: () => {} };
  createRoot((end) => {
    seen.end = end;
    createEffect(() => {
      seen.last = read();
      seen.runs += 1;
    });
  });
  return seen;
}

describe('live store', () => {
  it('runs again what read a field when that field changes, and nothing else', async () => {
    const title = watch(() => store.text('o1', 'title'));
    const weight = watch(() => store.number('o1', 'weight'));
    const other = watch(() => store.text('o2', 'title'));
    const place = watch(() => store.entity('o1')?.position);
    bo.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: [4, '!'] }]);
    await world.settle();
    expect([title.runs, weight.runs, other.runs, place.runs]).toEqual([2, 1, 1, 1]);
    expect(title.last).toBe('Grow!');
    bo.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.5 }]);
    await world.settle();
    expect([title.runs, weight.runs, place.runs]).toEqual([2, 2, 1]);
    expect(weight.last).toBe(0.5);
  });
  it('knows who removed something and when, until it is back', async () => {
    bo.live.setPlace({ entity: 'o1' }); // so that she knows his name
    world.clock.advance(60);
    await world.settle();
    const removal = watch(() => store.removalOf('o1'));
    expect(removal.last).toBeNull();
    const before = Date.now();
    bo.live.submit([{ op: 'remove', id: 'o1' }]);
    await world.settle();
    expect(removal.last?.by).toBe('bo-client');
    expect(removal.last?.at).toBeGreaterThanOrEqual(before);
    ann.live.submit([{ op: 'restore', id: 'o1' }]);
    await world.settle();
    expect(removal.last).toBeNull();
  });
  it('runs again what read children when one comes, goes or moves, with the same array otherwise', async () => {
    const children = watch(() => store.children('plan', 'objective'));
    const before = children.last;
    bo.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.5 }]);
    await world.settle();
    expect(children.runs).toBe(1);
    expect(store.children('plan', 'objective')).toBe(before);
    bo.live.submit([{ op: 'move', id: 'o2', parent: 'plan', after: null }]);
    await world.settle();
    expect(children.last).toEqual(['o2', 'o1']);
    bo.live.submit([{ op: 'remove', id: 'o1' }]);
    await world.settle();
    expect(children.last).toEqual(['o2']);
    expect(store.removed().map((it) => it.id)).toEqual(['o1']);
  });
  it('shows what is pending, what can be undone, and who is here', async () => {
    const pending = watch(() => store.isPending('o1'));
    const undo = watch(() => store.canUndo());
    const people = watch(() => store.peopleAt('o1').map((it) => it.name));
    ann.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.5 }]);
    expect([pending.last, undo.last]).toEqual([true, true]);
    bo.live.setPlace({ entity: 'o1' });
    world.clock.advance(60);
    await world.settle();
    expect([pending.last, people.last]).toEqual([false, ['bo-client']]);
  });
  it('does not take for somebody else who is away from the server', async () => {
    const people = watch(() => store.peopleAt('o1').map((it) => it.name));
    ann.live.setPlace({ entity: 'o1' });
    bo.live.setPlace({ entity: 'o1' });
    world.clock.advance(60);
    await world.settle();
    ann.wire?.cut();
    expect(people.last).toEqual(['bo-client']);
  });
  it('counts what others did for the wash of light, not what one did oneself', async () => {
    const touch = watch(() => store.remoteTouch('o1'));
    ann.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.5 }]);
    await world.settle();
    expect(touch.last).toBe(0);
    bo.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: ['x'] }]);
    await world.settle();
    expect(touch.last).toBe(1);
  });
  it('keeps losses until they are answered', async () => {
    const losses = watch(() => store.losses());
    bo.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.9 }]);
    ann.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.1 }]);
    ann.wire?.stepUp();
    await world.settle();
    expect(losses.last).toMatchObject([{ mine: 0.1, theirs: 0.9 }]);
    const [loss] = losses.last ?? [];
    if (loss !== undefined) store.dismissLoss(loss);
    expect(losses.last).toEqual([]);
  });
  it('runs everything again after a reset', async () => {
    const title = watch(() => store.text('o1', 'title'));
    ann.wire?.cut();
    bo.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: ['>'] }]);
    await world.settle();
    world.server.historyFloor = world.server.revision;
    await world.heal();
    expect(title.last).toBe('>Grow');
  });
  it('ends with its owner, and forgets keys that nobody reads', async () => {
    const title = watch(() => store.text('o1', 'title'));
    title.end();
    bo.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: ['>'] }]);
    await world.settle();
    expect(title.runs).toBe(1);
    expect(Reflect.get(Reflect.get(store, 'triggers'), 'entries').size).toBe(0);
    const again = watch(() => store.text('o1', 'title'));
    dispose();
    bo.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: ['>'] }]);
    await world.settle();
    expect(again.runs).toBe(1);
  });
  it('tells the connection\'s state', () => {
    const state = createRoot(() => connectionState(ann.connection));
    const seen = watch(() => state().type);
    ann.wire?.cut();
    expect(seen.last).toBe('waiting');
  });
});
