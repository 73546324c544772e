import { describe, expect, it } from 'vitest';
import { Relocation } from '../../../src/sync/relocation';

// The tools' client has the same, and a test of whatever can be carried (tests/unit/tools/relocation_test.cpp).
describe('[RB4] [RB7] what was typed on top of an edit that turns out to stand elsewhere', () => {
  it('follows the words that it was typed into', () => {
    const moved = new Relocation([1, 'A'], [3, 'A'], 3); // "x x", with A behind the first x, then behind the second
    expect(moved.carry([2, 'B'])).toEqual([4, 'B']);
    expect(moved.carry([3, 'C'])).toEqual([5, 'C']);
    expect(moved.carry([1, { d: 1 }])).toEqual([3, { d: 1 }]);
  });
  it('may change places with others of its layer', () => {
    const moved = new Relocation(['🙂', 2, '目'], [2, '🙂目'], 2); // "ab"
    expect(moved.carry([1, '1', 1, '2', 2, '3'])).toEqual([1, '2', 2, '1', 1, '3']);
  });
  it('stays where it is when it stood behind what is there still', () => {
    const moved = new Relocation([2, 'A'], ['A'], 2);
    expect(moved.carry(['0', 1, '1', { d: 1 }, '2'])).toEqual(['0', 2, '1', { d: 1 }, '2']);
  });
  it('stands behind what is left of it when its place is gone', () => {
    const moved = new Relocation([1, 'A'], [{ d: 2 }, 'A'], 2);
    expect(moved.carry([3, 'B'])).toEqual([1, 'B']);
    expect(moved.carry([{ d: 1 }, 1, 'C'])).toEqual([1, 'C']);
  });
});
