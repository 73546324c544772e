// Dated reports on a key result: once made they stay as they are.
import { For, Show, createSignal } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { formats, t } from '../../i18n';
import { ConfidenceScale } from '../fields/confidence_field';
import { confidenceBounds, confidenceTone } from '../fields/confidence_tone';
import { parseNumber } from '../fields/parse_number';
import { Icon } from '../kit/icons';
import { Popover } from '../kit/popover';
import { today } from '../state/dates';
import { personName } from '../state/people';
import { checkIn } from './actions';
import { usePlan } from './context';
import { unitOf } from './metric_cell';

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
  const unit = () => unitOf(plan.text(props.keyResult, 'metric'), plan.text(props.keyResult, 'unit'));
  const value = () => plan.number(props.id, 'value');
  const author = () => plan.text(props.id, 'author');
  const day = () => formats().day(plan.text(props.id, 'date'));
  return (
    <li class="check-in">
      <div class="check-in-line">
        <strong class="number">{value() === undefined ? t().notMeasured : formats().measure(value() ?? 0, unit())}</strong>
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
    </li>
  );
}

function CheckInForm(props: { keyResult: EntityId; onDone: () => void }) {
  const { plan, workspace } = usePlan();
  const [date, setDate] = createSignal(today());
  const [value, setValue] = createSignal(plan.number(props.keyResult, 'current')?.toString() ?? '');
  const [confidence, setConfidence] = createSignal<number | null>(plan.number(props.keyResult, 'confidence') ?? null);
  const [note, setNote] = createSignal('');
  const [choosing, setChoosing] = createSignal(false);
  const hasValue = () => !['yes_no', 'milestones'].includes(plan.text(props.keyResult, 'metric'));
  const bounds = () => confidenceBounds(workspace);

  const save = (event: SubmitEvent): void => {
    event.preventDefault();
    const report = { date: date(), value: hasValue() && value().trim() !== '' ? parseNumber(value()) : null, confidence: confidence(), note: note().trim() };
    if (checkIn(plan, props.keyResult, report)) props.onDone();
  };
  return (
    <form class="check-in-form" onSubmit={save}>
      <div class="check-in-inputs">
        <Show when={hasValue()}>
          <label>
            <span>{t().checkIn.value}</span>
            <input class="number" inputmode="decimal" autocomplete="off" autofocus value={value()} onInput={(event) => setValue(event.currentTarget.value)} />
          </label>
        </Show>
        <label>
          <span>{t().checkIn.date}</span>
          <input class="number" type="date" required value={date()} onInput={(event) => setDate(event.currentTarget.value)} />
        </label>
        <div class="check-in-confidence">
          <span aria-hidden="true">{t().checkIn.confidence}</span>
          <span class="confidence" data-tone={confidenceTone(confidence() ?? undefined, bounds())}>
            <Popover
              label={confidence() === null ? t().field.confidenceNone : t().field.confidenceOf(confidence() ?? 0)}
              triggerClass="confidence-chip number"
              open={choosing()}
              onOpenChange={setChoosing}
              trigger={confidence() ?? t().notMeasured}
            >
              <ConfidenceScale
                value={confidence() ?? undefined}
                bounds={bounds()}
                onPick={(next) => {
                  setConfidence(next);
                  setChoosing(false);
                }}
              />
            </Popover>
          </span>
        </div>
      </div>
      <textarea rows="3" maxlength="4000" aria-label={t().checkIn.note} placeholder={t().checkIn.note} value={note()} onInput={(event) => setNote(event.currentTarget.value)} />
      <div class="form-foot">
        <button type="submit" class="button button-primary">
          <Icon name="check" size={14} />
          {t().checkIn.submit}
        </button>
        <button type="button" class="text-button" onClick={() => props.onDone()}>
          {t().cancel}
        </button>
      </div>
    </form>
  );
}
