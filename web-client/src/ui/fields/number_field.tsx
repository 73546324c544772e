// A number of the document, edited where it stands.
import { limits, type FieldName } from '../../protocol/schema';
import type { Kind, Measure, NumberPlace } from '../../numbers/read_number';
import type { EntityId } from '../../sync/api';
import type { Sight } from '../../sync/sight';
import type { LiveStore } from '../../store/live_store';
import { formats } from '../../i18n';
import { washOnRemote } from '../state/motion';
import { setOp, submit } from '../state/submit';
import { createSetter } from './field_note';
import { fieldSchema } from './field_schema';
import { createNumberEdit, NumberInput } from './number_input';
import { shownOf } from './number_words';
import { unsavedText } from './unsaved_text';

interface NumberFieldProps {
  readonly store: LiveStore;
  readonly id: EntityId;
  readonly field: FieldName;
  readonly label: string;
  readonly unit?: string | null; // shown with it
  readonly measure?: Measure; // absent: what is shown
  readonly placeholder?: string;
  readonly class?: string;
}

export function NumberField(props: NumberFieldProps) {
  let box!: HTMLSpanElement;
  let own = false;
  const value = (): number | null => props.store.number(props.id, props.field) ?? null;
  const place = (): NumberPlace => {
    const { min = -limits.number_magnitude, max = limits.number_magnitude } = fieldSchema(props.store, props.id, props.field) ?? {};
    return { decimal: formats().decimal, measure: props.measure ?? { type: 'counted', unit: props.unit ?? '' }, min, max };
  };
  const send = (next: number | null, sight: Sight, kind: Kind | undefined): boolean => {
    const { store, id, field } = props;
    const said = [
      ...(kind?.metric === undefined ? [] : [setOp(store, { id, field: 'metric' }, kind.metric, sight)]),
      ...(kind?.unit === undefined ? [] : [setOp(store, { id, field: 'unit' }, kind.unit, sight)]),
    ];
    own = true;
    const sent = submit(store, ...said, setOp(store, { id, field }, next, sight));
    own = false;
    return sent;
  };
  const edit = createNumberEdit({ document: props.store.document, value, place, send, unsaved: unsavedText(props.store.document, props.id, props.field) });
  const setter = createSetter(props.store, props.id, props.field);
  washOnRemote(props.store.document, props.id, props.field, () => box);
  const words = (number: number): string => (place().measure.type === 'share' ? shownOf(number, place()) : formats().measure(number, props.unit ?? null));
  return (
    <NumberInput
      ref={box}
      edit={edit}
      value={value()}
      words={words}
      label={props.label}
      placeholder={props.placeholder ?? props.label}
      class={props.class ?? ''}
      by={setter()}
      anyKeys={place().min < 0}
      own={() => own}
      onFocus={() => props.store.document.setPlace({ entity: props.id, field: props.field })}
    />
  );
}
