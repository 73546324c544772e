// Yes or no.
import type { FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { Icon } from '../kit/icons';
import { washOnRemote } from '../state/motion';
import { submit } from '../state/submit';

export function ToggleField(props: { store: LiveStore; id: EntityId; field: FieldName; label: string; words?: string }) {
  const on = () => props.store.boolean(props.id, props.field);
  let box!: HTMLButtonElement;
  washOnRemote(props.store.document, props.id, props.field, () => box);
  return (
    <button
      ref={box}
      class="toggle"
      role="checkbox"
      aria-checked={on()}
      aria-label={props.label}
      onFocus={() => props.store.document.setPlace({ entity: props.id, field: props.field })}
      onClick={() => submit(props.store, { op: 'set', id: props.id, field: props.field, value: !on() })}
    >
      <span class="toggle-box">
        <Icon name="check" size={12} />
      </span>
      <span class="toggle-words">{props.words}</span>
    </button>
  );
}
