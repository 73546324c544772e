// Where an input method composes just now. Its end is an event that need not come: an element that is moved or taken away while
// it is composed in never hears it. So the end is made here from whatever proves that it is over (the focus has gone, the page is hidden, a
// key that is not the input method's), and told as that very event, for everything that waits for it.
import { createSignal } from 'solid-js';
import { isInputMethodKey } from './input_method_key';

const editorContent = '.cm-content';
const namelessKey = 'Unidentified';

const [place, setPlace] = createSignal<HTMLElement | null>(null);
export { place as composingIn };

function finish(): void {
  const at = place();
  if (at === null) return;
  setPlace(null);
  at.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true }));
}

addEventListener('compositionstart', (event) => event.target instanceof HTMLElement && setPlace(event.target), { capture: true });
addEventListener('compositionend', () => setPlace(null), { capture: true });
addEventListener('focusout', finish, { capture: true });
addEventListener('pagehide', finish, { capture: true });
addEventListener('keydown', (event) => !isInputMethodKey(event) && finish(), { capture: true });

// Keys of an input method are stopped on their way, so that no handler, a library's included, has to know of them. A text editor follows
// what is composed in it: there they go down to the editor, which lets none out again; so do the nameless ones of a phone's keyboard.
// Only who listens on the way down has to ask for itself. To be called before anybody else listens.
export function guardInputMethodKeys(): void {
  const isFollowed = (event: KeyboardEvent): boolean =>
    event.target instanceof Element && event.target.closest(editorContent) !== null && (place() !== null || event.key === namelessKey);
  addEventListener('keydown', (event) => isInputMethodKey(event) && !isFollowed(event) && event.stopImmediatePropagation(), { capture: true });
}
