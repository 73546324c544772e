// What a document needs of its connection.
import type { ClientId, ConnectionState } from './api';
import type { DocumentSession } from './document_session';

export interface Line {
  readonly client: ClientId;
  readonly state: ConnectionState;
  send(text: string): void; // lost unless live
  leave(session: DocumentSession): void;
}
