// A number that reads as text with its unit, and becomes the whole plain number under the caret.
import type { Kind, NumberPlace } from '../../numbers/read_number';
import { cellsOf } from '../../numbers/read_number';
import type { LiveDocument } from '../../sync/api';
import type { Sight } from '../../sync/sight';
import { t } from '../../i18n';
import { createCounted } from '../state/motion';
import { EditInput } from './edit_input';
import { numberText, readingOf } from './number_words';
import type { UnsavedText } from './unsaved_text';
import { createValueEdit, type ValueEdit } from './value_edit';

export interface NumberEdited {
  readonly document: LiveDocument;
  readonly value: () => number | null;
  readonly place: () => NumberPlace;
  readonly send: (value: number | null, sight: Sight, kind: Kind | undefined) => boolean;
  readonly unsaved?: UnsavedText;
}

export function createNumberEdit({ document, value, place, send, unsaved }: NumberEdited): ValueEdit<number> {
  return createValueEdit<number, Kind>({
    document,
    value,
    text: (it) => (it === null ? '' : numberText(it, place())),
    read: (typed) => readingOf(typed, place()),
    send,
    ...(unsaved === undefined ? {} : { unsaved }),
  });
}

interface NumberInputProps {
  readonly ref?: HTMLSpanElement | ((box: HTMLSpanElement) => void);
  readonly edit: ValueEdit<number>;
  readonly value: number | null;
  readonly words: (value: number) => string; // at rest
  readonly said?: (value: number) => string; // in a sentence, where that differs
  readonly label: string;
  readonly placeholder: string;
  readonly class?: string;
  readonly by?: string | null;
  readonly own?: () => boolean; // the value is being set by this very field
  readonly anyKeys?: boolean; // more than digits may be meant: a minus, 万, min
  readonly waits?: boolean;
  readonly onFocus?: () => void;
}

export function NumberInput(props: NumberInputProps) {
  const counted = createCounted(
    () => props.value ?? undefined,
    () => props.own?.() ?? false,
  );
  const rest = () => {
    const number = counted();
    return number === undefined ? '' : props.words(number);
  };
  const text = () => props.edit.text() ?? rest();
  const refusePaste = (pasted: string): string | null => {
    const count = cellsOf(pasted).length;
    return count > 1 ? t().number.cells(count) : null;
  };
  return (
    <span ref={props.ref} class={`number-field ${props.class ?? ''}`} classList={{ 'number-empty': text() === '', 'number-wrong': props.edit.refusal() !== null && props.edit.kept() }} data-value={text() || props.placeholder}>
      <EditInput
        edit={props.edit}
        rest={rest()}
        now={props.value}
        words={(it) => (props.said ?? props.words)(it)}
        by={props.by ?? null}
        label={props.label}
        placeholder={props.placeholder}
        class="number"
        inputmode={props.anyKeys ? 'text' : 'decimal'}
        waits={props.waits ?? false}
        refusePaste={refusePaste}
        onFocus={() => props.onFocus?.()}
      />
    </span>
  );
}
