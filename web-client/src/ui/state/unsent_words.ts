// Places that hold words which the document has not got yet, such as a composition. Nothing is saved while there are any.
import { createSignal } from 'solid-js';

const [places, setPlaces] = createSignal<ReadonlySet<object>>(new Set());

export const wordsAreUnsent = (): boolean => places().size > 0;

export function setUnsent(place: object, unsent: boolean): void {
  if (places().has(place) === unsent) return;
  setPlaces((now) => {
    const next = new Set(now);
    if (unsent) next.add(place);
    else next.delete(place);
    return next;
  });
}
