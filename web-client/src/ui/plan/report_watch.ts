// Two report on one key result at the same moment: the later figure stands. Who came first is told at the row (`loss_notes.tsx`); who
// came later hears here whose figure theirs stands over, and can take it.
import { onCleanup } from 'solid-js';
import type { EffectiveOperation, SetOp } from '../../document/operation';
import { sightOf } from '../../sync/sight';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { showToast } from '../kit/toast';
import { setField } from '../state/submit';
import { describe } from './actions';
import { knownFieldWord, valueWords } from './value_words';

const seconds = 30;

export function watchReports(plan: LiveStore, workspace: LiveStore): void {
  onCleanup(
    plan.document.subscribe((event) => {
      if (event.type !== 'overwrote' || !event.ops.some((op) => op.op === 'create' && op.kind === 'check_in')) return;
      for (const op of event.ops) if (op.op === 'set' && op.over !== undefined) tell(plan, workspace, op, op.over);
    }),
  );
}

type Over = NonNullable<Extract<EffectiveOperation, { op: 'set' }>['over']>;

function tell(plan: LiveStore, workspace: LiveStore, { id, field, value }: SetOp, over: Over): void {
  const words = (it: SetOp['value']): string => valueWords({ store: plan, workspace, id, kind: 'key_result' }, field, it);
  showToast({
    text: `${describe(plan, id)}: ${t().loss.title(plan.nameOf(over.client) ?? t().someone, knownFieldWord(field) ?? field)}`,
    detail: t().loss.stands(words(value), words(over.value)),
    seconds,
    actions: [{ label: t().loss.take, run: () => void setField(plan, { id, field }, over.value, sightOf(plan.status())) }],
  });
}
