// From messages to text. What only a replica knows (a local position) does not leave it.
import type { EffectiveOperation, Operation } from '../document/operation';
import type { ClientMessage } from './messages';

export function encode(message: ClientMessage): string {
  return JSON.stringify(message);
}

// A pending op as it goes out in a change on `base`: the server chooses positions (OP7) and notes what was overwritten (OP2).
export function outgoing(op: EffectiveOperation, base: number): Operation {
  switch (op.op) {
    case 'create': {
      const { position: _, ...rest } = op;
      return rest;
    }
    case 'move': {
      const { position: _, ...rest } = op;
      return rest;
    }
    case 'set': {
      const { over: _, seen, ...rest } = op;
      return { ...rest, ...sighted(seen, base) };
    }
    case 'remove': {
      const { seen, ...rest } = op;
      return { ...rest, ...sighted(seen, base) };
    }
    case 'add':
    case 'include':
    case 'exclude':
    case 'edit':
    case 'restore':
      return op;
  }
}

// As its user would submit it anew: what is seen then counts.
export const asNew = (op: EffectiveOperation): Operation => outgoing(op, 0);

const sighted = (seen: number | undefined, base: number): { seen?: number } => (seen !== undefined && seen < base ? { seen } : {});
