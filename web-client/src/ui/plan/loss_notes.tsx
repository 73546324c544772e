// Somebody set the same value at the same moment and came later: both values stand at the field, one tap brings one's own back.
import { For } from 'solid-js';
import type { RegisterValue } from '../../document/operation';
import type { EntityId, Loss } from '../../sync/api';
import type { FieldName } from '../../protocol/schema';
import { formats, refusalWords, t } from '../../i18n';
import { showToast } from '../kit/toast';
import { personName } from '../state/people';
import { usePlan } from './context';
import { unitOf } from './metric_cell';

export function fieldWord(field: FieldName): string {
  const words: Readonly<Record<string, unknown>> = t().field;
  const word = words[field === 'status_override' ? 'statusOverride' : field];
  return typeof word === 'string' ? word : field;
}

export function LossNotes(props: { id: EntityId }) {
  const { plan } = usePlan();
  return (
    <div class="loss-notes" role="status">
      <For each={plan.losses().filter((it) => it.id === props.id)}>{(loss) => <LossNote loss={loss} />}</For>
    </div>
  );
}

function LossNote(props: { loss: Loss }) {
  const { plan, workspace } = usePlan();
  const who = () => plan.people().find((it) => it.client === props.loss.by)?.name ?? t().someone;
  const words = (value: RegisterValue): string => {
    if (value === null) return t().notMeasured;
    if (typeof value === 'boolean') return value ? t().field.done : t().field.notDone;
    if (typeof value === 'number') return formats().measure(value, ['start', 'target', 'current', 'low', 'high'].includes(props.loss.field) ? unitOf(plan.text(props.loss.id, 'metric'), plan.text(props.loss.id, 'unit')) : null);
    return props.loss.field === 'owner' ? personName(workspace, value) : value;
  };
  const restoreMine = (): void => {
    const refusal = plan.document.restoreLoss(props.loss);
    if (refusal !== null) showToast({ text: refusalWords(refusal.code), tone: 'warn' });
    plan.dismissLoss(props.loss);
  };
  return (
    <div class="loss-note">
      <p>
        <strong>{t().loss.title(who(), fieldWord(props.loss.field))}</strong> {t().loss.text(words(props.loss.theirs), words(props.loss.mine))}
      </p>
      <button class="button" onClick={restoreMine}>
        {t().loss.restore}
      </button>
      <button class="text-button" onClick={() => plan.dismissLoss(props.loss)}>
        {t().loss.keep}
      </button>
    </div>
  );
}
