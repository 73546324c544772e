// A day of the document: reads as the reader's language writes it, becomes the platform's own control under the caret.
import type { FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { formats, t } from '../../i18n';
import { washOnRemote } from '../state/motion';
import { setField } from '../state/submit';
import { createDateEdit, DateInput } from './date_input';
import { createSetter } from './field_note';
import { unsavedText } from './unsaved_text';

export function DateField(props: { store: LiveStore; id: EntityId; field: FieldName; label: string; placeholder?: string; refuses?: (day: string) => string | null }) {
  let box!: HTMLSpanElement;
  const value = (): string | null => props.store.text(props.id, props.field) || null;
  const edit = createDateEdit({
    document: props.store.document,
    value,
    refuses: (day) => props.refuses?.(day) ?? null,
    unsaved: unsavedText(props.store.document, props.id, props.field),
    send: (day, sight) => setField(props.store, { id: props.id, field: props.field }, day, sight),
  });
  const setter = createSetter(props.store, props.id, props.field);
  washOnRemote(props.store.document, props.id, props.field, () => box);
  return (
    <span ref={box} class="date-field number" classList={{ 'date-unset': value() === null, 'date-kept': edit.kept() }}>
      <span class="date-words" aria-hidden="true">
        {value() === null ? (props.placeholder ?? t().field.notSet) : formats().day(value() ?? '')}
      </span>
      <DateInput edit={edit} value={value()} label={props.label} by={setter()} onFocus={() => props.store.document.setPlace({ entity: props.id, field: props.field })} />
    </span>
  );
}
