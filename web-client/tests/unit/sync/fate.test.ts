// What becomes of a change in flight whose fate the client learns from `opened` alone: never twice, and never lost in silence.
import { beforeEach, describe, expect, it } from 'vitest';
import { World, type Client } from '../support/world';

let world: World;
let ann: Client;
let bo: Client;

beforeEach(async () => {
  world = new World(7);
  ann = await world.join('ann-client');
  bo = await world.join('bo-client');
  ann.live.submit([{ op: 'create', id: 'o1', kind: 'objective', parent: 'plan', fields: { title: 'Grow' } }]);
  await world.settle();
});

const title = (client: Client): unknown => client.live.entity('o1')?.fields.title;
const type = (client: Client, at: number, text: string): void => {
  expect(client.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: at === 0 ? [text] : [at, text] }])).toBeNull();
};
const changes = (client: Client): { seq: number }[] => (client.wire?.sent ?? []).filter((it) => it.includes('"type":"change"')).map((it) => JSON.parse(it));

describe('the fate of a change in flight', () => {
  it('[RB4] [OD2] a change in flight that another history has is not sent to it again', async () => {
    type(ann, 4, 'A');
    ann.wire?.stepUp(); // committed, and the answer is lost
    ann.wire?.cut();
    bo.wire?.cut();
    world.server.rollBackTo(world.server.revision);
    await world.heal();
    expect(changes(ann)).toEqual([]);
    expect(title(ann)).toBe('GrowA');
    expect(title(bo)).toBe('GrowA');
    expect(ann.live.drafts).toEqual([]);
  });
  it('[OD2] a change in flight under a seq before the last one is a draft, and counting goes on', async () => {
    type(ann, 4, 'A');
    const { seq } = changes(ann).at(-1) ?? { seq: 0 };
    ann.wire?.cut();
    // Decided before this client's storage was set back; whether it was committed or refused, a snapshot does not tell.
    world.server.commit('ann-client', seq, [{ op: 'set', id: 'nobody', field: 'weight', value: 1 }]);
    world.server.commit('ann-client', seq + 1, [{ op: 'set', id: 'o1', field: 'weight', value: 0.75 }]);
    world.server.historyFloor = world.server.revision;
    await world.heal();
    expect(changes(ann)).toEqual([]);
    expect(ann.live.drafts.map((it) => it.ops)).toEqual([[{ op: 'edit', id: 'o1', field: 'title', edit: [4, 'A'] }]]);
    type(ann, 0, 'B');
    await world.settle();
    expect(changes(ann).at(-1)?.seq).toBe(seq + 2);
    expect(title(ann)).toBe('BGrow');
  });
});
