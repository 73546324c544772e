// The editor travels in a chunk of its own, fetched as soon as the page is drawn: reading starts before writing is possible.
import type * as editorChunk from './editor';

type EditorModule = typeof editorChunk;

let loaded: EditorModule | null = null;
let loading: Promise<EditorModule> | null = null;

export const editorModule = (): EditorModule | null => loaded;

export function loadEditor(): Promise<EditorModule> {
  loading ??= import('./editor').then((module) => (loaded = module));
  return loading;
}
