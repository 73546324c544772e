// Somebody set the same value at the same moment and came later: both values stand at the field, one tap brings one's own back.
import { For, Show } from 'solid-js';
import type { RegisterValue } from '../../document/operation';
import type { EntityId, Loss } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { refusalWords, t } from '../../i18n';
import { showToast } from '../kit/toast';
import { focusAfter, rowOf } from '../state/focus_place';
import { knownFieldWord, valueWords } from './value_words';

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
  const who = () => props.store.nameOf(props.loss.by) ?? t().someone;
  const words = (value: RegisterValue): string => {
    const { store, workspace, id } = props;
    return valueWords({ store, workspace, id, kind: store.entity(id)?.kind }, props.loss.field, value);
  };
  const answered = (): void => {
    const { store, loss } = props;
    store.dismissLoss(loss);
    focusAfter(() => rowOf(store, loss.id));
  };
  const restoreMine = (): void => {
    const refusal = props.store.document.restoreLoss(props.loss);
    if (refusal !== null) showToast({ text: refusalWords(refusal.code), tone: 'warn' });
    answered();
  };
  return (
    <div class="loss-note">
      <p>
        <strong>{t().loss.title(who(), knownFieldWord(props.loss.field) ?? props.loss.field)}</strong> {t().loss.text(words(props.loss.theirs), words(props.loss.mine))}
      </p>
      <button class="button" onClick={restoreMine}>
        {t().loss.restore}
      </button>
      <button class="text-button" onClick={answered}>
        {t().loss.keep}
      </button>
    </div>
  );
}
