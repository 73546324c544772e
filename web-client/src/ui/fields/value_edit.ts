// A value while somebody edits it, for every field that is sent as a whole: numbers, days, units, links. What the field begins with
// stays as it was first shown until its user leaves, whatever others do meanwhile. Then
//   - text that is as it was first shown sends nothing, whatever the document holds by now;
//   - text that cannot be read stays in the field with the reason, also at the next visit, and sends nothing;
//   - what was typed on an older value is sent with the state that its user began on, so that whoever lost a value hears of it (OP2).
import { createComputed, createMemo, createSignal, on, untrack, type Accessor } from 'solid-js';
import type { LiveDocument } from '../../sync/api';
import { sightOf, type Sight } from '../../sync/sight';
import type { UnsavedText } from './unsaved_text';

// null: empty, no value. `hint`: how it was understood, where that is not plain. `more`: what the text says beside its value.
export type Reading<V, More = never> =
  | { readonly type: 'read'; readonly value: V | null; readonly hint?: string; readonly more?: More }
  | { readonly type: 'refused'; readonly words: string };

export interface EditedValue<V, More = never> {
  readonly document: LiveDocument;
  readonly value: () => V | null; // what the document holds
  readonly text: (value: V | null) => string; // whole: reading it gives the same value
  readonly read: (text: string) => Reading<V, More>;
  readonly send: (value: V | null, sight: Sight, more: More | undefined) => boolean;
  readonly unsaved?: UnsavedText;
}

export interface ValueEdit<V> {
  readonly reading: Accessor<Reading<V, unknown> | null>; // null: the text is as it was first shown
  readonly sight: Accessor<Sight | null>; // what its user began on
  readonly text: Accessor<string | null>; // null: nobody edits
  readonly refusal: Accessor<string | null>; // why the text cannot be sent
  readonly hint: Accessor<string | null>;
  readonly kept: Accessor<boolean>; // left, or tried, with text that cannot be sent
  readonly touched: Accessor<boolean>; // the text is another than was first shown
  readonly meanwhile: Accessor<{ readonly value: V | null } | null>; // what the document has come to hold since
  begin(): void;
  // Where the field still shows the value in its form at rest although it has the focus, that is what is typed on.
  type(text: string, shownAtRest: string): void;
  finish(): boolean; // false: what the field holds cannot be sent
  cancel(): void; // back to what the document holds
  step(way: 'undo' | 'redo'): boolean; // of the document, where no text is typed; false: of the text
}

interface Edit<V> {
  readonly shown: string;
  readonly base: V | null;
  readonly sight: Sight;
  readonly text: string;
}

export function createValueEdit<V, More = never>(of: EditedValue<V, More>): ValueEdit<V> {
  const [edit, setEdit] = createSignal<Edit<V> | null>(null);
  const [kept, setKept] = createSignal(false);
  const touched = (): boolean => edit()?.text !== edit()?.shown;
  const reading = createMemo(() => (touched() ? of.read(edit()?.text ?? '') : null));
  const meanwhile = createMemo(() => {
    const [base, now] = [edit(), of.value()];
    return base === null || now === base.base ? null : { value: now };
  });

  const start = (shown: string): Edit<V> => ({ shown, text: shown, base: of.value(), sight: sightOf(of.document.status) });
  const end = (): true => {
    setKept(false);
    setEdit(null);
    untrack(() => keepUnsaved(of, null));
    return true;
  };
  const finish = (): boolean => {
    const now = edit();
    const read = reading();
    if (now === null || read === null) return end();
    if (read.type === 'read') {
      const same = read.value === of.value() && read.more === undefined;
      if (same || of.send(read.value, now.sight, read.more)) return end();
    }
    setKept(true);
    keepUnsaved(of, now.text);
    return false;
  };
  followUnsaved(of.unsaved, {
    take: (left) => {
      if (edit() !== null) return;
      setEdit({ ...start(of.text(of.value())), text: left });
      setKept(true);
    },
    settled: () => kept() && end(),
  });
  return {
    reading,
    sight: () => edit()?.sight ?? null,
    text: () => edit()?.text ?? null,
    refusal: () => refusalOf(reading()),
    hint: () => hintOf(reading()),
    kept,
    touched,
    meanwhile,
    begin: () =>
      untrack(() => {
        setKept(false);
        if (edit() === null) setEdit(start(of.text(of.value())));
      }),
    type: (text, shownAtRest) =>
      untrack(() => {
        setKept(false);
        setEdit({ ...(edit() ?? start(shownAtRest)), text });
        keepUnsaved(of, refusalOf(reading()) === null ? null : text);
      }),
    finish: () => untrack(finish),
    cancel: end,
    step: (way) =>
      untrack(() => {
        if (touched()) return false;
        end();
        of.document[way]();
        setEdit(start(of.text(of.value())));
        return true;
      }),
  };
}

const refusalOf = (it: Reading<unknown, unknown> | null): string | null => (it?.type === 'refused' ? it.words : null);
const hintOf = (it: Reading<unknown, unknown> | null): string | null => (it?.type === 'read' ? (it.hint ?? null) : null);

// Text that is there from before, or that another tab has left; and its end in another place that shows this field.
function followUnsaved(unsaved: UnsavedText | undefined, ends: { take: (left: string) => void; settled: () => void }): void {
  if (unsaved === undefined) return;
  const take = (): void => {
    const left = unsaved.text();
    if (left !== undefined) ends.take(left);
  };
  createComputed(on(unsaved.taken, take));
  const none = createMemo(() => unsaved.text() === undefined); // what is kept elsewhere is no news
  createComputed(on(none, (settled) => settled && ends.settled(), { defer: true }));
}

function keepUnsaved(of: { readonly unsaved?: UnsavedText }, text: string | null): void {
  if (text !== (of.unsaved?.text() ?? null)) of.unsaved?.keep(text);
}
