// One entity as a replica holds it: an immutable record, so that the confirmed and the shown state share what is equal and a
// view can tell "unchanged" by identity.
import type { FieldName, KindName } from '../protocol/schema';
import type { EntityId, RegisterValue } from './operation';

export type FieldValue = RegisterValue | readonly string[]; // text and string registers alike are strings

// Fields in their unset state are absent: a text "", a set [], a counter 0, any other null (OD4).
export type Fields = Readonly<Partial<Record<FieldName, FieldValue>>>;

export interface Entity {
  readonly id: EntityId;
  readonly kind: KindName;
  readonly parent: EntityId | null; // null: the root
  readonly position: string;
  readonly removed: boolean; // a tombstone's root; its descendants are not marked
  readonly fields: Fields;
}

// Object.keys forgets what it lists; a record of fields has field names for keys.
export function fieldNames(fields: Fields): FieldName[] {
  return Object.keys(fields) as FieldName[];
}
