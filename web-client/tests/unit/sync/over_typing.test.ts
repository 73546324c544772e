// Two people type over selections and go on, at the same places and the same time: in every order in which their keys are pressed and
// their changes travel, each word comes out whole (TX6). The states that the orders lead to are looked at once each.
import { describe, expect, it } from 'vitest';
import type { TextEdit } from '../../../src/document/operation';
import { apply, compose, deletionsFirst, sideOf, transform } from '../../../src/document/text';
import { rebase } from '../../../src/sync/pending';
import { carrySelection, type Selection } from '../../../src/ui/text/selection';

interface Commit {
  readonly by: string;
  readonly edit: TextEdit;
}
interface Typist {
  readonly id: string;
  readonly word: string;
  readonly typed: number; // letters
  readonly over: string; // what was seen in the selection and typed over
  readonly selection: Selection;
  readonly confirmed: string;
  readonly revision: number;
  readonly pending: readonly TextEdit[]; // at most two: in flight, and next
  readonly inFlight: boolean;
}
interface Room {
  readonly log: readonly Commit[];
  readonly typists: readonly Typist[];
}

const text = { id: 'o', field: 'title' } as const;
const textOf = (it: Typist): string => it.pending.reduce(apply, it.confirmed);

function type(it: Typist): Typist {
  const { anchor, head } = it.selection;
  const from = Math.min(anchor, head);
  const edit = deletionsFirst([from, { d: Math.abs(head - anchor) }, it.word[it.typed] ?? '']);
  const last = it.pending.length > (it.inFlight ? 1 : 0) ? it.pending.at(-1) : undefined;
  const pending = last === undefined ? [...it.pending, edit] : [...it.pending.slice(0, -1), compose(last, edit)];
  const over = it.over + [...textOf(it)].slice(from, Math.max(anchor, head)).join('');
  return { ...it, typed: it.typed + 1, over, pending, selection: { anchor: from + 1, head: from + 1 } };
}

// The server's part (TX3).
function commit(log: readonly Commit[], it: Typist): readonly Commit[] {
  const edit = log.slice(it.revision).reduce((mine, other) => transform(mine, other.edit, sideOf(it.id, other.by)), it.pending[0] ?? []);
  return [...log, { by: it.id, edit }];
}

function receive(it: Typist, { by, edit }: Commit): Typist {
  const known = { ...it, confirmed: apply(it.confirmed, edit), revision: it.revision + 1 };
  if (by === it.id) return { ...known, pending: it.pending.slice(1), inFlight: false };
  const own = sideOf(it.id, by);
  const layers = it.pending.map((mine) => ({ ops: [{ op: 'edit' as const, ...text, edit: mine }] }));
  const shown = rebase(layers, { ...text, edit, own });
  const pending = layers.flatMap(({ ops }) => ops.map((op) => op.edit));
  return { ...known, pending, selection: carrySelection(it.selection, shown, it.typed > 0 ? 'left' : own) };
}

function* steps({ log, typists }: Room): Generator<Room> {
  for (const [index, it] of typists.entries()) {
    const withOne = (now: Typist, then = log): Room => ({ log: then, typists: typists.with(index, now) });
    if (it.typed < it.word.length) yield withOne(type(it));
    if (!it.inFlight && it.pending.length > 0) yield withOne({ ...it, inFlight: true }, commit(log, it));
    const next = log[it.revision];
    if (next !== undefined) yield withOne(receive(it, next));
  }
}

interface Beginning {
  readonly id: string;
  readonly word: string;
  readonly selection: Selection;
}

// Every text that two such typists can end with. Both have it, and in it both words, but for letters that the other had seen selected.
function outcomes(before: string, ...people: readonly Beginning[]): string[] {
  const typists = people.map((it) => ({ ...it, typed: 0, over: '', confirmed: before, revision: 0, pending: [], inFlight: false }));
  const rooms: Room[] = [{ log: [], typists }];
  const seen = new Set<string>();
  const ends = new Set<string>();
  for (let room = rooms.pop(); room !== undefined; room = rooms.pop()) {
    const key = JSON.stringify(room);
    if (seen.has(key)) continue;
    seen.add(key);
    const next = [...steps(room)];
    rooms.push(...next);
    if (next.length > 0) continue;
    const [end = '', other] = room.typists.map(textOf);
    expect(end, JSON.stringify(people)).toBe(other);
    const over = room.typists.map((it) => it.over).join('');
    for (const { word } of people) {
      const left = [...word].filter((letter) => !over.includes(letter)).join('');
      if (!end.includes(left)) expect.fail(`${left} is torn in ${end}: ${JSON.stringify(people)}`);
    }
    ends.add(end);
  }
  return [...ends].sort();
}

const ranges = (length: number): Selection[] =>
  Array.from({ length: length + 1 }, (_, anchor) => Array.from({ length: length + 1 - anchor }, (_, more) => ({ anchor, head: anchor + more }))).flat();

describe('[TX6] words typed over selections', { timeout: 60_000 }, () => {
  it.each([
    ['a', 'b', ['Grow by thi%of']],
    ['b', 'a', ['Grow by %ofthi', 'Grow by thi%of']], // the latter where who types over has seen the other begin
  ])('are not torn by what is typed right behind, nor tear it: the clients %s and %s', (one, two, results) => {
    const over = { id: one, word: 'thi', selection: { anchor: 8, head: 10 } };
    expect(outcomes('Grow by 20', over, { id: two, word: '%of', selection: { anchor: 10, head: 10 } })).toEqual(results);
  });
  it.each(ranges(3))('come out whole wherever two begin, one of them at $anchor-$head, in every order of keys and messages', (mine) => {
    for (const theirs of ranges(3)) {
      for (const [one, two] of [['a', 'b'], ['b', 'a']] as const) {
        outcomes('123', { id: one, word: 'xy', selection: mine }, { id: two, word: 'PQ', selection: theirs });
      }
    }
  });
});
