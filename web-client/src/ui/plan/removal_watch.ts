// When somebody else removes what this person is writing in, or has written in and nobody else has yet (the line was away, or it is not sent),
// they are told who did it and can bring it back at once.
import { onCleanup, onMount, untrack } from 'solid-js';
import type { DocumentEvent, EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { showToast } from '../kit/toast';
import { useSession } from '../state/session';
import { restore } from './actions';

const justMs = 1500; // the field has lost its focus, and what was written is confirmed, by the time the news arrives

export function watchRemovals(store: LiveStore): void {
  const live = store.document;
  const { kept } = useSession();
  const written = new Map<EntityId, number>(); // until when: what this person has written in, and others may not have had yet
  const told = new Map<EntityId, () => void>(); // which takes the words back, as it is there again
  let at: { id: EntityId; until: number } | null = null;
  let gone: Set<EntityId> | null = live.status.loaded ? removedNow() : null;

  function removedNow(): Set<EntityId> {
    return new Set(live.removed().map((it) => it.id));
  }
  const onFocusIn = (event: FocusEvent): void => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-entity]') : null;
    at = row?.dataset['entity'] === undefined ? null : { id: row.dataset['entity'], until: Infinity };
  };
  const onFocusOut = (): void => {
    if (at !== null) at = { id: at.id, until: Date.now() + justMs };
  };
  const isUnder = (id: EntityId, removed: EntityId): boolean => {
    for (let above: EntityId | null = id; above !== null; above = live.entity(above)?.parent ?? null) if (above === removed) return true;
    return false;
  };
  const isIn = (removed: EntityId): boolean => at !== null && at.until >= Date.now() && isUnder(at.id, removed);
  const hasUnsent = (id: EntityId): boolean => live.isPending(id) || live.children(id).some((it) => hasUnsent(it.id));
  const isKeptIn = (removed: EntityId): boolean => kept.all().some((it) => it.document === live.name && isUnder(it.entity, removed));
  const hasWritten = (removed: EntityId): boolean => hasUnsent(removed) || untrack(() => isKeptIn(removed)) || [...written].some(([id, until]) => until >= Date.now() && isUnder(id, removed));

  const tell = (removed: EntityId, by: string | null): void => {
    const words = isIn(removed) ? t().plan.removedWhileEditing : hasWritten(removed) ? t().plan.removedWithEdits : null;
    if (words === null) return;
    const dismiss = showToast({ text: words(by ?? t().someone), tone: 'warn', seconds: 30, actions: [{ label: t().plan.bringBack, run: () => restore(store, removed) }] });
    told.set(removed, dismiss);
  };
  const follow = (ids: readonly EntityId[]): void => {
    for (const id of ids) {
      if (live.isPending(id)) written.set(id, Infinity);
      else if (written.get(id) === Infinity) written.set(id, Date.now() + justMs);
    }
    for (const [id, until] of written) if (until < Date.now()) written.delete(id);
  };
  // A snapshot tells what is gone, and not by whom. What was gone before, or was removed here, is no news.
  const compare = (): void => {
    const before = gone;
    gone = removedNow();
    if (before !== null) for (const id of gone) if (!before.has(id)) tell(id, null);
    follow([...written.keys()]);
  };
  const onEvent = (event: DocumentEvent): void => {
    if (event.type === 'pending') follow(event.ids);
    else if (event.type === 'reset') compare();
    else if (event.type === 'entity' && event.structure) {
      const removed = live.entity(event.id)?.removed === true;
      if (removed) gone?.add(event.id);
      else gone?.delete(event.id);
      if (!removed) takeBack(told, event.id);
      if (removed && event.origin === 'remote') tell(event.id, store.nameOf(event.by));
    }
  };
  onCleanup(live.subscribe(onEvent));
  onMount(() => {
    addEventListener('focusin', onFocusIn);
    addEventListener('focusout', onFocusOut);
    onCleanup(() => {
      removeEventListener('focusin', onFocusIn);
      removeEventListener('focusout', onFocusOut);
    });
  });
}

function takeBack(told: Map<EntityId, () => void>, restored: EntityId): void {
  told.get(restored)?.();
  told.delete(restored);
}
