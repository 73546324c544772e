// Somebody set the same value at the same moment and came later: both values stand at the field, one tap brings one's own back.
import { For, Show } from 'solid-js';
import type { RegisterValue } from '../../document/operation';
import type { EntityId, Loss } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import type { FieldName, KindName } from '../../protocol/schema';
import { formats, refusalWords, t } from '../../i18n';
import { showToast } from '../kit/toast';
import { dayNumber } from '../state/dates';
import { personName } from '../state/people';
import { metricOf, unitOf } from './metric_cell';

type Words = Readonly<Record<string, string>>;

export function fieldWord(field: FieldName): string {
  const words: Readonly<Record<string, unknown>> = { ...t().settings, ...t().field, status_override: t().field.statusOverride, end: t().workspace.end, role: t().member.role };
  const word = words[field];
  return typeof word === 'string' ? word : field;
}

// The words of an enumeration; those of a state depend on whose it is.
function valueWords(kind: KindName | undefined, field: FieldName): Words {
  if (field === 'state') return kind === 'initiative' ? t().initiativeState : kind === 'cycle' ? t().cycleState : t().state;
  const words: Readonly<Record<string, Words>> = { commitment: t().commitment, class: t().class, metric: t().metric, status_override: t().status, role: t().member.roles };
  return words[field] ?? {};
}

const measured = new Set<FieldName>(['start', 'target', 'current', 'low', 'high', 'commit', 'stretch']);
const people = new Set<FieldName>(['owner', 'person']);

interface LossNotesProps {
  readonly store: LiveStore;
  readonly workspace: LiveStore;
  readonly id: EntityId;
}

export function LossNotes(props: LossNotesProps) {
  const losses = () => props.store.losses().filter((it) => it.id === props.id);
  return (
    <Show when={losses().length > 0}>
      <div class="loss-notes" role="status">
        <For each={losses()}>{(loss) => <LossNote {...props} loss={loss} />}</For>
      </div>
    </Show>
  );
}

function LossNote(props: LossNotesProps & { loss: Loss }) {
  const who = () => props.store.people().find((it) => it.client === props.loss.by)?.name ?? t().someone;
  const words = (value: RegisterValue): string => {
    const { id, field } = props.loss;
    if (value === null) return t().notMeasured;
    if (typeof value === 'boolean') return value ? t().field.done : t().field.notDone;
    if (typeof value === 'number') return formats().measure(value, measured.has(field) ? unitOf(metricOf(props.store, id), props.store.text(id, 'unit')) : null);
    if (people.has(field)) return personName(props.workspace, value);
    if (dayNumber(value) !== null) return formats().day(value);
    return valueWords(props.store.entity(id)?.kind, field)[value] ?? value;
  };
  const restoreMine = (): void => {
    const refusal = props.store.document.restoreLoss(props.loss);
    if (refusal !== null) showToast({ text: refusalWords(refusal.code), tone: 'warn' });
    props.store.dismissLoss(props.loss);
  };
  return (
    <div class="loss-note">
      <p>
        <strong>{t().loss.title(who(), fieldWord(props.loss.field))}</strong> {t().loss.text(words(props.loss.theirs), words(props.loss.mine))}
      </p>
      <button class="button" onClick={restoreMine}>
        {t().loss.restore}
      </button>
      <button class="text-button" onClick={() => props.store.dismissLoss(props.loss)}>
        {t().loss.keep}
      </button>
    </div>
  );
}
