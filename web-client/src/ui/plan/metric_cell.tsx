// A key result's measure in its row: a bar from start to target with today's expected mark, the numbers beneath. Bar and mark are the
// server's figures; only the numbers are edited here.
import { Match, Show, Switch } from 'solid-js';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { formats, t } from '../../i18n';
import { NumberField } from '../fields/number_field';
import { ToggleField } from '../fields/toggle_field';
import { createCounted } from '../state/motion';
import { usePlan } from './context';

const endUnitMax = 3;

export function metricOf(plan: LiveStore, id: EntityId): string {
  return plan.text(id, 'metric') || 'number';
}

export function unitOf(metric: string, unit: string): string {
  return unit === '' && metric === 'percent' ? '%' : unit;
}

export function MetricCell(props: { id: EntityId }) {
  const { plan } = usePlan();
  const metric = () => metricOf(plan, props.id);
  const unit = () => unitOf(metric(), plan.text(props.id, 'unit'));
  // A long unit is said once, with the current value; a sign stands with each number.
  const endUnit = () => ([...unit()].length <= endUnitMax ? unit() : null);
  return (
    <div class="metric">
      <Bar id={props.id} />
      <Switch
        fallback={
          <div class="metric-numbers">
            <NumberField store={plan} id={props.id} field="start" label={t().field.start} unit={endUnit()} class="metric-start" />
            <NumberField store={plan} id={props.id} field="current" label={t().field.current} unit={unit()} class="metric-current" />
            <NumberField store={plan} id={props.id} field="target" label={t().field.target} unit={endUnit()} class="metric-target" />
          </div>
        }
      >
        <Match when={metric() === 'band'}>
          <div class="metric-numbers">
            <NumberField store={plan} id={props.id} field="low" label={t().field.low} unit={endUnit()} class="metric-start" />
            <NumberField store={plan} id={props.id} field="current" label={t().field.current} unit={unit()} class="metric-current" />
            <NumberField store={plan} id={props.id} field="high" label={t().field.high} unit={endUnit()} class="metric-target" />
          </div>
        </Match>
        <Match when={metric() === 'yes_no'}>
          <div class="metric-numbers metric-yes-no">
            <ToggleField store={plan} id={props.id} field="done" label={t().field.done} words={plan.boolean(props.id, 'done') ? t().field.done : t().field.notDone} />
          </div>
        </Match>
        <Match when={metric() === 'milestones'}>
          <MilestoneDots id={props.id} />
        </Match>
      </Switch>
    </div>
  );
}

function Bar(props: { id: EntityId }) {
  const { plan } = usePlan();
  const figures = () => plan.figures(props.id);
  const progress = createCounted(() => figures()?.progress);
  const status = () => figures()?.shown ?? 'none';
  const label = () => {
    const it = figures();
    const parts = [`${t().plan.progress}: ${it?.progress === undefined ? t().notMeasured : formats().percent(it.progress)}`, t().status[status()]];
    if (it?.expected !== undefined) parts.push(t().plan.expected(formats().percent(it.expected)));
    if (it?.error) parts.push(it.error === 'start_equals_target' ? t().figureError.start_equals_target : t().figureError.other);
    return parts.join(' · ');
  };
  const share = (value: number | undefined) => `${Math.min(1, Math.max(0, value ?? 0)) * 100}%`;
  return (
    <div class="bar" data-status={status()} role="img" aria-label={label()} title={label()}>
      <span class="bar-fill" style={{ width: share(progress()) }} />
      <Show when={figures()?.expected !== undefined}>
        <span class="bar-mark" style={{ left: share(figures()?.expected) }} />
      </Show>
    </div>
  );
}

function MilestoneDots(props: { id: EntityId }) {
  const { plan, select } = usePlan();
  const all = () => plan.children(props.id, 'milestone');
  const reached = () => all().filter((id) => plan.boolean(id, 'done')).length;
  return (
    <button class="metric-milestones number" onClick={() => select(props.id)}>
      {t().milestones.title} <strong>{`${formats().number(reached())} / ${formats().number(all().length)}`}</strong>
    </button>
  );
}
