// What a field has to say about what is typed in it, right below it and over what stands there: nothing moves. Why the text cannot be
// saved, what others have set meanwhile, how a number was read. Quiet while somebody types, plain once they have left.
import { Show, createSignal, onCleanup, type Accessor, type ParentProps } from 'solid-js';
import type { FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import type { ValueEdit } from './value_edit';

interface FieldNoteProps<V> {
  readonly id: string; // for aria-describedby
  readonly edit: ValueEdit<V>;
  readonly said?: string | null; // something else, said first
  readonly words: (value: V) => string; // a value as the field shows it
  readonly now: V | null; // what the document holds
  readonly by?: string | null; // who set that
}

export function FieldNote<V>(props: FieldNoteProps<V>) {
  const problem = () => props.said ?? props.edit.refusal();
  const meanwhile = () => {
    const it = props.edit.meanwhile();
    if (it === null) return null;
    const words = t().edit;
    if (it.value === null) return props.by ? words.meanwhileEmptyBy(props.by) : words.meanwhileEmpty;
    return props.by ? words.meanwhileBy(props.by, props.words(it.value)) : words.meanwhile(props.words(it.value));
  };
  const canGoBack = () => meanwhile() !== null || (props.edit.kept() && props.edit.touched());
  const back = () => (props.now === null ? t().edit.useEmpty : t().edit.use(props.words(props.now)));
  return (
    <Show when={problem() ?? meanwhile() ?? props.edit.hint()}>
      <NoteBox id={props.id} kept={props.edit.kept()}>
        <Show when={problem()}>
          {(words) => (
            <span>
              <Show when={props.edit.kept() && props.edit.touched()}>
                <strong>{t().edit.notSaved}</strong>{' '}
              </Show>
              {words()}
            </span>
          )}
        </Show>
        <Show when={meanwhile()}>{(words) => <span>{words()}</span>}</Show>
        <Show when={props.edit.hint()}>{(words) => <span>{words()}</span>}</Show>
        <Show when={canGoBack()}>
          {/* Keys have Escape for this: Tab goes on to the next field. */}
          <button type="button" class="text-button" tabindex={-1} onPointerDown={(event) => event.preventDefault()} onClick={() => props.edit.cancel()}>
            {back()}
          </button>
        </Show>
      </NoteBox>
    </Show>
  );
}

const edgePx = 8;

// Begins where its field begins, and stays inside of what scrolls with it.
function NoteBox(props: ParentProps<{ id: string; kept: boolean }>) {
  let observer: ResizeObserver | undefined;
  const keepInside = (box: HTMLElement): void => {
    box.style.translate = '';
    const { left, right } = box.getBoundingClientRect();
    const place = box.closest('.panel, .sheet')?.getBoundingClientRect() ?? { left: 0, right: document.documentElement.clientWidth };
    const shift = Math.max(place.left + edgePx - left, Math.min(0, place.right - edgePx - right));
    box.style.translate = `${shift}px`;
  };
  onCleanup(() => observer?.disconnect());
  return (
    <span
      ref={(box) => {
        observer = new ResizeObserver(() => keepInside(box));
        observer.observe(box);
      }}
      id={props.id}
      class="field-note"
      classList={{ 'field-note-kept': props.kept }}
    >
      {props.children}
    </span>
  );
}

// The name of whoever else was the last to set this field while it is on the page.
export function createSetter(store: LiveStore, id: EntityId, field: FieldName): Accessor<string | null> {
  const [client, setClient] = createSignal<string | null>(null);
  onCleanup(
    store.document.subscribe((event) => {
      if (event.type === 'entity' && event.id === id && event.fields.includes(field)) setClient(event.origin === 'remote' ? event.by : null);
    }),
  );
  return () => store.people().find((it) => it.client === client())?.name ?? null;
}
