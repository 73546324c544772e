// What the sync core needs from the world. `store/browser_environment.ts` is the browser's; tests have one with a virtual clock.
import type { Entity } from '../document/entity';
import type { EffectiveOperation, EntityId } from '../document/operation';
import type { ClientKey } from '../protocol/client_key';
import type { Figures } from '../protocol/messages';
import type { Draft } from './api';
import type { Lapse } from './vanished';

export type Cancel = () => void;

export interface Environment {
  now(): number; // milliseconds since 1970 UTC; nothing is ever decided by it, it only labels and groups
  random(): number; // 0 ≤ x < 1, unpredictable: ids are made of it
  schedule(ms: number, run: () => void): Cancel;
  readonly transport: Transport;
  readonly network: Network;
  storage(client: ClientKey, document: string): DocumentStorage;
}

export interface Transport {
  // Exactly one `closed` ends the handlers' life; after `Socket.close` nothing is called any more.
  connect(handlers: TransportHandlers): Socket;
}
export interface TransportHandlers {
  opened(): void;
  message(text: string): void;
  closed(code: number | null): void; // null: it broke without a close frame
}
export interface Socket {
  send(text: string): void;
  close(): void;
}

// Hints only: `online` may be true without a network.
export interface Network {
  readonly online: boolean;
  subscribe(listener: (online: boolean) => void): Cancel;
}

// ---- keeping one document of one client across reloads ----

// A pending change as it is stored. `wire` is the exact text that went out (CH3).
export interface StoredChange {
  readonly ops: readonly EffectiveOperation[];
  readonly size: number; // what repeated entries add to it must fill it up at the same place as they did
  readonly sealed: { readonly seq: number; readonly wire: string } | null;
}

// The confirmed state with its pending changes, which are written for exactly this revision.
export interface StoredState {
  readonly epoch: string;
  readonly revision: number;
  readonly seqUsed: number; // the last sequence number that this client used up
  readonly pending: readonly StoredChange[];
  readonly drafts: readonly Draft[];
  readonly vanished?: readonly Lapse[]; // absent in states of earlier versions
  readonly journal: number; // the last journal entry that is in it
}
export interface StoredRow {
  readonly id: EntityId;
  readonly entity: Entity | null; // null: there is only a figure, or nothing any more
  readonly figures: Figures | null;
}
export interface StoredDocument {
  readonly state: StoredState;
  readonly rows: readonly StoredRow[];
}

// What to write so that storage holds the state of now: only what differs since the last capture, unless `full`.
export interface Checkpoint {
  readonly state: StoredState;
  readonly rows: readonly StoredRow[];
  readonly full: boolean; // rows that are not among these are gone
  readonly mark: number; // handed back to `saved`
}
export interface CheckpointSource {
  capture(full: boolean): Checkpoint;
  saved(mark: number): void;
}

export interface StoredHistory {
  readonly document: StoredDocument | null;
  readonly borrowed: boolean; // the confirmed state of another client: this one's own storage has nothing yet
  readonly journal: readonly { readonly number: number; readonly text: string }[];
}

export interface DocumentStorage {
  // How much of the server's words, in characters, an entry of the journal may carry.
  readonly inputsMax: number;
  // What was stored, with the journal entries written after it, in order. Once, before anything else.
  load(): Promise<StoredHistory>;
  // From now on `source` is asked for what changed, soon after each `touch`.
  attach(source: CheckpointSource): void;
  touch(): void;
  // Synchronously, so that an edit is stored before it is shown. False: there is no room, or no such storage.
  journal(number: number, entry: string): boolean;
  // Everything up to now is stored when it resolves; false: storage failed.
  flush(): Promise<boolean>;
  close(): void;
}
