// When somebody else removes what this person is writing in, or has written in and nobody else has yet (the line was away), they are told who
// did it and can bring it back at once.
import { onCleanup, onMount } from 'solid-js';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { showToast } from '../kit/toast';
import { restore } from './actions';

const justMs = 1500; // the field has lost its focus by the time the news arrives

export function watchRemovals(store: LiveStore): void {
  let at: { id: EntityId; until: number } | null = null;

  const onFocusIn = (event: FocusEvent): void => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-entity]') : null;
    at = row?.dataset['entity'] === undefined ? null : { id: row.dataset['entity'], until: Infinity };
  };
  const onFocusOut = (): void => {
    if (at !== null) at = { id: at.id, until: Date.now() + justMs };
  };
  const isIn = (removed: EntityId): boolean => {
    if (at === null || at.until < Date.now()) return false;
    for (let id: EntityId | null = at.id; id !== null; id = store.document.entity(id)?.parent ?? null) if (id === removed) return true;
    return false;
  };
  const hasUnsent = (id: EntityId): boolean => store.document.isPending(id) || store.document.children(id).some((it) => hasUnsent(it.id));
  onCleanup(
    store.document.subscribe((event) => {
      if (event.type !== 'entity' || event.origin !== 'remote' || !event.structure) return;
      if (store.document.entity(event.id)?.removed !== true) return;
      const written = isIn(event.id) ? t().plan.removedWhileEditing : hasUnsent(event.id) ? t().plan.removedWithEdits : null;
      if (written === null) return;
      const who = store.nameOf(event.by) ?? t().someone;
      showToast({ text: written(who), tone: 'warn', seconds: 30, actions: [{ label: t().plan.bringBack, run: () => restore(store, event.id) }] });
    }),
  );
  onMount(() => {
    addEventListener('focusin', onFocusIn);
    addEventListener('focusout', onFocusOut);
    onCleanup(() => {
      removeEventListener('focusin', onFocusIn);
      removeEventListener('focusout', onFocusOut);
    });
  });
}
