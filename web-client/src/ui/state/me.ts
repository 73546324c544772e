// Which of a workspace's people uses this page: the one chosen on this device, else the only one whom the name means that this page
// goes by. A matter of trust until there are accounts.
import { createSignal } from 'solid-js';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { hasName, ownName, setOwnName } from './identity';
import { namesakes, personName } from './people';
import { ensure, idOf } from './same_id';
import { submit } from './submit';

const storageKey = (workspace: LiveStore): string => `okra.me.${workspace.document.name.split('/')[0] ?? ''}`;
const [chosen, setChosen] = createSignal<Readonly<Record<string, EntityId>>>({});

function remembered(workspace: LiveStore): EntityId {
  const key = storageKey(workspace);
  const known = chosen()[key];
  if (known !== undefined) return known;
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return ''; // storage may be forbidden
  }
}

const isPerson = (workspace: LiveStore, id: EntityId): boolean => workspace.children(workspace.rootId(), 'person').includes(id);
const ownNamesakes = (workspace: LiveStore): readonly EntityId[] => (hasName() ? namesakes(workspace, ownName()) : []);

export function me(workspace: LiveStore): EntityId | null {
  const known = remembered(workspace);
  if (isPerson(workspace, known)) return known;
  const [namesake, another] = ownNamesakes(workspace);
  return another === undefined ? (namesake ?? null) : null;
}

// What the others of this workspace call me: the name that the list has for me.
export function nameHere(workspace: LiveStore): string {
  const known = me(workspace);
  return (known === null ? '' : workspace.text(known, 'name').trim()) || ownName();
}

// My first signature here will add me to the people.
export const willBeAdded = (workspace: LiveStore): boolean => hasName() && me(workspace) === null && ownNamesakes(workspace).length === 0;

// null: somebody who is not in the list.
export function setMe(workspace: LiveStore, person: EntityId | null): void {
  const key = storageKey(workspace);
  setChosen({ ...chosen(), [key]: person ?? '' });
  try {
    if (person === null) localStorage.removeItem(key);
    else localStorage.setItem(key, person);
  } catch {
    // It then lasts as long as the page.
  }
}

// Chosen by whoever uses this page: from now on it goes by their name.
export function become(workspace: LiveStore, person: EntityId): void {
  setOwnName(personName(workspace, person));
  setMe(workspace, person);
}

// Somebody of this name, added to the workspace unless two who add them at the same time already have. Nothing when it is refused.
export function addPerson(workspace: LiveStore, name: string): EntityId | null {
  const derived = idOf('person', name);
  const before = workspace.entity(derived);
  // Somebody else by now, or a namesake.
  const id = before === undefined || (before.removed && workspace.text(derived, 'name') === name) ? derived : workspace.document.newId();
  const ops = ensure(workspace, { op: 'create', id, kind: 'person', parent: workspace.rootId(), fields: { name } });
  return submit(workspace, ...ops) ? id : null;
}

// Who signs: me, added to the people where I am not among them yet. Nobody without a name, or with a name that several have.
export function signatory(workspace: LiveStore): EntityId | null {
  const known = me(workspace);
  if (known !== null || !willBeAdded(workspace)) return known;
  const added = addPerson(workspace, ownName());
  if (added !== null) setMe(workspace, added);
  return added;
}
