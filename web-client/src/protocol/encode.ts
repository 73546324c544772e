// From messages to text. What only a replica knows (a local position) does not leave it.
import type { EffectiveOperation, Operation } from '../document/operation';
import type { ClientMessage } from './messages';

export function encode(message: ClientMessage): string {
  return JSON.stringify(message);
}

// A pending op as it goes out: the server chooses positions (OP7) and notes what was overwritten (OP2).
export function outgoing(op: EffectiveOperation): Operation {
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
      const { over: _, ...rest } = op;
      return rest;
    }
    case 'add':
    case 'include':
    case 'exclude':
    case 'edit':
    case 'remove':
    case 'restore':
      return op;
  }
}
