import { type as library } from 'ot-text-unicode';
import { describe, expect, it } from 'vitest';
import { codePointCount, editFromUnitChanges, toCodePoints, toUnits, unitChangesFromEdit, wellFormed } from '../../../src/document/code_points';
import { apply, clamp, compose, deletionsFirst, difference, invert, normalise, transform, transformPosition, untransformPosition, type Side } from '../../../src/document/text';
import type { TextEdit } from '../../../src/document/operation';
import { Random, randomEdit, randomText } from '../support/random';

const rounds = 5000;

function forRandomTexts(seed: number, check: (text: string, a: TextEdit, b: TextEdit, random: Random) => void): void {
  const random = new Random(seed);
  for (let round = 0; round < rounds; round += 1) {
    const text = randomText(random, 12);
    const length = Array.from(text).length;
    check(text, randomEdit(random, length), randomEdit(random, length), random);
  }
}
const asLibrary = (edit: TextEdit): Parameters<typeof library.apply>[1] => edit.map((it) => (typeof it === 'object' ? { ...it } : it));

// The table of TX2, word by word.
function asSpecTells(edit: TextEdit, other: TextEdit, side: Side): TextEdit {
  const left = [...edit];
  const out: (number | string | { d: number })[] = [];
  const pass = (count: number, keep: boolean): void => {
    for (let passed = 0; passed < count; ) {
      const next = left.shift() ?? count - passed;
      if (typeof next === 'string') {
        out.push(next);
        continue;
      }
      const has = typeof next === 'number' ? next : next.d;
      const taken = Math.min(has, count - passed);
      if (taken < has) left.unshift(typeof next === 'number' ? has - taken : { d: has - taken });
      if (keep) out.push(typeof next === 'number' ? taken : { d: taken });
      passed += taken;
    }
  };
  for (const component of other) {
    if (typeof component === 'number') pass(component, true);
    else if (typeof component === 'object') pass(component.d, false);
    else {
      const [next] = left;
      if (side === 'left' && typeof next === 'string') {
        out.push(next);
        left.shift();
      }
      out.push(codePointCount(component));
    }
  }
  return normalise([...out, ...left]);
}

describe('text edits', () => {
  it('[TX1] apply as ot-text-unicode does', () => {
    forRandomTexts(1, (text, edit) => expect(apply(text, edit)).toBe(library.apply(text, asLibrary(edit))));
  });
  it('[TX2] both orders of two concurrent edits give one text, the left insert first', () => {
    forRandomTexts(2, (text, a, b) => {
      const one = apply(apply(text, a), transform(b, a, 'right'));
      const other = apply(apply(text, b), transform(a, b, 'left'));
      expect(one).toBe(other);
    });
    expect(apply('', compose(['l'], transform(['r'], ['l'], 'right')))).toBe('lr');
  });
  it('[TX2] transformation is as SPEC tells it step by step', () => {
    forRandomTexts(9, (_text, a, b) => {
      const sides = ['left', 'right'] as const;
      expect(sides.map((side) => asSpecTells(a, b, side))).toEqual(sides.map((side) => transform(a, b, side)));
    });
    expect(asSpecTells([8, { d: 2 }, 't'], [10, '%'], 'left')).toEqual([8, { d: 2 }, 't']);
    expect(asSpecTells([8, { d: 2 }, 't'], [10, '%'], 'right')).toEqual([8, { d: 2 }, 1, 't']);
  });
  it('[TX2] the library may keep what it is given without changing it', () => {
    const edit: TextEdit = [{ d: 1 }, 'x', { d: 2 }];
    const frozen = JSON.stringify(edit);
    normalise(edit);
    transform(edit, ['y'], 'left');
    compose(edit, [{ d: 1 }]);
    expect(JSON.stringify(edit)).toBe(frozen);
  });
  it('[TX1] composition has the effect of both, inversion takes it back', () => {
    forRandomTexts(3, (text, a, _b, random) => {
      const middle = apply(text, a);
      const second = randomEdit(random, codePointCount(middle));
      expect(apply(text, compose(a, second))).toBe(apply(middle, second));
      expect(apply(middle, invert(text, a))).toBe(text);
    });
  });
  it.each<[TextEdit, TextEdit]>([
    [[8, 't', { d: 2 }], [8, { d: 2 }, 't']],
    [['a', { d: 1 }, 'b', { d: 2 }, 0, 'c', 3, 'd', { d: 1 }, 4], [{ d: 3 }, 'abc', 3, { d: 1 }, 'd']],
    [[{ d: 2 }, 'x'], [{ d: 2 }, 'x']],
    [[1, 'x', 1, { d: 1 }], [1, 'x', 1, { d: 1 }]],
    [[], []],
  ])('[TX6] %j deletes first as %j', (edit, first) => expect(deletionsFirst(edit)).toEqual(first));
  it('[TX6] deletions come first in what is composed and inverted, without another effect', () => {
    const isFirst = (edit: TextEdit): boolean => edit.every((it, at) => typeof it !== 'object' || typeof edit[at - 1] !== 'string');
    forRandomTexts(8, (text, edit, _b, random) => {
      const middle = apply(text, edit);
      expect(apply(text, deletionsFirst(edit))).toBe(middle);
      const both = compose(edit, randomEdit(random, codePointCount(middle)));
      const found = [deletionsFirst(edit), both, invert(text, edit), difference(text, middle)].find((it) => !isFirst(it));
      if (found !== undefined) expect.fail(JSON.stringify(found));
    });
  });
  it.each<[string, TextEdit, TextEdit]>([
    ['Grow by 20', [8, { d: 2 }, 'thirty'], [8, { d: 6 }, '20']],
    ['Grow by 20', [8, 'thirty', { d: 2 }], [8, { d: 6 }, '20']],
    ['abcd', ['x', 1, { d: 2 }, 1, 'y'], [{ d: 1 }, 1, 'bc', 1, { d: 1 }]],
    ['a😅', [1, { d: 1 }], [1, '😅']],
  ])('[RB5] the inverse on %j of %j is %j', (text, edit, inverse) => expect(invert(text, edit)).toEqual(inverse));
  it.each<[TextEdit, TextEdit]>([
    [[], []],
    [[0, '', { d: 0 }], []],
    [[1, 2, 'a', 'b', 3], [3, 'ab']],
    [[{ d: 1 }, { d: 2 }, 4], [{ d: 3 }]],
    [[1, '', 2, 'x'], [3, 'x']],
  ])('[TX1] %j is canonically %j', (edit, canonical) => expect(normalise(edit)).toEqual(canonical));
  it.each<[TextEdit, number, TextEdit]>([
    [[5, 'x'], 3, [3, 'x']],
    [[1, { d: 9 }, 'y'], 3, [1, { d: 2 }, 'y']],
    [['x', 9], 0, ['x']],
    [[{ d: 2 }], 0, []],
  ])('[TX5] %j on %i code points is %j', (edit, length, clamped) => expect(clamp(edit, length)).toEqual(clamped));
  it('[TX5] clamping changes nothing that fits', () => {
    forRandomTexts(4, (text, edit) => expect(clamp(edit, codePointCount(text))).toEqual(normalise(edit)));
  });
  it('[RB4] the difference of two texts takes one to the other', () => {
    forRandomTexts(5, (text, edit) => {
      const after = apply(text, edit);
      expect(apply(text, difference(text, after))).toBe(after);
    });
    expect(difference('👍👎', '👍👍')).toEqual([1, { d: 1 }, '👍']);
  });
});

describe('carets', () => {
  it.each<[number, TextEdit, 'left' | 'right', number]>([
    [2, [2, 'xx'], 'left', 2],
    [2, [2, 'xx'], 'right', 4],
    [2, ['xx'], 'left', 4],
    [5, [1, { d: 2 }], 'left', 3],
    [2, [1, { d: 5 }], 'right', 1],
    [0, ['👍'], 'right', 1],
  ])('[PR1] at %i after %j on the %s stand at %i', (position, edit, side, expected) => expect(transformPosition(position, edit, side)).toBe(expected));
  it('[PR1] stand where ot-text-unicode puts them', () => {
    forRandomTexts(6, (text, edit, _b, random) => {
      const at = random.below(codePointCount(text) + 1);
      expect(transformPosition(at, edit, 'left')).toBe(library.transformPosition(at, asLibrary(edit)));
    });
  });
  it('[PR1] go back to where they came from, unless what they stood in is gone', () => {
    expect(untransformPosition(5, [2, 'abc'])).toBe(2);
    expect(untransformPosition(3, [2, 'abc'])).toBe(2);
    expect(untransformPosition(6, [2, 'abc'])).toBe(3);
    expect(untransformPosition(4, [1, { d: 3 }])).toBe(7);
  });
});

describe('code points', () => {
  const text = 'a👍目👩‍🚀é';
  it('[TX1] count as the wire counts', () => {
    expect(codePointCount(text)).toBe(Array.from(text).length);
    for (let points = 0; points <= Array.from(text).length; points += 1) expect(toCodePoints(text, toUnits(text, points))).toBe(points);
    expect(toCodePoints(text, 2)).toBe(1); // inside a pair
    expect(toUnits(text, 999)).toBe(text.length);
  });
  it('[TX1] edits of an editor come and go without a loss', () => {
    forRandomTexts(7, (random, edit) => {
      const changes = unitChangesFromEdit(random, edit);
      let out = '';
      let at = 0;
      for (const change of changes) {
        out += random.slice(at, change.from) + change.insert;
        at = change.to;
      }
      expect(out + random.slice(at)).toBe(apply(random, edit));
      expect(apply(random, editFromUnitChanges(random, changes))).toBe(apply(random, edit));
      for (const [index, change] of changes.entries()) if (index > 0) expect(change.from).toBeGreaterThan(changes[index - 1]?.to ?? 0);
    });
  });
  it('[OP14] halves of pairs and U+0000 do not get in', () => {
    expect(wellFormed('a\ud800b\0')).toBe('a\ufffdb');
    expect(wellFormed('\udc00\ud83d\udc4d')).toBe('\ufffd👍');
    expect(editFromUnitChanges('', [{ from: 0, to: 0, insert: 'x\ud800' }])).toEqual(['x\ufffd']);
  });
});
