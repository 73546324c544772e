// Where the characters of a text went when an edit that it was shown with turned out to stand elsewhere: after a snapshot a replica
// places its change in flight by the difference of two texts, the server by what came in between (RB4). The tools' client does the
// same (tools/client/relocation.cpp). Once in a long while, so that characters may be looked at one by one.
import { codePointCount } from '../document/code_points';
import type { TextComponent, TextEdit } from '../document/operation';
import { normalise } from '../document/text';

type Character = number; // one of both texts, wherever it stands

const beginning: Character = 0; // stands before the first

interface Walk {
  readonly kept: (it: Character) => void;
  readonly inserted: (words: string) => void;
  readonly deleted: (it: Character) => void;
}

export class Relocation {
  private unused = beginning + 1;
  private expected: Character[];
  private actual: Character[];

  // Canonical edits of one text of `length` code points that insert the same characters in the same order.
  constructor(expected: TextEdit, actual: TextEdit, length: number) {
    const before = this.fresh(length);
    const inserted = this.fresh(Math.max(insertedBy(expected), insertedBy(actual)));
    const withEdit = (edit: TextEdit): Character[] => {
      const text: Character[] = [];
      let next = 0;
      walk(edit, before, {
        kept: (it) => text.push(it),
        inserted: (words) => {
          const end = next + codePointCount(words);
          for (; next < end; ++next) text.push(inserted[next] ?? beginning);
        },
        deleted: () => undefined,
      });
      return text;
    };
    this.expected = withEdit(expected);
    this.actual = withEdit(actual);
  }

  // `edit`, written on the text with `expected`, as it is on the text with `actual`: it inserts behind the character it inserted
  // behind, and deletes what it deleted. What is carried next was written on top of it.
  carry(edit: TextEdit): TextEdit {
    const there = new Set([beginning, ...this.actual]);
    const behind = new Map<Character, { words: string; characters: Character[] }[]>();
    const gone = new Set<Character>();
    const expected: Character[] = [];
    let last = beginning;
    const pass = (it: Character): void => {
      if (there.has(it)) last = it;
    };
    walk(edit, this.expected, {
      kept: (it) => {
        pass(it);
        expected.push(it);
      },
      inserted: (words) => {
        const characters = this.fresh(codePointCount(words));
        behind.set(last, [...(behind.get(last) ?? []), { words, characters }]);
        for (const it of characters) expected.push(it);
      },
      deleted: (it) => {
        pass(it);
        gone.add(it);
      },
    });

    const carried: TextComponent[] = [];
    const actual: Character[] = [];
    const insertBehind = (place: Character): void => {
      for (const { words, characters } of behind.get(place) ?? []) {
        carried.push(words);
        for (const it of characters) actual.push(it);
      }
    };
    insertBehind(beginning);
    for (const it of this.actual) {
      if (gone.has(it)) carried.push({ d: 1 });
      else {
        carried.push(1);
        actual.push(it);
      }
      insertBehind(it);
    }
    this.expected = expected;
    this.actual = actual;
    return normalise(carried);
  }

  private fresh(count: number): Character[] {
    return Array.from({ length: count }, () => this.unused++);
  }
}

function insertedBy(edit: TextEdit): number {
  return edit.reduce<number>((sum, it) => sum + (typeof it === 'string' ? codePointCount(it) : 0), 0);
}

// Tells what becomes of each character of `text`, and what is inserted between them.
function walk(edit: TextEdit, text: readonly Character[], tell: Walk): void {
  let at = 0;
  const pass = (count: number, each: (it: Character) => void): void => {
    for (const it of text.slice(at, at + count)) each(it);
    at += count;
  };
  for (const component of edit) {
    if (typeof component === 'string') tell.inserted(component);
    else if (typeof component === 'number') pass(component, tell.kept);
    else pass(component.d, tell.deleted);
  }
  pass(text.length, tell.kept);
}
