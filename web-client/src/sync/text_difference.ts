// What others did to a text while nobody told of it (RB4): from the text before and the one after, word by word, and within the words
// that differ their common beginning and end, so that what waits between two words that are still there stays between them.
import type { TextComponent, TextEdit } from '../document/operation';
import { codePointCount } from '../document/code_points';
import { difference, normalise } from '../document/text';

// A Han character is a word of its own; so is everything that is no letter or digit.
const word = /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}\p{M}])+|[^]/gu;
// Texts in which more words differ are compared as wholes: the search costs the square of the differences.
const differencesMax = 400;

export function differenceByWords(before: string, after: string): TextEdit {
  if (before === after) return [];
  const old = before.match(word) ?? [];
  const now = after.match(word) ?? [];
  const path = shortestPath(old, now);
  if (path === null) return difference(before, after);
  const edit: TextComponent[] = [];
  let [gone, come] = ['', '']; // of the stretch that differs
  const replace = (): void => {
    const replacement = difference(gone, come);
    const rest = codePointCount(gone) - reach(replacement);
    edit.push(...replacement, rest);
    [gone, come] = ['', ''];
  };
  for (const step of path) {
    if (step.type === 'delete') gone += step.word;
    else if (step.type === 'insert') come += step.word;
    else {
      replace();
      edit.push(codePointCount(step.word));
    }
  }
  replace();
  return normalise(edit);
}

// How much of the text before it an edit walks over.
function reach(edit: TextEdit): number {
  return edit.reduce((sum: number, it) => sum + (typeof it === 'number' ? it : typeof it === 'object' ? it.d : 0), 0);
}

interface Step {
  readonly type: 'keep' | 'insert' | 'delete';
  readonly word: string;
}

// Myers, "An O(ND) difference algorithm and its variations" (1986). `reached` holds, per diagonal (old − now) and number of
// differences, how far into `old` one gets.
function shortestPath(old: readonly string[], now: readonly string[]): Step[] | null {
  const rounds: Map<number, number>[] = [];
  let reached = new Map([[1, 0]]);
  const max = Math.min(old.length + now.length, differencesMax);
  for (let differences = 0; differences <= max; differences += 1) {
    rounds.push(reached);
    const next = new Map<number, number>();
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      let x = comesDown(reached, diagonal, differences) ? (reached.get(diagonal + 1) ?? 0) : (reached.get(diagonal - 1) ?? 0) + 1;
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x += 1;
      next.set(diagonal, x);
      if (x >= old.length && x - diagonal >= now.length) return retrace(old, now, rounds);
    }
    reached = next;
  }
  return null;
}

function comesDown(reached: ReadonlyMap<number, number>, diagonal: number, differences: number): boolean {
  return diagonal === -differences || (diagonal !== differences && (reached.get(diagonal - 1) ?? 0) < (reached.get(diagonal + 1) ?? 0));
}

function retrace(old: readonly string[], now: readonly string[], rounds: readonly ReadonlyMap<number, number>[]): Step[] {
  const steps: Step[] = [];
  let [x, y] = [old.length, now.length];
  for (const [differences, reached] of [...rounds.entries()].reverse()) {
    const diagonal = x - y;
    const down = comesDown(reached, diagonal, differences);
    const from = reached.get(down ? diagonal + 1 : diagonal - 1) ?? 0;
    const [fromX, fromY] = differences === 0 ? [0, 0] : [from, from - (down ? diagonal + 1 : diagonal - 1)];
    while (x > fromX && y > fromY) {
      steps.push({ type: 'keep', word: old[x - 1] ?? '' });
      x -= 1;
      y -= 1;
    }
    if (differences === 0) break;
    steps.push(down ? { type: 'insert', word: now[y - 1] ?? '' } : { type: 'delete', word: old[x - 1] ?? '' });
    [x, y] = [fromX, fromY];
  }
  return steps.reverse();
}
