// The state of a document that its user had before them when deciding on a value. A set that is decided on an older state than the
// newest says so (`seen`, OP2): whoever set the value meanwhile is then told that it was overwritten unseen.
import type { SyncStatus } from './api';

export interface Sight {
  readonly epoch: string;
  readonly revision: number;
}

export function sightOf({ epoch, revision }: SyncStatus): Sight {
  return { epoch, revision };
}

// As a revision of the history that the document has now: of another one nothing was seen.
export function seenIn(sight: Sight, now: SyncStatus): number {
  return sight.epoch === now.epoch ? sight.revision : 0;
}
