// Dated reports on a key result: once made they stay as they are.
import { For, Match, Show, Switch, createSignal } from 'solid-js';
import type { NumberPlace } from '../../numbers/read_number';
import { limits } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import { sightOf, type Sight } from '../../sync/sight';
import type { LiveStore } from '../../store/live_store';
import { formats, t } from '../../i18n';
import { ConfidenceScale } from '../fields/confidence_field';
import { confidenceKeys } from '../fields/confidence_keys';
import { confidenceBounds, confidenceTone } from '../fields/confidence_tone';
import { createDateEdit, DateInput } from '../fields/date_input';
import { createNumberEdit, NumberInput } from '../fields/number_input';
import { PersonPicker } from '../fields/person_picker';
import { Avatar } from '../kit/avatar';
import { Icon } from '../kit/icons';
import { Popover } from '../kit/popover';
import { today } from '../state/dates';
import { ownName } from '../state/identity';
import { me, setMe, signatory, willBeAdded } from '../state/me';
import { personColour, personName } from '../state/people';
import { Advice } from './advice';
import { bringsNow, checkIn, standing, type Reportable } from './check_in';
import { usePlan } from './context';
import { measureOf } from './measure';
import { metricOf, unitOf } from './metric_cell';

export function CheckIns(props: { keyResult: EntityId }) {
  const { plan } = usePlan();
  const [writing, setWriting] = createSignal(false);
  const ids = () => plan.children(props.keyResult, 'check_in');
  const latestFirst = () => [...ids()].sort((a, b) => plan.text(b, 'date').localeCompare(plan.text(a, 'date')));
  return (
    <section class="details-section">
      <h3>{t().checkIn.title}</h3>
      <Show
        when={writing()}
        fallback={
          <button class="button" onClick={() => setWriting(true)}>
            {t().checkIn.add}
          </button>
        }
      >
        <CheckInForm keyResult={props.keyResult} onDone={() => setWriting(false)} />
      </Show>
      <Show when={ids().length > 0} fallback={<p class="quiet">{t().checkIn.empty}</p>}>
        <ol class="check-ins">
          <For each={latestFirst()}>{(id) => <CheckInRow id={id} keyResult={props.keyResult} />}</For>
        </ol>
      </Show>
    </section>
  );
}

function CheckInRow(props: { id: EntityId; keyResult: EntityId }) {
  const { plan, workspace } = usePlan();
  const author = () => plan.text(props.id, 'author');
  const day = () => formats().day(plan.text(props.id, 'date'));
  return (
    <li class="check-in">
      <div class="check-in-line">
        <Show when={plan.number(props.id, 'value') !== undefined || plan.number(props.id, 'confidence') === undefined}>
          <strong class="number">{valueWords(plan, props.keyResult, plan.number(props.id, 'value') ?? null)}</strong>
        </Show>
        <Show when={plan.number(props.id, 'confidence') !== undefined}>
          <span
            class="confidence-dot number"
            data-tone={confidenceTone(plan.number(props.id, 'confidence'), confidenceBounds(workspace))}
            title={t().field.confidenceOf(plan.number(props.id, 'confidence') ?? 0)}
          >
            {plan.number(props.id, 'confidence')}
          </span>
        </Show>
        <span class="quiet">{author() === '' ? day() : t().checkIn.by(personName(workspace, author()), day())}</span>
      </div>
      <Show when={plan.text(props.id, 'note')}>{(note) => <p>{note()}</p>}</Show>
      <Advice store={plan} id={props.id} />
    </li>
  );
}

// A reported or standing value in the words of its metric.
function valueWords(plan: LiveStore, keyResult: EntityId, value: number | null): string {
  if (value === null) return t().notMeasured;
  const metric = metricOf(plan, keyResult);
  if (metric === 'yes_no') return value === 0 ? t().field.notDone : t().field.done;
  if (metric === 'milestones') return t().checkIn.reached(value);
  return formats().measure(value, unitOf(metric, plan.text(keyResult, 'unit')));
}

// What nobody has touched follows the key result: saving reports it as it stands then.
function CheckInForm(props: { keyResult: EntityId; onDone: () => void }) {
  const { plan, workspace } = usePlan();
  const [date, setDate] = createSignal(today());
  const [picked, setPicked] = createSignal<{ confidence: number | null; sight: Sight } | null>(null);
  const [done, setDone] = createSignal<boolean | null>(null);
  const [note, setNote] = createSignal('');
  const metric = () => metricOf(plan, props.keyResult);
  const now = (what: Reportable) => standing(plan, props.keyResult, what);
  const confidence = () => (picked() ?? { confidence: now('confidence') }).confidence;
  let form!: HTMLFormElement;
  const place = (): NumberPlace => ({ decimal: formats().decimal, measure: measureOf(plan, props.keyResult), min: -limits.number_magnitude, max: limits.number_magnitude });
  const valueEdit = createNumberEdit({ document: plan.document, value: () => now('value'), place, send: () => false });
  const dateEdit = createDateEdit({
    document: plan.document,
    value: date,
    needed: true,
    latest: { day: today, words: () => t().checkIn.noSuchDay },
    send: (day) => {
      setDate(day ?? today());
      return true;
    },
  });

  // Nothing: what was typed is no value.
  const value = (): { value: number | null } | null => {
    if (metric() === 'yes_no') return { value: Number(done() ?? now('value') === 1) };
    // Which milestones were reached on another day, nobody has written down.
    if (metric() === 'milestones') return { value: date() === today() ? now('value') : null };
    const typed = valueEdit.reading();
    if (typed === null) return { value: now('value') };
    return typed.type === 'refused' ? null : { value: typed.value };
  };
  const save = (event: SubmitEvent): void => {
    event.preventDefault();
    const understood = value();
    if (!dateEdit.finish()) return form.querySelector<HTMLElement>('input[type="date"]')?.focus();
    if (understood === null) {
      form.querySelector<HTMLElement>('.number-field input')?.focus();
      valueEdit.finish();
      return;
    }
    const sights = { value: valueEdit.sight(), confidence: picked()?.sight ?? null };
    const report = { date: date(), value: understood.value, confidence: confidence(), note: note().trim(), author: signatory(workspace), sights };
    if (checkIn(plan, props.keyResult, report, today())) props.onDone();
  };
  // What stands at the key result is newer than this report.
  const keeps = (what: Reportable): boolean => {
    const reported = what === 'value' ? (value()?.value ?? null) : confidence();
    return reported !== null && reported !== now(what) && !bringsNow(plan, props.keyResult, what, date(), today());
  };
  return (
    <form ref={form} class="check-in-form" noValidate onSubmit={save}>
      <div class="check-in-inputs">
        <Switch
          fallback={
            <label>
              <span>{t().checkIn.value}</span>
              <NumberInput edit={valueEdit} value={now('value')} words={(it) => valueWords(plan, props.keyResult, it)} label={t().checkIn.value} placeholder="" waits autofocus />
            </label>
          }
        >
          <Match when={metric() === 'yes_no'}>
            <label>
              <span>{t().checkIn.value}</span>
              <select onChange={(event) => setDone(event.currentTarget.value === '1')}>
                <option value="1" selected={value()?.value === 1}>{t().field.done}</option>
                <option value="0" selected={value()?.value !== 1}>{t().field.notDone}</option>
              </select>
            </label>
          </Match>
          <Match when={metric() === 'milestones'}>
            <div class="check-in-reached">
              <span>{t().checkIn.value}</span>
              <output>{value()?.value === null ? t().checkIn.reachedToday : valueWords(plan, props.keyResult, value()?.value ?? null)}</output>
            </div>
          </Match>
        </Switch>
        <label>
          <span>{t().checkIn.date}</span>
          <DateInput class="number" edit={dateEdit} value={date()} max={today()} label={t().checkIn.date} />
        </label>
        <ConfidenceChoice value={confidence()} onPick={(next, sight) => setPicked({ confidence: next, sight })} />
      </div>
      <p class="quiet" role="status">
        <Show when={keeps('value')}>{t().checkIn.keepsValue(valueWords(plan, props.keyResult, now('value')))} </Show>
        <Show when={keeps('confidence')}>{t().checkIn.keepsConfidence(String(now('confidence') ?? t().notMeasured))}</Show>
      </p>
      <textarea rows="3" maxlength="4000" aria-label={t().checkIn.note} placeholder={t().checkIn.note} value={note()} onInput={(event) => setNote(event.currentTarget.value)} />
      <div class="form-foot">
        <button type="submit" class="button button-primary">
          <Icon name="check" size={14} />
          {t().checkIn.submit}
        </button>
        <button type="button" class="text-button" onClick={() => props.onDone()}>
          {t().cancel}
        </button>
        <Signature />
      </div>
    </form>
  );
}

function ConfidenceChoice(props: { value: number | null; onPick: (value: number | null, sight: Sight) => void }) {
  const { plan, workspace } = usePlan();
  const [choosing, setChoosing] = createSignal(false);
  let opened = sightOf(plan.document.status); // the scale
  const bounds = () => confidenceBounds(workspace);
  return (
    <div class="check-in-confidence">
      <span aria-hidden="true">{t().checkIn.confidence}</span>
      <span class="confidence" data-tone={confidenceTone(props.value ?? undefined, bounds())}>
        <Popover
          label={props.value === null ? t().field.confidenceNone : t().field.confidenceOf(props.value)}
          triggerClass="confidence-chip number"
          open={choosing()}
          onOpenChange={(next) => {
            setChoosing(next);
            if (next) opened = sightOf(plan.document.status);
          }}
          onTriggerKeyDown={confidenceKeys((next) => props.onPick(next, sightOf(plan.document.status)))}
          trigger={props.value ?? t().notMeasured}
        >
          <ConfidenceScale
            value={props.value ?? undefined}
            bounds={bounds()}
            onPick={(next) => {
              props.onPick(next, opened);
              setChoosing(false);
            }}
          />
        </Popover>
      </span>
    </div>
  );
}

// Who reports: chosen once on this device.
function Signature() {
  const { workspace } = usePlan();
  const [choosing, setChoosing] = createSignal(false);
  const name = () => {
    const person = me(workspace);
    if (person !== null) return personName(workspace, person);
    return willBeAdded(workspace) ? ownName() : t().checkIn.nobody;
  };
  return (
    <Popover
      label={t().checkIn.signedBy(name())}
      triggerClass="owner-named check-in-signature"
      open={choosing()}
      onOpenChange={setChoosing}
      trigger={
        <>
          <Show when={me(workspace)} fallback={<span class="avatar avatar-open avatar-small"><Icon name="person" size={12} /></span>}>
            {(person) => <Avatar small name={name()} colour={personColour(workspace, person())} />}
          </Show>
          <span>{name()}</span>
        </>
      }
    >
      <PersonPicker
        workspace={workspace}
        chosen={[me(workspace) ?? ''].filter((it) => it !== '')}
        onPick={(person) => {
          setChoosing(false);
          if (person !== null) setMe(workspace, person);
        }}
      />
    </Popover>
  );
}
