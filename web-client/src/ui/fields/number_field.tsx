// A number of the document, edited where it stands: reads as text with its unit, becomes a plain number under the caret.
import { createSignal } from 'solid-js';
import type { FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { formats, t } from '../../i18n';
import { announce } from '../state/announce';
import { createCounted, washOnRemote } from '../state/motion';
import { submit } from '../state/submit';
import { parseNumber } from './parse_number';

interface NumberFieldProps {
  readonly store: LiveStore;
  readonly id: EntityId;
  readonly field: FieldName;
  readonly label: string;
  readonly unit?: string | null;
  readonly percent?: boolean; // a share, 0 to 1 in the document, read and typed in percent
  readonly placeholder?: string;
  readonly class?: string;
}

const digits = 1e9;

// 0.07 × 100 is 7, not 7.000000000000001.
function scaled(value: number, by: number): number {
  return by === 1 ? value : Math.round(value * by * digits) / digits;
}

export function NumberField(props: NumberFieldProps) {
  let box!: HTMLSpanElement;
  let input!: HTMLInputElement;
  const [typed, setTyped] = createSignal<string | null>(null); // null: not being edited
  const [wrong, setWrong] = createSignal(false);

  const scale = () => (props.percent === true ? 100 : 1);
  const unit = () => (props.percent === true ? '%' : (props.unit ?? null));
  const value = () => {
    const number = props.store.number(props.id, props.field);
    return number === undefined ? undefined : scaled(number, scale());
  };
  let own = false;
  const counted = createCounted(value, () => own);
  washOnRemote(props.store.document, props.id, props.field, () => box);
  const text = () => {
    const number = counted();
    return typed() ?? (number === undefined ? '' : formats().measure(number, unit()));
  };
  const placeholder = () => props.placeholder ?? props.label;

  function commit(): void {
    const draft = typed();
    setTyped(null);
    setWrong(false);
    if (draft === null) return;
    const next = draft.trim() === '' ? null : parseNumber(draft);
    if (next === null && draft.trim() !== '') {
      announce(t().field.notANumber);
      return;
    }
    if (next === (value() ?? null)) return;
    own = true;
    submit(props.store, { op: 'set', id: props.id, field: props.field, value: next === null ? null : scaled(next, 1 / scale()) });
    own = false;
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === 'Enter') {
      commit();
      input.blur();
    } else if (event.key === 'Escape') {
      setTyped(null);
      input.blur();
    }
  };

  return (
    <span ref={box} class={`number-field ${props.class ?? ''}`} classList={{ 'number-empty': text() === '', 'number-wrong': wrong() }} data-value={text() || placeholder()}>
      <input
        ref={input}
        class="number"
        size={1}
        inputmode="decimal"
        enterkeyhint="done"
        autocomplete="off"
        aria-label={props.label}
        aria-invalid={wrong()}
        placeholder={placeholder()}
        value={text()}
        onFocus={() => {
          setTyped(value() === undefined ? '' : `${value()}`);
          props.store.document.setPlace({ entity: props.id, field: props.field });
          queueMicrotask(() => input.select());
        }}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setWrong(event.currentTarget.value.trim() !== '' && parseNumber(event.currentTarget.value) === null);
        }}
        onBlur={commit}
        onKeyDown={onKeyDown}
      />
    </span>
  );
}
