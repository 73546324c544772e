// What people do on a plan, as ops. Views call these; none of them computes a figure or decides a rule.
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import type { FieldName, KindName } from '../../protocol/schema';
import { t } from '../../i18n';
import { showToast } from '../kit/toast';
import { fieldsOfNew, isEmpty, placeBefore, rowMade } from '../rows/empty_rows';
import { personName } from '../state/people';
import { announce } from '../state/announce';
import { requestFocus } from '../state/focus';
import { focusAfter, neighbourOf, rowBefore, rowOf } from '../state/focus_place';
import { submit } from '../state/submit';

type Created = 'objective' | 'key_result' | 'initiative' | 'milestone' | 'not_doing';

// `after` absent: last; null: first.
export function add(store: LiveStore, kind: Created, parent: EntityId, after?: EntityId | null): void {
  const id = store.document.newId();
  const place = after === undefined ? {} : { after };
  if (!submit(store, { op: 'create', id, kind, parent, fields: fieldsOfNew(kind), ...place })) return;
  rowMade(store, id);
  requestFocus(id, 'title');
  announce(t().plan.addedNews);
}

export function kindWord(kind: KindName | undefined): string {
  if (kind === 'objective') return t().plan.objective;
  if (kind === 'key_result') return t().plan.keyResult;
  if (kind === 'initiative') return t().initiatives.add;
  if (kind === 'milestone') return t().milestones.add;
  if (kind === 'not_doing') return t().plan.notDoing;
  if (kind === 'check_in') return t().checkIn.add;
  if (kind === 'team') return t().workspace.addTeam;
  if (kind === 'cycle') return t().workspace.addCycle;
  if (kind === 'person') return t().workspace.addPerson;
  if (kind === 'member') return t().member.add;
  return '';
}

export function describe(store: LiveStore, id: EntityId): string {
  const title = store.entity(id)?.kind === 'member' ? personName(store, store.text(id, 'person')) : nameOf(store, id);
  return title === '' ? kindWord(store.entity(id)?.kind) || t().untitled : t().quote(title);
}

// A person's title is what they do: the name comes first.
function nameOf(store: LiveStore, id: EntityId): string {
  return store.text(id, 'name') || store.text(id, 'title') || store.text(id, 'body');
}

export function remove(store: LiveStore, id: EntityId): void {
  const words = describe(store, id);
  const neighbour = neighbourOf(store, id);
  if (!submit(store, { op: 'remove', id })) return;
  focusAfter(() => rowOf(store, neighbour));
  announce(t().plan.removedNews(words));
  showToast({ text: t().plan.removedNews(words), actions: [{ label: t().undo, run: () => restore(store, id) }] });
}

export function restore(store: LiveStore, id: EntityId): void {
  if (submit(store, { op: 'restore', id })) focusAfter(() => rowOf(store, id));
}

// An empty row that nobody else is in goes with Backspace, and the caret returns to the row before it.
export function removeIfEmpty(store: LiveStore, id: EntityId): boolean {
  if (!canGo(store, id)) return false;
  const before = rowBefore(store, id);
  const place = placeBefore(store, id);
  if (store.document.withdraw(id) !== null) return false;
  if (before === null) focusAfter(place);
  else requestFocus(before, titleOf(store, before));
  announce(t().plan.emptyRowGone);
  return true;
}

// Enter in a row adds the next one. In an empty one it ends the list, as in any outline: behind the last key result comes the next objective,
// what is nested comes out one level, and elsewhere the row goes.
export function enterIn(store: LiveStore, id: EntityId, addNext: () => void): void {
  const entity = store.document.entity(id);
  const root = store.rootId();
  if (entity === undefined || !canGo(store, id)) addNext();
  else if (entity.kind === 'key_result') {
    if (store.document.withdraw(id) === null) add(store, 'objective', root, entity.parent);
  } else if (entity.parent !== null && store.document.entity(entity.parent)?.kind === entity.kind) moveTo(store, id, store.document.entity(entity.parent)?.parent ?? root, entity.parent);
  else {
    const place = placeBefore(store, id);
    if (store.document.withdraw(id) === null) focusAfter(place);
    announce(t().plan.emptyRowGone);
  }
}

function canGo(store: LiveStore, id: EntityId): boolean {
  const entity = store.document.entity(id);
  return entity !== undefined && isEmpty(store.document, entity) && store.peopleAt(id).length === 0;
}

// The text that names an entity.
export function titleOf(store: LiveStore, id: EntityId): FieldName {
  const kind = store.document.entity(id)?.kind ?? '';
  return kind === 'team' || kind === 'cycle' || kind === 'person' ? 'name' : 'title';
}

// One place up or down among the siblings.
export function moveBy(store: LiveStore, id: EntityId, step: -1 | 1): boolean {
  const entity = store.entity(id);
  if (entity === undefined || entity.parent === null) return false;
  const siblings = store.children(entity.parent, entity.kind);
  const index = siblings.indexOf(id);
  const to = index + step;
  if (index < 0 || to < 0 || to >= siblings.length) return false;
  const after = step === 1 ? (siblings[to] ?? null) : (siblings[to - 1] ?? null);
  const moved = submit(store, { op: 'move', id, parent: entity.parent, after });
  if (moved) announce(t().plan.movedNews(to + 1));
  return moved;
}

export function moveTo(store: LiveStore, id: EntityId, parent: EntityId, after?: EntityId | null): boolean {
  const place = after === undefined ? {} : { after };
  return submit(store, { op: 'move', id, parent, ...place });
}

// A key result to the objective before or after its own.
export function moveAcross(store: LiveStore, id: EntityId, step: -1 | 1): boolean {
  const parent = store.entity(id)?.parent;
  if (parent === null || parent === undefined) return false;
  const objectives = store.children(store.rootId(), 'objective');
  const target = objectives[objectives.indexOf(parent) + step];
  if (target === undefined) return false;
  const writing = document.activeElement?.closest(`[data-entity="${CSS.escape(id)}"]`) instanceof Element; // the caret goes with its row
  if (!moveTo(store, id, target)) return false;
  if (!writing) requestFocus(id, 'title');
  announce(`${t().plan.moveTo} ${objectives.indexOf(target) + 1}`);
  return true;
}
