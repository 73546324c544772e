// Where the page says that the server was put back to a backup. So rare that its words come when they are needed; the server is there then.
import { Show, Suspense, lazy } from 'solid-js';
import type { LiveStore } from '../../store/live_store';

const PutBack = lazy(() => import('./put_back').then((it) => ({ default: it.PutBack })));

export function Vanished(props: { store: LiveStore }) {
  return (
    <Show when={props.store.vanished().length > 0}>
      <Suspense>
        <PutBack store={props.store} />
      </Suspense>
    </Show>
  );
}
