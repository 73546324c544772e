// Which colour a person has: worked out from what every screen of a workspace knows alike, so that all draw the same (decision 33).
import { murmur3 } from '../../document/murmur3';
import type { EntityId } from '../../sync/api';
import { nameKey } from './names';
import { idOf } from './same_id';

export const colourCount = 12; // the tokens --person-0 to --person-11

// Somebody in the workspace's list of people, in its order; removed ones keep their place in it.
export interface Listed {
  readonly id: EntityId;
  readonly living: boolean;
}

// Somebody who is here now, once, however many tabs they have.
export interface Here {
  readonly key: string; // tells them from all others
  readonly id: EntityId; // what their colour comes from
  readonly listed: boolean;
}

const encoder = new TextEncoder();

export function preferredColour(id: string): number {
  const bytes = encoder.encode(id);
  return (murmur3(bytes, bytes.length)[0] >>> 0) % colourCount;
}

// Somebody who is not in the list. The id is what they get when they are added: their colour goes with them if it can.
export function guestOf(person: { readonly name: string; readonly client: string }): Here {
  const key = nameKey(person.name);
  if (key === '') return { key: `client ${person.client}`, id: person.client, listed: false };
  return { key: `name ${key}`, id: idOf('person', person.name), listed: false };
}

// The first colour from `id`'s own on that is used least; where two are, the next count decides.
function leastUsed(id: string, ...uses: readonly (readonly number[])[]): number {
  const preferred = preferredColour(id);
  const better = (a: number, b: number): boolean => {
    const decides = uses.find((it) => it[a] !== it[b]);
    return decides !== undefined && (decides[a] ?? 0) < (decides[b] ?? 0);
  };
  let best = preferred;
  for (let step = 1; step < colourCount; step++) {
    const other = (preferred + step) % colourCount;
    if (better(other, best)) best = other;
  }
  return best;
}

// By code units: the order must not depend on anybody's language.
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const unused = (): number[] => Array.from({ length: colourCount }, () => 0);
const note = (uses: number[], colour: number): void => {
  uses[colour] = (uses[colour] ?? 0) + 1;
};

// Who stands further down gives way. Removed people hold their colour as long as there are others, so that a removal recolours nobody.
export function homeColours(people: readonly Listed[]): ReadonlyMap<EntityId, number> {
  const [living, ever] = [unused(), unused()];
  const homes = new Map<EntityId, number>();
  for (const { id, living: lives } of people) {
    const colour = leastUsed(id, living, ever);
    homes.set(id, colour);
    note(ever, colour);
    if (lives) note(living, colour);
  }
  return homes;
}

// By key, for everybody who is here: the colour of the list, and another where somebody further up is here with the same (only when more
// people are listed than there are colours). Guests come after them, in the order of their keys: the same whoever came first.
export function roomColours(people: readonly Listed[], homes: ReadonlyMap<EntityId, number>, here: readonly Here[]): ReadonlyMap<string, number> {
  const [inRoom, living, ever] = [unused(), unused(), unused()];
  for (const { id, living: lives } of people) {
    note(ever, homes.get(id) ?? 0);
    if (lives) note(living, homes.get(id) ?? 0);
  }
  const colours = new Map<string, number>();
  const give = (key: string, colour: number): void => {
    colours.set(key, colour);
    note(inRoom, colour);
  };
  const present = new Set(here.filter((it) => it.listed).map((it) => it.id));
  for (const { id } of people) {
    const home = homes.get(id);
    if (!present.has(id) || home === undefined) continue;
    give(id, inRoom[home] === 0 ? home : leastUsed(id, inRoom, living, ever));
  }
  const guests = here.filter((it) => !it.listed).sort((a, b) => compare(a.key, b.key) || compare(a.id, b.id));
  for (const { key, id } of guests) {
    if (!colours.has(key)) give(key, leastUsed(id, inRoom, living, ever));
  }
  return colours;
}
