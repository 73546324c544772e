// Yes or no.
import type { FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import { sightOf, type Sight } from '../../sync/sight';
import type { LiveStore } from '../../store/live_store';
import { Icon } from '../kit/icons';
import { washOnRemote } from '../state/motion';
import { setField } from '../state/submit';

export function ToggleField(props: { store: LiveStore; id: EntityId; field: FieldName; label: string; words?: string }) {
  const on = () => props.store.boolean(props.id, props.field);
  let box!: HTMLButtonElement;
  // What was there when the press began: somebody who sets it in the same moment means the same, and is not undone by it.
  let pressed: { readonly on: boolean; readonly sight: Sight } | null = null;
  const press = (): void => {
    pressed = { on: on(), sight: sightOf(props.store.document.status) };
  };
  const toggle = (): void => {
    const from = pressed ?? { on: on(), sight: sightOf(props.store.document.status) };
    pressed = null;
    if (from.on === on()) setField(props.store, { id: props.id, field: props.field }, !from.on, from.sight);
  };
  washOnRemote(props.store.document, props.id, props.field, () => box);
  return (
    <button
      ref={box}
      class="toggle"
      role="checkbox"
      aria-checked={on()}
      aria-label={props.label}
      onFocus={() => props.store.document.setPlace({ entity: props.id, field: props.field })}
      onPointerDown={press}
      onClick={toggle}
    >
      <span class="toggle-box">
        <Icon name="check" size={12} />
      </span>
      <span class="toggle-words">{props.words}</span>
    </button>
  );
}
