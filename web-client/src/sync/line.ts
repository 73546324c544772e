// What a document needs of its connection.
import type { ClientKey } from '../protocol/client_key';
import type { ClientId, ConnectionState, LiveDocument } from './api';

export interface Line {
  readonly client: ClientId;
  readonly key: ClientKey; // of its storage
  readonly state: ConnectionState;
  send(text: string): void; // lost unless live
  leave(left: LiveDocument): void;
}
