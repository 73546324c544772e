// The editor travels in a chunk of its own, fetched as soon as the page is drawn. Until it is here texts are written in a plain input, and if it
// never comes (a line that broke, a server that has a newer one) they stay so: it is asked for again when the next text is written in.
import { createSignal } from 'solid-js';
import type * as editorChunk from './editing';
import { loadNotes } from './left_over';

type EditorModule = typeof editorChunk;

const [loaded, setLoaded] = createSignal<EditorModule | null>(null);
let loading = false;

export { loaded as editorModule };

export function loadEditor(): void {
  if (loading || loaded() !== null) return;
  loading = true;
  import('./editing')
    .then((module) => {
      setLoaded(() => module);
      loadNotes();
    })
    .catch(() => undefined)
    .finally(() => (loading = false));
}
