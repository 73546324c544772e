// Alt with a key acts on the row that holds the caret or the focus. Rows nest (a key result stands in its objective's row, a milestone in the
// details): only the innermost one answers. Captured on the way down, before the text editor takes the arrows for itself.
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { moveBy, removeIfEmpty, titleOf } from '../plan/actions';
import { requestFocus } from '../state/focus';
import { isInputMethodKey } from '../state/input_method_key';

export type RowActs = Readonly<Record<string, () => unknown>>; // KeyboardEvent.key, a letter as a small one → what it does

export interface RowKeys {
  readonly handleEvent: (event: KeyboardEvent) => void;
  readonly capture: true;
}

// A letter of this keyboard; where Alt makes another sign of it, or the keyboard has other letters, the key in its place.
function keyOf({ key, code }: KeyboardEvent): string {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  return [...key].length === 1 && code.startsWith('Key') ? code.slice('Key'.length).toLowerCase() : key;
}

// Up and down are every row's; `more` are a row's own. A row that has the focus itself, because its field was left, is written in again with
// Enter, and goes with Backspace if there is nothing in it.
export function rowKeys(store: LiveStore, id: EntityId, more: RowActs = {}): RowKeys {
  const acts: RowActs = { ArrowUp: () => moveBy(store, id, -1), ArrowDown: () => moveBy(store, id, 1), ...more };
  const ofRow: RowActs = { Enter: () => requestFocus(id, titleOf(store, id)), Backspace: () => removeIfEmpty(store, id), Delete: () => removeIfEmpty(store, id) };
  const handleEvent = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || isInputMethodKey(event)) return;
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-entity]') : null;
    if (row?.dataset['entity'] !== id) return;
    const act = event.altKey ? acts[keyOf(event)] : event.target === row && !event.shiftKey ? ofRow[event.key] : undefined;
    if (act === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return { handleEvent, capture: true };
}
