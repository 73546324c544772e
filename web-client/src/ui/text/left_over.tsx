// Words that a text did not take (it is full, or what they were written in is gone): cut in silence they would be lost, so they stand under
// the text until their writer has copied them or lets them go.
import { Show, createEffect, createSignal } from 'solid-js';
import type * as notesChunk from './left_over_notes';

export interface LeftOver {
  readonly place: string; // document, entity and field
  readonly words: string;
  readonly code: string;
}

const [all, setAll] = createSignal<readonly LeftOver[]>([]);
const [notes, setNotes] = createSignal<typeof notesChunk | null>(null);

export function keepLeftOver(it: LeftOver): void {
  // Keys that are held at the limit are one note, not a hundred.
  setAll((now) => {
    const last = now.at(-1);
    if (last?.place !== it.place || last.code !== it.code) return [...now, it];
    return [...now.slice(0, -1), { ...it, words: last.words + it.words }];
  });
}
export function dropLeftOver(it: LeftOver): void {
  setAll((now) => now.filter((other) => other !== it));
}

// When the editor has come, so that they are there also without the server; where that failed, when they are needed.
export function loadNotes(): void {
  if (notes() !== null) return;
  import('./left_over_notes').then(
    (module) => setNotes(() => module),
    () => undefined,
  );
}

export function LeftOvers(props: { place: string }) {
  const mine = () => all().filter((it) => it.place === props.place);
  createEffect(() => mine().length > 0 && loadNotes());
  return <Show when={mine().length > 0 && notes()}>{(module) => <>{module().LeftOverNotes({ get list() { return mine(); } })}</>}</Show>;
}
