// The line in which the next person is named. They are there when they have a name, under the id that it tells: two who add the same
// person at the same moment add one.
import { Show, createMemo, createSignal, onCleanup, onMount } from 'solid-js';
import { t } from '../../i18n';
import { Icon } from '../kit/icons';
import { announce } from '../state/announce';
import { isInputMethodKey } from '../state/input_method_key';
import { addPerson } from '../state/me';
import { namesakes } from '../state/people';
import { useSession } from '../state/session';

// `onDone`: whether whoever wrote here goes on elsewhere by themselves.
export function NewPerson(props: { onDone: (left: boolean) => void }) {
  const { workspace } = useSession();
  const [typed, setTyped] = createSignal('');
  const [row, setRow] = createSignal<HTMLElement>();
  let input!: HTMLInputElement;
  onMount(() => input.focus());

  const name = (): string => typed().trim();
  // As the list has the name.
  const listed = createMemo(() => {
    const [namesake] = name() === '' ? [] : namesakes(workspace, name());
    return namesake === undefined ? undefined : workspace.text(namesake, 'name');
  });

  const add = (): boolean => {
    if (addPerson(workspace, name()) === null) return false;
    setTyped('');
    announce(t().plan.addedNews);
    return true;
  };
  const onKey = (event: KeyboardEvent): void => {
    if (isInputMethodKey(event)) return;
    if (event.key === 'Escape') {
      event.stopPropagation();
      setTyped(''); // a field that goes is left, too
      props.onDone(false);
    }
    if (event.key === 'Backspace' && typed() === '') {
      event.preventDefault();
      props.onDone(false);
    }
    if (event.key !== 'Enter') return;
    event.preventDefault();
    if (name() === '') props.onDone(false);
    else if (listed() === undefined) add();
  };
  // Who looks into another window goes on with the name afterwards.
  const onLeave = (event: FocusEvent): void => {
    const stays = !document.hasFocus() || (event.relatedTarget instanceof Node && row()?.contains(event.relatedTarget) === true);
    if (stays || listed() !== undefined) return;
    if (name() === '' || add()) props.onDone(true);
  };
  // A page that is closed takes the focus from nothing, and not every browser tells a field that is taken from the page.
  const onEnd = (): void => {
    if (name() !== '' && listed() === undefined) add();
  };
  addEventListener('pagehide', onEnd);
  onCleanup(() => {
    removeEventListener('pagehide', onEnd);
    onEnd();
  });

  return (
    <div ref={setRow} class="person-row person-new" onFocusOut={onLeave}>
      <span class="avatar avatar-open">
        <Icon name="person" size={16} />
      </span>
      <div class="person-words">
        <input
          ref={input}
          class="person-name"
          aria-label={t().workspace.personName}
          placeholder={t().workspace.personName}
          aria-describedby={listed() !== undefined ? 'person-listed' : undefined}
          autocomplete="off"
          value={typed()}
          onInput={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={onKey}
        />
        <Show when={listed()}>
          {(it) => (
            <p id="person-listed" class="person-listed" role="status">
              {t().workspace.personListed(it())}
              <button
                class="text-button"
                onClick={() => {
                  input.focus(); // before the button goes
                  add();
                }}
              >
                {t().workspace.addNamesake}
              </button>
            </p>
          )}
        </Show>
      </div>
    </div>
  );
}
