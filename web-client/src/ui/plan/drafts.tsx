// Edits that the server refused for good: calmly kept with the reason, to copy, try again or let go.
import { For, Show } from 'solid-js';
import type { LiveStore } from '../../store/live_store';
import { formats, refusalWords, t } from '../../i18n';
import { showToast } from '../kit/toast';
import { focusAfter, rowOf } from '../state/focus_place';
import { restore } from './actions';
import { CopyButton } from './copy_button';
import { draftLines, remedyOf, type DraftView, type Remedy } from './draft_words';

export function Drafts(props: { store: LiveStore; workspace: LiveStore }) {
  return (
    <section class="drafts" aria-label={t().draft.title}>
      <h2 class="section-title">{t().draft.title}</h2>
      <p>{t().draft.intro}</p>
      <ul>
        <For each={props.store.drafts()}>{(draft) => <DraftCard store={props.store} workspace={props.workspace} draft={draft} />}</For>
      </ul>
    </section>
  );
}

function DraftCard(props: DraftView) {
  const lines = () => draftLines(props);
  const remedy = () => remedyOf(props);
  const focusNext = (card: Element | null): void => {
    const next = card?.nextElementSibling ?? card?.previousElementSibling;
    focusAfter(() => (next?.isConnected ? next.querySelector('button') : null));
  };
  const retry = (card: Element | null): void => {
    const { store, draft } = props;
    const way = remedy();
    if (way.type === 'restore') restore(store, way.id);
    const refusal = store.document.retryDraft(draft.key);
    if (refusal !== null) showToast({ text: refusalWords(refusal.code), tone: 'warn' });
    const place = draft.ops[0]?.id ?? null;
    if (refusal === null) focusAfter(() => rowOf(store, place));
    else focusNext(card);
  };
  const discard = (card: Element | null): void => {
    focusNext(card);
    props.store.document.discardDraft(props.draft.key);
  };
  return (
    <li class="draft">
      <p class="draft-what">
        <strong>{lines()[0]}</strong>
        <span class="quiet">
          {refusalWords(props.draft.refusal.code)} {formats().moment(props.draft.at)}
        </span>
      </p>
      <Show when={lines().length > 1}>
        <pre class="draft-words">{lines().slice(1).join('\n')}</pre>
      </Show>
      <div class="form-foot">
        <Show when={remedy().type !== 'none' && remedy()}>
          {(way) => (
            <button class="button" onClick={(event) => retry(event.currentTarget.closest('li'))}>
              {labelOf(way())}
            </button>
          )}
        </Show>
        <CopyButton words={() => lines().join('\n')} />
        <button class="text-button" onClick={(event) => discard(event.currentTarget.closest('li'))}>
          {t().discard}
        </button>
      </div>
    </li>
  );
}

const labelOf = (remedy: Remedy): string => (remedy.type === 'none' ? '' : remedy.label);
