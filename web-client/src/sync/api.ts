// What views use of the sync core. The core (this folder, `document/`, `protocol/`) is pure: transport, storage, clock,
// randomness and scheduling are injected by `store/`.
import type { DocumentKind, FieldName, KindName } from '../protocol/schema';
import type { ClientId, EffectiveOperation, EntityId, Operation, RegisterValue, TextEdit } from '../document/operation';
import type { Entity } from '../document/entity';
import type { Figures, Person, PresencePlace, Refusal } from '../protocol/messages';

export type { ClientId, EntityId } from '../document/operation';
export type { Entity, FieldValue } from '../document/entity';

// What changed in the shown state, told after each step: listeners read the state after the whole step. `origin` lets views
// treat what others did with a calm wash of light and leave own typing alone. An edit of a text is told as `text` alone, in
// shown coordinates; several in one step come in order, each on the text after the ones before it. Own edits, undo included,
// are told too (`local`): the editor that caused one ignores what arrives during its own `submit`.
export type Origin = 'local' | 'remote';
export type DocumentEvent =
  | { type: 'reset' } // everything may differ: first snapshot, or a recovery
  | { type: 'entity'; id: EntityId; origin: Origin; by: ClientId | null; fields: readonly FieldName[]; structure: boolean; parents: readonly EntityId[] } // parents: whose children differ
  | { type: 'text'; id: EntityId; field: FieldName; edit: TextEdit; origin: Origin; by: ClientId | null }
  | { type: 'pending'; ids: readonly EntityId[] } // isPending changed
  | { type: 'derived'; ids: readonly EntityId[] }
  | { type: 'people' }
  | { type: 'status' }
  | { type: 'history' } // canUndo or canRedo changed
  | { type: 'lost'; loss: Loss } // somebody overwrote what this client had just set
  | { type: 'overwrote'; ops: readonly EffectiveOperation[] } // this own change stands over what somebody else had just set: see its `over`
  | { type: 'vanished' } // `vanished` changed
  | { type: 'draft'; draft: Draft | null }; // `drafts` changed: this one is new (its change was refused for good), or null: one was retried or discarded

export interface Loss {
  readonly id: EntityId;
  readonly field: FieldName;
  readonly mine: RegisterValue;
  readonly theirs: RegisterValue;
  readonly by: ClientId;
  readonly revision: number;
}

// A refused change, kept for its user: copy, retry or discard. With it goes what depends on it.
export interface Draft {
  readonly key: string;
  readonly document: string;
  readonly at: number;
  readonly refusal: Refusal;
  readonly ops: readonly Operation[];
}

// An entity of which the server, put back to a backup, lacks what everybody had seen as saved: `fields` of it, or all of it. As it was.
export interface VanishedEntity {
  readonly entity: Entity;
  readonly fields: readonly FieldName[];
  readonly whole: boolean;
}

export interface VanishedState {
  missing(): readonly VanishedEntity[]; // parents first
  putBack(ids: readonly EntityId[]): Refusal | null;
  dismiss(): void;
}

export type ConnectionState =
  | { type: 'connecting' }
  | { type: 'live' }
  | { type: 'waiting'; until: number; offline: boolean }
  | { type: 'away'; code: string; message: string }; // the server said: stay away

export interface SyncStatus {
  readonly connection: ConnectionState;
  readonly synced: boolean; // open at the server: what is shown is the document as it is now
  readonly loaded: boolean; // a snapshot (from the server, or the local cache) is shown
  readonly epoch: string; // '': nothing is shown yet
  readonly revision: number; // of what the server has confirmed
  readonly pendingOps: number; // not yet acknowledged
  readonly storage: 'ok' | 'failed'; // the server's disk, as told by notices
  readonly problem: Refusal | null; // the server does not open this document: quarantined, forbidden, too_many_documents
  readonly differs: boolean; // from what the server has, and fetching it anew did not help (AU5)
}

export interface LiveDocument {
  readonly name: string;
  readonly kind: DocumentKind;
  readonly client: ClientId; // one's own
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
  // names the rule and nothing happens. A set whose value was decided on an older state says which (`seen`, OP2).
  submit(ops: readonly Operation[]): Refusal | null;
  // Removes what this user has made and written nothing in: where it never held anything, undo does not bring it back.
  withdraw(id: EntityId): Refusal | null;
  newId(): EntityId;

  undo(): boolean;
  redo(): boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;

  retryDraft(key: string): Refusal | null;
  discardDraft(key: string): void;
  restoreLoss(loss: Loss): Refusal | null;

  readonly vanished: VanishedState;

  setPlace(place: PresencePlace | null): void; // positions in shown coordinates; the core converts

  subscribe(listener: (event: DocumentEvent) => void): () => void;
  close(): void;
}

export interface Connection {
  readonly client: ClientId;
  readonly state: ConnectionState;
  // The same document twice is one LiveDocument, which ends with the last `close`.
  open(document: string, options?: { view?: boolean }): LiveDocument;
  setName(name: string): void;
  subscribe(listener: (state: ConnectionState) => void): () => void;
  reconnectNow(): void;
  // The page goes, or is put aside: the others see that at once. Nothing is sent until `reconnectNow`.
  suspend(): void;
  close(): void;
}
