// Edits that the server refused for good: calmly kept with the reason, to copy, try again or let go.
import { For, Show } from 'solid-js';
import type { Operation } from '../../document/operation';
import type { Draft } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { formats, refusalWords, t } from '../../i18n';
import { showToast } from '../kit/toast';
import { describe } from './actions';
import { fieldWord } from './loss_notes';

export function Drafts(props: { store: LiveStore }) {
  return (
    <Show when={props.store.drafts().length > 0}>
      <section class="drafts" aria-label={t().draft.title}>
        <h2 class="section-title">{t().draft.title}</h2>
        <p>{t().draft.intro}</p>
        <ul>
          <For each={props.store.drafts()}>{(draft) => <DraftCard store={props.store} draft={draft} />}</For>
        </ul>
      </section>
    </Show>
  );
}

function DraftCard(props: { store: LiveStore; draft: Draft }) {
  const words = () => props.draft.ops.map((op) => opWords(props.store, op)).join('\n');
  const copy = (): void => {
    void navigator.clipboard.writeText(words()).then(() => showToast({ text: t().copied, seconds: 2 }));
  };
  const retry = (): void => {
    const refusal = props.store.document.retryDraft(props.draft.key);
    if (refusal !== null) showToast({ text: refusalWords(refusal.code), tone: 'warn' });
  };
  return (
    <li class="draft">
      <p>
        <strong>{refusalWords(props.draft.refusal.code)}</strong>{' '}
        <span class="quiet">
          {t().draft.edits(props.draft.ops.length)} · {formats().time(props.draft.at)}
        </span>
      </p>
      <pre class="draft-words">{words()}</pre>
      <div class="form-foot">
        <button class="button" onClick={retry}>
          {t().retry}
        </button>
        <button class="text-button" onClick={copy}>
          {t().copy}
        </button>
        <button class="text-button" onClick={() => props.store.document.discardDraft(props.draft.key)}>
          {t().discard}
        </button>
      </div>
    </li>
  );
}

// What the edit would have done, in words that can be pasted elsewhere.
function opWords(store: LiveStore, op: Operation): string {
  const what = describe(store, op.id);
  switch (op.op) {
    case 'create':
      return `+ ${Object.values(op.fields ?? {}).filter((it) => typeof it !== 'object').join(' · ')}`;
    case 'set':
      return `${what} · ${fieldWord(op.field)}: ${op.value ?? t().none}`;
    case 'edit':
      return `${what} · ${fieldWord(op.field)}: ${op.edit.filter((it) => typeof it === 'string').join(' … ')}`;
    case 'add':
      return `${what} · ${fieldWord(op.field)}: +${op.by}`;
    case 'include':
    case 'exclude':
      return `${what} · ${fieldWord(op.field)}: ${op.op === 'include' ? '+' : '−'} ${op.value}`;
    case 'move':
      return t().events.moved(what);
    case 'remove':
      return t().events.removed(what);
    case 'restore':
      return t().events.restored(what);
  }
}
