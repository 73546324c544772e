// Own edits go to the document through here: an edit that breaks the schema changes nothing, and its author hears why.
import type { Operation, RegisterValue, SetOp } from '../../document/operation';
import type { FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import { seenIn, type Sight } from '../../sync/sight';
import type { LiveStore } from '../../store/live_store';
import { refusalWords } from '../../i18n';
import { showToast } from '../kit/toast';

export function submit(store: LiveStore, ...ops: Operation[]): boolean {
  const refusal = store.document.submit(ops);
  if (refusal === null) return true;
  showToast({ text: refusalWords(refusal.code), tone: 'warn' });
  return false;
}

export interface Register {
  readonly id: EntityId;
  readonly field: FieldName;
}

// `sight`: what its user had before them when they began to decide on the value.
export function setOp(store: LiveStore, { id, field }: Register, value: RegisterValue, sight: Sight): SetOp {
  return { op: 'set', id, field, value, seen: seenIn(sight, store.document.status) };
}

export function setField(store: LiveStore, register: Register, value: RegisterValue, sight: Sight): boolean {
  return submit(store, setOp(store, register, value, sight));
}
