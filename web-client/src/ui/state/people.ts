// Who people of the workspace are on the page: their name, their colour, and who of them is here. A workspace's own room is the room of
// all its pages: whoever has a plan open is in it too, and so everybody has one colour on all of them.
import { createMemo, createRoot, type Accessor } from 'solid-js';
import type { Entity } from '../../document/entity';
import { comparePlaces } from '../../document/order_key';
import type { Person } from '../../protocol/messages';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { nameIndex } from './names';
import { guestOf, homeColours, preferredColour, roomColours, type Here, type Listed } from './person_colours';

export function personName(workspace: LiveStore, id: EntityId): string {
  return workspace.text(id, 'name') || t().someone;
}

interface Roster {
  readonly namesakes: Accessor<(name: string) => readonly EntityId[]>;
  readonly listed: Accessor<readonly Listed[]>;
  readonly homes: Accessor<ReadonlyMap<EntityId, number>>; // colours of the list
  readonly here: Accessor<readonly Here[]>;
  readonly room: Accessor<ReadonlyMap<string, number>>; // colours of who is here
}

// Worked out once for a workspace, whoever asks first; it goes when its workspace goes.
const rosters = new WeakMap<LiveStore, Roster>();

function rosterOf(workspace: LiveStore): Roster {
  const known = rosters.get(workspace);
  if (known !== undefined) return known;
  const made = createRoot(() => makeRoster(workspace));
  rosters.set(workspace, made);
  return made;
}

function makeRoster(workspace: LiveStore): Roster {
  const root = workspace.rootId();
  const living = () => workspace.children(root, 'person');
  const listed = createMemo((): readonly Listed[] => {
    const present = living().flatMap((id): readonly Entity[] => {
      const entity = workspace.document.entity(id);
      return entity === undefined ? [] : [entity];
    });
    const removed = workspace.removed().filter((it) => it.kind === 'person' && it.parent === root);
    return [...present, ...removed].sort(comparePlaces).map((it) => ({ id: it.id, living: !it.removed }));
  });
  const namesakes = createMemo(() => nameIndex(living().map((id) => ({ id, name: workspace.text(id, 'name') }))));
  const homes = createMemo(() => homeColours(listed()));
  const here = createMemo((): readonly Here[] => workspace.people().map((it) => identify(namesakes(), it)), [], { equals: sameKeys });
  const room = createMemo(() => roomColours(listed(), homes(), here()));
  return { namesakes, listed, homes, here, room };
}

// A caret that moves changes nothing here.
function sameKeys(a: readonly Here[], b: readonly Here[]): boolean {
  return a.length === b.length && a.every((it, index) => it.key === b[index]?.key && it.id === b[index]?.id);
}

type Known = Pick<Person, 'name' | 'client'>;

// A name is all that is known of who is here. One that several people of the list have is nobody's for certain: then it is a guest's.
function identify(namesakes: (name: string) => readonly EntityId[], person: Known): Here {
  const [id, another] = namesakes(person.name);
  return id === undefined || another !== undefined ? guestOf(person) : { key: id, id, listed: true };
}

// People of the list whom a name means (case, blanks and accents aside).
export function namesakes(workspace: LiveStore, name: string): readonly EntityId[] {
  return rosterOf(workspace).namesakes()(name);
}

export function personColour(workspace: LiveStore, id: EntityId): number {
  const { room, homes } = rosterOf(workspace);
  return room().get(id) ?? homes().get(id) ?? preferredColour(id);
}

export interface Face {
  readonly key: string; // the same for all tabs of one person
  readonly name: string;
  readonly colour: number;
}

export function faceOf(workspace: LiveStore, person: Known): Face {
  const { namesakes, listed, homes, here, room } = rosterOf(workspace);
  const who = identify(namesakes(), person);
  // Who is not in the workspace's room, a program say, is drawn as if they were.
  const colour = room().get(who.key) ?? roomColours(listed(), homes(), [...here(), who]).get(who.key) ?? 0;
  return { key: who.key, name: who.listed ? personName(workspace, who.id) : person.name.trim() || t().someone, colour };
}

// Those of the list who are here now, this page's own person aside.
export function othersHere(workspace: LiveStore): ReadonlySet<EntityId> {
  const { namesakes } = rosterOf(workspace);
  const others = workspace.people().filter((it) => it.client !== workspace.document.client);
  return new Set(others.map((it) => identify(namesakes(), it)).flatMap((it) => (it.listed ? [it.id] : [])));
}
