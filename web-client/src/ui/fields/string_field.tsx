// A short string that is set as a whole: a unit, a link. What is too long stays in the field and says by how much: cut, an address leads
// nowhere.
import { codePointCount } from '../../document/code_points';
import type { FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { washOnRemote } from '../state/motion';
import { setField } from '../state/submit';
import { EditInput } from './edit_input';
import { createSetter } from './field_note';
import { fieldSchema } from './field_schema';
import { unsavedText } from './unsaved_text';
import { createValueEdit } from './value_edit';

const lengthUsual = 80;

export function StringField(props: { store: LiveStore; id: EntityId; field: FieldName; label: string; placeholder?: string; inputmode?: 'url' | 'text' }) {
  let box!: HTMLSpanElement;
  const value = (): string | null => props.store.text(props.id, props.field) || null;
  const edit = createValueEdit<string>({
    document: props.store.document,
    value,
    text: (it) => it ?? '',
    read: (typed) => {
      const over = codePointCount(typed.trim()) - (fieldSchema(props.store, props.id, props.field)?.maxLength ?? lengthUsual);
      return over > 0 ? { type: 'refused', words: t().field.over(over) } : { type: 'read', value: typed.trim() || null };
    },
    send: (next, sight) => setField(props.store, { id: props.id, field: props.field }, next, sight),
    unsaved: unsavedText(props.store.document, props.id, props.field),
  });
  const setter = createSetter(props.store, props.id, props.field);
  washOnRemote(props.store.document, props.id, props.field, () => box);
  return (
    <span ref={box} class="string-field">
      <EditInput
        edit={edit}
        rest={value() ?? ''}
        now={value()}
        words={(it) => it}
        by={setter()}
        label={props.label}
        placeholder={props.placeholder ?? props.label}
        inputmode={props.inputmode ?? 'text'}
        onFocus={() => props.store.document.setPlace({ entity: props.id, field: props.field })}
      />
    </span>
  );
}
