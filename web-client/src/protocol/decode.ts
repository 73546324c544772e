// From text to messages: everything that the server sends, and what this client stored itself, is checked here; nothing else
// in the client parses JSON. Unknown messages and members are let pass, what is known must be right.
import type { Entity } from '../document/entity';
import type { EffectiveOperation, Operation } from '../document/operation';
import { asNew } from './encode';
import { committedChange, entity, figuresDelta, operations } from './decode_operation';
import type { Audit, Bye, Commit, Notice, Opened, Outcome, Part, Person, PresenceDelta, PresencePlace, Refusal, Refused, ServerMessage } from './messages';
import * as read from './read';
import { Malformed, type Json } from './read';
import { parseDocumentName, type DocumentSchema, type FieldName } from './schema';

export type Decoded = { type: 'message'; message: ServerMessage } | { type: 'unknown'; name: string } | { type: 'malformed'; why: string };

// HOT PATH: a keystroke's commit costs a few microseconds.
export function decode(text: string): Decoded {
  try {
    const it = read.parse(text);
    const message = serverMessage(it);
    return message === null ? { type: 'unknown', name: String(it.type) } : { type: 'message', message };
  } catch (error) {
    if (error instanceof Malformed) return { type: 'malformed', why: error.message };
    throw error;
  }
}

function serverMessage(it: Json): ServerMessage | null {
  switch (read.string(it.type, 'type')) {
    case 'welcome':
      return {
        type: 'welcome',
        protocol: read.count(it.protocol, 'protocol'),
        session: read.count(it.session, 'session'),
        server: read.string(it.server, 'server'),
        epoch: read.string(it.epoch, 'epoch'),
        heartbeat_ms: read.count(it.heartbeat_ms, 'heartbeat_ms'),
      };
    case 'opened':
      return opened(it);
    case 'part':
      return part(it);
    case 'commit':
      return commit(it);
    case 'derived':
      return { type: 'derived', document: read.string(it.document, 'document'), revision: read.count(it.revision, 'revision'), derived: figuresDelta(it.derived) };
    case 'presence':
      return { type: 'presence', document: read.string(it.document, 'document'), presence: presenceDelta(it) };
    case 'audit':
      return audit(it);
    case 'refused':
      return refused(it);
    case 'notice':
      return notice(it);
    case 'bye':
      return bye(it);
    case 'pong':
      return { type: 'pong' };
    default:
      return null;
  }
}

function refusal(it: Json): Refusal {
  const op = read.optional(it.op, 'op', read.count);
  return {
    code: read.string(it.code, 'code'),
    rule: read.optional(it.rule, 'rule', read.string) ?? '',
    message: read.optional(it.message, 'message', read.string) ?? '',
    ...(op === undefined ? {} : { op }),
  };
}

function outcome(value: unknown): Outcome {
  if (value === null || value === undefined) return { type: 'none' };
  const it = read.object(value, 'outcome');
  if (it.code === undefined) return { type: 'committed', revision: read.count(it.revision, 'revision') };
  return { type: 'refused', refusal: refusal(it) };
}

function place(value: unknown): PresencePlace {
  const it = read.object(value, 'at');
  const out: { -readonly [K in keyof PresencePlace]: PresencePlace[K] } = { entity: read.id(it.entity, 'entity') };
  if (typeof it.field === 'string' && it.field !== '') out.field = it.field as FieldName;
  for (const name of ['anchor', 'head', 'revision'] as const) {
    const position = read.optional(it[name], name, read.count);
    if (position !== undefined) out[name] = position;
  }
  return out;
}

function person(value: unknown): Person {
  const it = read.object(value, 'person');
  return {
    session: read.count(it.session, 'session'),
    client: read.string(it.client, 'client'),
    name: read.string(it.name, 'name'),
    color: read.count(it.color, 'color'),
    at: it.at === null || it.at === undefined ? null : place(it.at),
  };
}

const people = (value: unknown): Person[] => read.array(value ?? [], 'people').map(person);

function presenceDelta(value: unknown): PresenceDelta {
  const it = read.object(value ?? {}, 'presence');
  return { people: people(it.people), gone: read.array(it.gone ?? [], 'gone').map((session) => read.count(session, 'session')) };
}

function opened(it: Json): Opened {
  const mode = read.string(it.mode, 'mode');
  if (mode !== 'snapshot' && mode !== 'tail') throw new Malformed('mode: neither snapshot nor tail');
  return {
    type: 'opened',
    document: read.string(it.document, 'document'),
    epoch: read.string(it.epoch, 'epoch'),
    revision: read.count(it.revision, 'revision'),
    mode,
    parts: read.count(it.parts, 'parts'),
    recovered: read.boolean(it.recovered, 'recovered'),
    seq: read.count(it.seq, 'seq'),
    outcome: outcome(it.outcome),
    people: people(it.people),
    you: read.optional(it.you, 'you', read.count) ?? null,
  };
}

function part(it: Json): Part {
  const document = read.string(it.document, 'document');
  const name = parseDocumentName(document);
  if (name === null) throw new Malformed('document: no name');
  return {
    type: 'part',
    document,
    revision: read.count(it.revision, 'revision'),
    index: read.count(it.index, 'index'),
    entities: read.array(it.entities, 'entities').map((value) => entity(value, name.schema)),
    derived: figuresDelta(it.derived),
  };
}

function commit(it: Json): Commit {
  return {
    type: 'commit',
    document: read.string(it.document, 'document'),
    revision: read.count(it.revision, 'revision'),
    changes: read.array(it.changes, 'changes').map(committedChange),
    derived: figuresDelta(it.derived),
    presence: presenceDelta(it.presence),
  };
}

function audit(it: Json): Audit {
  const hash = read.string(it.hash, 'hash');
  if (!/^[0-9a-f]{16}$/.test(hash)) throw new Malformed('hash: not 16 hexadecimal digits');
  return {
    type: 'audit',
    document: read.string(it.document, 'document'),
    revision: read.count(it.revision, 'revision'),
    schema: read.count(it.schema, 'schema'),
    hash,
  };
}

function refused(it: Json): Refused {
  return {
    type: 'refused',
    document: read.optional(it.document, 'document', read.string) ?? null,
    seq: read.optional(it.seq, 'seq', read.count) ?? null,
    refusal: refusal(it),
    final: read.boolean(it.final, 'final'),
    revision: read.optional(it.revision, 'revision', read.count) ?? null,
  };
}

function notice(it: Json): Notice {
  return {
    type: 'notice',
    code: read.string(it.code, 'code'),
    message: read.optional(it.message, 'message', read.string) ?? '',
    document: read.optional(it.document, 'document', read.string) ?? null,
    seq: read.optional(it.seq, 'seq', read.count) ?? null,
    revision: read.optional(it.revision, 'revision', read.count) ?? null,
  };
}

function bye(it: Json): Bye {
  return {
    type: 'bye',
    code: read.string(it.code, 'code'),
    message: read.optional(it.message, 'message', read.string) ?? '',
    again: read.boolean(it.again, 'again'),
    after_ms: read.optional(it.after_ms, 'after_ms', read.count) ?? 0,
  };
}

// ---- the client's own journal (sync/journal.ts) ----

interface Sealed {
  readonly seq: number;
  readonly wire: string;
}
// Where a document stood just before an entry that does not follow from what is stored: everything but the confirmed entities.
export interface Footing {
  readonly epoch: string;
  readonly revision: number;
  readonly seqUsed: number;
  readonly pending: readonly { readonly ops: readonly EffectiveOperation[]; readonly size: number; readonly sealed: Sealed | null }[];
  readonly drafts: readonly { readonly key: string; readonly document: string; readonly at: number; readonly refusal: Refusal; readonly ops: readonly Operation[] }[];
}

// What happened to a document since the entry before, in order: messages of the server, then one step of its own. `entities` are
// confirmed ones just before the step, of those that pending ops concern and that no entry since the footing has brought.
export interface JournalEntry {
  readonly footing: Footing | null;
  readonly entities: readonly Entity[];
  readonly inputs: readonly string[];
  readonly step: { readonly type: 'submit'; readonly ops: readonly EffectiveOperation[] } | ({ readonly type: 'seal' } & Sealed);
}

// Nothing for an entry that was cut off or is not ours: it never counted as written.
export function decodeJournalEntry(text: string, schema: DocumentSchema): JournalEntry | null {
  try {
    const it = read.parse(text);
    const step = read.object(it.step, 'step');
    return {
      footing: it.footing === undefined || it.footing === null ? null : footing(read.object(it.footing, 'footing')),
      entities: read.array(it.entities ?? [], 'entities').map((value) => entity(value, schema)),
      inputs: read.array(it.inputs, 'inputs').map((input) => read.string(input, 'input')),
      step: step.type === 'submit' ? { type: 'submit', ops: operations(step.ops) } : { type: 'seal', ...seal(step) },
    };
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

function seal(it: Json): Sealed {
  return { seq: read.count(it.seq, 'seq'), wire: read.string(it.wire, 'wire') };
}

function footing(it: Json): Footing {
  return {
    epoch: read.string(it.epoch, 'epoch'),
    revision: read.count(it.revision, 'revision'),
    seqUsed: read.count(it.seqUsed, 'seqUsed'),
    pending: read.array(it.pending, 'pending').map((value) => {
      const change = read.object(value, 'change');
      return { ops: operations(change.ops), size: read.count(change.size, 'size'), sealed: change.sealed === null ? null : seal(read.object(change.sealed, 'sealed')) };
    }),
    drafts: read.array(it.drafts, 'drafts').map((value) => {
      const draft = read.object(value, 'draft');
      return {
        key: read.string(draft.key, 'key'),
        document: read.string(draft.document, 'document'),
        at: read.number(draft.at, 'at'),
        refusal: refusal(read.object(draft.refusal, 'refusal')),
        ops: outgoingOperations(draft.ops),
      };
    }),
  };
}

// A draft's ops are as they would be sent: without a position.
function outgoingOperations(value: unknown): Operation[] {
  return operations(read.array(value, 'ops').map((op) => ({ position: '', ...read.object(op, 'op') }))).map(asNew);
}
