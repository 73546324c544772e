// Everything removed from a document, each with its way back.
import { For, Show } from 'solid-js';
import type { Entity, EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { formats, t } from '../../i18n';
import { Icon } from '../kit/icons';
import { Sheet } from '../kit/sheet';
import { removedWithWords } from '../rows/empty_rows';
import { focusAfter } from '../state/focus_place';
import { describe, kindWord, restore } from './actions';

export function RemovedList(props: { store: LiveStore; open: boolean; onClose: () => void }) {
  // The sheet stays open, and its row goes: the next one's button, or the way out.
  const bringBack = (button: HTMLElement, id: EntityId): void => {
    const [row, sheet] = [button.closest('li'), button.closest('[role="dialog"]')];
    const next = row?.nextElementSibling ?? row?.previousElementSibling;
    restore(props.store, id);
    focusAfter(() => (next?.isConnected ? next.querySelector('button') : sheet?.querySelector('button')));
  };
  return (
    <Sheet open={props.open} onClose={props.onClose} title={t().plan.removedTitle}>
      <p class="quiet">{t().plan.removedIntro}</p>
      <Show when={removedWithWords(props.store).length > 0} fallback={<p>{t().plan.removedNone}</p>}>
        <ul class="removed-list">
          <For each={removedWithWords(props.store)}>
            {(entity) => (
              <li class="removed-row">
                <div>
                  <span class="removed-words">{describe(props.store, entity.id)}</span>
                  <span class="quiet">
                    {place(props.store, entity)}
                    <Show when={props.store.removalOf(entity.id)}>{(removal) => <> · {t().plan.removedBy(removal().by, formats().moment(removal().at))}</>}</Show>
                  </span>
                </div>
                <button class="button" onClick={(event) => bringBack(event.currentTarget, entity.id)}>
                  <Icon name="undo" size={14} />
                  {t().restore}
                </button>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Sheet>
  );
}

// What it is and where it was; the plan itself goes without saying.
function place(store: LiveStore, entity: Entity): string {
  const parent = entity.parent === null ? undefined : store.entity(entity.parent);
  const kind = kindWord(entity.kind);
  return parent === undefined || parent.id === store.rootId() ? kind : t().plan.removedFrom(kind, describe(store, parent.id));
}
