// News for screen readers, spoken when there is a pause. Sighted people see the same on the page.
import { createSignal } from 'solid-js';

const [words, setWords] = createSignal('');
let again = false;

export function announce(news: string): void {
  again = !again;
  setWords(again ? news : `${news}\u200b`); // the same words twice are news twice
}

export function LiveRegion() {
  return (
    <div class="sr-only" role="status" aria-live="polite" aria-atomic="true">
      {words()}
    </div>
  );
}
