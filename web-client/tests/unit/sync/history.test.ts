import { beforeEach, describe, expect, it } from 'vitest';
import { World, type Client } from '../support/world';
import { randomEdit } from '../support/random';

let world: World;
let ann: Client;
let bo: Client;

beforeEach(async () => {
  world = new World(11);
  ann = await world.join('ann-client');
  bo = await world.join('bo-client');
  bo.live.submit([{ op: 'create', id: 'o1', kind: 'objective', parent: 'plan', fields: { title: 'Grow' } }]);
  await world.settle();
});

const title = (client: Client): string => String(client.live.entity('o1')?.fields.title ?? '');
const edit = (client: Client, ...edits: (number | string | { d: number })[]): void => {
  expect(client.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: edits }])).toBeNull();
};
function type(client: Client, at: number, text: string): void {
  for (const [index, letter] of Array.from(text).entries()) edit(client, ...(at + index === 0 ? [letter] : [at + index, letter]));
}
const pause = (): void => world.clock.advance(1000);

describe.each([
  ['a', 'b'],
  ['b', 'a'],
])('[TX6] a word typed over a selection, of client %s against %s', (first, second) => {
  beforeEach(async () => {
    world = new World(12);
    ann = await world.join(`${first}-client`);
    bo = await world.join(`${second}-client`);
    bo.live.submit([{ op: 'create', id: 'o1', kind: 'objective', parent: 'plan', fields: { title: 'Grow by 20' } }]);
    await world.settle();
    edit(ann, 8, { d: 2 }, 't');
    type(ann, 9, 'hirty');
    expect(title(ann)).toBe('Grow by thirty');
  });

  it('is undone and done again in front of what others typed behind it', async () => {
    await world.settle();
    edit(bo, 14, '%');
    await world.settle();
    ann.live.undo();
    expect(title(ann)).toBe('Grow by 20%');
    ann.live.redo();
    expect(title(ann)).toBe('Grow by thirty%');
  });
  it('is done again in front of what others typed behind the old word while it was undone', async () => {
    ann.live.undo();
    await world.settle();
    edit(bo, 10, '%');
    await world.settle();
    ann.live.redo();
    expect(title(ann)).toBe('Grow by thirty%');
    await world.settle();
    expect(title(bo)).toBe('Grow by thirty%');
  });
  it('is not torn where it is undone and done again while others type behind it', async () => {
    ann.live.undo();
    await world.settle();
    ann.live.redo();
    type(bo, 10, '% of');
    await world.settle();
    type(ann, title(ann).indexOf('thirty') + 6, '!');
    type(bo, title(bo).indexOf('% of') + 4, ' it');
    await world.settle();
    expect(title(ann)).toBe(first < second ? 'Grow by thirty!% of it' : 'Grow by % of itthirty!');
    expect(title(bo)).toBe(title(ann));
  });
});

describe('undo of text', () => {
  it('takes typing back word by word', () => {
    type(ann, 4, ' the team');
    ann.live.undo();
    expect(title(ann)).toBe('Grow the ');
    ann.live.undo();
    expect(title(ann)).toBe('Grow ');
    ann.live.undo();
    expect(title(ann)).toBe('Grow');
    expect(ann.live.canUndo).toBe(false);
    while (ann.live.redo());
    expect(title(ann)).toBe('Grow the team');
  });
  it('takes a pause, another place and a change from typing to deleting as steps', () => {
    type(ann, 4, 'ab');
    pause();
    type(ann, 6, 'cd');
    edit(ann, 'X');
    edit(ann, { d: 1 });
    const seen: string[] = [title(ann)];
    while (ann.live.undo()) seen.push(title(ann));
    expect(seen).toEqual(['Growabcd', 'XGrowabcd', 'Growabcd', 'Growab', 'Grow']);
  });
  it('[OP12] waits where words that come back have no room, and loses neither them nor what lies below', async () => {
    type(ann, 0, '> ');
    pause();
    edit(ann, 2, { d: 4 });
    await world.settle();
    edit(bo, 2, 'x'.repeat(498));
    await world.settle();
    expect(ann.live.undo()).toBe(false);
    expect(ann.live.canUndo).toBe(true);
    edit(bo, 2, { d: 498 });
    await world.settle();
    ann.live.undo();
    expect(title(ann)).toBe('> Grow');
    ann.live.undo();
    expect(title(ann)).toBe('Grow');
  });
  it('leaves alone what others wrote in between and within', async () => {
    type(ann, 4, 'abcd');
    await world.settle();
    edit(bo, 6, 'BO', 1, { d: 1 });
    edit(bo, '>');
    await world.settle();
    expect(title(ann)).toBe('>GrowabBOc');
    ann.live.undo();
    expect(title(ann)).toBe('>GrowBO');
    ann.live.redo();
    expect(title(ann)).toBe('>GrowabBOc');
  });
  it('brings deleted text back around what others put there', async () => {
    edit(ann, { d: 4 });
    await world.settle();
    edit(bo, 'B');
    await world.settle();
    ann.live.undo();
    expect(title(ann)).toContain('Grow');
    expect(title(ann)).toContain('B');
    await world.settle();
    expect(title(bo)).toBe(title(ann));
  });
  it('hands what others wrote down to older steps', async () => {
    type(ann, 0, 'one');
    pause();
    type(ann, 7, 'two');
    pause();
    await world.settle();
    expect(title(ann)).toBe('oneGrowtwo');
    edit(bo, 3, 'BOB');
    await world.settle();
    ann.live.undo();
    expect(title(ann)).toBe('oneBOBGrow');
    edit(bo, '!');
    await world.settle();
    ann.live.undo();
    expect(title(ann)).toBe('!BOBGrow');
    ann.live.redo();
    ann.live.redo();
    expect(title(ann)).toBe('!oneBOBGrowtwo');
  });
  it('hands them down as the older step must see them: without the newer step', async () => {
    type(ann, 4, 'one');
    pause();
    type(ann, 0, 'XXX');
    await world.settle();
    edit(bo, 8, 'B');
    await world.settle();
    expect(title(ann)).toBe('XXXGrowoBne');
    ann.live.undo();
    expect(title(ann)).toBe('GrowoBne');
    ann.live.undo();
    expect(title(ann)).toBe('GrowB');
  });
  it('everything undone leaves what others wrote, everything redone brings all back, whatever happened', async () => {
    const { random } = world;
    for (let round = 0; round < 60; round += 1) {
      for (let step = 0; step < 8; step += 1) {
        edit(ann, ...randomEdit(random, Array.from(title(ann)).length));
        pause();
        if (random.chance(0.5)) edit(bo, ...(random.chance(0.5) ? ['B'] : [Array.from(title(bo)).length, 'b']));
        await world.settle();
      }
      const before = title(ann);
      while (ann.live.undo());
      const undone = title(ann);
      while (ann.live.redo());
      expect(title(ann).length).toBe(before.length);
      while (ann.live.undo());
      expect(title(ann)).toBe(undone);
      await world.settle();
      expect(title(bo)).toBe(title(ann));
      // A fresh start: the next round's text is what this one left, cut to a line.
      bo.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: [{ d: Array.from(title(bo)).length }] }]);
      await world.settle();
    }
  });
});

describe('undo of everything else', () => {
  it('sets a value back where it is still one\'s own', async () => {
    ann.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.1 }]);
    ann.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.2 }]);
    await world.settle();
    ann.live.undo();
    expect(ann.live.entity('o1')?.fields.weight).toBe(0.1);
    ann.live.undo();
    expect(ann.live.entity('o1')?.fields.weight).toBeUndefined();
    ann.live.redo();
    expect(ann.live.entity('o1')?.fields.weight).toBe(0.1);
  });
  it('leaves a value that somebody else has set since, even to the same', async () => {
    ann.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.1 }]);
    await world.settle();
    bo.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.1 }]);
    await world.settle();
    expect(ann.live.undo()).toBe(false);
    expect(ann.live.entity('o1')?.fields.weight).toBe(0.1);
  });
  it('goes back to what others set while the own value was on its way', async () => {
    ann.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.1 }]);
    bo.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.9 }]);
    bo.wire?.stepUp();
    await world.settle();
    expect(ann.live.entity('o1')?.fields.weight).toBe(0.1);
    ann.live.undo();
    expect(ann.live.entity('o1')?.fields.weight).toBe(0.9);
  });
  it('removes what was created and restores what was removed, as one step each', async () => {
    ann.live.submit([{ op: 'create', id: 'k', kind: 'key_result', parent: 'o1' }, { op: 'create', id: 'm', kind: 'milestone', parent: 'k' }]);
    ann.live.submit([{ op: 'remove', id: 'k' }]);
    ann.live.undo();
    expect(ann.live.entity('k')?.removed).toBe(false);
    ann.live.undo();
    expect(ann.live.children('o1')).toEqual([]);
    ann.live.redo();
    expect(ann.live.children('k').map((it) => it.id)).toEqual(['m']);
    await world.settle();
    expect(bo.live.children('k').map((it) => it.id)).toEqual(['m']);
  });
  it('takes nothing away that others have written into what was created, or brought back', async () => {
    const words = (client: Client): string => String(client.live.entity('k')?.fields.title ?? '');
    const write = (client: Client, ...edits: (number | string)[]): void => void client.live.submit([{ op: 'edit', id: 'k', field: 'title', edit: edits }]);
    ann.live.submit([{ op: 'create', id: 'k', kind: 'key_result', parent: 'o1', fields: { metric: 'number' } }]);
    write(ann, 'Mine');
    await world.settle();
    ann.live.undo();
    ann.live.undo();
    expect(ann.live.entity('k')?.removed).toBe(true);
    ann.live.redo();
    ann.live.redo();
    await world.settle();
    write(bo, 4, ' and theirs');
    await world.settle();
    for (let step = 0; step < 4; ++step) ann.live.undo();
    await world.settle();
    expect(words(bo)).toBe(' and theirs');
    expect(bo.live.entity('k')?.removed).toBe(false);
  });
  it('moves back to the old place, unless somebody moved it on', async () => {
    for (const id of ['a', 'b', 'c']) ann.live.submit([{ op: 'create', id, kind: 'key_result', parent: 'o1' }]);
    await world.settle();
    const order = (): string => ann.live.children('o1').map((it) => it.id).join('');
    ann.live.submit([{ op: 'move', id: 'c', parent: 'o1', after: null }]);
    await world.settle();
    expect(order()).toBe('cab');
    ann.live.undo();
    expect(order()).toBe('abc');
    ann.live.redo();
    await world.settle();
    bo.live.submit([{ op: 'move', id: 'c', parent: 'o1', after: 'a' }]);
    await world.settle();
    ann.live.undo(); // nothing is left of that step, so the one before it is undone: c's creation
    expect(order()).toBe('ab');
  });
  it('counts and memberships go back by their own part alone', async () => {
    ann.live.submit([{ op: 'add', id: 'o1', field: 'votes', by: 2 }, { op: 'include', id: 'o1', field: 'contributors', value: 'li' }]);
    bo.live.submit([{ op: 'add', id: 'o1', field: 'votes', by: 5 }, { op: 'include', id: 'o1', field: 'contributors', value: 'wang' }]);
    await world.settle();
    ann.live.undo();
    expect(ann.live.entity('o1')?.fields).toMatchObject({ votes: 5, contributors: ['wang'] });
  });
  it('is one\'s own: others\' edits are never undone', async () => {
    edit(bo, 'B');
    await world.settle();
    expect(ann.live.canUndo).toBe(false);
    expect(ann.live.undo()).toBe(false);
  });
  it('a new edit ends what could be redone', () => {
    type(ann, 0, 'a');
    ann.live.undo();
    expect(ann.live.canRedo).toBe(true);
    type(ann, 0, 'b');
    expect(ann.live.canRedo).toBe(false);
  });
  it('[RB4] after a snapshot, undo takes back the own words between those that others wrote', async () => {
    edit(ann, 'big ');
    await world.settle();
    ann.wire?.cut();
    edit(bo, '> ', 8, '!');
    await world.settle();
    world.server.historyFloor = world.server.revision;
    await world.heal();
    expect(title(ann)).toBe('> big Grow!');
    ann.live.undo();
    expect(title(ann)).toBe('> Grow!');
  });
  it("[RB3] after a refusal, undo does not delete others' text that reads like the own", async () => {
    bo.live.submit([{ op: 'create', id: 'k', kind: 'key_result', parent: 'o1' }]);
    ann.live.submit([{ op: 'remove', id: 'o1' }, { op: 'edit', id: 'o1', field: 'title', edit: ['Green '] }]);
    expect(title(ann)).toBe('Green Grow');
    bo.wire?.stepUp(); // his key result is there first: Ann's change will be refused
    await world.settle();
    expect(title(ann)).toBe('Grow');
    ann.live.undo();
    expect(title(ann)).toBe('Grow');
  });
  it('[RB3] what was refused cannot be undone', async () => {
    bo.live.submit([{ op: 'create', id: 'k', kind: 'key_result', parent: 'o1' }]);
    ann.live.submit([{ op: 'remove', id: 'o1' }, { op: 'edit', id: 'o1', field: 'title', edit: ['xyz'] }]);
    bo.wire?.stepUp();
    await world.settle();
    expect(title(ann)).toBe('Grow');
    expect(ann.live.undo()).toBe(false);
    expect(title(ann)).toBe('Grow');
  });
  it('[RB3] votes that were refused are not taken from those of others', async () => {
    const votes = (client: Client): unknown => client.live.entity('o2')?.fields.votes;
    bo.live.submit([{ op: 'create', id: 'o2', kind: 'objective', parent: 'plan' }]);
    bo.live.submit([{ op: 'add', id: 'o2', field: 'votes', by: 3 }]);
    await world.settle();
    type(ann, 4, '!');
    await world.settle();
    bo.live.submit([{ op: 'create', id: 'k', kind: 'key_result', parent: 'o1' }]);
    ann.live.submit([{ op: 'remove', id: 'o1' }, { op: 'add', id: 'o2', field: 'votes', by: 2 }]);
    bo.wire?.stepUp();
    await world.settle();
    expect(ann.live.drafts).toHaveLength(1);
    expect(ann.live.undo()).toBe(true); // the typing before
    await world.settle();
    expect(title(ann)).toBe('Grow');
    expect([votes(ann), votes(bo)]).toEqual([3, 3]);
    expect(ann.live.canUndo).toBe(false);
  });
});

describe('what was made and is withdrawn', () => {
  const make = (): void => {
    expect(ann.live.submit([{ op: 'create', id: 'o2', kind: 'objective', parent: 'plan', fields: {} }])).toBeNull();
  };
  it('has never been there for undo, if it never held anything', async () => {
    edit(ann, 4, '!');
    make();
    expect(ann.live.submit([{ op: 'move', id: 'o2', parent: 'plan', after: null }])).toBeNull();
    expect(ann.live.withdraw('o2')).toBeNull();
    await world.settle();
    expect(bo.live.entity('o2')?.removed).toBe(true);
    ann.live.undo();
    expect(title(ann)).toBe('Grow');
    expect(ann.live.canUndo).toBe(false);
    ann.live.redo();
    expect(title(ann)).toBe('Grow!');
    expect(ann.live.entity('o2')?.removed).toBe(true);
  });
  it('comes back with undo, if it held words that were deleted', () => {
    make();
    expect(ann.live.submit([{ op: 'edit', id: 'o2', field: 'title', edit: ['Far'] }])).toBeNull();
    pause();
    expect(ann.live.submit([{ op: 'edit', id: 'o2', field: 'title', edit: [{ d: 3 }] }])).toBeNull();
    expect(ann.live.withdraw('o2')).toBeNull();
    ann.live.undo();
    expect(ann.live.entity('o2')?.removed).toBe(false);
    ann.live.undo();
    expect(ann.live.entity('o2')?.fields.title).toBe('Far');
  });
  it('comes back with undo, if somebody else has made it', () => {
    expect(ann.live.withdraw('o1')).toBeNull();
    ann.live.undo();
    expect(ann.live.entity('o1')?.removed).toBe(false);
  });
});
