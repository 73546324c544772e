// A wish to have the caret in some field, which may not be on the page yet: a new row is asked for, drawn, and then written in.
import { createSignal } from 'solid-js';
import type { FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';

export interface FocusWish {
  readonly id: EntityId;
  readonly field: FieldName;
  readonly selection?: { readonly anchor: number; readonly head: number }; // absent: at the end
}

const [wish, setWish] = createSignal<FocusWish | null>(null);
export { wish as focusWish };

export function requestFocus(id: EntityId, field: FieldName): void {
  setWish({ id, field });
}

// A row that goes to another list is drawn anew there: the caret that was in it goes with it, to where it stood. Whoever draws it does
// so in the same step; nobody comes later for a wish of this kind.
export function handOverFocus(from: FocusWish): void {
  setWish(from);
  setTimeout(() => setWish((now) => (now === from ? null : now)));
}

export function takeFocus(): void {
  setWish(null);
}
