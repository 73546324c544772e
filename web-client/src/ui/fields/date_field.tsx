// A day, with the platform's own calendar.
import type { FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { submit } from '../state/submit';

export function DateField(props: { store: LiveStore; id: EntityId; field: FieldName; label: string }) {
  const value = () => props.store.text(props.id, props.field);
  const commit = (typed: string): void => {
    if (typed === value()) return;
    submit(props.store, { op: 'set', id: props.id, field: props.field, value: typed === '' ? null : typed });
  };
  return (
    <input
      class="date-field number"
      classList={{ 'date-unset': value() === '' }}
      type="date"
      aria-label={props.label}
      value={value()}
      onFocus={() => props.store.document.setPlace({ entity: props.id, field: props.field })}
      onChange={(event) => {
        // Half-typed years arrive as changes too; only a day that can be meant is sent.
        if (event.currentTarget.value === '' || event.currentTarget.value >= '1970') commit(event.currentTarget.value);
      }}
    />
  );
}
