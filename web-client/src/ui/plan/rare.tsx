// What most visits to a page never show: fetched apart from it, as soon as it is drawn, so that it is there when the server is not.
import { ErrorBoundary, Show, Suspense, lazy } from 'solid-js';
import type { LiveStore } from '../../store/live_store';

const DraftList = lazy(() => import('./drafts').then((it) => ({ default: it.Drafts })));

export function fetchRare(): void {
  void DraftList.preload().catch(() => {}); // asked for again when it is to be shown
}

export function Drafts(props: { store: LiveStore; workspace: LiveStore }) {
  return (
    <Show when={props.store.drafts().length > 0}>
      <ErrorBoundary fallback={null}>
        <Suspense>
          <DraftList store={props.store} workspace={props.workspace} />
        </Suspense>
      </ErrorBoundary>
    </Show>
  );
}
