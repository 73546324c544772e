import { describe, expect, it } from 'vitest';
import { apply, difference } from '../../../src/document/text';
import { differenceByWords } from '../../../src/sync/text_difference';
import { Random, randomText } from '../support/random';

describe('[RB4] the difference of two texts', () => {
  it.each([
    ['', '', []],
    ['same', 'same', []],
    ['', 'all new', ['all new']],
    ['all old', '', [{ d: 7 }]],
    ['grow revenue', 'let us grow our revenue now', ['let us ', 5, 'our ', 7, ' now']],
    ['one two three', 'one 2 three', [4, '2', { d: 3 }]],
    ['big house, old town', 'bigger house, odd town!', [3, 'ger', 9, 'd', { d: 1 }, 6, '!']],
    ['目标增长', '新目标快增长', ['新', 2, '快']],
    ['a 👍 b', 'a 👍👍 b', [3, '👍']],
  ])('%j to %j', (before, after, edit) => {
    const found = differenceByWords(before, after);
    expect(apply(before, found)).toBe(after);
    expect(found).toEqual(edit);
  });
  it('leads from any text to any other', () => {
    const random = new Random(11);
    for (let round = 0; round < 3000; round += 1) {
      const before = randomText(random, 30);
      const after = random.chance(0.5) ? randomText(random, 30) : before.slice(0, 5) + randomText(random, 4) + before.slice(5);
      expect(apply(before, differenceByWords(before, after))).toBe(apply(before, difference(before, after)));
    }
  });
  it('is one replacement where next to nothing is left of a long text', () => {
    const before = 'a '.repeat(2000);
    const after = 'b.'.repeat(2000);
    expect(differenceByWords(before, after)).toEqual(difference(before, after));
  });
});
