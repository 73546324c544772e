// What most visits to a page never show: fetched apart from it, as soon as it is drawn, so that it is there when the server is not.
import { ErrorBoundary, Show, Suspense, lazy } from 'solid-js';
import type { LiveStore } from '../../store/live_store';
import { checkInForm } from './kept_check_in';
import { usePlan } from './context';
import { useSession } from '../state/session';

const DraftList = lazy(() => import('./drafts').then((it) => ({ default: it.Drafts })));
const KeptList = lazy(() => import('./kept_notes').then((it) => ({ default: it.KeptNotes })));
const RemovedSheet = lazy(() => import('./removed_list').then((it) => ({ default: it.RemovedList })));

export function fetchRare(): void {
  for (const part of [DraftList, KeptList, RemovedSheet]) void part.preload().catch(() => {}); // asked for again when it is to be shown
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

// The one whose details are open is shown there.
export function KeptNotes() {
  const { plan, selected } = usePlan();
  const { kept } = useSession();
  const here = () => kept.all().filter((it) => it.document === plan.document.name && it.form === checkInForm && it.entity !== selected());
  return (
    <Show when={here().length > 0}>
      <ErrorBoundary fallback={null}>
        <Suspense>
          <KeptList inputs={here()} />
        </Suspense>
      </ErrorBoundary>
    </Show>
  );
}

export function Removed(props: { store: LiveStore; open: boolean; onClose: () => void }) {
  return (
    <Show when={props.open}>
      <ErrorBoundary fallback={null}>
        <Suspense>
          <RemovedSheet store={props.store} open onClose={() => props.onClose()} />
        </Suspense>
      </ErrorBoundary>
    </Show>
  );
}
