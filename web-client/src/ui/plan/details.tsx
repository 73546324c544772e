// Everything about one objective or key result that is too rare for its row.
import { For, Match, Show, Switch, type JSX } from 'solid-js';
import type { EntityId } from '../../sync/api';
import type { FieldName } from '../../protocol/schema';
import { formats, t } from '../../i18n';
import { ChoiceField } from '../fields/choice_field';
import { ConfidenceField } from '../fields/confidence_field';
import { confidenceBounds } from '../fields/confidence_tone';
import { DateField } from '../fields/date_field';
import { NumberField } from '../fields/number_field';
import { OwnerField } from '../fields/owner_field';
import { PeopleField } from '../fields/people_field';
import { StringField } from '../fields/string_field';
import { ToggleField } from '../fields/toggle_field';
import { Icon } from '../kit/icons';
import { StatusWord } from '../kit/status';
import { showToast } from '../kit/toast';
import { copyText } from '../state/copy_text';
import { TextField } from '../text/text_field';
import { remove } from './actions';
import { Advice } from './advice';
import { AlignField } from './align_field';
import { CheckInBlock, CheckInHistory } from './check_ins';
import { usePlan } from './context';
import { Initiatives } from './initiatives';
import { measureOf, weightMeasure } from './measure';
import { metricOf, unitOf } from './metric_cell';
import { Milestones } from './milestones';
import { linkTo } from './selection';

export function Details(props: { id: EntityId }) {
  const { plan, workspace, select } = usePlan();
  const isObjective = () => plan.entity(props.id)?.kind === 'objective';
  return (
    <div class="details" data-entity={props.id}>
      <TextField
        class="details-title"
        store={plan}
        id={props.id}
        field="title"
        label={t().field.title}
        placeholder={isObjective() ? t().plan.objectiveTitle : t().plan.keyResultTitle}
      />
      <Show when={!isObjective()}>
        <CheckInBlock keyResult={props.id} />
      </Show>
      <TextField class="details-description" store={plan} id={props.id} field="description" label={t().field.description} placeholder={t().field.descriptionHint} multiline />
      <div class="fields">
        <Labelled label={t().field.owner}>
          <OwnerField store={plan} workspace={workspace} id={props.id} named small />
        </Labelled>
        <Show when={isObjective()} fallback={<KeyResultFields id={props.id} />}>
          <ObjectiveFields id={props.id} />
        </Show>
        <WeightRow id={props.id} />
        <StateRows id={props.id} />
        <ResultRows id={props.id} />
        <Labelled label={t().align.label}>
          <AlignField id={props.id} />
        </Labelled>
      </div>
      <Show when={!isObjective()}>
        <Show when={metricOf(plan, props.id) === 'milestones'}>
          <Milestones keyResult={props.id} />
        </Show>
        <CheckInHistory keyResult={props.id} />
        <Initiatives keyResult={props.id} />
      </Show>
      <CopyLink id={props.id} />
      <button
        class="text-button danger-button"
        onClick={() => {
          select(null);
          remove(plan, props.id);
        }}
      >
        <Icon name="bin" size={14} />
        {t().remove}
      </button>
    </div>
  );
}

function CopyLink(props: { id: EntityId }) {
  const view = usePlan();
  const copy = async (): Promise<void> => {
    const copied = await copyText(linkTo(`${location.origin}/w/${view.workspaceId}/${view.teamId}/${view.cycleId}`, props.id));
    showToast(copied ? { text: t().copied, seconds: 2 } : { text: t().copyFailed, tone: 'warn' });
  };
  return (
    <button class="text-button" onClick={() => void copy()}>
      <Icon name="link" size={14} />
      {t().plan.copyLink}
    </button>
  );
}

export function Labelled(props: { label: string; children: JSX.Element }) {
  return (
    <div class="labelled">
      <span class="labelled-name" aria-hidden="true">
        {props.label}
      </span>
      <div class="labelled-value">{props.children}</div>
    </div>
  );
}

function ChoiceRow(props: { id: EntityId; field: FieldName; label: string; words: Readonly<Record<string, string>>; fallback?: string }) {
  const { plan } = usePlan();
  return (
    <Labelled label={props.label}>
      <ChoiceField store={plan} {...props} />
    </Labelled>
  );
}

function ObjectiveFields(props: { id: EntityId }) {
  const { plan, workspace } = usePlan();
  return (
    <>
      <Labelled label={t().field.contributors}>
        <PeopleField store={plan} workspace={workspace} id={props.id} field="contributors" label={t().field.contributors} />
      </Labelled>
      <ChoiceRow id={props.id} field="commitment" label={t().field.commitment} words={t().commitment} />
      <ChoiceRow id={props.id} field="class" label={t().field.class} words={t().class} />
      <Labelled label={t().field.priority}>
        <ToggleField store={plan} id={props.id} field="priority" label={t().field.priority} />
      </Labelled>
    </>
  );
}

function KeyResultFields(props: { id: EntityId }) {
  const { plan, workspace } = usePlan();
  const metric = () => metricOf(plan, props.id);
  return (
    <>
      <ChoiceRow id={props.id} field="metric" label={t().field.metric} words={t().metric} fallback="number" />
      <MetricFields id={props.id} />
      <Show when={metric() !== 'yes_no' && metric() !== 'milestones'}>
        <Labelled label={t().field.unit}>
          <StringField store={plan} id={props.id} field="unit" label={t().field.unit} placeholder={metric() === 'percent' ? '%' : t().field.notSet} />
        </Labelled>
        <MetricNumber id={props.id} field="current" />
      </Show>
      <Advice store={plan} id={props.id} but={['due_outside_cycle', 'weights_scaled']} withError />
      <Labelled label={t().field.confidence}>
        <ConfidenceField store={plan} id={props.id} bounds={confidenceBounds(workspace)} />
      </Labelled>
      <Labelled label={t().field.due}>
        <DateField store={plan} id={props.id} field="due" label={t().field.due} />
        <Advice store={plan} id={props.id} only="due_outside_cycle" />
      </Labelled>
    </>
  );
}

const ends = { band: ['low', 'high', 'tolerance'], zones: ['start', 'commit', 'target', 'stretch'], others: ['start', 'target'] } as const;

// What the values go from and to, in the order in which a key result is written: where it starts, where it goes.
function MetricFields(props: { id: EntityId }) {
  const { plan } = usePlan();
  const metric = () => metricOf(plan, props.id);
  return (
    <Switch fallback={<For each={ends.others}>{(field) => <MetricNumber id={props.id} field={field} />}</For>}>
      <Match when={metric() === 'yes_no'}>
        <Labelled label={t().field.done}>
          <ToggleField store={plan} id={props.id} field="done" label={t().field.done} />
        </Labelled>
      </Match>
      <Match when={metric() === 'milestones'}>{null}</Match>
      <Match when={metric() === 'band'}>
        <For each={ends.band}>{(field) => <MetricNumber id={props.id} field={field} />}</For>
      </Match>
      <Match when={metric() === 'zones'}>
        <For each={ends.zones}>{(field) => <MetricNumber id={props.id} field={field} />}</For>
      </Match>
    </Switch>
  );
}

function MetricNumber(props: { id: EntityId; field: 'start' | 'current' | 'target' | 'low' | 'high' | 'commit' | 'stretch' | 'tolerance' }) {
  const { plan } = usePlan();
  const unit = () => (props.field === 'tolerance' ? null : unitOf(metricOf(plan, props.id), plan.text(props.id, 'unit')));
  return (
    <Labelled label={t().field[props.field]}>
      <NumberField store={plan} id={props.id} field={props.field} label={t().field[props.field]} unit={unit()} measure={measureOf(plan, props.id)} placeholder={t().field.notSet} />
    </Labelled>
  );
}

function WeightRow(props: { id: EntityId }) {
  const { plan } = usePlan();
  const pinned = () => plan.number(props.id, 'weight') !== undefined;
  const shared = () => {
    const weight = plan.figures(props.id)?.weight;
    return weight === undefined ? t().field.notSet : t().field.weightShared(formats().percent(weight));
  };
  return (
    <Labelled label={t().field.weight}>
      <NumberField store={plan} id={props.id} field="weight" label={t().field.weight} placeholder={shared()} measure={weightMeasure} />
      <Show when={pinned()}>
        <button class="text-button" onClick={() => plan.document.submit([{ op: 'set', id: props.id, field: 'weight', value: null }])}>
          {t().field.unpin}
        </button>
      </Show>
      <Advice store={plan} id={props.id} only="weights_scaled" />
    </Labelled>
  );
}

function StateRows(props: { id: EntityId }) {
  const { plan } = usePlan();
  const state = () => plan.text(props.id, 'state');
  const computed = () => plan.figures(props.id)?.computed ?? 'none';
  return (
    <>
      <ChoiceRow id={props.id} field="state" label={t().field.state} words={t().state} fallback="active" />
      <Show when={state() === 'abandoned' || state() === 'closed'}>
        <Labelled label={t().field.stateReason}>
          <TextField store={plan} id={props.id} field="state_reason" label={t().field.stateReason} placeholder={t().field.stateReason} multiline />
        </Labelled>
      </Show>
      <Labelled label={t().field.statusOverride}>
        <ChoiceField
          store={plan}
          id={props.id}
          field="status_override"
          label={t().field.statusOverride}
          words={{ on_track: t().status.on_track, at_risk: t().status.at_risk, off_track: t().status.off_track }}
          unsetLabel={t().field.statusComputed(t().status[computed()])}
        />
      </Labelled>
      <Show when={plan.text(props.id, 'status_override') !== ''}>
        <Labelled label={t().field.statusReason}>
          <TextField store={plan} id={props.id} field="status_reason" label={t().field.statusReason} placeholder={t().field.statusReasonHint} multiline />
          <Show when={plan.text(props.id, 'status_reason').trim() === ''}>
            <p class="advice" role="status">
              <Icon name="warn" size={13} />
              <span>{t().field.statusReasonNeeded}</span>
            </p>
          </Show>
          <span class="quiet">
            <StatusWord status={computed()} word={t().field.statusComputed(t().status[computed()])} />
          </span>
        </Labelled>
      </Show>
    </>
  );
}

// What came of it: asked for at the end, and shown wherever something is known.
function ResultRows(props: { id: EntityId }) {
  const { plan } = usePlan();
  const isKnown = () => plan.number(props.id, 'score') !== undefined || plan.text(props.id, 'learned') !== '';
  const isOver = () => ['closed', 'abandoned'].includes(plan.text(props.id, 'state'));
  return (
    <Show when={isKnown() || isOver()}>
      <Labelled label={t().field.score}>
        <NumberField store={plan} id={props.id} field="score" label={t().field.score} placeholder={t().field.scoreHint} />
      </Labelled>
      <Labelled label={t().field.learned}>
        <TextField store={plan} id={props.id} field="learned" label={t().field.learned} placeholder={t().field.learned} multiline />
      </Labelled>
    </Show>
  );
}
