// A refused change in words that its author would use, and what can be done about it. One line for each thing that it would have done; what
// it creates is told with everything that it writes into it.
import { apply } from '../../document/text';
import type { FieldValue, Fields } from '../../document/entity';
import { fieldNames } from '../../document/entity';
import type { CreateOp, EntityId, Operation } from '../../document/operation';
import type { FieldName, KindName } from '../../protocol/schema';
import type { Draft } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { draftWords } from '../../i18n/draft_words';
import { personName } from '../state/people';
import { removedAbove } from './removal';
import { knownFieldWord, valueWords } from './value_words';

export function fieldWord(field: FieldName): string {
  const others: Readonly<Record<string, string>> = draftWords().otherFields;
  return knownFieldWord(field) ?? others[field] ?? draftWords().aField;
}

export interface DraftView {
  readonly store: LiveStore;
  readonly workspace: LiveStore;
  readonly draft: Draft;
}

export function draftLines(view: DraftView): readonly string[] {
  const created = createdBy(view.draft.ops);
  return view.draft.ops.flatMap((op): string[] => {
    if (op.op === 'create') return created.has(op.id) ? createdLines(view, op, created) : [];
    return writesInto(op, created) ? [] : [lineOf(view, op, created)];
  });
}

// ---- what it creates ----

interface Made {
  readonly kind: KindName;
  readonly fields: Fields;
}
type Created = ReadonlyMap<EntityId, Made>;

const writesInto = (op: Operation, created: Created): boolean => created.has(op.id) && (op.op === 'set' || op.op === 'edit' || op.op === 'add' || op.op === 'include');

function createdBy(ops: readonly Operation[]): Created {
  const created = new Map<EntityId, Made>();
  for (const op of ops) {
    if (op.op === 'create') created.set(op.id, { kind: op.kind, fields: op.fields ?? {} });
    const made = created.get(op.id);
    if (made === undefined) continue;
    if (op.op === 'set' || op.op === 'edit' || op.op === 'add' || op.op === 'include') created.set(op.id, { ...made, fields: { ...made.fields, [op.field]: written(made.fields[op.field], op) } });
    if (op.op === 'remove') created.delete(op.id);
  }
  return created;
}

function written(before: FieldValue | undefined, op: Extract<Operation, { op: 'set' | 'edit' | 'add' | 'include' }>): FieldValue {
  if (op.op === 'set') return op.value;
  if (op.op === 'edit') return apply(typeof before === 'string' ? before : '', op.edit);
  if (op.op === 'add') return (typeof before === 'number' ? before : 0) + op.by;
  return [...(typeof before === 'object' && before !== null ? before : []), op.value];
}

const named: readonly FieldName[] = ['title', 'name', 'body'];
const untold: ReadonlySet<string> = new Set<FieldName>([...named, 'metric', 'source']); // what everything new has

function createdLines(view: DraftView, op: CreateOp, created: Created): string[] {
  const made = created.get(op.id) ?? { kind: op.kind, fields: {} };
  const { kind, fields } = made;
  const person = typeof fields.person === 'string' ? personName(view.workspace, fields.person) : '';
  const title = person || titleOf(fields);
  const place = op.parent === view.store.rootId() ? '' : placeWords(view, op.parent, created);
  const rest = fieldNames(fields).filter((it) => !untold.has(it) && it !== 'person' && fields[it] !== null && fields[it] !== '');
  const head = draftWords().created(draftWords().noun[kind], title === '' ? '' : t().quote(title), place, rest.length === 0);
  return [head, ...rest.map((field) => draftWords().holds(fieldWord(field), valueWords({ ...view, id: op.id, kind }, field, fields[field] ?? null)))];
}

function titleOf(fields: Fields): string {
  for (const field of named) {
    const value = fields[field];
    if (typeof value === 'string' && value.trim() !== '') return value;
  }
  return '';
}

// ---- what it does to what there is ----

function lineOf(view: DraftView, op: Exclude<Operation, CreateOp>, created: Created): string {
  const words = draftWords();
  const what = nameWords(view, op.id, created);
  const value = (of: { field: FieldName; value: FieldValue | null }): string => valueWords({ ...view, id: op.id, kind: kindOf(view, op.id, created) }, of.field, of.value);
  switch (op.op) {
    case 'set':
      return op.value === null ? words.cleared(fieldWord(op.field), what) : words.set(fieldWord(op.field), what, value(op));
    case 'edit': {
      const typed = op.edit.filter((it) => typeof it === 'string').join(' … ');
      return typed === '' ? words.shortened(fieldWord(op.field), what) : words.wrote(fieldWord(op.field), what, t().quote(typed));
    }
    case 'add':
      return words.counted(fieldWord(op.field), what, op.by);
    case 'include':
      return words.included(fieldWord(op.field), what, value(op));
    case 'exclude':
      return words.excluded(fieldWord(op.field), what, value(op));
    case 'move':
      return words.moved(what, op.parent === view.store.rootId() ? '' : placeWords(view, op.parent, created));
    case 'remove':
      return words.removed(what);
    case 'restore':
      return words.restored(what);
  }
}

function kindOf({ store }: DraftView, id: EntityId, created: Created): KindName | undefined {
  return created.get(id)?.kind ?? store.entity(id)?.kind;
}

// “Grow by a third”; where it has no words, what it is.
function nameWords(view: DraftView, id: EntityId, created: Created): string {
  const { store, workspace } = view;
  const kind = kindOf(view, id, created);
  const person = kind === 'member' ? personName(workspace, store.text(id, 'person')) : '';
  const title = person || titleOf(created.get(id)?.fields ?? store.entity(id)?.fields ?? {});
  if (title !== '') return t().quote(title);
  return kind === undefined ? draftWords().something : draftWords().nameless(draftWords().noun[kind]);
}

function placeWords(view: DraftView, id: EntityId, created: Created): string {
  const what = nameWords(view, id, created);
  const removed = removedAbove(view.store, id);
  return removed === null ? what : draftWords().removedPlace(what, view.store.removalOf(removed)?.by ?? null);
}

// ---- what can be done about it ----

export type Remedy = { readonly type: 'restore'; readonly id: EntityId; readonly label: string } | { readonly type: 'retry'; readonly label: string } | { readonly type: 'none' };

// What trying again would come to, by the refusal's code. Codes that are not here may pass another time.
const hopeless: ReadonlySet<string> = new Set([
  'malformed', 'unknown_message', 'unknown_op', 'unknown_kind', 'unknown_field', 'wrong_type', 'out_of_range', 'text_too_long', 'too_many_members',
  'invalid_value', 'invalid_unicode', 'field_immutable', 'id_exists', 'entity_missing', 'parent_missing', 'parent_forbidden', 'forbidden',
]);

export function remedyOf(view: DraftView): Remedy {
  const { code } = view.draft.refusal;
  const gone = removedPlace(view);
  if (gone !== null) return { type: 'restore', id: gone.removed, label: gone.op === 'move' ? draftWords().restoreAndMove(gone.noun) : gone.op === 'create' ? draftWords().restoreAndAdd(gone.noun) : draftWords().restoreFirst(gone.noun) };
  if (code === 'parent_removed') return { type: 'retry', label: t().retry }; // it has been brought back meanwhile
  if (hopeless.has(code)) return { type: 'none' };
  if (code === 'subtree_changed') return { type: 'retry', label: draftWords().removeAnyway };
  if (code === 'out_of_place' && view.draft.ops.some((op) => op.op === 'edit')) return { type: 'retry', label: draftWords().putBehind };
  return { type: 'retry', label: t().retry };
}

// The first place that it needs and that has been removed.
function removedPlace({ store, draft }: DraftView): { removed: EntityId; op: Operation['op']; noun: string } | null {
  if (draft.refusal.code !== 'parent_removed') return null;
  for (const op of draft.ops) {
    const parent = op.op === 'create' || op.op === 'move' ? op.parent : op.op === 'restore' ? (store.entity(op.id)?.parent ?? null) : null;
    const removed = parent === null ? null : removedAbove(store, parent);
    const kind = store.entity(removed ?? '')?.kind;
    if (removed !== null && kind !== undefined) return { removed, op: op.op, noun: draftWords().noun[kind] };
  }
  return null;
}
