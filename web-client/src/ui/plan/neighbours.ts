// Other plans that this page looks into for their titles: read-only, unlisted in presence, each opened once.
import { createRoot, getOwner, onCleanup, runWithOwner } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { createLiveStore, type LiveStore } from '../../store/live_store';
import type { Session } from '../state/session';

export function createNeighbours(session: Session, own: LiveStore): (team: EntityId, cycle: EntityId) => LiveStore {
  const owner = getOwner();
  const open = new Map<string, LiveStore>();
  return (team, cycle) => {
    const name = `${session.id}/plan/${team}/${cycle}`;
    if (name === own.document.name) return own;
    const known = open.get(name);
    if (known !== undefined) return known;
    const store = createRoot((dispose) => {
      const document = session.connection.open(name, { view: true });
      runWithOwner(owner, () =>
        onCleanup(() => {
          document.close();
          dispose();
        }),
      );
      return createLiveStore(document);
    });
    open.set(name, store);
    return store;
  };
}
