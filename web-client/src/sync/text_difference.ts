// What others did to a text while nobody told of it (RB4): from the text before and the one after, word by word, and within a word
// that differs the common beginning and end, so that what waits between two words that are still there stays between them.
import type { TextComponent, TextEdit } from '../document/operation';
import { codePointCount } from '../document/code_points';
import { difference, normalise } from '../document/text';

// A Han character is a word of its own; so is everything that is no letter or digit.
const word = /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}\p{M}])+|[^]/gu;
// Where more words differ, a search ends at the furthest point and the next one begins there: it costs the square of the differences.
const differencesMax = 400;

export function differenceByWords(before: string, after: string): TextEdit {
  if (before === after) return [];
  const old = before.match(word) ?? [];
  const now = after.match(word) ?? [];
  const edit: TextComponent[] = [];
  let gone: string[] = []; // the words of the stretch that differs
  let come: string[] = [];
  const replace = (): void => {
    const replacement = replacementOf(gone, come);
    const rest = codePointCount(gone.join('')) - walked(replacement);
    edit.push(...replacement, rest);
    [gone, come] = [[], []];
  };
  for (const step of pathOf(old, now)) {
    if (step.type === 'delete') gone.push(step.word);
    else if (step.type === 'insert') come.push(step.word);
    else {
      replace();
      edit.push(codePointCount(step.word));
    }
  }
  replace();
  return normalise(edit);
}

// Letters that a word has in common with several others mean nothing: what waits there would end inside of a word.
function replacementOf(gone: readonly string[], come: readonly string[]): TextEdit {
  const [before, after] = [gone.join(''), come.join('')];
  return gone.length === 1 && come.length === 1 ? difference(before, after) : [{ d: codePointCount(before) }, after];
}

// How much of the text before it an edit walks over.
function walked(edit: TextEdit): number {
  return edit.reduce((sum: number, it) => sum + (typeof it === 'number' ? it : typeof it === 'object' ? it.d : 0), 0);
}

interface Step {
  readonly type: 'keep' | 'insert' | 'delete';
  readonly word: string;
}

// A short path, if not always the shortest.
function pathOf(old: readonly string[], now: readonly string[]): Step[] {
  const steps: Step[] = [];
  for (let [x, y] = [0, 0]; x < old.length || y < now.length; ) {
    for (const step of search(old.slice(x), now.slice(y))) {
      steps.push(step);
      if (step.type !== 'insert') x += 1;
      if (step.type !== 'delete') y += 1;
    }
  }
  return steps;
}

// Per diagonal (old − now), how far into `old` one gets with a number of differences.
class Reach {
  private readonly middle: number;
  private readonly x: Int32Array;
  constructor(differences: number) {
    this.middle = differences + 1;
    this.x = new Int32Array(2 * this.middle + 1);
  }
  get(diagonal: number): number {
    return this.x[diagonal + this.middle] ?? 0;
  }
  set(diagonal: number, x: number): void {
    this.x[diagonal + this.middle] = x;
  }
  comesDown(diagonal: number, differences: number): boolean {
    return diagonal === -differences || (diagonal !== differences && this.get(diagonal - 1) < this.get(diagonal + 1));
  }
}

// The shortest path, or that to the furthest point within `differencesMax`. Myers, "An O(ND) difference algorithm and its variations" (1986).
function search(old: readonly string[], now: readonly string[]): Step[] {
  const rounds: Reach[] = [];
  let reached = new Reach(0);
  for (let differences = 0; ; differences += 1) {
    rounds.push(reached);
    const next = new Reach(differences + 1);
    let [furthestX, furthestY] = [0, 0];
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      let x = reached.comesDown(diagonal, differences) ? reached.get(diagonal + 1) : reached.get(diagonal - 1) + 1;
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x += 1;
      next.set(diagonal, x);
      const y = x - diagonal;
      if (x <= old.length && y <= now.length && x + y >= furthestX + furthestY) [furthestX, furthestY] = [x, y];
    }
    const isWhole = furthestX === old.length && furthestY === now.length;
    if (isWhole || differences === differencesMax) return retrace(old, now, { rounds, x: furthestX, y: furthestY });
    reached = next;
  }
}

function retrace(old: readonly string[], now: readonly string[], end: { rounds: readonly Reach[]; x: number; y: number }): Step[] {
  const steps: Step[] = [];
  let { x, y } = end;
  for (const [differences, reached] of [...end.rounds.entries()].reverse()) {
    const diagonal = x - y;
    const down = reached.comesDown(diagonal, differences);
    const from = reached.get(down ? diagonal + 1 : diagonal - 1);
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
