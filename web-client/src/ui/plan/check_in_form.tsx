// The report on a key result: its value, how sure somebody is of it, what happened. What nobody has touched follows the key result: saving
// reports it as it stands then. What is typed is kept on the device until it is saved or let go.
import { Match, Show, Switch, createComputed, createEffect, createSignal, on, onMount, untrack } from 'solid-js';
import type { NumberPlace } from '../../numbers/read_number';
import { limits } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import { sightOf, type Sight } from '../../sync/sight';
import { formats, t } from '../../i18n';
import { ConfidenceScale } from '../fields/confidence_field';
import { confidenceBounds } from '../fields/confidence_tone';
import { createDateEdit, DateInput } from '../fields/date_input';
import { createSetter } from '../fields/field_note';
import { createNumberEdit, NumberInput } from '../fields/number_input';
import { numberText } from '../fields/number_words';
import type { ValueEdit } from '../fields/value_edit';
import { Icon } from '../kit/icons';
import { today } from '../state/dates';
import { focusAfter } from '../state/focus_place';
import { isInputMethodKey } from '../state/input_method_key';
import type { KeptForm } from '../state/kept_form';
import { createLayer } from '../state/layers';
import { signatory } from '../state/me';
import { bringsNow, checkIn, latestReport, reportedWords, standing, type Reportable } from './check_in';
import { usePlan, type PlanView } from './context';
import { measureOf } from './measure';
import { metricOf, unitOf } from './metric_cell';
import { Signature } from './signature';

export type CheckInInput = 'value' | 'done' | 'date' | 'confidence' | 'note';

interface CheckInFormProps {
  readonly keyResult: EntityId;
  readonly form: KeptForm<CheckInInput>;
  readonly asked: unknown; // whenever it changes, somebody wants to write here
  readonly onEscape: () => void;
  readonly onDone: () => void; // saved, put off or let go
}

export function CheckInForm(props: CheckInFormProps) {
  const view = usePlan();
  const report = createReport(view, props);
  let place!: HTMLFormElement;
  const focusFirst = (): void => place.querySelector<HTMLElement>('.check-in-value input, .check-in-value select, .confidence-steps [tabindex="0"]')?.focus();
  onMount(() => {
    if (props.asked !== null) focusFirst();
    else focusAfter(() => place.querySelector('textarea')); // it has opened by itself, with what was begun: the focus is taken from nobody
  });
  createEffect(
    on(
      () => props.asked,
      (asked) => asked !== null && focusFirst(),
      { defer: true },
    ),
  );
  createLayer(
    () => true,
    () => props.onEscape(),
  );
  const save = (event: Event): void => {
    event.preventDefault();
    const wrong = report.wrongInput();
    if (wrong !== null) return place.querySelector<HTMLElement>(wrong)?.focus();
    if (!report.send()) return;
    props.form.sent();
    props.onDone();
  };
  // Who writes on glass ends the value with this key and then sees the rest of the form, which the keys covered; only the button saves.
  const touched = (): boolean => matchMedia('(pointer: coarse)').matches;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || isInputMethodKey(event)) return;
    if (event.ctrlKey || event.metaKey) save(event);
    else if (touched() && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      place.querySelector<HTMLElement>('.confidence-steps [tabindex="0"]')?.focus();
    }
  };
  return (
    <form ref={place} class="check-in-form" noValidate onSubmit={save} on:keydown={onKeyDown}>
      <ReportedValue keyResult={props.keyResult} report={report} />
      <ReportedConfidence keyResult={props.keyResult} report={report} />
      <textarea
        rows="2"
        maxlength="4000"
        aria-label={t().checkIn.note}
        placeholder={t().checkIn.note}
        value={props.form.typed('note') ?? ''}
        onInput={(event) => props.form.keep('note', event.currentTarget.value === '' ? null : event.currentTarget.value)}
      />
      <div class="check-in-facts">
        <ReportedDay report={report} />
        <Signature />
      </div>
      <p class="quiet check-in-keeps" role="status">
        <Show when={report.keeps('value')}>{t().checkIn.keepsValue(reportedWords(view.plan, props.keyResult, report.now('value')))} </Show>
        <Show when={report.keeps('confidence')}>{t().checkIn.keepsConfidence(String(report.now('confidence') ?? t().notMeasured))}</Show>
      </p>
      <FormFoot form={props.form} onDone={() => props.onDone()} />
    </form>
  );
}

interface Report {
  readonly valueEdit: ValueEdit<number>;
  readonly dateEdit: ValueEdit<string>;
  readonly place: () => NumberPlace;
  readonly date: () => string;
  readonly now: (what: Reportable) => number | null; // what stands at the key result
  readonly value: () => { readonly value: number | null } | null; // null: what was typed is no value
  readonly setDone: (done: boolean) => void;
  readonly confidence: () => number | null;
  readonly setConfidence: (confidence: number | null) => void;
  readonly keeps: (what: Reportable) => boolean; // what stands at the key result is newer than this report
  readonly wrongInput: () => string | null; // a selector
  readonly send: () => boolean;
}

function createReport({ plan, workspace }: PlanView, { keyResult, form }: CheckInFormProps): Report {
  const [confidenceSight, setConfidenceSight] = createSignal<Sight | null>(null);
  const now = (what: Reportable) => standing(plan, keyResult, what);
  const date = () => form.typed('date') ?? today();
  const place = (): NumberPlace => ({ decimal: formats().decimal, measure: measureOf(plan, keyResult), min: -limits.number_magnitude, max: limits.number_magnitude });
  const valueEdit = createNumberEdit({ document: plan.document, value: () => now('value'), place, send: () => false });
  const dateEdit = createDateEdit({
    document: plan.document,
    value: date,
    needed: true,
    refuses: (day) => (day > today() ? t().checkIn.noSuchDay : null),
    send: (day) => {
      form.keep('date', day === today() ? null : day);
      return true;
    },
  });
  // What was typed here before, also in a tab that is closed while the form is open in this one.
  createComputed(
    on(
      () => form.typed('value'),
      (typed) => {
        if (typed === undefined || valueEdit.touched()) return;
        valueEdit.begin();
        valueEdit.type(typed, '');
      },
    ),
  );
  createEffect(
    on(
      () => (valueEdit.touched() ? valueEdit.text() : null),
      (text) => form.keep('value', text),
      { defer: true },
    ),
  );

  const confidence = (): number | null => {
    const picked = form.typed('confidence');
    return picked === undefined ? now('confidence') : picked === '' ? null : Number(picked);
  };
  const value = (): { value: number | null } | null => {
    const metric = metricOf(plan, keyResult);
    if (metric === 'yes_no') return { value: Number(form.typed('done') ?? now('value') ?? 0) };
    // Which milestones were reached on another day, nobody has written down.
    if (metric === 'milestones') return { value: date() === today() ? now('value') : null };
    const reading = valueEdit.reading();
    if (reading === null) return { value: now('value') };
    return reading.type === 'refused' ? null : { value: reading.value };
  };
  return {
    valueEdit,
    dateEdit,
    place,
    date,
    now,
    value,
    setDone: (done) => form.keep('done', done === (now('value') === 1) ? null : String(Number(done))),
    confidence,
    setConfidence: (picked) => {
      setConfidenceSight(sightOf(plan.document.status));
      form.keep('confidence', picked === now('confidence') ? null : `${picked ?? ''}`);
    },
    keeps: (what) => {
      const reported = what === 'value' ? (value()?.value ?? null) : confidence();
      return reported !== null && reported !== now(what) && !bringsNow(plan, keyResult, what, date(), today());
    },
    wrongInput: () => {
      if (!dateEdit.finish()) return 'input[type="date"]';
      if (value() !== null) return null;
      valueEdit.finish();
      return '.check-in-value input';
    },
    send: () =>
      untrack(() => {
        const sights = { value: valueEdit.sight(), confidence: confidenceSight() };
        const note = (form.typed('note') ?? '').trim();
        return checkIn(plan, keyResult, { date: date(), value: value()?.value ?? null, confidence: confidence(), note, author: signatory(workspace), sights }, today());
      }),
  };
}

function ReportedValue(props: { keyResult: EntityId; report: Report }) {
  const { plan } = usePlan();
  const metric = () => metricOf(plan, props.keyResult);
  const unit = () => unitOf(metric(), plan.text(props.keyResult, 'unit'));
  const last = () => {
    const report = latestReport(plan, props.keyResult);
    if (report === null) return '';
    return t().checkIn.last(reportedWords(plan, props.keyResult, report.value), formats().day(report.date));
  };
  const value = () => props.report.value()?.value ?? null;
  const setter = createSetter(plan, props.keyResult, 'current');
  const saysUnit = () => /[^\d\s.,'’−+-]/.test(props.report.valueEdit.text() ?? ''); // what is typed
  return (
    <div class="check-in-part check-in-value">
      <p class="check-in-head">
        <span aria-hidden="true">{t().checkIn.value}</span>
        <span class="quiet">{last()}</span>
      </p>
      <Switch
        fallback={
          <div class="check-in-number">
            <NumberInput
              edit={props.report.valueEdit}
              value={props.report.now('value')}
              words={(it) => numberText(it, props.report.place())}
              said={(it) => reportedWords(plan, props.keyResult, it)}
              by={setter()}
              label={t().checkIn.value}
              placeholder={t().plan.noNumberYet}
              anyKeys
              waits
            />
            <span class="check-in-unit" aria-hidden="true">
              {saysUnit() ? '' : unit()}
            </span>
          </div>
        }
      >
        <Match when={metric() === 'yes_no'}>
          <select aria-label={t().checkIn.value} onChange={(event) => props.report.setDone(event.currentTarget.value === '1')}>
            <option value="1" selected={value() === 1}>
              {t().field.done}
            </option>
            <option value="0" selected={value() !== 1}>
              {t().field.notDone}
            </option>
          </select>
        </Match>
        <Match when={metric() === 'milestones'}>
          <output aria-label={t().checkIn.value}>{value() === null ? t().checkIn.reachedToday : reportedWords(plan, props.keyResult, value())}</output>
        </Match>
      </Switch>
    </div>
  );
}

function ReportedConfidence(props: { keyResult: EntityId; report: Report }) {
  const { workspace } = usePlan();
  const last = () => props.report.now('confidence');
  return (
    <div class="check-in-part">
      <p class="check-in-head">
        <span aria-hidden="true">{t().checkIn.howSure}</span>
        <span class="quiet">{last() === null ? '' : t().checkIn.lastConfidence(last() ?? 0)}</span>
      </p>
      <ConfidenceScale value={props.report.confidence() ?? undefined} last={last() ?? undefined} bounds={confidenceBounds(workspace)} onPick={(next) => props.report.setConfidence(next)} />
    </div>
  );
}

// Today, in quiet words; another day is picked behind them.
function ReportedDay(props: { report: Report }) {
  const [picking, setPicking] = createSignal(false);
  let box!: HTMLSpanElement;
  const day = () => (props.report.date() === today() ? t().checkIn.today : formats().day(props.report.date()));
  const pick = (): void => {
    setPicking(true);
    box.querySelector('input')?.focus();
  };
  return (
    <span ref={box} class="check-in-day">
      <Show
        when={picking()}
        fallback={
          <button type="button" class="text-button" aria-label={`${t().checkIn.date}: ${day()}`} onClick={pick}>
            {day()}
            <Icon name="chevron" size={12} />
          </button>
        }
      >
        <DateInput class="number" edit={props.report.dateEdit} value={props.report.date()} max={today()} label={t().checkIn.date} waits />
      </Show>
    </span>
  );
}

function FormFoot(props: { form: KeptForm<CheckInInput>; onDone: () => void }) {
  const discard = (): void => {
    props.form.discard();
    props.onDone();
  };
  return (
    <div class="form-foot">
      <button type="submit" class="button button-primary">
        {t().checkIn.submit}
      </button>
      <button type="button" class="text-button" onClick={() => props.onDone()}>
        {props.form.begun() ? t().kept.later : t().cancel}
      </button>
      <Show when={props.form.begun()}>
        <button type="button" class="text-button" onClick={discard}>
          {t().discard}
        </button>
        <span class="kept-mark" title={t().kept.intro}>
          {t().kept.title}
        </span>
      </Show>
    </div>
  );
}
