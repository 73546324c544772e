// Rows that people write in. A row is drawn once and keeps its element, with the caret, the digits and the open editor in it, however often
// it changes its place; and the element that somebody writes in stays where it is in the page while its neighbours go around it.
// Where it has to go to another list it is moved with its state; where the browser cannot do that, or an input method composes in it (any
// move would cut that off), it waits until its writer is done.
import { createComputed, createRoot, createRenderEffect, createSignal, getOwner, onCleanup, untrack, type Accessor, type JSX } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { composingIn } from '../state/composition';

export type Rows = (id: EntityId) => Element | null;

interface Row {
  readonly element: Element | null;
  readonly dispose: () => void;
}

// `ids`: all rows that there are, in any order. Each is drawn where it is asked for first and is gone when it is not among them any more, or
// when no input method composes in it any more.
export function createRows(ids: Accessor<readonly EntityId[]>, draw: (id: EntityId) => JSX.Element): Rows {
  const owner = getOwner();
  const rows = new Map<EntityId, Row>();
  createComputed(() => {
    const present = new Set(ids());
    for (const [id, row] of rows) {
      if (present.has(id) || isComposedIn(row.element)) continue;
      rows.delete(id);
      row.dispose();
      row.element?.remove();
    }
  });
  onCleanup(() => {
    for (const row of rows.values()) row.dispose();
    rows.clear();
  });
  return (id) => {
    const known = rows.get(id);
    if (known !== undefined) return known.element;
    const row = untrack(() =>
      createRoot((dispose): Row => {
        const drawn = draw(id);
        return { element: drawn instanceof Element ? drawn : null, dispose };
      }, owner),
    );
    rows.set(id, row);
    return row.element;
  };
}

// Keeps the rows of a list in the order of `wanted`.
export function placeRows(list: Element, wanted: Accessor<readonly (Element | null)[]>): void {
  const waits = (row: Element): boolean => row.parentElement !== null && row.parentElement !== list && !survivesMove(row);
  createRenderEffect(() => {
    const rows = wanted().filter((it) => it !== null);
    arrange(
      list,
      rows.filter((it) => !waits(it)),
    );
  });
}

const movesWithState = 'moveBefore' in Element.prototype;
const [focusMoved, setFocusMoved] = createSignal<void>(undefined, { equals: false });
addEventListener('focusout', () => queueMicrotask(setFocusMoved));

function isComposedIn(row: Element | null): boolean {
  const composed = composingIn();
  return composed?.isConnected === true && row?.contains(composed) === true;
}

// Tracks what its answer depends on: a row that has to wait is placed as soon as it may be.
function survivesMove(row: Element): boolean {
  if (isComposedIn(row)) return false;
  if (movesWithState) return true;
  const focused = document.activeElement;
  const isTyped = focused instanceof HTMLInputElement && row.contains(focused);
  if (isTyped) focusMoved();
  return !isTyped;
}

// The row that is written in is the fixed point. Elements that are not among `rows` (one that waits) are passed over.
function arrange(list: Element, rows: readonly Element[]): void {
  const own = new Set(rows);
  const nextOwn = (from: Element | null): Element | null => {
    let at = from;
    while (at !== null && !own.has(at)) at = at.nextElementSibling;
    return at;
  };
  const fixed = rows.findIndex((it) => it.parentElement === list && it.contains(writtenIn()));
  let following = rows[fixed] ?? null;
  for (const row of rows.slice(0, Math.max(0, fixed)).reverse()) {
    if (row.parentElement !== list || nextOwn(row.nextElementSibling) !== following) put(list, row, following);
    following = row;
  }
  let last = rows[fixed] ?? null;
  for (const row of rows.slice(fixed + 1)) {
    const next = nextOwn(last === null ? list.firstElementChild : last.nextElementSibling);
    if (next !== row) put(list, row, next);
    last = row;
  }
}

function writtenIn(): Element | null {
  return untrack(composingIn) ?? (document.activeElement === document.body ? null : document.activeElement);
}

// With what is typed, focused and scrolled in it; a selection of text is all that browsers do not take along.
function put(list: Element, row: Element, before: Element | null): void {
  const selection = getSelection();
  const { anchorNode = null, anchorOffset = 0, focusNode = null, focusOffset = 0 } = selection ?? {};
  if (movesWithState && row.isConnected && list.isConnected) list.moveBefore(row, before);
  else list.insertBefore(row, before);
  if (anchorNode !== null && focusNode !== null && row.contains(anchorNode) && row.contains(focusNode)) selection?.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
}
