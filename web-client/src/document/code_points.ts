// Between code points (the wire's unit, TX1) and UTF-16 units (JavaScript's and CodeMirror's). Texts hold no lone surrogates.
import type { TextEdit } from './operation';

// HOT PATH: most texts hold no surrogate pair at all, and this test runs at memory speed.
const surrogate = /[\ud800-\udfff]/;
export const hasPairs = (text: string): boolean => surrogate.test(text);

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

export function codePointCount(text: string): number {
  if (!hasPairs(text)) return text.length;
  return toCodePoints(text, text.length);
}

// The position in code points of UTF-16 offset `units`. An offset inside a pair counts as before it.
export function toCodePoints(text: string, units: number): number {
  const end = Math.min(units, text.length);
  let points = 0;
  for (let unit = 0; unit < end; points += 1) {
    unit += isHighSurrogate(text.charCodeAt(unit)) ? 2 : 1;
    if (unit > end) break;
  }
  return points;
}

// The UTF-16 offset of code point `points`, counted from offset `from`; the text's end when it has fewer.
export function toUnits(text: string, points: number, from = 0): number {
  let unit = from;
  for (let left = points; left > 0 && unit < text.length; left -= 1) unit += isHighSurrogate(text.charCodeAt(unit)) ? 2 : 1;
  return Math.min(unit, text.length);
}

// One replaced stretch in UTF-16 offsets of the text before any of them: the shape of CodeMirror's changes.
export interface UnitChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

// `changes` are ordered and do not overlap, as CodeMirror's ChangeSet.iterChanges gives them.
export function editFromUnitChanges(text: string, changes: readonly UnitChange[]): TextEdit {
  const edit: (number | string | { d: number })[] = [];
  const count = hasPairs(text) ? toCodePoints : (_: string, units: number): number => units;
  let done = 0; // code points of `text` behind us
  for (const change of changes) {
    const start = count(text, change.from);
    const end = count(text, change.to);
    if (start > done) edit.push(start - done);
    const inserted = wellFormed(change.insert);
    if (end > start) edit.push({ d: end - start });
    if (inserted !== '') edit.push(inserted);
    done = end;
  }
  return edit;
}

export function unitChangesFromEdit(text: string, edit: TextEdit): UnitChange[] {
  const changes: { from: number; to: number; insert: string }[] = [];
  const advance = hasPairs(text) ? (points: number, from: number): number => toUnits(text, points, from) : (points: number, from: number): number => Math.min(from + points, text.length);
  let at = 0;
  for (const component of edit) {
    if (typeof component === 'number') {
      at = advance(component, at);
      continue;
    }
    const to = typeof component === 'string' ? at : advance(component.d, at);
    const insert = typeof component === 'string' ? component : '';
    const last = changes.at(-1);
    // An insert beside a delete is one replacement: editors refuse two changes that touch at a point.
    if (last !== undefined && last.to === at) {
      last.to = to;
      last.insert += insert;
    } else {
      changes.push({ from: at, to, insert });
    }
    at = to;
  }
  return changes;
}

// Strings from outside (a paste, a test) may hold halves of pairs, which the wire refuses (OP14): they become U+FFFD, and U+0000 goes.
export function wellFormed(text: string): string {
  if (!hasPairs(text) && !text.includes('\0')) return text;
  return text.replaceAll('\0', '').replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) => (found.length === 2 ? found : '\ufffd'));
}
