// Beside a wide plan: the details of what is selected, or what others did meanwhile. On narrower screens the details come as a sheet.
import { Show, createSignal, onCleanup } from 'solid-js';
import { t } from '../../i18n';
import { Icon } from '../kit/icons';
import { Sheet } from '../kit/sheet';
import { ActivityList, type Activity } from './activity';
import { usePlan } from './context';
import { Details } from './details';

const wideEnough = matchMedia('(min-width: 1240px)');

export function SidePanel(props: { activity: Activity }) {
  const view = usePlan();
  const [wide, setWide] = createSignal(wideEnough.matches);
  const follow = () => setWide(wideEnough.matches);
  wideEnough.addEventListener('change', follow);
  onCleanup(() => wideEnough.removeEventListener('change', follow));

  const title = () => (view.plan.entity(view.selected() ?? '')?.kind === 'objective' ? t().plan.objective : t().plan.keyResult);
  const reveal = (id: string): void => {
    const row = document.querySelector(`[data-glide][data-entity="${CSS.escape(id)}"]`);
    row?.scrollIntoView({ block: 'center', behavior: 'smooth' });
  };
  return (
    <Show
      when={wide()}
      fallback={
        <Sheet kind="side" open={view.selected() !== null} onClose={() => view.select(null)} title={title()}>
          <Show when={view.selected()} keyed>
            {(id) => <Details id={id} />}
          </Show>
        </Sheet>
      }
    >
      <aside class="panel" aria-label={view.selected() === null ? t().plan.since : t().plan.details} onKeyDown={(event) => event.key === 'Escape' && !event.defaultPrevented && view.select(null)}>
        <Show when={view.selected()} keyed fallback={<ActivityList store={view.plan} activity={props.activity} onPick={reveal} />}>
          {(id) => (
            <>
              <div class="panel-head">
                <h2 class="section-title">{title()}</h2>
                <button class="icon-button" aria-label={t().close} title={t().close} onClick={() => view.select(null)}>
                  <Icon name="close" />
                </button>
              </div>
              <Details id={id} />
            </>
          )}
        </Show>
      </aside>
    </Show>
  );
}
