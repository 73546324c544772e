// The editor's text and the document's text stay one, also when a composition holds them apart for a while.
import { describe, expect, it } from 'vitest';
import type { TextEdit } from '../../../src/document/operation';
import { apply, normalise, transform, type Side } from '../../../src/document/text';
import { TextLink } from '../../../src/ui/text/text_link';

function bench(text: string) {
  const state = { shown: text, document: text, shows: 0 };
  const link = new TextLink({
    submit: (edit) => (state.document = apply(state.document, edit)),
    show: (edit) => {
      state.shown = apply(state.shown, edit);
      state.shows += 1;
    },
  });
  return {
    state,
    link,
    type: (edit: TextEdit) => {
      state.shown = apply(state.shown, edit);
      link.typed(edit);
    },
    // A snapshot brings the document's text without an edit.
    reset: (text: string) => {
      state.document = text;
      link.replaced(state.shown, text);
    },
    arrive: (edit: TextEdit, side: Side = 'right') => {
      state.document = apply(state.document, edit);
      link.arrived(edit, { own: false, side });
    },
  };
}

describe('TextLink', () => {
  it('passes edits straight through while nothing is composed', () => {
    const { state, type, arrive } = bench('abc');
    type([3, 'd']);
    arrive(['x']);
    expect(state).toMatchObject({ shown: 'xabcd', document: 'xabcd' });
  });

  it('[TX4] does not touch the editor during a composition and agrees with the document afterwards', () => {
    const { state, link, type, arrive } = bench('目标');
    link.hold(state.document);
    type([2, 'ni']);
    arrive(['新']);
    type([2, { d: 2 }, 'nihao']);
    arrive([3, '尾']);
    expect(state).toMatchObject({ shown: '目标nihao', document: '新目标尾', shows: 0 });
    type([2, { d: 5 }, '你好']);
    link.release();
    expect(state).toMatchObject({ shown: '新目标尾你好', document: '新目标尾你好', shows: 1 });
  });

  it.each<[Side, string]>([
    ['left', 'Grow by 三十% of'],
    ['right', 'Grow by % of三十'],
  ])('[TX3] a word composed over a selection stands %s of what another types behind it, and is not torn', (side, result) => {
    const { state, link, type, arrive } = bench('Grow by 20');
    link.hold(state.document);
    type([8, { d: 2 }, 's']);
    arrive([10, '%'], side);
    type([9, 'anshi']);
    type([8, { d: 6 }, '三十']);
    arrive([11, ' of'], side);
    link.release();
    expect(state).toMatchObject({ shown: result, document: result });
  });

  it('keeps what is composed when the text around it is deleted by another', () => {
    const { state, link, type, arrive } = bench('abc');
    link.hold(state.document);
    type([1, '好']);
    arrive([{ d: 3 }]);
    link.release();
    expect(state).toMatchObject({ shown: '好', document: '好' });
  });

  it('[RB4] keeps what is composed when a snapshot replaces the text', () => {
    const { state, link, type, arrive, reset } = bench('one two');
    link.hold(state.document);
    type([7, 'ni']);
    arrive([3, '!']);
    reset('one and two');
    arrive(['> ']);
    type([7, { d: 2 }, '你']);
    link.release();
    expect(state).toMatchObject({ shown: '> one and two你', document: '> one and two你', shows: 1 });
  });

  it('[RB4] shows of a snapshot only what differs, so that the caret stays where it is', () => {
    const { state, reset } = bench('one two three');
    reset('one 2 three');
    expect(state).toMatchObject({ shown: 'one 2 three', shows: 1 });
    reset('one 2 three');
    expect(state.shows).toBe(1);
  });

  it('a cancelled composition leaves only what others wrote', () => {
    const { state, link, type, arrive } = bench('a');
    link.hold(state.document);
    type([1, 'ni']);
    arrive(['b']);
    type([1, { d: 2 }]);
    link.release();
    expect(state).toMatchObject({ shown: 'ba', document: 'ba' });
  });

  it('ends equal for 2,000 random compositions', () => {
    let seed = 11;
    const random = (below: number): number => (seed = (seed * 1664525 + 1013904223) % 4294967296) % below;
    const randomEdit = (length: number): TextEdit => {
      const at = random(length + 1);
      const gone = random(Math.min(3, length - at) + 1);
      return normalise([at, ['', 'x', '好', '🌱y'][random(4)] ?? '', { d: gone }]);
    };
    for (let round = 0; round < 2000; round += 1) {
      const { state, link, type, arrive, reset } = bench('abcdefgh'.slice(0, random(9)));
      link.hold(state.document);
      for (let step = random(8); step > 0; step -= 1) {
        if (random(8) === 0) reset('abXcdYef'.slice(random(3), random(9)));
        else if (random(2) === 0) type(randomEdit([...state.shown].length));
        else arrive(randomEdit([...state.document].length), random(2) === 0 ? 'left' : 'right');
      }
      link.release();
      expect(state.shown).toBe(state.document);
    }
    expect(transform(['a'], ['b'], 'right')).toEqual([1, 'a']); // the side the above relies on
  });
});
