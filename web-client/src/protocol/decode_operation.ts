// Operations, entities and figures out of JSON. See decode.ts.
import type { Entity, FieldValue } from '../document/entity';
import type { CommittedChange, EffectiveOperation, InitialValue, Overwritten, RegisterValue, TextEdit } from '../document/operation';
import { canonicalFields } from '../document/apply';
import { normalise } from '../document/text';
import type { Figures, FiguresDelta, Status } from './messages';
import * as read from './read';
import { Malformed, type Json } from './read';
import type { DocumentSchema, FieldName, KindName } from './schema';

const fieldName = (value: unknown): FieldName => read.string(value, 'field') as FieldName;
const kindName = (value: unknown): KindName => read.string(value, 'kind') as KindName;

function register(value: unknown): RegisterValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new Malformed('value: no register');
}

function initial(value: unknown): InitialValue {
  return Array.isArray(value) ? value.map((it) => read.reference(it, 'member')) : register(value);
}

function initialFields(value: unknown): Partial<Record<FieldName, InitialValue>> {
  const fields: Partial<Record<FieldName, InitialValue>> = {};
  for (const [name, it] of Object.entries(read.object(value ?? {}, 'fields'))) fields[fieldName(name)] = initial(it);
  return fields;
}

function textEdit(value: unknown): TextEdit {
  const components = read.array(value, 'edit').map((it) => {
    if (typeof it === 'string') return it;
    return typeof it === 'number' ? read.count(it, 'skip') : { d: read.count(read.object(it, 'component').d, 'd') };
  });
  return normalise(components);
}

function overwritten(value: unknown): Overwritten {
  const it = read.object(value, 'over');
  return { value: register(it.value), client: read.string(it.client, 'client'), revision: read.count(it.revision, 'revision') };
}

function after(it: Json): { after?: string | null } {
  return it.after === undefined ? {} : { after: it.after === null ? null : read.id(it.after, 'after') };
}

// Only own ops that were stored have it.
function sighted(it: Json): { seen?: number } {
  return it.seen === undefined ? {} : { seen: read.count(it.seen, 'seen') };
}

// Nothing for an op of a newer protocol: the rest of its change is kept.
export function effectiveOperation(value: unknown): EffectiveOperation | null {
  const it = read.object(value, 'op');
  const name = read.string(it.op, 'op');
  const id = (): string => read.id(it.id, 'id');
  const field = (): FieldName => fieldName(it.field);
  switch (name) {
    case 'create': {
      const place = { parent: read.id(it.parent, 'parent'), ...after(it), position: read.position(it.position) };
      return { op: name, id: id(), kind: kindName(it.kind), ...place, fields: initialFields(it.fields) };
    }
    case 'set': {
      const over = read.optional(it.over, 'over', overwritten);
      return { op: name, id: id(), field: field(), value: register(it.value), ...(over === undefined ? {} : { over }), ...sighted(it) };
    }
    case 'add':
      return { op: name, id: id(), field: field(), by: read.number(it.by, 'by') };
    case 'include':
    case 'exclude':
      return { op: name, id: id(), field: field(), value: read.reference(it.value, 'value') };
    case 'edit':
      return { op: name, id: id(), field: field(), edit: textEdit(it.edit) };
    case 'move':
      return { op: name, id: id(), parent: read.id(it.parent, 'parent'), ...after(it), position: read.position(it.position) };
    case 'remove':
      return { op: name, id: id(), ...sighted(it) };
    case 'restore':
      return { op: name, id: id() };
    default:
      return null;
  }
}

export function operations(value: unknown): EffectiveOperation[] {
  return read.array(value, 'ops').map(effectiveOperation).filter((op) => op !== null);
}

export function committedChange(value: unknown): CommittedChange {
  const it = read.object(value, 'change');
  return { client: read.string(it.client, 'client'), seq: read.count(it.seq, 'seq'), at: read.number(it.at, 'at'), ops: operations(it.ops) };
}

export function entity(value: unknown, schema: DocumentSchema): Entity {
  const it = read.object(value, 'entity');
  const kind = kindName(it.kind);
  const fields: Partial<Record<FieldName, InitialValue | FieldValue>> = initialFields(it.fields);
  return {
    id: read.id(it.id, 'id'),
    kind,
    parent: read.optional(it.parent, 'parent', read.id) ?? null,
    position: it.position === undefined || it.position === null ? '' : read.position(it.position),
    removed: read.optional(it.removed, 'removed', read.boolean) ?? false,
    fields: canonicalFields(schema.kinds.get(kind), fields),
  };
}

const statuses: readonly Status[] = ['none', 'on_track', 'at_risk', 'off_track', 'stale', 'closed'];
const statusNamed = (value: unknown): Status | undefined => statuses.find((it) => it === value);

function figures(value: unknown): Figures {
  const it = read.object(value, 'figures');
  const out: { -readonly [K in keyof Figures]: Figures[K] } = {};
  for (const name of ['progress', 'expected', 'weight', 'measured', 'of'] as const) {
    const figure = read.optional(it[name], name, read.number);
    if (figure !== undefined) out[name] = figure;
  }
  for (const name of ['computed', 'shown'] as const) {
    const status = statusNamed(it[name]);
    if (status !== undefined) out[name] = status;
  }
  if (it.counts !== undefined && it.counts !== null) out.counts = counts(read.object(it.counts, 'counts'));
  if (typeof it.error === 'string' && it.error !== '') out.error = it.error;
  const advice = read.optional(it.advice, 'advice', read.array);
  if (advice !== undefined && advice.length > 0) out.advice = advice.map((word) => read.string(word, 'advice'));
  return out;
}

function counts(it: Json): Partial<Record<Status, number>> {
  const out: Partial<Record<Status, number>> = {};
  for (const status of statuses) if (it[status] !== undefined) out[status] = read.count(it[status], status);
  return out;
}

export function figuresDelta(value: unknown): FiguresDelta {
  const delta = new Map<string, Figures | null>();
  for (const [id, it] of Object.entries(read.object(value ?? {}, 'derived'))) delta.set(id, it === null ? null : figures(it));
  return delta;
}
