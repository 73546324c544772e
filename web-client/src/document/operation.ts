// The nine operations of SPEC §5: as a client sends them, and as the server commits them (the effective form carries the
// server's amendments: position, overwritten value, transformed edit). Plain immutable values.
import type { FieldName, KindName } from '../protocol/schema';

export type EntityId = string; // 1..32 characters of A–Z a–z 0–9 _ -
export type ClientId = string; // the same
export type Reference = string; // an id, or `<team>/<cycle>/<id>`

// A register's value; null is "unset". A date is "YYYY-MM-DD".
export type RegisterValue = string | number | boolean | null;
// What `create` may give a field: a register's value, a text, a counter's number, or the members of a set.
export type InitialValue = RegisterValue | readonly Reference[];

// From the start of the text, in code points (SPEC §6): a number skips, a string inserts, `d` deletes. What follows the last component stays.
export type TextComponent = number | string | { readonly d: number };
export type TextEdit = readonly TextComponent[];

// Where among the siblings: absent = last, null = first, an id = behind that sibling.
export interface Placement {
  readonly after?: EntityId | null;
}

export interface CreateOp extends Placement {
  readonly op: 'create';
  readonly id: EntityId;
  readonly kind: KindName;
  readonly parent: EntityId;
  readonly fields?: Readonly<Partial<Record<FieldName, InitialValue>>>;
}
// The revision that its user had seen: on the wire only where that is less than the change's base (OP2, OP8).
interface Sighted {
  readonly seen?: number;
}
export interface SetOp extends Sighted {
  readonly op: 'set';
  readonly id: EntityId;
  readonly field: FieldName;
  readonly value: RegisterValue;
}
export interface AddOp {
  readonly op: 'add';
  readonly id: EntityId;
  readonly field: FieldName;
  readonly by: number;
}
interface MemberOp<Name> {
  readonly op: Name;
  readonly id: EntityId;
  readonly field: FieldName;
  readonly value: Reference;
}
export type IncludeOp = MemberOp<'include'>;
export type ExcludeOp = MemberOp<'exclude'>;
export interface EditOp {
  readonly op: 'edit';
  readonly id: EntityId;
  readonly field: FieldName;
  readonly edit: TextEdit;
}
export interface MoveOp extends Placement {
  readonly op: 'move';
  readonly id: EntityId;
  readonly parent: EntityId;
}
interface LifeOp<Name> {
  readonly op: Name;
  readonly id: EntityId;
}
export type RemoveOp = LifeOp<'remove'> & Sighted;
export type RestoreOp = LifeOp<'restore'>;

export type Operation = CreateOp | SetOp | AddOp | IncludeOp | ExcludeOp | EditOp | MoveOp | RemoveOp | RestoreOp;

// What a set overwrote although its author had not seen it (OP2).
export interface Overwritten {
  readonly value: RegisterValue;
  readonly client: ClientId;
  readonly revision: number;
}

export type EffectiveOperation =
  | (CreateOp & { readonly position: string })
  | (SetOp & { readonly over?: Overwritten })
  | AddOp
  | IncludeOp
  | ExcludeOp
  | EditOp
  | (MoveOp & { readonly position: string })
  | RemoveOp
  | RestoreOp;

// A committed change: one element of a commit message (CM1).
export interface CommittedChange {
  readonly client: ClientId;
  readonly seq: number;
  readonly at: number; // the server's clock, milliseconds since 1970 UTC
  readonly ops: readonly EffectiveOperation[];
}
