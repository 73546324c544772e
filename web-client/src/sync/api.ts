// What views use of the sync core. The core (this folder, `document/`, `protocol/`) is pure: transport, storage, clock,
// randomness and scheduling are injected by `store/`.
import type { DocumentKind, FieldName, KindName } from '../protocol/schema';
import type { Operation, RegisterValue, TextEdit } from '../document/operation';
import type { Figures, Person, PresencePlace, Refusal } from '../protocol/messages';

export type EntityId = string;
export type ClientId = string;

// An entity as it is shown: confirmed state with everything pending applied.
export interface Entity {
  readonly id: EntityId;
  readonly kind: KindName;
  readonly parent: EntityId | null; // null: the root
  readonly position: string;
  readonly removed: boolean; // a tombstone's root
  readonly fields: Readonly<Record<FieldName, FieldValue | undefined>>;
}
export type FieldValue = RegisterValue | readonly string[]; // text and string registers alike are strings

// What changed in the shown state, told after each step. `origin` lets views treat what others did with a calm wash of
// light and leave own typing alone.
export type DocumentEvent =
  | { type: 'reset' } // everything may differ: first snapshot, or a recovery
  | { type: 'entity'; id: EntityId; origin: 'local' | 'remote'; by: ClientId | null; fields: readonly FieldName[]; structure: boolean }
  | { type: 'text'; id: EntityId; field: FieldName; edit: TextEdit; origin: 'local' | 'remote'; by: ClientId | null }
  | { type: 'derived'; ids: readonly EntityId[] }
  | { type: 'people' }
  | { type: 'status' }
  | { type: 'lost'; loss: Loss } // somebody overwrote what this client had just set
  | { type: 'draft'; draft: Draft }; // a change was refused for good

export interface Loss {
  readonly id: EntityId;
  readonly field: FieldName;
  readonly mine: RegisterValue;
  readonly theirs: RegisterValue;
  readonly by: ClientId;
  readonly revision: number;
}

// A refused change, kept for its user: copy, retry or discard.
export interface Draft {
  readonly key: string;
  readonly document: string;
  readonly at: number;
  readonly refusal: Refusal;
  readonly ops: readonly Operation[];
}

export type ConnectionState =
  | { type: 'connecting' }
  | { type: 'live' }
  | { type: 'waiting'; until: number; offline: boolean }
  | { type: 'away'; code: string; message: string }; // the server said: stay away

export interface SyncStatus {
  readonly connection: ConnectionState;
  readonly loaded: boolean; // a snapshot (from the server, or the local cache) is shown
  readonly revision: number;
  readonly pendingOps: number; // not yet acknowledged
  readonly storage: 'ok' | 'failed'; // the server's disk, as told by notices
}

export interface LiveDocument {
  readonly name: string;
  readonly kind: DocumentKind;
  readonly status: SyncStatus;
  readonly people: readonly Person[]; // the others and oneself (`you`)
  readonly you: number | null; // own session
  readonly root: Entity | null;
  readonly drafts: readonly Draft[];

  entity(id: EntityId): Entity | undefined;
  children(parent: EntityId, kind?: KindName): readonly Entity[]; // live ones, in order
  removed(): readonly Entity[]; // tombstones whose parent is live, latest first
  figures(id: EntityId): Figures | undefined;
  // Fields of an entity with own edits that the server has not acknowledged yet; drives the "saving" dot.
  isPending(id: EntityId): boolean;

  // Own edits. Shown at once; written to the outbox before that is announced. Ops are checked against the schema first: an error
  // names the rule and nothing happens.
  submit(ops: readonly Operation[]): Refusal | null;
  newId(): EntityId;

  undo(): boolean;
  redo(): boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;

  retryDraft(key: string): Refusal | null;
  discardDraft(key: string): void;
  restoreLoss(loss: Loss): Refusal | null;

  setPlace(place: PresencePlace | null): void; // positions in shown coordinates; the core converts

  subscribe(listener: (event: DocumentEvent) => void): () => void;
  close(): void;
}

export interface Connection {
  readonly client: ClientId;
  readonly state: ConnectionState;
  open(document: string, options?: { view?: boolean }): LiveDocument;
  setName(name: string): void;
  subscribe(listener: (state: ConnectionState) => void): () => void;
  reconnectNow(): void;
  close(): void;
}
