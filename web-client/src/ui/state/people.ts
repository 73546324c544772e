// Who people of the workspace are on the page: their name and their colour. Somebody who is here now has one colour everywhere.
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';

export function personName(workspace: LiveStore, id: EntityId): string {
  return workspace.text(id, 'name') || t().someone;
}

const colours = 12;

// Somebody who is not here now has the colour of their place in the list of people.
export function personColour(workspace: LiveStore, id: EntityId): number {
  const name = workspace.text(id, 'name');
  const here = workspace.people().find((it) => it.name === name);
  return here?.color ?? Math.max(0, workspace.children(workspace.rootId(), 'person').indexOf(id)) % colours;
}
