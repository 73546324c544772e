// Undo and redo of one user's own edits, as new changes made from inverses. An item is undone only where the value is still
// one's own; the inverse of a text edit is carried along through whatever others write.
//
// Per text, a stack's items form a chain: each inverse fits the text as it was right after its edit. What others write later is
// noted at the top of the chain alone (`over`) and handed down when that item leaves, so a remote edit costs the same however long the
// history is. Undoing the top item brings the text to where the one below fits, plus what was handed down.
import { sameValue, textOf } from '../document/apply';
import { codePointCount } from '../document/code_points';
import type { Document } from '../document/document';
import { fieldNames, type FieldValue } from '../document/entity';
import type { EffectiveOperation, EntityId, InitialValue, Operation, RegisterValue, TextEdit } from '../document/operation';
import { clamp, compose, invert, transform, transformPosition } from '../document/text';
import type { FieldName } from '../protocol/schema';
import type { Done } from './replica';

interface TextItem {
  readonly type: 'text';
  readonly id: EntityId;
  readonly field: FieldName;
  inverse: TextEdit;
  over: TextEdit[];
}
interface SetItem {
  readonly type: 'set';
  readonly id: EntityId;
  readonly field: FieldName;
  readonly mine: RegisterValue;
  old: RegisterValue;
  foreign: boolean; // somebody else has set it since
}
interface MoveItem {
  readonly type: 'move';
  readonly id: EntityId;
  readonly parent: EntityId;
  readonly after: EntityId | null;
  foreign: boolean;
}
// Commutes with whatever others do: it is carried out where it still has an effect.
interface PlainItem {
  readonly type: 'plain';
  readonly op: Operation;
  readonly held?: Readonly<Partial<Record<FieldName, InitialValue>>> | undefined; // of a removal: what the entity had when it was made or brought back
}
type Item = TextItem | SetItem | MoveItem | PlainItem;

interface Step {
  readonly items: Item[];
  at: number;
  typing: Typing | null; // may be continued
}
// A run of typing or deleting in one text.
interface Typing {
  readonly key: string;
  readonly deleting: boolean;
  readonly endsWord: boolean;
  start: number; // of what was touched last, in code points of the text now
  end: number;
}
// One more edit of that kind; `from` and `to` are of the text before it.
interface Stroke {
  readonly from: number;
  readonly to: number;
  readonly typing: Typing;
}

const stepsMax = 200;
const typingPauseMs = 600;
const overMax = 64; // edits noted one by one before they are composed

// A field, or without one the entity's place in the tree.
const keyOf = (it: { id: EntityId; field?: FieldName }): string => `${it.id} ${it.field ?? ''}`;

class Stack {
  private steps: Step[] = [];
  private readonly chains = new Map<string, TextItem[]>();

  get isEmpty(): boolean {
    return this.steps.length === 0;
  }
  get top(): Step | undefined {
    return this.steps.at(-1);
  }
  *items(): Generator<Item> {
    for (const step of this.steps) yield* step.items;
  }
  textsOf(): EntityId[] {
    return [...this.chains.values()].flatMap((chain) => chain.slice(-1).map(({ id }) => id));
  }

  clear(): void {
    this.steps = [];
    this.chains.clear();
  }

  push(step: Step): void {
    this.steps.push(step);
    for (const item of step.items) {
      if (item.type !== 'text') continue;
      const chain = this.chains.get(keyOf(item));
      if (chain === undefined) this.chains.set(keyOf(item), [item]);
      else chain.push(item);
    }
    if (this.steps.length > stepsMax) this.dropOldest();
  }

  // The last step's items, the last first, each ready to be applied after the ones before it.
  pop(): Item[] {
    const step = this.steps.pop();
    const items = [...(step?.items ?? [])].reverse();
    for (const item of items) {
      if (item.type !== 'text') continue;
      this.settle(item);
      this.unchain(item, (chain) => chain.pop());
    }
    return items;
  }

  // Brings the top inverse of a text up to date and hands what it went through down to the next. What comes back stands in front of
  // what others wrote at its place meanwhile: most of them wrote on behind it.
  settle(item: TextItem): void {
    if (item.over.length === 0) return;
    const over = item.over.reduce(compose);
    const below = this.chains.get(keyOf(item))?.at(-2);
    if (below !== undefined) note(below, transform(over, item.inverse, 'right'));
    item.inverse = transform(item.inverse, over, 'left');
    item.over = [];
  }

  // Chains of texts stay as they are.
  drop(isGone: (item: Exclude<Item, TextItem>) => boolean): void {
    this.steps = this.steps.map((step) => ({ ...step, items: step.items.filter((item) => item.type === 'text' || !isGone(item)) })).filter(({ items }) => items.length > 0);
  }

  // HOT PATH: constant, and mostly nothing.
  shift(key: string, edit: TextEdit): void {
    const item = this.chains.get(key)?.at(-1);
    if (item !== undefined) note(item, edit);
    const typing = this.top?.typing;
    if (typing?.key !== key) return;
    typing.start = transformPosition(typing.start, edit, 'left');
    typing.end = transformPosition(typing.end, edit, 'left');
  }

  private dropOldest(): void {
    for (const item of this.steps.shift()?.items ?? []) if (item.type === 'text') this.unchain(item, (chain) => chain.shift());
  }
  private unchain(item: TextItem, take: (chain: TextItem[]) => void): void {
    const chain = this.chains.get(keyOf(item));
    if (chain === undefined) return;
    take(chain);
    if (chain.length === 0) this.chains.delete(keyOf(item));
  }
}

function note(item: TextItem, edit: TextEdit): void {
  item.over.push(edit);
  if (item.over.length > overMax) item.over = [item.over.reduce(compose)];
}

export type Cause = 'user' | 'withdraw' | 'undo' | 'redo';

export class History {
  private readonly undoable = new Stack();
  private readonly redoable = new Stack();
  private taken: { readonly stack: Stack; readonly items: readonly Item[] } | null = null;

  get canUndo(): boolean {
    return !this.undoable.isEmpty;
  }
  get canRedo(): boolean {
    return !this.redoable.isEmpty;
  }

  // Own ops were shown. What was made and is withdrawn without ever having held anything has never been there.
  record(cause: Cause, done: readonly Done[], now: number): void {
    if (cause === 'withdraw' && this.wereEmpty(done)) return this.forget(done.map(({ op }) => op));
    const items = done.map(inverseOf).filter((item) => item !== null);
    if (cause === 'user' || cause === 'withdraw') this.redoable.clear();
    if (items.length === 0) return;
    const stack = cause === 'undo' ? this.redoable : this.undoable;
    const stroke = cause === 'user' && done.length === 1 && done[0] !== undefined ? strokeOf(done[0].op) : null;
    if (stroke !== null && this.continues(items, stroke, now)) return;
    stack.push({ items, at: now, typing: stroke?.typing ?? null });
  }

  // The ops that take back the last step that still has something to take back.
  take(cause: 'undo' | 'redo', shown: Document): Operation[] {
    const stack = cause === 'undo' ? this.undoable : this.redoable;
    while (!stack.isEmpty) {
      const revived = new Set<EntityId>();
      const ops: Operation[] = [];
      const items = stack.pop();
      this.taken = { stack, items };
      for (const item of items) {
        const op = isOthers(item, items, shown) ? null : opOf(item, shown, revived);
        if (op?.op === 'restore') revived.add(op.id);
        if (op !== null) ops.push(op);
      }
      if (ops.length > 0) return withoutInner(ops, shown);
    }
    return [];
  }

  // What was taken could not be done just now (words that come back have no room in their text): it waits where it was.
  giveBack(): void {
    this.taken?.stack.push({ items: [...this.taken.items].reverse(), at: 0, typing: null });
    this.taken = null;
  }

  // An edit of a shown text that is not this user's (or that the core made itself).
  shiftText(id: EntityId, field: FieldName, edit: TextEdit): void {
    const key = `${id} ${field}`;
    this.undoable.shift(key, edit);
    this.redoable.shift(key, edit);
  }

  // Somebody else set a register or moved an entity. While an own set of it is pending the own value stays, and what it will
  // have overwritten is theirs.
  othersDid(op: EffectiveOperation, pending: boolean): void {
    if (op.op !== 'set' && op.op !== 'move') return;
    for (const stack of [this.undoable, this.redoable]) {
      let latest: SetItem | null = null;
      for (const item of stack.items()) {
        if (item.type === 'move' && op.op === 'move' && item.id === op.id) item.foreign = true;
        if (item.type !== 'set' || op.op !== 'set' || item.id !== op.id || item.field !== op.field) continue;
        item.foreign = true;
        latest = item;
      }
      if (latest === null || op.op !== 'set' || !pending || stack !== this.undoable) continue;
      latest.foreign = false;
      latest.old = op.value;
    }
  }

  // Own ops will never be committed, and are shown no more. A text's inverse is told by `shiftText`, and a set is undone only where its
  // value is shown. Of the rest nobody can tell any more which of the user's ops were in it: nothing that was done there is undone.
  forget(ops: readonly EffectiveOperation[]): void {
    const gone = new Set(ops.map(keyOf));
    const isGone = (item: Exclude<Item, TextItem>): boolean => item.type !== 'set' && gone.has(keyOf(item.type === 'plain' ? item.op : item));
    this.undoable.drop(isGone);
    this.redoable.drop(isGone);
  }

  // The entities that have a text to undo or redo something in.
  textsOf(): Set<EntityId> {
    return new Set([...this.undoable.textsOf(), ...this.redoable.textsOf()]);
  }

  clear(): void {
    this.undoable.clear();
    this.redoable.clear();
  }

  private wereEmpty(done: readonly Done[]): boolean {
    const steps = [...this.undoable.items(), ...this.redoable.items()].map((item) => (item.type === 'plain' ? item.op : item));
    return done.every(({ op: { id } }) => {
      const own = steps.filter((it) => it.id === id);
      return own.some((it) => 'op' in it && it.op === 'remove') && !own.some((it) => 'field' in it);
    });
  }

  // Typing on within a moment, in the same place and the same word, belongs to the step before.
  private continues(items: readonly Item[], stroke: Stroke, now: number): boolean {
    const step = this.undoable.top;
    const last = step?.typing ?? null;
    const item = items[0];
    const earlier = step?.items[0];
    if (step === undefined || last === null || item?.type !== 'text' || earlier?.type !== 'text') return false;
    const { key, deleting, endsWord } = stroke.typing;
    const touches = stroke.from <= last.end && stroke.to >= last.start;
    const newWord = !deleting && last.endsWord && !endsWord;
    if (last.key !== key || last.deleting !== deleting || now - step.at > typingPauseMs || !touches || newWord) return false;
    this.undoable.settle(earlier);
    earlier.inverse = compose(item.inverse, earlier.inverse);
    step.at = now;
    step.typing = stroke.typing;
    return true;
  }
}

function inverseOf({ op, before, after }: Done): Item | null {
  if (op.op === 'create') return { type: 'plain', op: { op: 'remove', id: op.id }, held: op.fields ?? {} };
  if (before === undefined) return null;
  switch (op.op) {
    case 'edit': {
      const inverse = invert(textOf(before, op.field), op.edit);
      return inverse.length === 0 ? null : { type: 'text', id: op.id, field: op.field, inverse, over: [] };
    }
    case 'set': {
      const value = before.fields[op.field] ?? null;
      const old = typeof value === 'object' ? null : value;
      return { type: 'set', id: op.id, field: op.field, mine: op.value, old, foreign: false };
    }
    case 'add':
      return { type: 'plain', op: { ...op, by: -op.by } };
    case 'include':
    case 'exclude': {
      const members = before.fields[op.field];
      const had = typeof members === 'object' && members !== null && members.includes(op.value);
      if (had === (op.op === 'include')) return null;
      return { type: 'plain', op: { op: op.op === 'include' ? 'exclude' : 'include', id: op.id, field: op.field, value: op.value } };
    }
    case 'move':
      return before.parent === null ? null : { type: 'move', id: op.id, parent: before.parent, after, foreign: false };
    case 'remove':
    case 'restore':
      if (before.removed === (op.op === 'remove')) return null;
      return op.op === 'remove' ? { type: 'plain', op: { op: 'restore', id: op.id } } : { type: 'plain', op: { op: 'remove', id: op.id }, held: before.fields };
  }
}

// Removing an entity hides what is below it: that needs no tombstones of its own.
function withoutInner(ops: readonly Operation[], shown: Document): Operation[] {
  const removed = new Set(ops.filter((op) => op.op === 'remove').map((op) => op.id));
  return ops.filter((op) => op.op !== 'remove' || !removed.has(shown.get(op.id)?.parent ?? ''));
}

// Somebody else has written into what this would remove: the user's own later steps have been taken back by now.
function isOthers(item: Item, step: readonly Item[], shown: Document): boolean {
  if (item.type !== 'plain' || item.held === undefined) return false;
  const { held, op } = item;
  const own = new Set(step.map((it) => (it.type !== 'plain' && it.type !== 'move' && it.id === op.id ? it.field : null)));
  const now = shown.get(op.id)?.fields ?? {};
  return fieldNames(now).some((field) => !own.has(field) && !isNothing(now[field]) && !sameValue(now[field], held[field]));
}

const isNothing = (value: FieldValue | undefined): boolean => value === undefined || value === null || value === '' || value === 0 || (typeof value === 'object' && value.length === 0);

// What to do about an item now; nothing where it is not one's own any more or has no effect. `revived` will be live by then.
function opOf(item: Item, shown: Document, revived: ReadonlySet<EntityId>): Operation | null {
  switch (item.type) {
    case 'text': {
      const entity = shown.get(item.id);
      const edit = clamp(item.inverse, codePointCount(textOf(entity, item.field)));
      return entity === undefined || edit.length === 0 ? null : { op: 'edit', id: item.id, field: item.field, edit };
    }
    case 'set': {
      const value = shown.get(item.id)?.fields[item.field];
      const own = !item.foreign && shown.get(item.id) !== undefined && sameValue(value ?? null, item.mine);
      return own ? { op: 'set', id: item.id, field: item.field, value: item.old } : null;
    }
    case 'move': {
      const possible = !item.foreign && shown.isLive(item.parent) && shown.get(item.id) !== undefined && !shown.isUnder(item.parent, item.id);
      return possible ? { op: 'move', id: item.id, parent: item.parent, after: item.after } : null;
    }
    case 'plain': {
      const entity = shown.get(item.op.id);
      if (entity === undefined) return null;
      if (item.op.op === 'remove') return entity.removed ? null : item.op;
      if (item.op.op === 'restore') return entity.removed && (shown.isLive(entity.parent ?? '') || revived.has(entity.parent ?? '')) ? item.op : null;
      return item.op;
    }
  }
}

// An edit that replaces one stretch, as a stroke of typing.
function strokeOf(op: EffectiveOperation): Stroke | null {
  if (op.op !== 'edit') return null;
  let from = 0;
  let inserted = '';
  let deleted = 0;
  for (const [index, it] of op.edit.entries()) {
    if (typeof it === 'number') {
      if (index > 0) return null;
      from = it;
    } else if (typeof it === 'string') inserted += it;
    else deleted += it.d;
  }
  const end = from + codePointCount(inserted);
  const typing = { key: keyOf(op), deleting: inserted === '', endsWord: /\s$/.test(inserted), start: from, end };
  return { from, to: from + deleted, typing };
}
