// Moving things in the trees of teams and cycles.
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { fieldsOfNew, rowMade } from '../rows/empty_rows';
import { announce } from '../state/announce';
import { requestFocus } from '../state/focus';
import { submit } from '../state/submit';
import { moveTo } from '../plan/actions';
import { t } from '../../i18n';

export type TreeKind = 'team' | 'cycle';

export function addToTree(store: LiveStore, kind: TreeKind, parent: EntityId, after?: EntityId): void {
  const id = store.document.newId();
  if (!submit(store, { op: 'create', id, kind, parent, fields: fieldsOfNew(kind), ...(after === undefined ? {} : { after }) })) return;
  rowMade(store, id);
  requestFocus(id, 'name');
  announce(t().plan.addedNews);
}

// Under the sibling above it.
export function nest(store: LiveStore, id: EntityId): boolean {
  const entity = store.entity(id);
  if (entity === undefined || entity.parent === null) return false;
  const siblings = store.children(entity.parent, entity.kind);
  const above = siblings[siblings.indexOf(id) - 1];
  return above !== undefined && moveTo(store, id, above);
}

// Behind its parent, one level up.
export function unnest(store: LiveStore, id: EntityId): boolean {
  const parent = store.entity(store.entity(id)?.parent ?? '');
  return parent !== undefined && parent.parent !== null && moveTo(store, id, parent.parent, parent.id);
}
