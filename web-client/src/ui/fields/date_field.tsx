// A day: reads as the reader's language writes it, becomes the platform's own calendar under the caret.
import type { FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { formats, t } from '../../i18n';
import { washOnRemote } from '../state/motion';
import { submit } from '../state/submit';

export function DateField(props: { store: LiveStore; id: EntityId; field: FieldName; label: string; placeholder?: string }) {
  let box!: HTMLSpanElement;
  let input!: HTMLInputElement;
  const value = () => props.store.text(props.id, props.field);
  washOnRemote(props.store.document, props.id, props.field, () => box);
  const commit = (typed: string): void => {
    if (typed === value()) return;
    submit(props.store, { op: 'set', id: props.id, field: props.field, value: typed === '' ? null : typed });
  };
  const openCalendar = (): void => {
    try {
      input.showPicker();
    } catch {
      // Not everywhere, and not inside every frame: the day can be typed.
    }
  };
  return (
    <span ref={box} class="date-field number" classList={{ 'date-unset': value() === '' }}>
      <span class="date-words" aria-hidden="true">
        {value() === '' ? (props.placeholder ?? t().field.notSet) : formats().day(value())}
      </span>
      <input
        ref={input}
        type="date"
        aria-label={props.label}
        title={props.label}
        value={value()}
        onFocus={() => props.store.document.setPlace({ entity: props.id, field: props.field })}
        onClick={openCalendar}
        onChange={(event) => {
          // Half-typed years arrive as changes too; only a day that can be meant is sent.
          if (event.currentTarget.value === '' || event.currentTarget.value >= '1970') commit(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'Escape') input.blur();
        }}
      />
    </span>
  );
}
