// What tests look at inside of a session.
import { isDeepStrictEqual } from 'node:util';
import type { Entity } from '../../../src/document/entity';
import type { DocumentSession } from '../../../src/sync/document_session';
import type { Replica } from '../../../src/sync/replica';

export function replicaOf(document: DocumentSession): Replica {
  return Reflect.get(document, 'replica');
}

// What is shown is what the confirmed state and the pending ops make, however it came about (RB1): null, or where it is not.
export function inconsistency(document: DocumentSession): string | null {
  const replica = replicaOf(document);
  const ids = new Set([...replica.confirmed.keys(), ...replica.pending.ids(), ...[...replica.shown.all()].map((it) => it.id)]);
  for (const id of ids) {
    const [shown, folded] = [replica.shown.get(id), replica.fold(id)];
    if (shown !== folded && !isDeepStrictEqual(shown, folded)) return `${id} is shown as ${JSON.stringify(shown)} and should be ${JSON.stringify(folded)}`;
  }
  return null;
}

// An entity as a part has it (OD4).
export function snapshotEntity({ parent, position, removed, ...rest }: Entity): object {
  return { ...rest, ...(parent === null ? {} : { parent, position }), ...(removed ? { removed } : {}) };
}
