// What the server would refuse and the client can know beforehand: an op is checked against the schema and the shown state, in
// the server's words. The server stays the authority; whatever only it can know comes back as a refusal.
import type { Refusal } from '../protocol/messages';
import { isId, isReference, limits, type DocumentSchema, type FieldSchema, type FieldType } from '../protocol/schema';
import { codePointCount, wellFormed } from './code_points';
import type { Document } from './document';
import type { Entity } from './entity';
import type { CreateOp, EntityId, InitialValue, MoveOp, Operation, RegisterValue, TextEdit } from './operation';
import { apply } from './text';
import { textOf } from './apply';

type Problem = Omit<Refusal, 'op'>;
type Lookup = (id: EntityId) => Entity | undefined;

const problem = (rule: string, code: string, message: string): Problem => ({ code, rule, message });

const registers: ReadonlySet<FieldType> = new Set<FieldType>(['string', 'number', 'boolean', 'date', 'enum', 'reference']);

export interface Context {
  readonly schema: DocumentSchema;
  readonly shown: Document;
  readonly find: Lookup; // the shown state with the ops before this one applied
}

function checkString(field: FieldSchema, value: string): Problem | null {
  if (value.includes('\0')) return problem('OP14', 'invalid_value', `${field.name}: U+0000`);
  if (wellFormed(value) !== value) return problem('OP14', 'invalid_unicode', `${field.name}: a lone surrogate`);
  if (codePointCount(value) > field.maxLength) return problem('OP12', 'text_too_long', `${field.name}: more than ${field.maxLength} characters`);
  return null;
}

function isDate(value: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

function checkNumber(field: FieldSchema, value: number): Problem | null {
  if (!Number.isFinite(value) || Math.abs(value) > limits.number_magnitude) return problem('OP14', 'out_of_range', `${field.name}: not a usable number`);
  if (value < field.min || value > field.max) return problem('OP12', 'out_of_range', `${field.name}: ${field.min} to ${field.max}`);
  return null;
}

export function checkRegister(field: FieldSchema, value: RegisterValue): Problem | null {
  const wrongType = problem('OP12', 'wrong_type', `${field.name} is a ${field.type}`);
  if (value === null) return null;
  switch (field.type) {
    case 'number':
      return typeof value === 'number' ? checkNumber(field, value) : wrongType;
    case 'boolean':
      return typeof value === 'boolean' ? null : wrongType;
    case 'string':
      return typeof value === 'string' ? checkString(field, value) : wrongType;
    case 'date':
      if (typeof value !== 'string') return wrongType;
      return isDate(value) ? null : problem('OP12', 'invalid_value', `${field.name}: no date`);
    case 'enum':
      if (typeof value !== 'string') return wrongType;
      return field.values.includes(value) ? null : problem('OP12', 'invalid_value', `${field.name}: ${value}`);
    case 'reference':
      if (typeof value !== 'string') return wrongType;
      return isReference(value) ? null : problem('OP12', 'invalid_value', `${field.name}: no reference`);
    case 'text':
    case 'set':
    case 'counter':
      return wrongType;
  }
}

function checkInitial(field: FieldSchema, value: InitialValue): Problem | null {
  const wrongType = problem('OP12', 'wrong_type', `${field.name} is a ${field.type}`);
  if (field.type === 'text') return typeof value === 'string' ? checkString(field, value) : wrongType;
  if (field.type === 'counter') return Number.isSafeInteger(value) && typeof value === 'number' ? checkNumber(field, value) : wrongType;
  if (field.type === 'set') {
    if (typeof value !== 'object' || value === null) return wrongType;
    if (value.length > limits.set_members) return problem('ER6', 'too_many_members', `${field.name}: more than ${limits.set_members}`);
    return value.every(isReference) ? null : problem('OP12', 'invalid_value', `${field.name}: no reference`);
  }
  return typeof value === 'object' && value !== null ? wrongType : checkRegister(field, value);
}

// Steps from the root to a child of `parent`.
function depthUnder(find: Lookup, parent: EntityId): number {
  let depth = 0;
  for (let at = find(parent); at !== undefined && depth <= limits.tree_depth; depth += 1) at = at.parent === null ? undefined : find(at.parent);
  return depth;
}

// How often `kind` follows itself from `parent` upward.
function nesting(find: Lookup, parent: EntityId, kind: string): number {
  let count = 0;
  for (let at = find(parent); at?.kind === kind; at = at.parent === null ? undefined : find(at.parent)) count += 1;
  return count;
}

function checkParent(context: Context, op: CreateOp | MoveOp, kindName: string): Problem | null {
  const kind = context.schema.kinds.get(kindName);
  const parent = context.find(op.parent);
  if (kind === undefined) return problem('OP12', 'unknown_kind', kindName);
  if (parent === undefined) return problem('OP1', 'parent_missing', `no entity ${op.parent}`);
  // An ancestor that was created or removed by an op of the same change is found by `find` only.
  for (let at: Entity | undefined = parent; at !== undefined; at = at.parent === null ? undefined : context.find(at.parent)) {
    if (at.removed) return problem('OP1', 'parent_removed', `${op.parent} is removed`);
  }
  if (!kind.parents.has(parent.kind)) return problem('OP1', 'parent_forbidden', `no ${kind.name} under a ${parent.kind}`);
  if (depthUnder(context.find, op.parent) > limits.tree_depth || nesting(context.find, op.parent, kind.name) >= kind.depthMax) {
    return problem('OP6', 'too_deep', `no deeper ${kind.name}`);
  }
  return null;
}

function checkCreate(context: Context, op: CreateOp): Problem | null {
  if (!isId(op.id)) return problem('OP1', 'invalid_value', 'no id');
  if (context.find(op.id) !== undefined) return problem('OP1', 'id_exists', op.id);
  const placed = checkParent(context, op, op.kind);
  if (placed !== null) return placed;
  for (const [name, value] of Object.entries(op.fields ?? {})) {
    const field = context.schema.kinds.get(op.kind)?.fields.get(name);
    if (field === undefined) return problem('OP12', 'unknown_field', name);
    const wrong = checkInitial(field, value);
    if (wrong !== null) return wrong;
  }
  return null;
}

function checkMove(context: Context, op: MoveOp, entity: Entity): Problem | null {
  if (entity.parent === null) return problem('OP6', 'parent_forbidden', 'the root stays');
  if (op.parent === op.id || context.shown.isUnder(op.parent, op.id)) return problem('OP6', 'cycle', `${op.parent} is under ${op.id}`);
  return checkParent(context, op, entity.kind);
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

function checkEdit(field: FieldSchema, text: string, edit: TextEdit): Problem | null {
  if (field.type !== 'text') return problem('OP12', 'wrong_type', `${field.name} is a ${field.type}`);
  for (const it of edit) {
    const fine = typeof it === 'string' ? wellFormed(it) === it : isCount(typeof it === 'number' ? it : it.d);
    if (!fine) return problem('TX1', 'invalid_value', `${field.name}: no edit`);
  }
  const length = codePointCount(apply(text, edit));
  // Taking away from a text that is too long already must stay possible.
  return length > field.maxLength && length > codePointCount(text) ? problem('OP12', 'text_too_long', `${field.name}: more than ${field.maxLength} characters`) : null;
}

export function validate(context: Context, op: Operation): Problem | null {
  if (op.op === 'create') return checkCreate(context, op);
  const entity = context.find(op.id);
  if (entity === undefined) return problem('OP10', 'entity_missing', `no entity ${op.id}`);
  if (op.op === 'move') return checkMove(context, op, entity);
  if (op.op === 'remove' || op.op === 'restore') {
    if (entity.parent === null) return problem('OP8', 'parent_forbidden', 'the root stays');
    const orphan = op.op === 'restore' && !context.shown.isLive(entity.parent);
    return orphan ? problem('OP9', 'parent_removed', `${entity.parent} is removed`) : null;
  }
  const field = context.schema.kinds.get(entity.kind)?.fields.get(op.field);
  if (field === undefined) return problem('OP12', 'unknown_field', op.field);
  if (field.once) return problem('OP11', 'field_immutable', op.field);
  switch (op.op) {
    case 'set':
      return registers.has(field.type) ? checkRegister(field, op.value) : problem('OP12', 'wrong_type', `${field.name} is a ${field.type}`);
    case 'add':
      return field.type === 'counter' && Number.isSafeInteger(op.by) ? null : problem('OP12', 'wrong_type', `${field.name} is a ${field.type}`);
    case 'include':
    case 'exclude':
      if (field.type !== 'set') return problem('OP12', 'wrong_type', `${field.name} is a ${field.type}`);
      return isReference(op.value) ? null : problem('OP12', 'invalid_value', `${field.name}: no reference`);
    case 'edit':
      return checkEdit(field, textOf(entity, op.field), op.edit);
  }
}
