// What the page of the moment lends to the frame around it. The next page is there before the one that goes is taken down: each takes back
// only what it has lent itself.
import { createSignal, onCleanup, type Accessor } from 'solid-js';

export interface Lent<T> {
  readonly now: Accessor<T | null>;
  readonly lend: (it: T) => void; // until whoever calls is taken down
}

export function createLent<T>(): Lent<T> {
  const [now, setNow] = createSignal<T | null>(null);
  return {
    now,
    lend: (it) => {
      setNow(() => it);
      onCleanup(() => setNow((present) => (present === it ? null : present)));
    },
  };
}
