// A text of the document, edited where it stands. Shown as plain words with the editor's exact typography; the editor itself takes their
// place when the pointer comes near or the focus arrives, without anything moving (a plan holds hundreds of texts, a person writes in one).
import { Show, createEffect, createSignal, on, onCleanup, untrack } from 'solid-js';
import { codePointCount, toUnits } from '../../document/code_points';
import { schemas, type FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { isNews } from '../state/arrival';
import { composingIn } from '../state/composition';
import { focusWish, takeFocus } from '../state/focus';
import { wash } from '../state/motion';
import { useSession } from '../state/session';
import type { TextEditor } from './editor';
import { tellJoined } from './joined_lines';
import { LeftOvers, keepLeftOver, type LeftOver, type TextPlace } from './left_over';
import { editorModule, loadEditor } from './load_editor';
import { tidy } from './one_line';
import { PlainEditor } from './plain_editor';
import { stayUnderHands } from './text_stays';
import { RemoteCarets, type TextGeometry } from './remote_carets';
import type { SurfaceOptions } from './text_surface';

export interface TextFieldProps {
  readonly store: LiveStore;
  readonly id: EntityId;
  readonly field: FieldName;
  readonly label: string;
  readonly placeholder: string;
  readonly class?: string;
  readonly multiline?: boolean;
  readonly onEnter?: () => void;
  readonly onEmptyBackspace?: () => boolean;
  readonly pastesRows?: boolean; // it is the title of a row: lines become rows
}

const counterFrom = 40; // characters left when the counter appears

export function TextField(props: TextFieldProps) {
  const { kept } = useSession();
  const leave = (it: LeftOver): void => keepLeftOver(kept, it);
  let box!: HTMLDivElement;
  let place!: HTMLDivElement;
  const [words, setWords] = createSignal<HTMLDivElement>();
  const [editor, setEditor] = createSignal<TextEditor | null>(null);
  const [plain, setPlain] = createSignal<PlainEditor | null>(null); // until the editor is here
  const [focused, setFocused] = createSignal(false);
  const [drawn, setDrawn] = createSignal(0); // grows when the text's geometry may differ
  let surface: SurfaceOptions | null = null; // the last one's
  let pointerInside = false;

  const text = () => props.store.text(props.id, props.field);
  const lengthMax = () => schemas[props.store.document.kind].kinds.get(props.store.entity(props.id)?.kind ?? '')?.fields.get(props.field)?.maxLength ?? 500;
  const left = () => lengthMax() - codePointCount(text());

  const options = (): SurfaceOptions => ({
    parent: place,
    document: props.store.document,
    id: props.id,
    field: props.field,
    text: text(),
    label: props.label,
    multiline: props.multiline ?? false,
    lengthMax: lengthMax(),
    onEnter: () => props.onEnter?.(),
    onEmptyBackspace: () => props.onEmptyBackspace?.() ?? false,
    onPaste: (pasted) => !props.multiline && ((props.pastesRows ? editorModule()?.pasteRows(props.store, props.id, pasted, leave) : undefined) ?? tellJoined(pasted)),
    onSelection: (anchor, head) => props.store.document.setPlace({ entity: props.id, field: props.field, anchor, head }),
    onFocus: (now) => {
      setFocused(now);
      if (!now && !props.multiline) setTimeout(tidyUp);
      if (!now) unmountSoon();
    },
    onChange: () => setDrawn((count) => count + 1),
    onLeftOver: (left, code) => leave({ place: textPlace, words: left, code }),
  });
  // What an input method still holds is tidied another time.
  const { id, field } = untrack(() => ({ id: props.id, field: props.field })); // still known while this is taken down
  const tidyUp = (): void => {
    const present = editor() ?? plain();
    if (present?.hasFocus !== true && present?.holding !== true) tidy(props.store, id, field);
  };
  const textPlace: TextPlace = untrack(() => ({ document: props.store.document.name, entity: id, field }));
  function mount(): TextEditor | PlainEditor {
    return untrack(() => {
      const present = editor() ?? plain();
      if (present !== null) return present;
      surface = options();
      const module = editorModule();
      if (module !== null) return setEditor(new module.TextEditor(surface));
      loadEditor();
      return setPlain(new PlainEditor(surface));
    });
  }
  function unmount(): void {
    const present = editor() ?? plain();
    if (present === null || present.hasFocus || present.holding || pointerInside) return;
    present.destroy();
    setEditor(null);
    setPlain(null);
    setFocused(false);
  }
  const unmountSoon = (): void => queueMicrotask(() => setTimeout(unmount)); // not inside the editor's own update
  // The editor has come: it goes on where the plain input was, between two keys.
  function upgrade(): void {
    const before = plain();
    if (before === null) return;
    const { hasFocus, selection } = before;
    before.destroy();
    setPlain(null);
    const now = mount();
    if (hasFocus) now.focusOn(selection);
  }
  createEffect(() => {
    if (plain() === null || editorModule() === null || composingIn() !== null) return;
    const timer = setTimeout(upgrade);
    onCleanup(() => clearTimeout(timer));
  });

  // A finger or pen has no hover: the tap itself brings the editor, the caret goes to the place of the tap.
  const onClick = (event: MouseEvent): void => {
    if (!(editor() ?? plain())?.hasFocus) mount().focusAt(event.clientX, event.clientY);
  };

  createEffect(() => {
    const wish = focusWish();
    if (wish?.id !== props.id || wish.field !== props.field) return;
    takeFocus();
    queueMicrotask(() => mount().focusEnd());
  });
  createEffect(() => (editor() ?? plain())?.relabel(props.label));
  createEffect(on(text, () => setDrawn((count) => count + 1)));
  onCleanup(
    props.store.document.subscribe((event) => {
      if (event.type === 'text' && event.id === props.id && event.field === props.field && event.origin === 'remote' && isNews(props.store.document)) wash(box);
    }),
  );
  onCleanup(() => {
    const present = editor() ?? plain();
    if (present?.hasFocus === true && surface !== null) stayUnderHands(props.store, surface, box, present.selection);
    present?.destroy();
  });

  const geometry: TextGeometry = {
    box: () => box,
    revision: drawn,
    caret: (position) => editor()?.caretRect(position) ?? staticRange(words(), text(), position, position).caret,
    rects: (from, to) => [...(editor()?.range(from, to) ?? staticRange(words(), text(), from, to).range).getClientRects()],
  };

  return (
    <div
      ref={box}
      class={`text-field ${props.class ?? ''}`}
      classList={{ 'text-empty': text() === '', 'text-multiline': props.multiline ?? false }}
      data-placeholder={props.placeholder}
      onPointerEnter={(event) => {
        if (event.pointerType !== 'mouse') return;
        pointerInside = true;
        mount();
      }}
      onPointerLeave={() => {
        pointerInside = false;
        unmount();
      }}
      onClick={onClick}
    >
      <Show when={editor() === null}>
        <div
          ref={setWords}
          class="text-words"
          {...(plain() === null ? ({ role: 'textbox', 'aria-label': props.label, 'aria-multiline': props.multiline ?? false, tabindex: 0 } as const) : { 'aria-hidden': true })}
          onFocus={() => mount().focusEnd()}
        >
          {text()}
        </div>
      </Show>
      <div ref={place} class="text-editor" />
      <RemoteCarets people={props.store.peopleAt(props.id, props.field)} geometry={geometry} />
      <Show when={focused() && left() <= counterFrom}>
        <span class="text-counter number" aria-live="polite">
          {t().field.left(Math.max(0, left()))}
        </span>
      </Show>
      <LeftOvers place={textPlace} />
    </div>
  );
}

// The same measures in the plain words as in the editor.
function staticRange(words: HTMLElement | undefined, text: string, from: number, to: number) {
  const range = document.createRange();
  const node = words?.firstChild;
  if (node instanceof Text) {
    range.setStart(node, Math.min(toUnits(text, from), node.length));
    range.setEnd(node, Math.min(toUnits(text, to), node.length));
  } else if (words) range.selectNodeContents(words);
  const rect = range.getClientRects()[0] ?? words?.getBoundingClientRect();
  return { range, caret: rect ? { left: rect.left, top: rect.top, bottom: rect.bottom } : null };
}
