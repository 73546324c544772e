// Ids that two people who press one button at the same moment both arrive at. The create that comes second is refused (`id_exists`), and
// what it wanted is there once.
import { murmur3 } from '../../document/murmur3';
import type { CreateOp, Operation } from '../../document/operation';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';

const encoder = new TextEncoder();

// `words` may be in any script; an id is Latin letters and digits. The same as in tools/cli/made_id.hpp: who is imported and who is
// added on the page is one person.
export function idOf(kind: string, ...words: readonly string[]): EntityId {
  const bytes = encoder.encode(words.map((it) => `${it.trim()}\0`).join(''));
  const [first, second] = murmur3(bytes, bytes.length);
  const digits = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
  return `${kind}-${digits(first)}${digits(second)}`;
}

// What has to be done so that it is there: made, brought back, or nothing. Under another id if somebody has moved what had this one.
export function ensure(store: LiveStore, wanted: CreateOp): Operation[] {
  const before = store.entity(wanted.id);
  if (before === undefined) return [wanted];
  if (before.parent !== wanted.parent) return [{ ...wanted, id: store.document.newId() }];
  return before.removed ? [{ op: 'restore', id: wanted.id }] : [];
}
