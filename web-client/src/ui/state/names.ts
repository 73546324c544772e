// How names are compared: case, blanks and accents aside, so that who is told by a name need not type it letter by letter.
import type { EntityId } from '../../sync/api';

// Of the accents only those that stand on Latin, Greek and Cyrillic letters: a vowel sign of another script makes another word.
const aside = /[\u0300-\u036f\s\p{Cf}]/gu;

export function nameKey(name: string): string {
  return name.normalize('NFKD').replace(aside, '').toLowerCase().normalize('NFC');
}

export interface Named {
  readonly id: EntityId;
  readonly name: string;
}

// Whom a name means: nobody, one, or several. Whose name is written just so comes first: José and Jose may both be there.
export function nameIndex(people: readonly Named[]): (name: string) => readonly EntityId[] {
  const exact = new Map<string, EntityId[]>();
  const alike = new Map<string, EntityId[]>();
  const note = (index: Map<string, EntityId[]>, key: string, id: EntityId): void => {
    const known = index.get(key);
    if (known === undefined) index.set(key, [id]);
    else known.push(id);
  };
  for (const { id, name } of people) {
    const key = nameKey(name);
    if (key === '') continue;
    note(exact, name.trim(), id);
    note(alike, key, id);
  }
  return (name) => exact.get(name.trim()) ?? alike.get(nameKey(name)) ?? [];
}
