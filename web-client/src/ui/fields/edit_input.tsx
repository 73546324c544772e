// The text input of a value that is being edited. Leaving it saves, and so does Enter, which stays; Escape goes back to what the document
// holds, and leaves where that is what stands there. What cannot be saved stays, with the reason below.
import { Show, createEffect, createSignal, createUniqueId, on, onCleanup, untrack } from 'solid-js';
import { announce } from '../state/announce';
import { fieldKeys } from './field_keys';
import { FieldNote } from './field_note';
import type { ValueEdit } from './value_edit';

const typedMax = 10_000; // far more than any field takes: what is read again with every key is bounded

interface EditInputProps<V> {
  readonly edit: ValueEdit<V>;
  readonly rest: string; // the value as it is shown while nobody edits it
  readonly now: V | null;
  readonly words: (value: V) => string;
  readonly by?: string | null;
  readonly label: string;
  readonly placeholder: string;
  readonly class?: string;
  readonly inputmode: 'decimal' | 'url' | 'text';
  readonly waits?: boolean; // part of a form: saved with it
  readonly refusePaste?: (text: string) => string | null; // words: nothing is pasted
  readonly onFocus?: () => void;
}

export function EditInput<V>(props: EditInputProps<V>) {
  let input!: HTMLInputElement;
  const noteId = createUniqueId();
  const [pasteWords, setPasteWords] = createSignal<string | null>(null);
  const [focused, setFocused] = createSignal(false);
  const wrong = () => props.edit.refusal() !== null && props.edit.kept();

  const save = (): boolean => {
    setPasteWords(null);
    const saved = props.edit.finish();
    if (!saved) announce(props.edit.refusal() ?? '');
    return saved;
  };
  const leave = (): void => {
    if (props.waits !== true) save();
    else if (!props.edit.touched()) props.edit.cancel(); // it goes on with the document
  };
  const selectAll = (): void => queueMicrotask(() => input.select());
  // What is saved with its form is what is seen when that is sent: untouched, it follows the document also under the caret.
  createEffect(
    on(
      () => props.now,
      () => {
        if (props.waits !== true || !focused() || props.edit.touched()) return;
        props.edit.cancel();
        props.edit.begin();
        selectAll();
      },
      { defer: true },
    ),
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && (props.edit.touched() || pasteWords() !== null)) {
      event.stopPropagation(); // the typed text is the topmost thing that Escape can take away
      setPasteWords(null);
      props.edit.cancel();
      selectAll();
    } else if (props.waits === true) return;
    else if (event.key === 'Enter') {
      if (save()) selectAll();
    } else fieldKeys(event, input, props.edit, selectAll);
  };
  const onPaste = (event: ClipboardEvent): void => {
    const words = props.refusePaste?.(event.clipboardData?.getData('text/plain') ?? '') ?? null;
    setPasteWords(words);
    if (words === null) return;
    event.preventDefault();
    announce(words);
  };
  // A page that is closed takes the focus from nothing, and not every browser tells a field that is taken from the page.
  addEventListener('pagehide', leave);
  onCleanup(() => {
    removeEventListener('pagehide', leave);
    if (untrack(focused)) leave();
  });

  return (
    <>
      <input
        ref={input}
        class={props.class ?? ''}
        size={1}
        inputmode={props.inputmode}
        enterkeyhint="done"
        autocomplete="off"
        data-escape={props.waits === true ? undefined : 'field'}
        maxlength={typedMax}
        aria-label={props.label}
        aria-invalid={wrong()}
        aria-describedby={noteId}
        placeholder={props.placeholder}
        value={props.edit.text() ?? props.rest}
        onFocus={() => {
          setFocused(true);
          props.edit.begin();
          props.onFocus?.();
          selectAll();
        }}
        onInput={(event) => {
          setPasteWords(null);
          props.edit.type(event.currentTarget.value, props.rest);
        }}
        onPaste={onPaste}
        onBlur={() => {
          setFocused(false);
          leave();
        }}
        on:keydown={onKeyDown}
      />
      <Show when={focused() || props.edit.kept()}>
        <FieldNote id={noteId} edit={props.edit} said={pasteWords()} words={props.words} now={props.now} by={props.by ?? null} />
      </Show>
    </>
  );
}
