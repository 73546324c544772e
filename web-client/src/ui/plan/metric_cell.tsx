// A key result's measure in its row, in three lines: the value at its tip, the picture, and what it goes from and to. Picture and mark are
// the server's figures; only the numbers are edited here.
import { For, Match, Show, Switch, createSignal, type JSX } from 'solid-js';
import type { FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { formats, t } from '../../i18n';
import { NumberField } from '../fields/number_field';
import { StringField } from '../fields/string_field';
import { ToggleField } from '../fields/toggle_field';
import { createCounted } from '../state/motion';
import { describe } from './actions';
import { usePlan } from './context';
import { isMeasurable, measureOf } from './measure';
import { BandAxis, LineBar, MilestoneBar, ZoneBar, stepsOf } from './metric/bars';
import { bandPicture, linePicture, spacesAround, zoneSteps } from './metric/picture';
import './metric/metric.css';

const endUnitMax = 3;

export function metricOf(plan: LiveStore, id: EntityId): string {
  return plan.text(id, 'metric') || 'number';
}

export function unitOf(metric: string, unit: string): string {
  return unit === '' && metric === 'percent' ? '%' : unit;
}

// What is wrong with the numbers of a key result, or an empty text.
export function figureErrorWords(error: string | undefined): string {
  if (error === undefined || error === '') return '';
  const words: Readonly<Record<string, string>> = t().figureError;
  return words[error] ?? t().figureError.other;
}

export function MetricCell(props: { id: EntityId }) {
  const { plan, figures } = usePlan();
  const metric = () => metricOf(plan, props.id);
  return (
    <div class="metric" data-metric={metric()} data-error={figures.of(props.id)?.error || undefined}>
      <Switch fallback={<LineMetric id={props.id} />}>
        <Match when={metric() === 'band'}>
          <BandMetric id={props.id} />
        </Match>
        <Match when={metric() === 'zones'}>
          <ZoneMetric id={props.id} />
        </Match>
        <Match when={metric() === 'yes_no'}>
          <YesNoMetric id={props.id} />
        </Match>
        <Match when={metric() === 'milestones'}>
          <MilestoneMetric id={props.id} />
        </Match>
      </Switch>
      <Show when={metric() !== 'yes_no' && metric() !== 'milestones'}>
        <MetricTap id={props.id} />
      </Show>
    </div>
  );
}

// Numbers this small are no target for a finger: where one points, the whole measure is a button that leads to them. To the check-in, or to
// all of them while they say nothing yet.
function MetricTap(props: { id: EntityId }) {
  const { plan, select, checkIn, figures } = usePlan();
  const open = (): void => (figures.of(props.id)?.error || !isMeasurable(plan, props.id) ? select(props.id) : checkIn.ask(props.id));
  return <button class="metric-tap" aria-label={t().checkIn.on(describe(plan, props.id))} onClick={open} />;
}

// The figure that the bar shows, for the eye: the picture beside it has the same as its label.
export function RowProgress(props: { id: EntityId }) {
  const progress = createProgress(() => props.id);
  return (
    <span class="row-progress number" classList={{ 'row-progress-none': progress() === undefined }} aria-hidden="true">
      {progress() === undefined ? t().notMeasured : formats().percent(progress() ?? 0)}
    </span>
  );
}

// The picture with its words for who cannot see it.
function Picture(props: { id: EntityId; class?: string; children?: JSX.Element }) {
  const { figures } = usePlan();
  const status = () => figures.of(props.id)?.shown ?? 'none';
  const label = () => {
    const it = figures.of(props.id);
    const parts = [`${t().plan.progress}: ${it?.progress === undefined ? t().notMeasured : formats().percent(it.progress)}`, figures.wait(props.id) ? t().figuresWait : t().status[status()]];
    if (it?.expected !== undefined) parts.push(t().plan.expected(formats().percent(it.expected)));
    if (it?.error) parts.push(figureErrorWords(it.error));
    return parts.join(' · ');
  };
  return (
    <div class={`bar ${props.class ?? ''}`} data-status={status()} role="img" aria-label={label()} title={label()}>
      {props.children}
    </div>
  );
}

function createProgress(id: () => EntityId): () => number | undefined {
  const { figures } = usePlan();
  return createCounted(() => figures.of(id())?.progress);
}

function useUnits(id: () => EntityId): { value: () => string; end: () => string | null } {
  const { plan } = usePlan();
  const value = () => unitOf(metricOf(plan, id()), plan.text(id(), 'unit'));
  // A long unit is said once, with the current value; a sign stands with each number.
  return { value, end: () => ([...value()].length <= endUnitMax ? value() : null) };
}

// The current value, at `tip` of the line and within its ends.
function Value(props: { id: EntityId; tip: number; unit: string }) {
  const { plan } = usePlan();
  return (
    <div class="metric-tip" style={{ '--tip': props.tip }}>
      <NumberField store={plan} id={props.id} measure={measureOf(plan, props.id)} field="current" label={t().field.current} placeholder={t().plan.noNumberYet} unit={props.unit} class="metric-current" />
    </div>
  );
}

// The three lanes, with a column for each number under the line: `ends` are their places on it.
function Lanes(props: { ends: readonly number[]; children: JSX.Element }) {
  const columns = () => spacesAround(props.ends).map((it) => `minmax(0, ${it}fr)`).join(' minmax(0, auto) ');
  return (
    <div class="metric-lanes" style={{ 'grid-template-columns': columns() }}>
      {props.children}
    </div>
  );
}

// One of these numbers: the first, second …
function End(props: { id: EntityId; field: FieldName & keyof ReturnType<typeof t>['field']; index: number; at: number; unit: string | null }) {
  const { plan } = usePlan();
  return (
    <span class="metric-end" style={{ 'grid-column': 2 * props.index + 2, 'text-align': props.at === 0 ? 'start' : props.at === 1 ? 'end' : 'center' }}>
      <NumberField store={plan} id={props.id} measure={measureOf(plan, props.id)} field={props.field} label={t().field[props.field]} unit={props.unit} class={`metric-${props.field}`} />
    </span>
  );
}

// Between two ends, while nothing says yet what they count, for whoever is in the row: afterwards it stands with the value.
function Unit(props: { id: EntityId }) {
  const { plan } = usePlan();
  const [held, setHeld] = createSignal(false);
  const isOpen = () => unitOf(metricOf(plan, props.id), plan.text(props.id, 'unit')) === '';
  return (
    <Show when={isOpen() || held()}>
      <span class="metric-unit" onFocusIn={() => setHeld(true)} onFocusOut={() => setHeld(false)}>
        <StringField store={plan} id={props.id} field="unit" label={t().field.unit} placeholder={t().plan.unitHint} />
      </span>
    </Show>
  );
}

function LineMetric(props: { id: EntityId }) {
  const { figures } = usePlan();
  const progress = createProgress(() => props.id);
  const units = useUnits(() => props.id);
  const picture = () => linePicture(progress() ?? 0, undefined);
  return (
    <Lanes ends={[picture().start, 1]}>
      <End id={props.id} field="start" index={0} at={picture().start} unit={units.end()} />
      <End id={props.id} field="target" index={1} at={1} unit={units.end()} />
      <Unit id={props.id} />
      <Value id={props.id} tip={picture().tip} unit={units.value()} />
      <Picture id={props.id}>
        <LineBar progress={progress()} expected={figures.of(props.id)?.expected} />
      </Picture>
    </Lanes>
  );
}

function ZoneMetric(props: { id: EntityId }) {
  const { plan, figures } = usePlan();
  const progress = createProgress(() => props.id);
  const units = useUnits(() => props.id);
  const given = () => (['commit', 'stretch'] as const).filter((it) => plan.number(props.id, it) !== undefined);
  // Four numbers are too many for a phone: where all are given, the start is in the details.
  const shown = () => (['start', 'commit', 'target', 'stretch'] as const).filter((it) => (it === 'start' ? given().length < 2 : it === 'target' || given().includes(it)));
  return (
    <Lanes ends={shown().map((it) => zoneSteps[it])}>
      <Show when={given().length < 2}>
        <End id={props.id} field="start" index={0} at={zoneSteps.start} unit={null} />
      </Show>
      <For each={shown().filter((it) => it !== 'start')}>{(field) => <End id={props.id} field={field} index={shown().indexOf(field)} at={zoneSteps[field]} unit={null} />}</For>
      <Value id={props.id} tip={linePicture(progress() ?? 0, undefined).tip} unit={units.value()} />
      <Picture id={props.id}>
        <ZoneBar progress={progress()} expected={figures.of(props.id)?.expected} steps={['target', ...given()]} />
      </Picture>
    </Lanes>
  );
}

function BandMetric(props: { id: EntityId }) {
  const { plan } = usePlan();
  const units = useUnits(() => props.id);
  const value = createCounted(() => plan.number(props.id, 'current'));
  const number = (field: 'low' | 'high') => plan.number(props.id, field);
  const picture = () => bandPicture(number('low'), number('high'), value());
  return (
    <Lanes ends={[picture().low ?? 0, picture().high ?? 1]}>
      <End id={props.id} field="low" index={0} at={picture().low ?? 0} unit={units.end()} />
      <End id={props.id} field="high" index={1} at={picture().high ?? 1} unit={units.end()} />
      <Unit id={props.id} />
      <Value id={props.id} tip={picture().value ?? 0} unit={units.value()} />
      <Picture id={props.id}>
        <BandAxis low={number('low')} high={number('high')} value={value()} />
      </Picture>
    </Lanes>
  );
}

function YesNoMetric(props: { id: EntityId }) {
  const { plan } = usePlan();
  const due = () => plan.text(props.id, 'due');
  return (
    <div class="metric-yes-no">
      <ToggleField store={plan} id={props.id} field="done" label={t().field.done} words={plan.boolean(props.id, 'done') ? t().field.done : t().field.notDone} />
      <Show when={due() !== '' && !plan.boolean(props.id, 'done')}>
        <span>{t().plan.dueOn(formats().day(due()))}</span>
      </Show>
      <Picture id={props.id} class="sr-only" />
    </div>
  );
}

function MilestoneMetric(props: { id: EntityId }) {
  const { plan, select, figures } = usePlan();
  const progress = createProgress(() => props.id);
  const steps = () => stepsOf(plan, props.id);
  const next = () => plan.children(props.id, 'milestone').find((id) => !plan.boolean(id, 'done'));
  const reached = () => t().milestones.reached(steps().filter((it) => it.done).length, steps().length);
  return (
    <button class="metric-milestones" aria-label={`${t().milestones.title}: ${reached()}`} onClick={() => select(props.id)}>
      <span class="metric-tip number" style={{ '--tip': steps().length === 0 ? 0 : Math.min(1, progress() ?? 0) }}>
        <strong>{steps().length === 0 ? t().milestones.none : reached()}</strong>
      </span>
      <Picture id={props.id}>
        <MilestoneBar steps={steps()} expected={figures.of(props.id)?.expected} />
      </Picture>
      <span class="metric-next">
        <Show when={next()}>{(id) => <>{t().milestones.next(plan.text(id(), 'title') || t().untitled)}</>}</Show>
      </span>
    </button>
  );
}
