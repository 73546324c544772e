// The messages of SPEC §2–§10 as values. `decode.ts` makes those of the server, `encode.ts` writes those of the client.
import type { Entity } from '../document/entity';
import type { ClientId, CommittedChange, EntityId, Operation } from '../document/operation';
import type { FieldName } from './schema';

export const protocolVersion = 1;
export const subprotocol = 'okra.v1';

// ---- client to server ----

export interface Hello {
  readonly type: 'hello';
  readonly protocol: number;
  readonly client: ClientId;
  readonly secret?: string; // whose fingerprint `client` is (HS8)
  readonly workspace: string;
  readonly name: string;
  readonly language: string;
}
export interface Open {
  readonly type: 'open';
  readonly document: string;
  readonly epoch?: string; // both or neither: what the client has
  readonly revision?: number;
  readonly view?: boolean;
}
export interface Change {
  readonly type: 'change';
  readonly document: string;
  readonly seq: number;
  readonly base: number;
  readonly ops: readonly Operation[];
}
// Where a person is in a document: at an entity, in a field, with a selection in code points of the text as of `revision`.
export interface PresencePlace {
  readonly entity: EntityId;
  readonly field?: FieldName;
  readonly anchor?: number;
  readonly head?: number;
  readonly revision?: number;
}
export interface Presence {
  readonly type: 'presence';
  readonly document: string;
  readonly at: PresencePlace | null;
}
export interface Close {
  readonly type: 'close';
  readonly document: string;
}
export interface Ping {
  readonly type: 'ping';
}
// What this client found in an audit: its own state at `revision` was another one.
export interface Diverged {
  readonly type: 'diverged';
  readonly document: string;
  readonly revision: number;
  readonly hash: string; // its own
  readonly since: number; // the revision of the snapshot that its state began with
  readonly stored?: boolean; // that came from this client's own storage
  readonly differs: readonly string[]; // "entity" or "entity/field", the first few
}
export type ClientMessage = Hello | Open | Change | Presence | Close | Ping | Diverged;

// ---- server to client ----

export interface Welcome {
  readonly type: 'welcome';
  readonly protocol: number;
  readonly session: number;
  readonly server: string;
  readonly epoch: string;
  readonly heartbeat_ms: number;
}

export interface Person {
  readonly session: number;
  readonly client: ClientId;
  readonly name: string;
  readonly color: number; // 0..11
  readonly at: PresencePlace | null;
}

// Why a change was refused. `code` is a refusal code of SPEC.md; user interfaces translate it, `message` is for a developer.
export interface Refusal {
  readonly code: string;
  readonly rule: string;
  readonly message: string;
  readonly op?: number;
}

export type Status = 'none' | 'on_track' | 'at_risk' | 'off_track' | 'stale' | 'closed';

// What the server computed for one entity. What is absent is shown as "—".
export interface Figures {
  readonly progress?: number; // key result: raw p; objective and plan: weighted mean of the clamped
  readonly expected?: number; // pace, 0..1
  readonly weight?: number; // effective weight among the siblings
  readonly measured?: number; // objective, plan: "measured of of"
  readonly of?: number;
  readonly computed?: Status; // before an override
  readonly shown?: Status; // after it
  readonly counts?: Readonly<Partial<Record<Status, number>>>; // plan: key results by status
  readonly error?: string; // "start_equals_target", …: why there is no progress
  readonly advice?: readonly string[]; // "due_outside_cycle", …: what is doubtful and stands all the same
}
export type FiguresDelta = ReadonlyMap<EntityId, Figures | null>; // null: none any more

export type Outcome = { readonly type: 'none' } | { readonly type: 'committed'; readonly revision: number } | { readonly type: 'refused'; readonly refusal: Refusal };

export interface Opened {
  readonly type: 'opened';
  readonly document: string;
  readonly epoch: string;
  readonly revision: number;
  readonly mode: 'snapshot' | 'tail';
  readonly parts: number;
  readonly recovered: boolean;
  readonly seq: number;
  readonly outcome: Outcome;
  readonly people: readonly Person[];
  readonly you: number | null;
}
export interface Part {
  readonly type: 'part';
  readonly document: string;
  readonly revision: number;
  readonly index: number;
  readonly entities: readonly Entity[];
  readonly derived: FiguresDelta;
}
export interface PresenceDelta {
  readonly people: readonly Person[];
  readonly gone: readonly number[];
}
export interface Commit {
  readonly type: 'commit';
  readonly document: string;
  readonly revision: number; // of the last change
  readonly changes: readonly CommittedChange[];
  readonly derived: FiguresDelta;
  readonly presence: PresenceDelta;
}
export interface Derived {
  readonly type: 'derived';
  readonly document: string;
  readonly revision: number;
  readonly derived: FiguresDelta;
}
export interface PresenceNews {
  readonly type: 'presence';
  readonly document: string;
  readonly presence: PresenceDelta;
}
// The hash of the document's state at a revision (AU1): 16 hexadecimal digits.
export interface Audit {
  readonly type: 'audit';
  readonly document: string;
  readonly revision: number;
  readonly schema: number;
  readonly hash: string;
}
export interface Refused {
  readonly type: 'refused';
  readonly document: string | null;
  readonly seq: number | null;
  readonly refusal: Refusal;
  readonly final: boolean;
  readonly revision: number | null; // of base_too_old: the document's newest
}
export interface Notice {
  readonly type: 'notice';
  readonly code: string;
  readonly message: string;
  readonly document: string | null;
  readonly seq: number | null;
  readonly revision: number | null;
}
export interface Bye {
  readonly type: 'bye';
  readonly code: string;
  readonly message: string;
  readonly again: boolean;
  readonly after_ms: number;
}
export interface Pong {
  readonly type: 'pong';
}
export type ServerMessage = Welcome | Opened | Part | Commit | Derived | PresenceNews | Audit | Refused | Notice | Bye | Pong;
