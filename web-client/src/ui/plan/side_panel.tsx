// Beside a wide plan: the details of what is selected, or what others did meanwhile. On narrower screens the details come as a sheet.
import { Show, Suspense, createSignal, lazy, onCleanup, onMount } from 'solid-js';
import { t } from '../../i18n';
import { Icon } from '../kit/icons';
import { Sheet } from '../kit/sheet';
import { useShell } from '../shell/use_shell';
import { createLayer } from '../state/layers';
import { ActivityList, type Activity } from './activity';
import { usePlan } from './context';

// Too rare for the page's first load; fetched when that is over, so that they open at once, also without the server.
const Details = lazy(() => import('./details').then((it) => ({ default: it.Details })));

// Beside the details there is room from here on; for what others did, which is empty most of the time, only where it costs the plan nothing.
const roomForDetails = matchMedia('(min-width: 1240px)');
const roomForActivity = matchMedia('(min-width: 1440px)');

const detailsAfterMs = 500; // the words of the plan first

export function SidePanel(props: { activity: Activity }) {
  const view = usePlan();
  const shell = useShell();
  const wide = createMatch(roomForDetails);
  const wider = createMatch(roomForActivity);
  const beside = () => wider() || (wide() && view.selected() !== null);
  createLayer(
    () => wide() && view.selected() !== null && !shell.asks(),
    () => view.select(null),
  );

  onMount(() => {
    const timer = setTimeout(() => void Details.preload(), detailsAfterMs);
    onCleanup(() => clearTimeout(timer));
  });
  const title = () => (view.plan.entity(view.selected() ?? '')?.kind === 'objective' ? t().plan.objective : t().plan.keyResult);
  const reveal = (id: string): void => {
    const row = document.querySelector(`[data-glide][data-entity="${CSS.escape(id)}"]`);
    row?.scrollIntoView({ block: 'center', behavior: 'smooth' });
  };
  return (
    <Show
      when={beside()}
      fallback={
        <Sheet kind="side" open={!wide() && view.selected() !== null && !shell.asks()} onClose={() => view.select(null)} title={title()}>
          <Show when={view.selected()} keyed>
            {(id) => (
              <Suspense>
                <Details id={id} />
              </Suspense>
            )}
          </Show>
        </Sheet>
      }
    >
      <aside class="panel" aria-label={view.selected() === null ? t().plan.since : t().plan.details}>
        <Show when={view.selected()} keyed fallback={<ActivityList store={view.plan} activity={props.activity} onPick={reveal} />}>
          {(id) => (
            <>
              <div class="panel-head">
                <h2 class="section-title">{title()}</h2>
                <button class="icon-button" aria-label={t().close} title={t().close} onClick={() => view.select(null)}>
                  <Icon name="close" />
                </button>
              </div>
              <Suspense>
                <Details id={id} />
              </Suspense>
            </>
          )}
        </Show>
      </aside>
    </Show>
  );
}

function createMatch(query: MediaQueryList): () => boolean {
  const [matches, setMatches] = createSignal(query.matches);
  const follow = () => setMatches(query.matches);
  query.addEventListener('change', follow);
  onCleanup(() => query.removeEventListener('change', follow));
  return matches;
}
