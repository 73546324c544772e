// How far a document is open at the server.
import type { Opened, Part } from '../protocol/messages';

export interface Snapshot {
  readonly opened: Opened;
  readonly parts: readonly Part[];
}

export type Phase =
  | { type: 'closed' } // no connection, or the server does not open it
  | { type: 'opening' }
  | { type: 'parts'; opened: Opened; parts: Part[] }
  | { type: 'open' };
