// Text that several people edit (SPEC §6). The npm type `ot-text-unicode` does the transforming; this file gives it our types,
// clamps what reaches beyond the text's end (TX5) and adds what a replica needs besides. Positions count code points.
import { type } from 'ot-text-unicode';
import { codePointCount, toUnits } from './code_points';
import type { TextComponent, TextEdit } from './operation';

// Of two inserts at one place, the left one comes first.
export type Side = 'left' | 'right';

// The side of an edit by `mine` against one by `theirs` (TX3). Ids are ASCII: JavaScript's order is the order of bytes.
export function sideOf(mine: string, theirs: string): Side {
  return mine < theirs ? 'left' : 'right';
}
export function opposite(side: Side): Side {
  return side === 'left' ? 'right' : 'left';
}

type LibraryEdit = Parameters<typeof type.transform>[0];

// The library merges components into the objects it is given, so it gets its own.
const lend = (edit: TextEdit): LibraryEdit => edit.map((it) => (typeof it === 'object' ? { d: it.d } : it));
const take = (edit: LibraryEdit): TextEdit => edit.map((it) => (typeof it === 'object' ? { d: Number(it.d) } : it));

const isEmpty = (component: TextComponent): boolean => (typeof component === 'object' ? component.d <= 0 : component === 0 || component === '');

function append(edit: TextComponent[], component: TextComponent): void {
  if (isEmpty(component)) return;
  const last = edit.at(-1);
  if (typeof last === 'number' && typeof component === 'number') edit[edit.length - 1] = last + component;
  else if (typeof last === 'string' && typeof component === 'string') edit[edit.length - 1] = last + component;
  else if (typeof last === 'object' && typeof component === 'object') edit[edit.length - 1] = { d: last.d + component.d };
  else edit.push(component);
}

// No empty components, no two neighbours of a kind, no trailing skip (TX1).
export function normalise(edit: TextEdit): TextEdit {
  const out: TextComponent[] = [];
  for (const component of edit) append(out, component);
  if (typeof out.at(-1) === 'number') out.pop();
  return out;
}

// The deletions at each place before the insertions there (TX6): what replaces stands behind what it replaces. In front of it, or between
// two deletions, it would be cut off from what its author types next by others' words that stand right behind.
export function deletionsFirst(edit: TextEdit): TextEdit {
  const out: TextComponent[] = [];
  let inserted = '';
  for (const component of edit) {
    if (typeof component === 'string') {
      inserted += component;
      continue;
    }
    if (typeof component === 'number' && component > 0) {
      append(out, inserted);
      inserted = '';
    }
    append(out, component);
  }
  append(out, inserted);
  return normalise(out);
}

// `edit` as it must read after `other` has been applied to the text both were written for.
export function transform(edit: TextEdit, other: TextEdit, side: Side): TextEdit {
  if (edit.length === 0 || other.length === 0) return edit;
  return take(type.transform(lend(edit), lend(other), side));
}

// One edit with the effect of `first`, then `second`, its deletions first.
export function compose(first: TextEdit, second: TextEdit): TextEdit {
  return deletionsFirst(take(type.compose(lend(first), lend(second))));
}

// How much of the text an edit walks over.
function reach(edit: TextEdit): number {
  let length = 0;
  for (const it of edit) length += typeof it === 'number' ? it : typeof it === 'object' ? it.d : 0;
  return length;
}

// Cuts off whatever reaches beyond a text of `length` code points (TX5).
export function clamp(edit: TextEdit, length: number): TextEdit {
  if (reach(edit) <= length) return normalise(edit);
  const out: TextComponent[] = [];
  let left = length;
  for (const component of edit) {
    if (typeof component === 'string') {
      append(out, component);
      continue;
    }
    const count = Math.min(left, typeof component === 'number' ? component : component.d);
    append(out, typeof component === 'number' ? count : { d: count });
    left -= count;
  }
  return normalise(out);
}

// HOT PATH: linear in what the edit walks over. What reaches beyond the end is left out.
export function apply(text: string, edit: TextEdit): string {
  let out = '';
  let at = 0;
  for (const component of edit) {
    if (typeof component === 'string') {
      out += component;
      continue;
    }
    const end = toUnits(text, typeof component === 'number' ? component : component.d, at);
    if (typeof component === 'number') out += text.slice(at, end);
    at = end;
  }
  return out + text.slice(at);
}

// The edit that takes `apply(text, edit)` back to `text`, its deletions first.
export function invert(text: string, edit: TextEdit): TextEdit {
  const out: TextComponent[] = [];
  let at = 0;
  for (const component of edit) {
    if (typeof component === 'string') {
      append(out, { d: codePointCount(component) });
      continue;
    }
    const count = typeof component === 'number' ? component : component.d;
    const end = toUnits(text, count, at);
    append(out, typeof component === 'number' ? count : text.slice(at, end));
    at = end;
  }
  return deletionsFirst(out);
}

// Where a caret at `position` stands after `edit`; with `right` it stays behind text inserted at its place.
export function transformPosition(position: number, edit: TextEdit, side: Side): number {
  let at = 0; // in the text after the edit
  let moved = position;
  for (const component of edit) {
    if (side === 'left' ? at >= moved : at > moved) break;
    if (typeof component === 'number') at += component;
    else if (typeof component === 'object') moved -= Math.min(component.d, Math.max(0, moved - at));
    else {
      const length = codePointCount(component);
      at += length;
      moved += length;
    }
  }
  return moved;
}

// Where a caret of the text after `edit` stood before it; inside inserted text: where that text was put in.
export function untransformPosition(position: number, edit: TextEdit): number {
  let before = 0;
  let after = 0;
  for (const component of edit) {
    if (typeof component === 'object') {
      before += component.d;
      continue;
    }
    const length = typeof component === 'number' ? component : codePointCount(component);
    if (after + length >= position) return typeof component === 'number' ? before + position - after : before;
    after += length;
    if (typeof component === 'number') before += length;
  }
  return before + position - after;
}

// The smallest single replacement that takes `before` to `after`: what lies between their common beginning and end.
export function difference(before: string, after: string): TextEdit {
  if (before === after) return [];
  const old = Array.from(before);
  const now = Array.from(after);
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  return normalise([start, { d: old.length - end - start }, now.slice(start, now.length - end).join('')]);
}
