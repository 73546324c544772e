import { describe, expect, it } from 'vitest';
import { codePointCount } from '../../../src/document/code_points';
import { apply, difference, transform } from '../../../src/document/text';
import { differenceByWords } from '../../../src/sync/text_difference';
import { Random, randomText } from '../support/random';

describe('[RB4] [RB6] the difference of two texts', () => {
  it.each([
    ['', '', []],
    ['same', 'same', []],
    ['', 'all new', ['all new']],
    ['all old', '', [{ d: 7 }]],
    ['grow revenue', 'let us grow our revenue now', ['let us ', 5, 'our ', 7, ' now']],
    ['one two three', 'one 2 three', [4, { d: 3 }, '2']],
    ['big house, old town', 'bigger house, odd town!', [3, 'ger', 9, { d: 1 }, 'd', 6, '!']],
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
  it('[RB4] keeps to whole words however many differ', () => {
    const random = new Random(12);
    const words = (count: number): string[] => Array.from({ length: count }, () => `${random.below(1000)} `);
    for (let round = 0; round < 20; round += 1) {
      const [beginning, end] = [words(random.below(600)), words(random.below(600))];
      const before = [...beginning, '⟨mine⟩', ...end].join('');
      const at = codePointCount(beginning.join('')) + 6; // behind my word
      const after = [...words(random.below(600)), '⟨mine⟩', ...words(random.below(600))].join('');
      const edit = differenceByWords(before, after);
      expect(apply(before, edit)).toBe(after);
      const moved = apply(after, transform([at, '|'], edit, 'left'));
      expect(moved.split(/[ ⟨⟩]/).filter((word) => word.includes('|') && /\d\|\d/.test(word))).toEqual([]);
    }
  });
  it('replaces a text of which next to nothing is left, as long as texts may be', () => {
    const before = 'a '.repeat(10_000);
    const after = 'b.'.repeat(10_000);
    expect(apply(before, differenceByWords(before, after))).toBe(after);
  });
});
