// A wish to have the caret in some field, which may not be on the page yet: a new row is asked for, drawn, and then written in.
import { createSignal } from 'solid-js';
import type { FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';

export interface FocusWish {
  readonly id: EntityId;
  readonly field: FieldName;
}

const [wish, setWish] = createSignal<FocusWish | null>(null);
export { wish as focusWish };

export function requestFocus(id: EntityId, field: FieldName): void {
  setWish({ id, field });
}

export function takeFocus(): void {
  setWish(null);
}
