// A client's copy of one document: the confirmed state, the pending changes, and the shown state they make together (RB1). The
// shown state is kept by what each step touches, never rebuilt: every op concerns one entity, so what is shown of an entity
// is its confirmed record with its own pending ops applied, and entities without any are shared between both states.
import { applyOperation, textOf } from '../document/apply';
import { codePointCount } from '../document/code_points';
import { Document } from '../document/document';
import type { Entity } from '../document/entity';
import type { ClientId, EffectiveOperation, EntityId, Operation, TextEdit } from '../document/operation';
import { clamp, deletionsFirst, difference, sideOf } from '../document/text';
import { validate } from '../document/validate';
import type { Refusal } from '../protocol/messages';
import { limits, type DocumentSchema, type FieldName } from '../protocol/schema';
import type { Origin } from './api';
import { Pending, type TakenBack } from './pending';
import { differingFields, textFields, type Report, type TextChange, type TextNews } from './report';
import { differenceByWords } from './text_difference';

// Own ops as they are shown, each with its entity just before it and, for a move, the sibling that it stood behind.
export interface Done {
  readonly op: EffectiveOperation;
  readonly before: Entity | undefined;
  readonly after: EntityId | null;
}
export type Submitted = { type: 'done'; done: readonly Done[] } | { type: 'refused'; refusal: Refusal };

export class Replica {
  readonly confirmed = new Map<EntityId, Entity>();
  readonly shown: Document;
  readonly pending = new Pending();
  private readonly schema: DocumentSchema;
  private readonly client: ClientId;
  private readonly told: (op: EffectiveOperation) => void;
  private readonly pendingMoves = new Set<EntityId>();
  private readonly confirmedText = (id: EntityId, field: FieldName): string => textOf(this.confirmed.get(id), field);

  // `told` hears of each op that becomes part of the confirmed state.
  constructor(schema: DocumentSchema, client: ClientId, told: (op: EffectiveOperation) => void = () => undefined) {
    this.schema = schema;
    this.client = client;
    this.told = told;
    this.shown = new Document(schema);
  }

  // Checks own ops one after the other, each on the result of the ones before it, gives new places a local position and shows them.
  // `keep` stores what will be pending; it runs when all ops are known to be good and before anybody is told.
  submit(ops: readonly Operation[], keep: (ops: readonly EffectiveOperation[]) => void, report: Report): Submitted {
    const done: Done[] = [];
    const context = { schema: this.schema, shown: this.shown, find: (id: EntityId): Entity | undefined => this.shown.get(id) };
    for (const [index, op] of ops.entries()) {
      const problem = ops.length > limits.ops_per_change ? tooMany : validate(context, op);
      if (problem !== null) {
        this.rollBack(done);
        return { type: 'refused', refusal: { ...problem, op: index } };
      }
      const before = this.shown.get(op.id);
      const after = op.op === 'move' && before !== undefined ? this.shown.placeOf(before) : null;
      const effective = this.place(op);
      const now = applyOperation(before, effective, this.schema.kinds);
      if (now !== undefined) this.shown.put(now);
      done.push({ op: effective, before, after });
    }
    const effective = done.map((it) => it.op);
    keep(effective);
    this.pending.push(effective);
    this.reportOwn(done, report);
    return { type: 'done', done };
  }

  // Own ops of a tab before this one, as its journal has them.
  repeat(ops: readonly EffectiveOperation[]): void {
    this.pending.push(ops);
    for (const op of ops) {
      const entity = applyOperation(this.shown.get(op.id), op, this.schema.kinds);
      if (entity !== undefined) this.shown.put(entity);
      if (op.op === 'move') this.pendingMoves.add(op.id);
    }
  }

  // Confirmed records that were not known yet, as a journal brings them one by one.
  learn(entities: readonly Entity[]): void {
    for (const entity of entities) {
      if (this.confirmed.has(entity.id)) continue;
      this.confirmed.set(entity.id, entity);
      this.shown.put(this.fold(entity.id) ?? entity);
    }
  }

  // HOT PATH: a commit of somebody else. A text edit costs the walk over that text; anything else one entity's record.
  applyRemote(ops: readonly EffectiveOperation[], by: ClientId, report: Report): void {
    let structure = false;
    for (const op of ops) {
      if (op.op === 'edit') this.applyRemoteEdit(op.id, op.field, op.edit, by, report);
      else {
        this.confirm(op);
        this.settle(op.id, 'remote', by, report);
        structure ||= op.op === 'create' || op.op === 'move';
      }
    }
    if (structure) this.settleMoves('remote', by, report);
  }

  // The first layer came back as the server committed it (RB2).
  acknowledge(ops: readonly EffectiveOperation[], report: Report): void {
    for (const op of ops) if (op.op === 'edit') this.pending.follow(op, this.confirmedText);
    const layer = this.pending.shift();
    for (const op of ops) this.confirm(op);
    this.settleAll([...(layer?.ops ?? []), ...ops], 'local', report);
  }

  // The first layer is in the confirmed state already.
  discardFirst(report: Report): void {
    this.settleAll(this.pending.shift()?.ops ?? [], 'local', report);
  }

  // The first layer will never be committed (RB3). Returns what is gone with it.
  refuse(report: Report): readonly EffectiveOperation[] {
    return this.withdraw(this.pending.refuse(this.confirmedText), report);
  }

  // What waits unsent is taken back.
  dropUnsent(report: Report): readonly EffectiveOperation[] {
    return this.withdraw(this.pending.dropUnsealed(this.confirmedText), report);
  }

  // A snapshot replaces the confirmed state; pending ops go on top of it (RB4). Returns what it was before, and what the shown texts
  // went through: those with pending ops, and those of `others`.
  reset(entities: readonly Entity[], others: Iterable<EntityId> = []): { before: ReadonlyMap<EntityId, Entity>; texts: readonly TextChange[] } {
    const old = new Map(this.confirmed);
    this.confirmed.clear();
    for (const entity of entities) this.confirmed.set(entity.id, entity);
    const root = this.schema.root;
    if (!this.confirmed.has(root)) this.confirmed.set(root, { id: root, kind: root, parent: null, position: '', removed: false, fields: {} });
    const ids = new Set([...this.pending.ids(), ...others]);
    const texts = [...ids].flatMap((id) => this.rebaseOnSnapshot(old.get(id), this.confirmed.get(id)));
    this.rebuild();
    return { before: old, texts };
  }

  // The shown state from nothing: after a snapshot, and what tests hold the kept one against.
  rebuild(): void {
    this.shown.clear();
    this.pendingMoves.clear();
    for (const entity of this.confirmed.values()) this.shown.put(entity);
    for (const id of this.pending.ids()) {
      const entity = this.fold(id);
      if (entity !== undefined) this.shown.put(entity);
    }
  }

  // What should be shown of an entity. A pending move that others have meanwhile made a cycle waits below.
  fold(id: EntityId): Entity | undefined {
    let entity = this.confirmed.get(id);
    if (!this.pending.has(id)) return entity;
    for (const op of this.pending.of(id)) {
      if (op.op === 'move') {
        this.pendingMoves.add(id);
        if (this.shown.isUnder(op.parent, id)) continue;
      }
      entity = applyOperation(entity, op, this.schema.kinds);
    }
    return entity;
  }

  private place(op: Operation): EffectiveOperation {
    if (op.op === 'move') this.pendingMoves.add(op.id);
    if (op.op !== 'create' && op.op !== 'move') return this.fit(op);
    return { ...op, position: this.shown.localPosition(op.parent, op.after, op.id) };
  }

  // Edits are canonical and end within their text, as the server would make them (TX1, TX5); what replaces deletes first (TX6).
  private fit<Op extends EffectiveOperation>(op: Op): Op {
    if (op.op !== 'edit') return op;
    return { ...op, edit: deletionsFirst(clamp(op.edit, codePointCount(textOf(this.shown.get(op.id), op.field)))) };
  }

  private rollBack(done: readonly Done[]): void {
    for (const { op, before } of [...done].reverse()) {
      if (before !== undefined) this.shown.put(before);
      else this.shown.delete(op.id);
    }
  }

  private reportOwn(done: readonly Done[], report: Report): void {
    const first = new Map<EntityId, Entity | undefined>();
    for (const { op, before } of done) {
      if (!first.has(op.id)) first.set(op.id, before);
      if (op.op === 'edit') report.text({ id: op.id, field: op.field, edit: op.edit, origin: 'local', by: null });
      report.touched.add(op.id);
    }
    for (const [id, old] of first) report.entity(old, this.withTextsOf(old, this.shown.get(id)), 'local', null);
  }

  // Own text edits are told as such already: an entity whose texts alone differ has no other news.
  private withTextsOf(old: Entity | undefined, now: Entity | undefined): Entity | undefined {
    if (old === undefined || now === undefined) return now;
    const texts = textFields(this.schema.kinds.get(now.kind), differingFields(old, now));
    if (texts.length === 0) return now;
    const fields = { ...now.fields };
    for (const name of texts) {
      const value = old.fields[name];
      if (value === undefined) delete fields[name];
      else fields[name] = value;
    }
    return { ...now, fields };
  }

  private confirm(op: EffectiveOperation): void {
    const entity = applyOperation(this.confirmed.get(op.id), op, this.schema.kinds);
    if (entity !== undefined) this.confirmed.set(op.id, entity);
    this.told(op);
  }

  private applyRemoteEdit(id: EntityId, field: FieldName, edit: TextEdit, by: ClientId, report: Report): void {
    this.confirm({ op: 'edit', id, field, edit });
    if (this.pending.has(id)) return this.showEdit({ id, field, edit: this.pending.rebaseText(id, field, edit, sideOf(this.client, by)), origin: 'remote', by }, report);
    const entity = this.confirmed.get(id);
    if (entity !== undefined) this.shown.put(entity);
    report.text({ id, field, edit, origin: 'remote', by });
  }

  // The texts by the very edits that take the own ones back: a difference cannot tell them from others' words that read alike.
  private withdraw({ ops, texts }: TakenBack, report: Report): readonly EffectiveOperation[] {
    for (const text of texts) this.showEdit({ ...text, origin: 'local', by: null }, report);
    this.settleAll(ops, 'local', report);
    return ops;
  }

  private showEdit(news: TextNews, report: Report): void {
    const { id, field, edit } = news;
    const entity = applyOperation(this.shown.get(id), { op: 'edit', id, field, edit }, this.schema.kinds);
    if (entity === undefined) return;
    this.shown.put(entity);
    report.text(news);
  }

  private settleAll(ops: readonly EffectiveOperation[], origin: Origin, report: Report): void {
    let structure = false;
    for (const id of new Set(ops.map((op) => op.id))) {
      this.settle(id, origin, null, report);
      report.touched.add(id);
    }
    for (const op of ops) structure ||= op.op === 'create' || op.op === 'move';
    if (structure) this.settleMoves(origin, null, report);
  }

  private settleMoves(origin: Origin, by: ClientId | null, report: Report): void {
    for (const id of [...this.pendingMoves]) {
      if (!this.pending.has(id)) this.pendingMoves.delete(id);
      this.settle(id, origin, by, report);
    }
  }

  // Brings what is shown of one entity up to date and reports what differs. Texts are normally up to date by their edits; where one
  // is not (a refusal, a server that amended), the difference is told as an edit.
  private settle(id: EntityId, origin: Origin, by: ClientId | null, report: Report): void {
    const old = this.shown.get(id);
    const now = this.fold(id);
    if (now === old) return;
    if (now === undefined) this.shown.delete(id);
    else this.shown.put(now);
    if (old !== undefined && now !== undefined) {
      for (const field of textFields(this.schema.kinds.get(now.kind), differingFields(old, now))) {
        report.text({ id, field, edit: difference(textOf(old, field), textOf(now, field)), origin, by });
      }
    }
    report.entity(old, this.withTextsOf(old, now), origin, by);
  }

  private rebaseOnSnapshot(old: Entity | undefined, now: Entity | undefined): TextChange[] {
    if (old === undefined || now === undefined) return [];
    const { id } = now;
    return textFields(this.schema.kinds.get(now.kind), differingFields(old, now)).map((field) => {
      const edit = differenceByWords(textOf(old, field), textOf(now, field));
      return { id, field, edit: this.pending.rebaseText(id, field, edit, 'right') };
    });
  }
}

const tooMany: Refusal = { code: 'too_many_ops', rule: 'ER6', message: `more than ${limits.ops_per_change} ops` };
