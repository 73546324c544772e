import type { ClientId, EffectiveOperation } from '../document/operation';
import type { Loss } from './api';

// Whether what `own` set stands over what somebody else had set unseen (OP2).
export function overwrites(ops: readonly EffectiveOperation[], own: ClientId): boolean {
  return ops.some((op) => op.op === 'set' && op.over !== undefined && op.over.client !== own);
}

// What `own` lost by somebody's op: a value that these had not seen when they set theirs (OP2).
export function lossOf(op: EffectiveOperation, own: ClientId, by: ClientId, revision: number): Loss | null {
  if (op.op !== 'set' || op.over?.client !== own) return null;
  return { id: op.id, field: op.field, mine: op.over.value, theirs: op.value, by, revision };
}
