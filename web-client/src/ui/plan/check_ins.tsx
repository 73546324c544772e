// Dated reports on a key result, the last one first: once made they stay as they are. The first thing in its details is the way to make
// the next one.
import { For, Show, createEffect, createMemo, createSignal, on, untrack } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { formats, t } from '../../i18n';
import { confidenceBounds, confidenceTone } from '../fields/confidence_tone';
import { Icon } from '../kit/icons';
import { focusAfter } from '../state/focus_place';
import { createKeptForm } from '../state/kept_form';
import { personName } from '../state/people';
import { Advice } from './advice';
import { latestReport, reportedWords } from './check_in';
import { CheckInForm, type CheckInInput } from './check_in_form';
import { usePlan } from './context';
import { checkInPlace } from './kept_check_in';

export function CheckInBlock(props: { keyResult: EntityId }) {
  const { plan, checkIn } = usePlan();
  let opener: HTMLButtonElement | undefined;
  const form = createKeptForm<CheckInInput>(untrack(() => checkInPlace(plan, props.keyResult)));
  const asked = createMemo(() => {
    const asked = checkIn.asked();
    return asked?.keyResult === props.keyResult ? asked : null;
  });
  const [writing, setWriting] = createSignal(untrack(() => form.begun() || asked() !== null)); // what was begun is gone on with
  createEffect(on(asked, (now) => now !== null && setWriting(true), { defer: true }));
  const close = (): void => {
    setWriting(false);
    focusAfter(() => opener);
  };
  return (
    <section class="check-in-block" aria-label={t().checkIn.title}>
      <Show
        when={writing()}
        fallback={
          <div class="form-foot">
            <button ref={opener} class="button" classList={{ 'button-primary': !form.begun() }} onClick={() => checkIn.ask(props.keyResult)}>
              <Icon name="check" size={14} />
              {form.begun() ? t().kept.goOn : t().checkIn.add}
            </button>
            <Show when={form.begun()} fallback={<LastReport keyResult={props.keyResult} />}>
              <span class="kept-mark">{t().kept.title}</span>
            </Show>
          </div>
        }
      >
        <CheckInForm
          keyResult={props.keyResult}
          form={form}
          asked={asked()}
          onEscape={() => {
            close();
            checkIn.leave();
          }}
          onDone={() => {
            close();
            checkIn.done();
          }}
        />
      </Show>
    </section>
  );
}

function LastReport(props: { keyResult: EntityId }) {
  const { plan } = usePlan();
  return (
    <span class="quiet">
      <Show when={latestReport(plan, props.keyResult)}>{(last) => <>{t().checkIn.last(reportedWords(plan, props.keyResult, last().value), formats().day(last().date))}</>}</Show>
    </span>
  );
}

export function CheckInHistory(props: { keyResult: EntityId }) {
  const { plan } = usePlan();
  const ids = () => plan.children(props.keyResult, 'check_in');
  const latestFirst = () => [...ids()].sort((a, b) => plan.text(b, 'date').localeCompare(plan.text(a, 'date')));
  return (
    <section class="details-section">
      <h3>{t().checkIn.title}</h3>
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
          <strong class="number">{reportedWords(plan, props.keyResult, plan.number(props.id, 'value') ?? null)}</strong>
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
