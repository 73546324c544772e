// What has become of one's edits, in a dot and in words.
import { Show, createEffect, createMemo, on } from 'solid-js';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { announce } from '../state/announce';
import { wordsAreUnsent } from '../state/unsent_words';

type Saving = 'saved' | 'saving' | 'connecting' | 'waiting' | 'offline' | 'storage' | 'away';

export function SaveState(props: { stores: readonly LiveStore[] }) {
  const pending = createMemo(() => props.stores.reduce((sum, store) => sum + store.status().pendingOps, 0));
  const state = createMemo((): Saving => {
    const statuses = props.stores.map((store) => store.status());
    const connection = statuses[0]?.connection;
    if (statuses.some((it) => it.storage === 'failed')) return 'storage';
    switch (connection?.type) {
      case undefined:
      case 'connecting':
        return 'connecting';
      case 'waiting':
        return connection.offline ? 'offline' : 'waiting';
      case 'away':
        return 'away';
      case 'live':
        if (statuses.some((it) => !it.synced && it.problem === null)) return 'connecting';
        return pending() > 0 || wordsAreUnsent() ? 'saving' : 'saved';
    }
  });
  const words = () => {
    const waiting = pending() > 0 ? ` · ${t().saved.pending(pending())}` : '';
    switch (state()) {
      case 'saved':
        return t().saved.saved;
      case 'saving':
        return t().saved.saving;
      case 'connecting':
        return t().saved.connecting + waiting;
      case 'waiting':
        return t().saved.waiting + waiting;
      case 'offline':
      case 'away':
        return t().saved.offline + waiting;
      case 'storage':
        return t().saved.pending(pending());
    }
  };
  // Only what matters is spoken: the way out of and back to the connection, not every saved letter.
  createEffect(
    on(state, (now, before) => {
      if (now === 'offline') announce(t().saved.offlineNews);
      else if (now === 'saved' && (before === 'offline' || before === 'waiting')) announce(`${t().saved.onlineNews} ${t().saved.allSaved}`);
      else if (now === 'storage') announce(t().saved.storage);
    }),
  );
  return (
    <span class="save-state" data-state={state()} title={state() === 'offline' || state() === 'waiting' ? t().saved.offlineNews : words()}>
      <span class="save-dot" aria-hidden="true" />
      <span class="save-words">{words()}</span>
      <Show when={state() === 'storage'}>
        <span class="sr-only">{t().saved.storage}</span>
      </Show>
    </span>
  );
}
