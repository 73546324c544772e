// What reaches a page in its first moment brings it up to date: a document's snapshot may lie some commits back. Those edits were there
// before this person came, so they are no news: they are neither washed nor told.
import { onCleanup } from 'solid-js';
import type { LiveDocument } from '../../sync/api';

const settleMs = 500; // from being synced; the commits that are missing follow the snapshot at once
const arriving = new WeakSet<LiveDocument>();

// Once, where the document is opened.
export function beginArrival(live: LiveDocument): void {
  arriving.add(live);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const watch = (): void => {
    if (!live.status.synced || timer !== undefined) return;
    timer = setTimeout(() => arriving.delete(live), settleMs);
    unsubscribe();
  };
  const unsubscribe = live.subscribe(watch);
  watch();
  onCleanup(() => {
    unsubscribe();
    clearTimeout(timer);
  });
}

export function isNews(live: LiveDocument): boolean {
  return !arriving.has(live);
}
