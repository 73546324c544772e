// What does not fit into a text is cut at a whole character, counted in code points, and comes back to be offered.
import { describe, expect, it } from 'vitest';
import { codePointCount } from '../../../src/document/code_points';
import type { TextEdit } from '../../../src/document/operation';
import { apply } from '../../../src/document/text';
import { fitEdit } from '../../../src/ui/text/fit';

const cases: readonly { name: string; edit: TextEdit; length: number; max: number; fits: TextEdit; rest: string }[] = [
  { name: 'what fits stays as it is', edit: [3, 'ab'], length: 3, max: 5, fits: [3, 'ab'], rest: '' },
  { name: 'composed words at 499 of 500', edit: [499, '快速'], length: 499, max: 500, fits: [499, '快'], rest: '速' },
  { name: 'nothing fits into a full text', edit: [5, 'x'], length: 5, max: 5, fits: [], rest: 'x' },
  { name: 'what is deleted makes room', edit: [{ d: 2 }, 'abcd'], length: 5, max: 5, fits: [{ d: 2 }, 'ab'], rest: 'cd' },
  { name: 'a pair counts once', edit: ['🚲🚲🚲'], length: 3, max: 5, fits: ['🚲🚲'], rest: '🚲' },
  { name: 'a family stays together', edit: ['a👩‍👩‍👧b'], length: 0, max: 4, fits: ['a'], rest: '👩‍👩‍👧b' },
  { name: 'so does a letter with its marks', edit: ['xe\u0301'], length: 0, max: 2, fits: ['x'], rest: 'e\u0301' },
  { name: 'behind what is cut nothing more goes in', edit: ['abc', 2, 'd'], length: 2, max: 4, fits: ['ab'], rest: 'cd' },
  { name: 'a text that is too long already takes what shortens it', edit: [{ d: 3 }, 'x'], length: 9, max: 5, fits: [{ d: 3 }], rest: 'x' },
];

describe('[OP12] an edit that does not fit', () => {
  it.each(cases)('$name', ({ edit, length, max, fits, rest }) => {
    expect(fitEdit(edit, length, max)).toEqual({ edit: fits, rest });
  });

  it('loses nothing and never makes a text longer than it may be', () => {
    const pieces = ['a', '快', '🚲', '👩‍👩‍👧', 'e\u0301', ' '];
    let seed = 5;
    const random = (below: number): number => (seed = (seed * 1664525 + 1013904223) % 4294967296) % below;
    for (let round = 0; round < 2000; round += 1) {
      const text = 'x'.repeat(random(12));
      const at = random(text.length + 1);
      const words = Array.from({ length: random(8) }, () => pieces[random(pieces.length)] ?? '').join('');
      const edit: TextEdit = [at, { d: random(text.length - at + 1) }, words];
      const max = text.length + random(6);
      const { edit: fits, rest } = fitEdit(edit, text.length, max);
      expect(codePointCount(apply(text, fits))).toBeLessThanOrEqual(max);
      expect(fits.filter((it) => typeof it === 'string').join('') + rest).toBe(words);
    }
  });
});
