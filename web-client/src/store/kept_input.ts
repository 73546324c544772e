// What somebody writes in a form and has not sent, as it is kept on this device.
import type { ClientKey } from '../protocol/client_key';
import type { EntityId } from '../sync/api';

export interface KeptPlace {
  readonly document: string;
  readonly entity: EntityId;
  readonly form: string;
}
export interface KeptInput extends KeptPlace {
  readonly at: number; // of the last key
  readonly values: Readonly<Record<string, string>>; // of the inputs that were touched, as typed
}
export interface StoredInput extends KeptInput {
  readonly tab?: ClientKey; // none: nobody's
}
