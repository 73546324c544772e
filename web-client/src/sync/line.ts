// What a document needs of its connection.
import type { ClientId, ConnectionState, LiveDocument } from './api';

export interface Line {
  readonly client: ClientId;
  readonly state: ConnectionState;
  send(text: string): void; // lost unless live
  leave(left: LiveDocument): void;
}
