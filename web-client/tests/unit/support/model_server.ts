// A small model of the server: the rules of SPEC §3–§6 that a client depends on, in the plainest form. One document, no disk.
import { applyOperation, textOf } from '../../../src/document/apply';
import { codePointCount } from '../../../src/document/code_points';
import { Document } from '../../../src/document/document';
import type { Entity } from '../../../src/document/entity';
import type { CommittedChange, EffectiveOperation, Operation, TextEdit } from '../../../src/document/operation';
import { StateHash } from '../../../src/document/state_hash';
import { clamp, opposite, sideOf, transform } from '../../../src/document/text';
import { validate } from '../../../src/document/validate';
import type { Change, Diverged, Refusal } from '../../../src/protocol/messages';
import { parseDocumentName, schemaVersion, type DocumentSchema } from '../../../src/protocol/schema';
import { snapshotEntity } from './inside';

type Outcome = { revision: number } | Refusal;
interface Peer {
  readonly client: string;
  readonly session: number;
  readonly send: (text: string) => void;
  open: boolean;
}

interface AuthoredEdit {
  readonly edit: TextEdit;
  readonly by: string;
}

export class ModelServer {
  readonly name: string;
  epoch = 'epoch-1';
  log: CommittedChange[] = [];
  document: Document;
  failing = false; // storage: every change is refused for now
  usedUp = false; // the day's quota: every change is refused for good (ER8)
  tailFloor = 0; // who resumes from below it gets a snapshot
  historyFloor = 0; // nor are bases below this one served, or resumes
  readonly divergences: Diverged[] = []; // as clients reported them
  private readonly schema: DocumentSchema;
  private readonly hash = new StateHash();
  private readonly last = new Map<string, { seq: number; outcome: Outcome }>();
  private readonly wires = new Map<string, string>(); // every change that came in, for CH3
  private readonly peers = new Set<Peer>();
  private sessions = 0;

  constructor(name: string) {
    const parsed = parseDocumentName(name);
    if (parsed === null) throw new Error(name);
    this.name = name;
    this.schema = parsed.schema;
    this.document = this.empty();
  }

  get revision(): number {
    return this.log.length;
  }

  // A connection: give it what the client says; it answers through `send`.
  connect(send: (text: string) => void): { receive: (text: string) => void; disconnect: () => void } {
    let peer: Peer | null = null;
    return {
      receive: (text) => {
        const it = JSON.parse(text);
        if (it.type === 'hello') {
          this.sessions += 1;
          peer = { client: it.client, session: this.sessions, send, open: false };
          this.peers.add(peer);
          send(JSON.stringify({ type: 'welcome', protocol: 1, session: peer.session, server: 'model', epoch: this.epoch, heartbeat_ms: 20000 }));
        } else if (peer === null) throw new Error('[HS3] no hello');
        else if (it.type === 'open') this.open(peer, it);
        else if (it.type === 'change') {
          this.expectUnaltered(peer.client, it.seq, text);
          this.change(peer, it);
        }
        else if (it.type === 'presence') this.presence(peer, it.at);
        else if (it.type === 'ping') send('{"type":"pong"}');
        else if (it.type === 'close') peer.open = false;
        else if (it.type === 'diverged') this.divergences.push(it);
      },
      disconnect: () => {
        if (peer !== null) this.peers.delete(peer);
      },
    };
  }

  // Restored from a backup: another epoch, and what came after `revision` is gone.
  rollBackTo(revision: number): void {
    const log = this.log.slice(0, revision);
    for (const peer of this.peers) peer.open = false;
    this.epoch = `${this.epoch}+`;
    this.log = [];
    this.document = this.empty();
    this.last.clear();
    for (const change of log) {
      this.log.push(change);
      for (const op of change.ops) this.apply(op);
      this.last.set(change.client, { seq: change.seq, outcome: { revision: this.revision } });
    }
  }

  // AU2: the hash of the state goes to all who have the document open. `hash`: the server is the one that is wrong.
  audit(hash = this.hash.of(this.document.all())): void {
    const message = JSON.stringify({ type: 'audit', document: this.name, revision: this.revision, schema: schemaVersion, hash });
    for (const peer of this.peers) if (peer.open) peer.send(message);
  }

  // A change that arrives from nowhere in particular.
  commit(client: string, seq: number, ops: readonly Operation[], base = this.revision): Refusal | null {
    const outcome = this.accept(client, { type: 'change', document: this.name, seq, base, ops });
    return 'revision' in outcome ? null : outcome;
  }

  // CH3: what was on the wire is sent again byte for byte, in one history.
  private expectUnaltered(client: string, seq: number, text: string): void {
    const key = `${this.epoch} ${client} ${seq}`;
    const before = this.wires.get(key) ?? text;
    if (before !== text) throw new Error(`[CH3] altered:\n${before}\n${text}`);
    this.wires.set(key, text);
  }

  private empty(): Document {
    const document = new Document(this.schema);
    document.put({ id: this.schema.root, kind: this.schema.root, parent: null, position: '', removed: false, fields: {} });
    return document;
  }

  private open(peer: Peer, it: { epoch?: string; revision?: number }): void {
    peer.open = true;
    const last = this.last.get(peer.client);
    const resumes = it.epoch === this.epoch && it.revision !== undefined && it.revision <= this.revision && it.revision >= Math.max(this.tailFloor, this.historyFloor);
    const common = { type: 'opened', document: this.name, epoch: this.epoch, seq: last?.seq ?? 0, outcome: last?.outcome ?? null, people: [], you: peer.session };
    if (resumes && it.revision !== undefined) {
      peer.send(JSON.stringify({ ...common, revision: it.revision, mode: 'tail', parts: 0, recovered: true }));
      if (it.revision < this.revision) peer.send(this.commitMessage(it.revision));
      return;
    }
    const entities = [...this.document.all()];
    const half = Math.ceil(entities.length / 2);
    peer.send(JSON.stringify({ ...common, revision: this.revision, mode: 'snapshot', parts: 2, recovered: false }));
    for (const [index, some] of [entities.slice(0, half), entities.slice(half)].entries()) {
      peer.send(JSON.stringify({ type: 'part', document: this.name, revision: this.revision, index, entities: some.map(snapshotEntity), derived: {} }));
    }
  }

  private commitMessage(after: number): string {
    return JSON.stringify({ type: 'commit', document: this.name, revision: this.revision, changes: this.log.slice(after) });
  }

  private change(peer: Peer, it: Change): void {
    const refuse = (refusal: Refusal, final: boolean): void => peer.send(JSON.stringify({ type: 'refused', document: this.name, seq: it.seq, final, ...refusal }));
    const last = this.last.get(peer.client)?.seq ?? 0;
    if (!peer.open) return refuse({ code: 'not_open', rule: 'CH8', message: '' }, false);
    if (it.seq < last) return peer.send(JSON.stringify({ type: 'notice', code: 'already_committed', message: '', document: this.name, seq: it.seq }));
    if (it.seq > last + 1) return refuse({ code: 'seq_gap', rule: 'CH6', message: '' }, false);
    if (this.failing) return refuse({ code: 'unavailable', rule: 'ER5', message: '' }, false);
    const resent = it.seq === last;
    const outcome = resent ? this.last.get(peer.client)?.outcome : this.accept(peer.client, it);
    if (outcome === undefined) throw new Error('a seq without outcome');
    if (!('revision' in outcome)) return refuse(outcome, true);
    if (resent) peer.send(JSON.stringify({ type: 'notice', code: 'already_committed', message: '', document: this.name, seq: it.seq, revision: outcome.revision }));
    else for (const other of this.peers) if (other.open) other.send(this.commitMessage(this.revision - 1));
  }

  private accept(client: string, it: Change): Outcome {
    const outcome = this.tryAccept(client, it);
    this.last.set(client, { seq: it.seq, outcome });
    return outcome;
  }

  private tryAccept(client: string, it: Change): Outcome {
    if (this.usedUp) return { code: 'quota_exceeded', rule: 'ER8', message: '' };
    if (it.base > this.revision) return { code: 'base_ahead', rule: 'CH7', message: '' };
    if (it.base < this.historyFloor) return { code: 'base_too_old', rule: 'CH7', message: '' };
    const rollback = [...this.document.all()];
    const done: EffectiveOperation[] = [];
    const theirs = new Map<string, AuthoredEdit[]>(); // committed after base, as seen from behind the ops so far
    for (const [index, op] of it.ops.entries()) {
      const problem = this.problem(client, op, it.base) ?? validate({ schema: this.schema, shown: this.document, find: (id) => this.document.get(id) }, op);
      if (problem !== null) {
        this.document.clear();
        for (const entity of rollback) this.document.put(entity);
        return { ...problem, op: index };
      }
      const effective = this.amend(client, op, it.base, theirs);
      this.apply(effective);
      done.push(effective);
    }
    this.log.push({ client, seq: it.seq, at: 0, ops: done });
    return { revision: this.revision };
  }

  private problem(client: string, op: Operation, base: number): Refusal | null {
    if (op.op !== 'remove') return null;
    for (const change of this.log.slice(Math.min(op.seen ?? base, base))) {
      for (const it of change.ops) {
        const arrives = it.op === 'create' || it.op === 'move' || it.op === 'restore';
        if (arrives && change.client !== client && it.id !== op.id && this.document.isUnder(it.id, op.id)) return { code: 'subtree_changed', rule: 'OP8', message: '' };
      }
    }
    return null;
  }

  private amend(client: string, op: Operation, base: number, theirs: Map<string, AuthoredEdit[]>): EffectiveOperation {
    if (op.op === 'create' || op.op === 'move') return { ...op, position: this.document.localPosition(op.parent, op.after, op.id) };
    if (op.op === 'set') {
      const { seen = base, ...rest } = op;
      return { ...rest, ...this.overwritten(client, op.id, op.field, Math.min(seen, base)) };
    }
    if (op.op === 'remove') return { op: 'remove', id: op.id };
    if (op.op !== 'edit') return op;
    const key = `${op.id} ${op.field}`;
    let edit = op.edit;
    const crossed = (theirs.get(key) ?? this.editsAfter(base, op.id, op.field)).map((other) => {
      const side = sideOf(client, other.by);
      const next = transform(other.edit, edit, opposite(side));
      edit = transform(edit, other.edit, side);
      return { edit: next, by: other.by };
    });
    theirs.set(key, crossed);
    return { ...op, edit: clamp(edit, codePointCount(textOf(this.document.get(op.id), op.field))) };
  }

  private editsAfter(base: number, id: string, field: string): AuthoredEdit[] {
    const edits: AuthoredEdit[] = [];
    for (const change of this.log.slice(base)) for (const op of change.ops) if (op.op === 'edit' && op.id === id && op.field === field) edits.push({ edit: op.edit, by: change.client });
    return edits;
  }

  private overwritten(client: string, id: string, field: string, base: number): { over?: { value: string | number | boolean | null; client: string; revision: number } } {
    for (let index = this.log.length - 1; index >= base; index -= 1) {
      const change = this.log[index];
      const set = change?.ops.findLast((op) => op.op === 'set' && op.id === id && op.field === field);
      if (change === undefined || set?.op !== 'set') continue;
      return change.client === client ? {} : { over: { value: set.value, client: change.client, revision: index + 1 } };
    }
    return {};
  }

  private apply(op: EffectiveOperation): void {
    const entity: Entity | undefined = applyOperation(this.document.get(op.id), op, this.schema.kinds);
    if (entity !== undefined) this.document.put(entity);
  }

  private presence(peer: Peer, at: unknown): void {
    const person = { session: peer.session, client: peer.client, name: peer.client, color: peer.session % 12, at };
    for (const other of this.peers) if (other.open && other !== peer) other.send(JSON.stringify({ type: 'presence', document: this.name, people: [person], gone: [] }));
  }
}
