// One open document of one client: applies what the server says, sends what the user does, and tells its listeners. It knows
// nothing of sockets: `connection.ts` brings messages and takes them. Each message and each own edit is one step: everything is
// brought up to date first, listeners hear of it last.
import type { Entity } from '../document/entity';
import type { CommittedChange, EntityId, Operation } from '../document/operation';
import { decode, type Footing, type JournalEntry } from '../protocol/decode';
import { encode } from '../protocol/encode';
import type { Audit, Commit, FiguresDelta, Notice, Opened, Part, Person, PresenceDelta, PresencePlace, Refusal, Refused, ServerMessage } from '../protocol/messages';
import type { DocumentKind, DocumentName } from '../protocol/schema';
import type { DocumentEvent, Draft, LiveDocument, Loss, SyncStatus } from './api';
import { Announcer, type Standing } from './announcer';
import { Delivery, type Verdict } from './delivery';
import { Drafts, stillWanted } from './drafts';
import type { Environment } from './environment';
import { FigureTable } from './figure_table';
import { History, type Cause } from './history';
import type { Line } from './line';
import { lossOf, overwrites } from './loss';
import { Outbox } from './outbox';
import { People } from './people';
import type { Phase, Snapshot } from './phase';
import { randomId } from './random_id';
import { Replica } from './replica';
import { Report } from './report';
import { SelfAudit } from './self_audit';
import { ShownDocument } from './shown_document';
import { Soon } from './soon';
import { closed, notLoaded, noView, outOfPlace, replaced } from './status';
import { Vanished } from './vanished';

const presenceEveryMs = 50;
const reopenAfterMs = 500;
const entityIdLength = 12;

export class DocumentSession extends ShownDocument implements LiveDocument {
  readonly name: string;
  readonly kind: DocumentKind;
  readonly loaded: Promise<void>; // what was stored is shown
  readonly vanished: Vanished;
  private readonly line: Line;
  private readonly environment: Environment;
  private readonly view: boolean;
  protected readonly replica: Replica;
  private readonly delivery: Delivery;
  protected readonly history = new History();
  private readonly presence: People;
  private readonly outbox: Outbox;
  protected readonly figureTable = new FigureTable();
  private readonly audit = new SelfAudit();
  private readonly announcer: Announcer;

  private phase: Phase = { type: 'closed' };
  // The confirmed state is known only where own changes are pending: their tab died while its snapshot was in no checkpoint. To bring
  // them to a snapshot exactly, the session gets that first, then the tail from where they are, and shows both when they meet.
  private partial = false;
  private ahead: Snapshot | null = null; // the snapshot that the tail is on its way to
  private epoch = ''; // empty: there is no state yet, from the server or from storage
  private revision = 0;
  private session: number | null = null;
  private readonly refusedDrafts: Drafts;
  private serverStorage: SyncStatus['storage'] = 'ok';
  private problem: Refusal | null = null;
  private readonly placeSoon: Soon;
  private readonly reopening: Soon;
  private holders = 0;
  private over: Refusal | null = null; // why this session takes no edits any more

  constructor(line: Line, environment: Environment, full: string, name: DocumentName, view: boolean) {
    super();
    this.line = line;
    this.environment = environment;
    this.name = full;
    this.kind = name.schema.name;
    this.view = view;
    this.replica = new Replica(name.schema, line.client, (op) => this.refusedDrafts.confirmed(op));
    this.vanished = new Vanished(this.replica.shown, { submit: (ops) => this.submit(ops), changed: () => this.vanishedChanged() });
    this.refusedDrafts = new Drafts({ client: line.client, document: full, now: () => environment.now(), changed: () => this.outbox.touch([]) });
    const { replica } = this;
    const revision = (): number => this.revision;
    this.presence = new People(line.client, {
      get revision() {
        return revision();
      },
      pendingEdits: (id, field) => replica.pending.edits(id, field),
    });
    this.outbox = new Outbox(environment.storage(line.key, full), name.schema, {
      state: () => ({ epoch: this.epoch, revision: this.revision, seqUsed: this.delivery.seqUsed, pending: replica.pending.stored(), drafts: this.drafts }),
      vanished: () => this.vanished.list,
      confirmed: (id) => replica.confirmed.get(id),
      figures: (id) => this.figureTable.get(id),
      rowIds: () => new Set([...replica.confirmed.keys(), ...this.figureTable.ids()]),
    });
    this.delivery = new Delivery({ document: full, environment, pending: replica.pending, outbox: this.outbox, revision, send: (text) => line.send(text) });
    this.placeSoon = new Soon(environment, presenceEveryMs, () => this.tellPlace());
    this.reopening = new Soon(environment, reopenAfterMs, () => this.connected());
    this.announcer = new Announcer(() => this.standing());
    this.loaded = this.restore();
  }

  // ---- reading ----

  get status(): SyncStatus {
    return this.announcer.status;
  }
  get client(): string {
    return this.line.client;
  }
  get people(): readonly Person[] {
    return this.presence.all;
  }
  get you(): number | null {
    return this.session;
  }
  get drafts(): readonly Draft[] {
    return this.refusedDrafts.list;
  }
  subscribe(listener: (event: DocumentEvent) => void): () => void {
    return this.announcer.subscribe(listener);
  }

  // ---- own edits ----

  newId(): EntityId {
    return randomId(entityIdLength, () => this.environment.random());
  }

  submit(ops: readonly Operation[]): Refusal | null {
    return this.submitAs('user', ops);
  }
  withdraw(id: EntityId): Refusal | null {
    return this.submitAs('withdraw', [{ op: 'remove', id }]);
  }
  undo(): boolean {
    return this.takeBack('undo');
  }
  redo(): boolean {
    return this.takeBack('redo');
  }

  retryDraft(key: string): Refusal | null {
    const before = this.drafts;
    const draft = this.refusedDrafts.find(key);
    if (draft === undefined) return null;
    // Gone before its ops are written: a tab that dies now has the one or the other, not both.
    this.refusedDrafts.remove(key);
    this.outbox.breakOff();
    const refusal = this.submit(this.refusedDrafts.opsNow(draft, this.replica.pending));
    if (refusal === null) this.discardDraft(key);
    else this.refusedDrafts.list = before;
    return refusal;
  }
  discardDraft(key: string): void {
    this.refusedDrafts.remove(key);
    void this.outbox.flush(); // not in the journal: soon gone for good
    this.announcer.tell([{ type: 'draft', draft: null }]);
  }
  restoreLoss(loss: Loss): Refusal | null {
    return this.submit([{ op: 'set', id: loss.id, field: loss.field, value: loss.mine }]);
  }

  setPlace(place: PresencePlace | null): void {
    this.presence.setOwn(place);
    this.tellPlaceSoon();
  }

  // Each `open` of the connection is matched by a `close`; the last one ends it.
  hold(): this {
    this.holders += 1;
    return this;
  }
  close(): void {
    this.holders -= 1;
    if (this.holders <= 0) this.end();
  }

  // Another tab goes on with this client's storage (HS5): writing to it here would undo what it does there.
  replaced(): void {
    this.over = replaced;
    this.outbox.close();
  }

  // Whoever holds it.
  end(): void {
    this.over ??= closed;
    if (this.phase.type !== 'closed') this.line.send(encode({ type: 'close', document: this.name }));
    this.disconnected();
    this.announcer.dismiss();
    this.line.leave(this);
    void this.outbox.flush().then(() => this.outbox.close());
  }

  // ---- the connection's side ----

  // A new connection is ready.
  connected(): void {
    void this.loaded.then(() => {
      if (this.line.state.type === 'live' && this.phase.type === 'closed') this.open();
    });
  }

  disconnected(): void {
    this.phase = { type: 'closed' };
    this.ahead = null;
    this.delivery.stop();
    this.placeSoon.drop();
    this.reopening.drop();
    this.session = null;
    this.presence.reset([], null);
    this.announcer.tell([{ type: 'people' }]);
  }

  // Something about the connection that `status` shows has changed.
  lineChanged(): void {
    this.announcer.tell([]);
  }

  receive(message: ServerMessage, text: string): void {
    switch (message.type) {
      case 'opened':
        return this.onOpened(message);
      case 'part':
        return this.onPart(message);
      case 'commit':
        if (this.phase.type === 'open') this.onCommit(message, text);
        return;
      case 'derived':
        // An answer that went on from an earlier revision repeats what has been overtaken (CM5); and so may the journal.
        if (this.phase.type !== 'open' || message.revision < this.revision) return;
        this.outbox.heard(text);
        return this.announcer.tell(this.takeFigures(message.derived));
      case 'presence':
        if (this.phase.type === 'open' && this.presence.update(message.presence)) this.announcer.tell([{ type: 'people' }]);
        return;
      case 'audit':
        return this.onAudit(message);
      case 'refused':
        return this.onRefused(message, text);
      case 'notice':
        return this.onNotice(message);
      case 'welcome':
      case 'bye':
      case 'pong':
        return;
    }
  }

  // ---- own edits, inside ----

  private submitAs(cause: Cause, ops: readonly Operation[]): Refusal | null {
    if (this.over !== null) return this.over;
    if (this.view) return noView;
    if (!this.isLoaded) return notLoaded;
    if (ops.length === 0) return null;
    const report = new Report();
    const sighted = ops.map((op) => (op.op === 'set' || op.op === 'remove' ? { ...op, seen: Math.min(op.seen ?? this.revision, this.revision) } : op));
    const submitted = this.replica.submit(sighted, (effective) => this.outbox.submitted(effective), report);
    if (submitted.type === 'refused') return submitted.refusal;
    this.history.record(cause, submitted.done, this.environment.now());
    const moved = report.texts.map((text) => this.presence.shown(text)).includes(true);
    this.delivery.pump();
    this.announcer.tell([...report.events(), ...(moved ? [{ type: 'people' } as const] : [])]);
    return null;
  }

  private takeBack(cause: 'undo' | 'redo'): boolean {
    const ops = this.history.take(cause, this.replica.shown);
    const refusal = ops.length === 0 ? null : this.submitAs(cause, ops);
    // What cannot be taken back any more blocks what lies below it.
    if (refusal?.code === 'text_too_long') this.history.giveBack();
    else if (refusal !== null) this.history.clear();
    this.announcer.tell([]);
    return ops.length > 0 && refusal === null;
  }

  // ---- the server's words ----

  private get isLoaded(): boolean {
    return this.epoch !== '' && !this.partial;
  }

  private open(): void {
    this.phase = { type: 'opening' };
    const resume = (this.isLoaded || this.ahead !== null) && !this.audit.wantsSnapshot ? { epoch: this.epoch, revision: this.revision } : {};
    this.line.send(encode({ type: 'open', document: this.name, ...resume, ...(this.view ? { view: true } : {}) }));
    this.announcer.tell([]);
  }

  private reopenSoon(): void {
    this.phase = { type: 'closed' };
    this.ahead = null;
    this.delivery.stop();
    this.reopening.drop();
    this.reopening.ask();
  }

  private onOpened(message: Opened): void {
    if (this.phase.type === 'closed') return; // what was asked before something was wrong: it is asked anew soon
    // Begun anew unasked, from commits that came since, before the server had heard what is asked: the answer follows (CM3).
    const unasked = this.phase.type === 'opening' && message.mode === 'tail' && message.epoch === this.epoch && message.revision > this.revision;
    if (unasked) return;
    this.delivery.stop();
    this.problem = null;
    this.session = message.you;
    if (message.mode === 'snapshot') {
      this.phase = { type: 'parts', opened: message, parts: [] };
      if (message.parts === 0) this.takeSnapshot(message, []);
      return;
    }
    if (message.epoch !== this.epoch || message.revision > this.revision) return this.reopenSoon();
    const report = new Report();
    const news = this.draftForgotten(message, report);
    const flight = this.delivery.inFlight;
    news.push(...this.carryOut(this.delivery.opened(message, false), message.outcome.type === 'refused' ? message.outcome.refusal : null, report));
    if (this.delivery.inFlight !== flight) this.outbox.breakOff();
    this.presence.reset(message.people, message.you);
    this.phase = { type: 'open' };
    this.delivery.start();
    this.finish(report, [...news, ...this.meetSnapshot(), { type: 'people' }]);
    this.tellPlaceSoon();
  }

  // The tail has come to the snapshot that was ahead of it.
  private meetSnapshot(): DocumentEvent[] {
    const { ahead } = this;
    if (ahead === null || this.revision !== ahead.opened.revision) return [];
    this.replaceConfirmed(ahead);
    return [{ type: 'reset' }];
  }

  private onPart(message: Part): void {
    if (this.phase.type !== 'parts' || message.index !== this.phase.parts.length) return;
    this.phase.parts.push(message);
    if (this.phase.parts.length === this.phase.opened.parts) this.takeSnapshot(this.phase.opened, this.phase.parts);
  }

  // OD3, OD6: the whole document anew, with what is pending on top of it (RB4).
  private takeSnapshot(opened: Opened, parts: readonly Part[]): void {
    // Also where its state waits for the tail: what the tail tells comes later than these (OD5).
    this.figureTable.clear();
    for (const part of parts) this.takeFigures(part.derived);
    if (this.partial && this.ahead === null && opened.epoch === this.epoch && opened.revision > this.revision && this.replica.pending.first !== undefined) {
      this.ahead = { opened, parts };
      return this.open();
    }
    const report = new Report();
    const news = this.draftForgotten(opened, report);
    const verdict = this.delivery.opened(opened, this.epoch !== '' && this.epoch !== opened.epoch);
    const flight = this.replica.pending.first;
    // For the difference between the texts to be what others did, an own change that the snapshot holds is confirmed first.
    if (verdict.type === 'committed' && flight !== undefined) this.replica.acknowledge(flight.ops, report);
    else news.push(...this.carryOut(verdict, opened.outcome.type === 'refused' ? opened.outcome.refusal : null, report));
    this.shiftTexts(report);
    this.replaceConfirmed({ opened, parts });
    this.presence.forgetTexts();
    this.presence.reset(opened.people, opened.you);
    this.phase = { type: 'open' };
    this.delivery.start();
    this.announcer.tell([...news, { type: 'reset' }, { type: 'people' }]);
    this.tellPlaceSoon();
  }

  private replaceConfirmed({ opened, parts }: Snapshot): void {
    const { before, texts } = this.replica.reset(parts.flatMap((part) => part.entities), this.history.textsOf());
    const report = this.audit.takeReport(before, this.replica.confirmed, opened.revision);
    if (report !== null) this.line.send(encode(report));
    if (this.epoch !== '' && this.epoch !== opened.epoch) this.otherHistory(before);
    else for (const { id, field, edit } of texts) this.history.shiftText(id, field, edit);
    this.refusedDrafts.meet(before, this.replica.confirmed, this.epoch !== opened.epoch || this.revision !== opened.revision);
    this.epoch = opened.epoch;
    this.revision = opened.revision;
    if (this.partial) this.outbox.start();
    this.partial = false;
    this.ahead = null;
    this.outbox.touchAll();
  }

  // The server was put back to a backup. Nobody knows any more which letters were whose, so nothing is undone across it; and what it
  // has no more is kept to be offered.
  private otherHistory(before: ReadonlyMap<EntityId, Entity>): void {
    this.history.clear();
    this.replica.pending.forgetSeen();
    if (!this.view) this.vanished.meet(before, this.replica.confirmed);
  }

  // HOT PATH: what others type. Tens of microseconds, most of them decoding and telling.
  private onCommit(message: Commit, text: string): void {
    const first = message.revision - message.changes.length + 1;
    if (first > this.revision + 1) return this.reopenSoon(); // a gap: never apply past it
    if (message.revision <= this.revision) return;
    const report = new Report();
    const news: DocumentEvent[] = [];
    for (const [index, change] of message.changes.entries()) {
      if (first + index > this.revision) this.applyChange(change, first + index, report, news);
      news.push(...this.meetSnapshot());
    }
    this.outbox.heard(text);
    news.push(...this.takeFigures(message.derived));
    this.delivery.pump();
    this.finish(report, news, message.presence);
    this.tellPlaceSoon();
  }

  private applyChange(change: CommittedChange, revision: number, report: Report, news: DocumentEvent[]): void {
    const own = change.client === this.line.client;
    const flight = this.delivery.inFlight;
    if (own && change.seq === flight) {
      this.replica.acknowledge(change.ops, report);
      this.delivery.settled(change.seq);
    } else {
      // A later one than that in flight, which would have come before it: the server has refused that.
      if (own && flight !== null && change.seq > flight) news.push(...this.makeDraft(flight, outOfPlace, report));
      if (own) this.refusedDrafts.drop(change.seq);
      for (const op of change.ops) {
        this.history.othersDid(op, op.op === 'set' && this.replica.pending.sets(op.id, op.field));
        const loss = own ? null : lossOf(op, this.line.client, change.client, revision);
        if (loss !== null) news.push({ type: 'lost', loss });
      }
      this.replica.applyRemote(change.ops, change.client, report);
    }
    if (own && overwrites(change.ops, this.line.client)) news.push({ type: 'overwrote', ops: change.ops });
    this.revision = revision;
    for (const op of change.ops) if (op.op === 'edit') this.presence.confirmed({ revision, id: op.id, field: op.field, edit: op.edit, by: change.client });
    this.outbox.touch(change.ops.map((op) => op.id));
  }

  // What heals is a snapshot, with what is pending on top (RB4). An audit that is told again may be of an earlier revision.
  private onAudit(message: Audit): void {
    const comparable = this.phase.type === 'open' && !this.partial && message.revision === this.revision;
    if (!comparable || !this.audit.findsDifference(message, this.replica.confirmed)) return;
    this.delivery.stop();
    this.open();
  }

  private onRefused(message: Refused, text: string): void {
    if (message.seq === null) {
      if (this.phase.type !== 'opening') return;
      this.phase = { type: 'closed' };
      this.problem = message.refusal;
      return this.announcer.tell([]);
    }
    const report = new Report();
    const verdict = this.delivery.refused(message);
    if (verdict.type === 'refused') this.outbox.heard(text);
    const news = this.carryOut(verdict, message.refusal, report);
    this.delivery.pump();
    this.finish(report, news);
  }

  private onNotice(message: Notice): void {
    if (message.code === 'storage_failed') this.serverStorage = 'failed';
    if (message.code === 'storage_recovered') this.serverStorage = 'ok';
    const report = new Report();
    const verdict = this.delivery.notice(message);
    if (verdict.type !== 'wait') this.outbox.breakOff();
    const news = this.carryOut(verdict, null, report);
    this.delivery.pump();
    this.finish(report, news);
  }

  // Does to the first pending change what the server's words about it come to.
  private carryOut(verdict: Verdict, refusal: Refusal | null, report: Report): DocumentEvent[] {
    const flight = this.delivery.inFlight;
    switch (verdict.type) {
      case 'wait':
        return [];
      case 'committed':
        this.replica.discardFirst(report);
        if (flight !== null) this.delivery.settled(flight);
        this.outbox.touch([]);
        return [];
      case 'refused':
        return refusal === null || flight === null ? [] : this.makeDraft(flight, refusal, report);
      case 'unclear':
        return flight === null ? [] : this.makeDraft(flight, outOfPlace, report);
      case 'reopen':
        this.reopenSoon();
        return [];
    }
  }

  // RB3. The seq is used up only where the server said so, which `delivery` has noted.
  private makeDraft(seq: number, refusal: Refusal, report: Report): DocumentEvent[] {
    const ops = this.replica.refuse(report);
    this.history.forget(ops);
    this.delivery.settled(this.delivery.seqUsed);
    const left = stillWanted(ops, refusal, this.replica.confirmed);
    return left.length === 0 ? [] : [{ type: 'draft', draft: this.refusedDrafts.add(seq, refusal, left) }];
  }

  private takeFigures(delta: FiguresDelta): DocumentEvent[] {
    this.outbox.touch(delta.keys());
    return this.figureTable.take(delta);
  }

  // ---- telling ----

  private finish(report: Report, news: readonly DocumentEvent[], delta?: PresenceDelta): void {
    let moved = this.shiftTexts(report);
    moved = this.presence.advanced() || moved;
    if (delta !== undefined) moved = this.presence.update(delta) || moved;
    this.announcer.tell([...report.events(), ...news, ...(moved ? [{ type: 'people' } as const] : [])]);
  }

  // Carets and undo go along with what is shown, except own edits, which the history has recorded itself.
  private shiftTexts(report: Report): boolean {
    let moved = false;
    for (const text of report.texts) {
      this.history.shiftText(text.id, text.field, text.edit);
      moved = this.presence.shown(text) || moved;
    }
    return moved;
  }

  private standing(): Standing {
    const { epoch, revision, serverStorage: storage, problem, canUndo, canRedo } = this;
    const synced = this.phase.type === 'open' && !this.partial;
    const differs = this.audit.isHelpless;
    return { status: { connection: this.line.state, synced, loaded: this.isLoaded, epoch, revision, pendingOps: this.replica.pending.ops, storage, problem, differs }, canUndo, canRedo };
  }

  private tellPlaceSoon(): void {
    if (!this.view) this.placeSoon.ask();
  }
  private tellPlace(): void {
    if (this.phase.type !== 'open') return;
    const news = this.presence.news();
    if (news !== null) this.line.send(encode({ type: 'presence', document: this.name, at: news.at }));
  }

  private vanishedChanged(): void {
    this.outbox.touch([]);
    this.announcer.tell([{ type: 'vanished' }]);
  }

  // ---- coming back after a reload ----

  private async restore(): Promise<void> {
    const { state, rows, entries, stray } = await this.outbox.load();
    if (state !== null) {
      for (const row of rows) {
        if (row.entity !== null) this.replica.confirmed.set(row.id, row.entity);
        if (row.figures !== null) this.figureTable.put(row.id, row.figures);
      }
      this.vanished.list = state.vanished ?? [];
      this.resumeFrom(state);
    }
    for (const entry of entries) this.repeat(entry);
    this.salvage(stray);
    // A checkpoint of a part would pass for the whole.
    if (!this.partial) this.outbox.start();
    if (this.isLoaded) this.announcer.tell([{ type: 'reset' }, { type: 'draft', draft: null }]);
  }

  // Entries that fit nothing (the system lost the checkpoint before them) cannot be applied any more: their words are a draft.
  private salvage(stray: readonly JournalEntry[]): void {
    const ops = stray.flatMap(({ step }) => (step.type === 'submit' ? step.ops : []));
    if (ops.length > 0) this.refusedDrafts.addStray('stray', ops);
  }

  private draftForgotten(message: Opened, report: Report): DocumentEvent[] {
    const ops = this.delivery.forgot(message) ? this.replica.dropUnsent(report) : [];
    if (ops.length === 0) return [];
    this.history.forget(ops);
    this.outbox.breakOff();
    return [{ type: 'draft', draft: this.refusedDrafts.addStray('forgotten', ops) }];
  }

  private standOn(footing: Footing): void {
    if (footing.epoch !== this.epoch || footing.revision !== this.revision) {
      this.partial = true;
      this.replica.confirmed.clear();
      this.figureTable.clear();
    }
    this.resumeFrom(footing);
  }

  private resumeFrom(it: Footing): void {
    this.epoch = it.epoch;
    this.revision = it.revision;
    this.audit.beganFromStorage(it.revision);
    this.delivery.seqUsed = it.seqUsed;
    this.refusedDrafts.list = it.drafts;
    this.replica.pending.restore(it.pending);
    this.replica.rebuild();
  }

  private repeat(entry: JournalEntry): void {
    if (entry.footing !== null) this.standOn(entry.footing);
    this.phase = { type: 'open' };
    for (const text of entry.inputs) {
      const decoded = decode(text);
      if (decoded.type === 'message') this.receive(decoded.message, text);
    }
    this.phase = { type: 'closed' };
    if (this.partial) this.replica.learn(entry.entities);
    if (entry.step.type === 'submit') this.replica.repeat(entry.step.ops);
    else this.replica.pending.seal(entry.step.seq, entry.step.wire);
  }
}
