// The words that a text did not take, under it: to be copied or let go. Not part of the page's first load.
import { For, Show, createEffect } from 'solid-js';
import { refusalWords, t } from '../../i18n';
import { codePointCount } from '../../document/code_points';
import { showToast } from '../kit/toast';
import { copyText } from '../state/copy_text';
import { focusAfter } from '../state/focus_place';
import { useSession } from '../state/session';
import { dropLeftOver, type LeftOver } from './left_over';

export function LeftOverNotes(props: { list: readonly LeftOver[] }) {
  let place!: HTMLDivElement;
  // Whoever writes at the end of the screen sees what was not taken.
  createEffect(() => {
    if (props.list.length > 0 && place.parentElement?.contains(document.activeElement)) place.scrollIntoView({ block: 'nearest' });
  });
  return (
    <div ref={place} class="left-over" role="alert" onClick={(event) => event.stopPropagation()}>
      <For each={props.list.map((it) => it.code)}>{(code) => <Show when={props.list.find((it) => it.code === code)}>{(it) => <LeftOverNote {...it()} />}</Show>}</For>
    </div>
  );
}

function LeftOverNote(props: LeftOver) {
  const { kept } = useSession();
  const letGo = (): void => {
    const { entity } = props.place;
    dropLeftOver(kept, props);
    focusAfter(() => document.querySelector<HTMLElement>(`[data-entity="${CSS.escape(entity)}"]`));
  };
  const copy = async (): Promise<void> => {
    showToast((await copyText(props.words)) ? { text: t().copied, seconds: 2 } : { text: t().copyFailed, tone: 'warn' });
  };
  return (
    <section class="left-over-note">
      <p>
        <strong>{refusalWords(props.code)}</strong> {t().field.leftOver(codePointCount(props.words))}
      </p>
      <pre class="draft-words">{props.words}</pre>
      <div class="form-foot">
        <button class="button" onClick={() => void copy()}>
          {t().copy}
        </button>
        <button class="text-button" onClick={letGo}>
          {t().discard}
        </button>
      </div>
    </section>
  );
}
