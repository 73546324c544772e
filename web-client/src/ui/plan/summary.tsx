// One look: which week, and how many key results stand how.
import { For, Show } from 'solid-js';
import type { Status } from '../../protocol/messages';
import { t } from '../../i18n';
import { StatusWord } from '../kit/status';
import { placeInCycle, today } from '../state/dates';
import { Advice } from './advice';
import { usePlan } from './context';

const order: readonly Status[] = ['on_track', 'at_risk', 'off_track', 'stale', 'none', 'closed'];

export function Summary() {
  const { plan, workspace, cycleId } = usePlan();
  const figures = () => plan.figures(plan.rootId());
  const week = () => {
    const place = placeInCycle(workspace.text(cycleId, 'start'), workspace.text(cycleId, 'end'), today());
    if (place === null) return '';
    if (place.type === 'before') return t().plan.notStarted(place.days);
    return place.type === 'after' ? t().plan.ended : t().plan.week(place.week, place.weeks);
  };
  return (
    <>
    <p class="summary number">
      <Show when={week()}>{(words) => <span>{words()}</span>}</Show>
      <For each={order}>
        {(status) => <Show when={(figures()?.counts?.[status] ?? 0) > 0}><StatusWord status={status} count={figures()?.counts?.[status] ?? 0} /></Show>}
      </For>
      <Show when={(figures()?.of ?? 0) > 0}>
        <span>{t().plan.measured(figures()?.measured ?? 0, figures()?.of ?? 0)}</span>
      </Show>
    </p>
    <Advice store={plan} id={plan.rootId()} />
    </>
  );
}

