// A short string that is set as a whole: a unit, a link.
import { createSignal } from 'solid-js';
import { schemas, type FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { washOnRemote } from '../state/motion';
import { submit } from '../state/submit';

export function StringField(props: { store: LiveStore; id: EntityId; field: FieldName; label: string; placeholder?: string; inputmode?: 'url' | 'text' }) {
  const [typed, setTyped] = createSignal<string | null>(null);
  const value = () => props.store.text(props.id, props.field);
  const lengthMax = () => schemas[props.store.document.kind].kinds.get(props.store.entity(props.id)?.kind ?? '')?.fields.get(props.field)?.maxLength ?? 80;
  const commit = (): void => {
    const next = typed()?.trim();
    setTyped(null);
    if (next === undefined || next === value()) return;
    submit(props.store, { op: 'set', id: props.id, field: props.field, value: next === '' ? null : next });
  };
  let box!: HTMLInputElement;
  washOnRemote(props.store.document, props.id, props.field, () => box);
  return (
    <input
      ref={box}
      class="string-field"
      aria-label={props.label}
      placeholder={props.placeholder ?? props.label}
      inputmode={props.inputmode ?? 'text'}
      autocomplete="off"
      maxlength={lengthMax()}
      value={typed() ?? value()}
      onFocus={() => props.store.document.setPlace({ entity: props.id, field: props.field })}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.isComposing) return;
        if (event.key === 'Escape') setTyped(null);
        if (event.key === 'Enter' || event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}
