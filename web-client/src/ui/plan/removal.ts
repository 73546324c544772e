// What has become of something that is not on the page.
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';

// The removed entity that takes this one out of view, itself or the one furthest above; null: it is in view, or never existed.
export function removedAbove(store: LiveStore, id: EntityId): EntityId | null {
  let found: EntityId | null = null;
  for (let at: EntityId | null = id; at !== null; ) {
    const entity = store.entity(at);
    if (entity === undefined) break;
    if (entity.removed) found = at;
    at = entity.parent;
  }
  return found;
}
