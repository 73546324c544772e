// A day in the platform's own control. Its parts are typed one after the other, and between them it has no day or another one: so what
// is typed is taken when the field is left, what is picked in the calendar at once, and nothing is written into the control while
// somebody is in it. That it is empty says nothing while some of its parts are filled in.
import { createEffect, createUniqueId, onCleanup, untrack } from 'solid-js';
import type { LiveDocument } from '../../sync/api';
import type { Sight } from '../../sync/sight';
import { formats, t } from '../../i18n';
import { announce } from '../state/announce';
import { fieldKeys } from './field_keys';
import { FieldNote } from './field_note';
import type { UnsavedText } from './unsaved_text';
import { createValueEdit, type Reading, type ValueEdit } from './value_edit';

// The control takes years of six digits where no last day is given; the protocol's dates have four.
const first = '1970-01-01';
const last = '9999-12-31';
const unfinished = 'unfinished';

export interface DateEdited {
  readonly document: LiveDocument;
  readonly value: () => string | null;
  readonly send: (value: string | null, sight: Sight) => boolean;
  readonly needed?: boolean; // it cannot be empty
  readonly refuses?: (day: string) => string | null; // why it cannot be this day
  readonly unsaved?: UnsavedText;
}

export function createDateEdit({ document, value, send, needed, refuses, unsaved }: DateEdited): ValueEdit<string> {
  const read = (text: string): Reading<string> => {
    if (text === unfinished || (text === '' && needed === true)) return { type: 'refused', words: t().edit.unfinishedDay };
    if (text === '') return { type: 'read', value: null };
    if (!/^\d{4}-/.test(text) || text < first) return { type: 'refused', words: t().edit.dayOutside };
    const words = refuses?.(text) ?? null;
    return words === null ? { type: 'read', value: text } : { type: 'refused', words };
  };
  return createValueEdit({ document, value, text: (it) => it ?? '', read, send, ...(unsaved === undefined ? {} : { unsaved: wholeDays(unsaved) }) });
}

// Of a day that is not complete the control tells nothing that could be kept.
function wholeDays(unsaved: UnsavedText): UnsavedText {
  const keep = (text: string | null): void => {
    if (text !== unfinished) unsaved.keep(text);
    else if (unsaved.text() !== undefined) unsaved.keep(null);
  };
  return { ...unsaved, keep };
}

interface DateInputProps {
  readonly edit: ValueEdit<string>;
  readonly value: string | null;
  readonly label: string;
  readonly class?: string;
  readonly max?: string;
  readonly by?: string | null;
  readonly waits?: boolean; // part of a form: Escape is the form's
  readonly onFocus?: () => void;
}

export function DateInput(props: DateInputProps) {
  let input!: HTMLInputElement;
  let keyed = false; // the parts are being typed
  const noteId = createUniqueId();
  const held = () => (input.validity.badInput ? unfinished : input.value);
  const save = (): boolean => {
    props.edit.type(held(), held());
    const saved = props.edit.finish();
    if (!saved) announce(props.edit.refusal() ?? '');
    return saved;
  };
  const show = (day = props.value ?? ''): void => {
    if (input.validity.badInput) input.value = first; // an empty value alone leaves the filled parts
    input.value = day;
  };
  const leave = (): void => {
    if (save()) show();
  };
  const goOn = (): void => {
    if (save()) props.edit.begin();
  };
  const onInput = (): void => {
    props.edit.type(held(), '');
    if (!keyed) goOn();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') return goOn();
    if (event.key === 'Escape' && (props.edit.touched() || input.validity.badInput)) {
      event.stopPropagation();
      props.edit.cancel();
      show();
      props.edit.begin();
    } else if (props.waits !== true && !input.validity.badInput) fieldKeys(event, input, props.edit, show);
    if (!event.defaultPrevented && !['Tab', 'Escape', 'Shift'].includes(event.key)) keyed = true;
  };
  const openCalendar = (): void => {
    keyed = false;
    try {
      input.showPicker();
    } catch {
      // Not everywhere, and not inside every frame: the day can be typed.
    }
  };
  createEffect(() => {
    const text = props.edit.text() ?? props.value ?? ''; // what could not be taken at an earlier visit stands there again
    if (text !== unfinished && text !== held() && document.activeElement !== input) show(text);
  });
  // What stood against it may go: the other day of a pair follows.
  createEffect(() => {
    if (props.edit.kept() && props.edit.refusal() === null) untrack(leave);
  });
  // A page that is closed takes the focus from nothing, and not every browser tells a field that is taken from the page.
  addEventListener('pagehide', leave);
  onCleanup(() => {
    removeEventListener('pagehide', leave);
    if (document.activeElement === input) leave();
  });
  return (
    <>
      <input
        ref={input}
        type="date"
        data-escape={props.waits === true ? undefined : 'field'}
        class={props.class ?? ''}
        min={first}
        max={props.max ?? last}
        aria-label={props.label}
        aria-invalid={props.edit.kept()}
        aria-describedby={noteId}
        title={props.label}
        onFocus={() => {
          keyed = false;
          props.edit.begin();
          props.onFocus?.();
        }}
        onClick={openCalendar}
        onInput={onInput}
        onBlur={leave}
        on:keydown={onKeyDown}
      />
      <FieldNote id={noteId} edit={props.edit} words={(day) => formats().day(day)} now={props.value} by={props.by ?? null} />
    </>
  );
}
