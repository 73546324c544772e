// The server is put back to a backup: nobody's letters are undone by anybody else, and what it has no more is offered.
import { beforeEach, describe, expect, it } from 'vitest';
import { type Client, promisesRun, World } from '../support/world';

let world: World;
let ann: Client;
let bo: Client;

beforeEach(async () => {
  world = new World(11);
  ann = await world.join('ann-client');
  bo = await world.join('bo-client');
  ann.live.submit([{ op: 'create', id: 'o1', kind: 'objective', parent: 'plan', fields: { title: 'Grow' } }]);
  await world.settle();
});

const title = (client: Client, id = 'o1'): unknown => client.live.entity(id)?.fields.title;
const type = (client: Client, at: number, text: string): void => {
  expect(client.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: at === 0 ? [text] : [at, text] }])).toBeNull();
};
const both = (): unknown[] => [title(ann), title(bo)];
const missing = (client: Client): unknown[] => client.live.vanished.missing().map(({ entity, fields, whole }) => ({ id: entity.id, fields: [...fields], whole, title: entity.fields.title }));

async function putBackTo(revision: number): Promise<void> {
  for (const client of world.clients) client.wire?.cut();
  world.server.rollBackTo(revision);
  await world.heal();
}

describe('after the server was put back to a backup', () => {
  it('[RB4] undo takes no letter of anybody: what leads from one history to the other is nobody’s', async () => {
    const backup = world.server.revision;
    type(ann, 4, ' fast');
    await world.settle();
    await putBackTo(backup);
    type(bo, 4, ' fair');
    await world.heal();
    expect(both()).toEqual(['Grow fair', 'Grow fair']);
    expect(ann.live.canUndo).toBe(false);
    ann.live.undo();
    await world.heal();
    expect(both()).toEqual(['Grow fair', 'Grow fair']);
    type(ann, 0, '>');
    expect(ann.live.undo()).toBe(true);
    await world.heal();
    expect(both()).toEqual(['Grow fair', 'Grow fair']);
  });

  it('[OD6] every client offers the texts, values and rows that it has no more', async () => {
    ann.live.submit([{ op: 'create', id: 'k1', kind: 'key_result', parent: 'o1', fields: { title: 'Riders', metric: 'number' } }]);
    ann.live.submit([{ op: 'set', id: 'k1', field: 'current', value: 10 }]);
    await world.settle();
    const backup = world.server.revision;
    type(ann, 4, ' fast');
    bo.live.submit([{ op: 'set', id: 'k1', field: 'current', value: 42 }]);
    bo.live.submit([{ op: 'create', id: 'o2', kind: 'objective', parent: 'plan', fields: { title: 'New' } }]);
    bo.live.submit([{ op: 'create', id: 'k2', kind: 'key_result', parent: 'o2', fields: { title: 'Below', metric: 'number' } }]);
    await world.settle();
    await putBackTo(backup);
    expect(both()).toEqual(['Grow', 'Grow']);
    for (const client of [ann, bo]) {
      expect(missing(client)).toEqual([
        { id: 'o1', fields: ['title'], whole: false, title: 'Grow fast' },
        { id: 'k1', fields: ['current'], whole: false, title: 'Riders' },
        { id: 'o2', fields: ['title'], whole: true, title: 'New' },
        { id: 'k2', fields: ['title', 'metric'], whole: true, title: 'Below' },
      ]);
    }

    // What one has put back is missing for nobody.
    expect(bo.live.vanished.putBack(bo.live.vanished.missing().map((it) => it.entity.id))).toBeNull();
    await world.heal();
    expect(both()).toEqual(['Grow fast', 'Grow fast']);
    expect(ann.live.entity('k1')?.fields.current).toBe(42);
    expect(ann.live.children('o2').map((it) => it.fields.title)).toEqual(['Below']);
    expect([missing(ann), missing(bo)]).toEqual([[], []]);
  });

  it('[TX4] words that others wrote since stay when older ones are put back', async () => {
    const backup = world.server.revision;
    type(ann, 4, ' fast');
    await world.settle();
    await putBackTo(backup);
    type(bo, 0, 'We ');
    await world.heal();
    expect(ann.live.vanished.putBack(['o1'])).toBeNull();
    await world.heal();
    expect(both()).toEqual(['We Grow fast', 'We Grow fast']);
    expect([missing(ann)[0], missing(bo)[0]].map((it) => JSON.stringify(it ?? null))).toEqual(['null', 'null']);
  });

  it('a tab that was closed meanwhile offers them too, also after one more reload, until they are let go', async () => {
    const backup = world.server.revision;
    type(ann, 4, ' fast');
    await world.settle();
    ann.writeToDisk();
    await promisesRun();
    world.server.rollBackTo(backup);
    await ann.crash();
    await world.heal();
    ann.writeToDisk();
    await promisesRun();
    await ann.crash();
    await world.heal();
    expect(missing(ann)).toEqual([{ id: 'o1', fields: ['title'], whole: false, title: 'Grow fast' }]);
    ann.live.vanished.dismiss();
    expect(missing(ann)).toEqual([]);
    ann.writeToDisk();
    await promisesRun();
    await ann.crash();
    await world.heal();
    expect(missing(ann)).toEqual([]);
  });

  it('a server that says the same in another history has lost nothing', async () => {
    await putBackTo(world.server.revision);
    expect([missing(ann), missing(bo)]).toEqual([[], []]);
  });
});
