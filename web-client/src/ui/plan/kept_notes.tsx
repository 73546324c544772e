// Reports on this plan that somebody began on this device and did not send, with the way back to each: into its form, or, where others have
// removed its key result meanwhile, with that.
import { For, Show } from 'solid-js';
import type { KeptInput } from '../../store/kept_input';
import { formats, t } from '../../i18n';
import { focusAfter, rowOf } from '../state/focus_place';
import { discardKept } from '../state/kept_form';
import { useSession } from '../state/session';
import { describe, restore } from './actions';
import { usePlan } from './context';
import { CopyButton } from './copy_button';
import { removedAbove } from './removal';

export function KeptNotes(props: { inputs: readonly KeptInput[] }) {
  return (
    <section class="drafts kept" aria-label={t().kept.title}>
      <h2 class="section-title">{t().kept.title}</h2>
      <p>{t().kept.intro}</p>
      <ul>
        <For each={props.inputs.map((it) => it.entity)}>{(entity) => <Show when={props.inputs.find((it) => it.entity === entity)}>{(it) => <KeptNote kept={it()} />}</Show>}</For>
      </ul>
    </section>
  );
}

function KeptNote(props: { kept: KeptInput }) {
  const { plan, select } = usePlan();
  const session = useSession();
  const gone = () => removedAbove(plan, props.kept.entity);
  const known = () => plan.entity(props.kept.entity) !== undefined;
  const what = () => (known() ? describe(plan, props.kept.entity) : t().kept.unknown);
  const heading = () => {
    const removed = gone();
    return removed === null ? t().kept.checkIn(what()) : t().kept.checkInRemoved(what(), plan.removalOf(removed)?.by ?? null);
  };
  const words = () => {
    const { value, date, confidence, note } = props.kept.values;
    return [
      value === undefined ? '' : `${t().checkIn.value}: ${value}`,
      confidence === undefined ? '' : `${t().checkIn.confidence}: ${confidence || t().none}`,
      date === undefined ? '' : `${t().checkIn.date}: ${formats().day(date)}`,
      note ?? '',
    ]
      .filter((it) => it !== '')
      .join('\n');
  };
  const goOn = (): void => {
    const removed = gone();
    if (removed !== null) restore(plan, removed);
    select(props.kept.entity);
  };
  const discard = (): void => {
    const { entity } = props.kept;
    discardKept(session.kept, props.kept);
    focusAfter(() => rowOf(plan, entity));
  };
  return (
    <li class="draft">
      <p>
        <strong>{heading()}</strong> <span class="quiet">{formats().moment(props.kept.at)}</span>
      </p>
      <pre class="draft-words">{words()}</pre>
      <div class="form-foot">
        <Show when={known()}>
          <button class="button" onClick={goOn}>
            {gone() === null ? t().kept.goOn : t().kept.restoreAndGoOn}
          </button>
        </Show>
        <CopyButton words={words} />
        <button class="text-button" onClick={discard}>
          {t().discard}
        </button>
      </div>
    </li>
  );
}
