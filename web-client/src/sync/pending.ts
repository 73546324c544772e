// The user's changes that the server has not acknowledged: layers on top of the confirmed state (RB1). The first may be in
// flight; what is done meanwhile is composed into the last. Within a layer there is at most one edit of a text and one set
// of a register, because nothing in between can depend on the earlier one. Local ops carry a local position.
import { codePointCount } from '../document/code_points';
import type { EffectiveOperation, EntityId, Operation, TextEdit } from '../document/operation';
import { apply, compose, invert, opposite, transform, type Side } from '../document/text';
import { limits, type FieldName } from '../protocol/schema';
import type { StoredChange } from './environment';
import { Relocation } from './relocation';
import type { TextChange } from './report';

export interface Layer {
  ops: EffectiveOperation[];
  sealed: { readonly seq: number; readonly wire: string } | null; // on the wire, or about to be: never altered (CH3)
  size: number; // characters of JSON of everything that was put in, never less than the ops have
}

// What left the pending changes without being committed, and what that does to the shown texts, one edit after the other.
export interface TakenBack {
  readonly ops: readonly EffectiveOperation[];
  readonly texts: readonly TextChange[];
}

type TextOf = (id: EntityId, field: FieldName) => string;

// A character takes at most three bytes, and the message has other members too.
const layerSizeMax = Math.floor(limits.message_bytes / 4);

const isEdit = (op: Operation | EffectiveOperation, id: EntityId, field: FieldName): boolean => op.op === 'edit' && op.id === id && op.field === field;

export class Pending {
  private layers: Layer[] = [];
  private readonly counts = new Map<EntityId, number>(); // ops by entity

  get first(): Layer | undefined {
    return this.layers[0];
  }
  get ops(): number {
    return this.layers.reduce((sum, layer) => sum + layer.ops.length, 0);
  }
  // HOT PATH: remote edits of entities without pending ops stop here.
  has(id: EntityId): boolean {
    return this.counts.has(id);
  }
  ids(): EntityId[] {
    return [...this.counts.keys()];
  }
  *of(id: EntityId): Generator<EffectiveOperation> {
    for (const layer of this.layers) for (const op of layer.ops) if (op.id === id) yield op;
  }

  sets(id: EntityId, field: FieldName): boolean {
    if (this.has(id)) for (const op of this.of(id)) if (op.op === 'set' && op.field === field) return true;
    return false;
  }

  // One submit stays in one layer, so it is committed whole. The size is counted here and kept with the ops: where a journal is
  // repeated, the layers are the same, and what was sealed holds the same ops.
  push(ops: readonly EffectiveOperation[]): void {
    const size = JSON.stringify(ops).length;
    let last = this.layers.at(-1);
    if (last === undefined || last.sealed !== null || last.ops.length + ops.length > limits.ops_per_change || last.size + size > layerSizeMax) {
      last = { ops: [], sealed: null, size: 0 };
      this.layers.push(last);
    }
    last.size += size;
    for (const op of ops) this.add(last, op);
    if (last.ops.length === 0) this.layers.pop();
  }

  seal(seq: number, wire: string): void {
    if (this.first !== undefined) this.first.sealed = { seq, wire };
  }
  // The first layer will go out again as a new change (CH7, RB4).
  unseal(): void {
    if (this.first !== undefined) this.first.sealed = null;
  }

  // Revisions count anew (RB4).
  forgetSeen(): void {
    for (const layer of this.layers) layer.ops = layer.ops.map(withoutSeen);
  }

  // The first layer is confirmed.
  shift(): Layer | undefined {
    const layer = this.layers.shift();
    for (const op of layer?.ops ?? []) this.uncount(op.id);
    return layer;
  }

  // An edit in the first layer came back as the server placed it (RB4): what was typed on top of it follows.
  follow({ id, field, edit }: TextChange, confirmedText: TextOf): void {
    const [first, ...above] = this.layers;
    const expected = first?.ops.find((op) => isEdit(op, id, field));
    if (expected?.op !== 'edit' || above.length === 0 || sameEdit(expected.edit, edit)) return;
    const moved = new Relocation(expected.edit, edit, codePointCount(confirmedText(id, field)));
    for (const layer of above) {
      layer.ops = layer.ops.map((op) => (op.op === 'edit' && isEdit(op, id, field) ? { ...op, edit: moved.carry(op.edit) } : op));
    }
  }

  // Takes an edit of the confirmed text of somebody else through all pending edits of that text (TX4). Returns it as the shown
  // text must take it.
  rebaseText(id: EntityId, field: FieldName, edit: TextEdit, own: Side): TextEdit {
    return this.has(id) ? rebase(this.layers, { id, field, edit, own }) : edit;
  }

  // Every pending edit of a text, in order: from confirmed to shown.
  edits(id: EntityId, field: FieldName): TextEdit[] {
    const out: TextEdit[] = [];
    if (this.has(id)) for (const op of this.of(id)) if (op.op === 'edit' && op.field === field) out.push(op.edit);
    return out;
  }

  // The first layer is refused (RB3). What stands on entities that it would have created goes with it.
  refuse(confirmedText: TextOf): TakenBack {
    const { ops, texts } = this.takeBack(0, confirmedText);
    return { ops: [...ops, ...this.removeDependents(ops)], texts };
  }

  // Whatever has not been on the wire, as far as is known.
  dropUnsealed(confirmedText: TextOf): TakenBack {
    const all: TakenBack[] = [];
    for (const [index, layer] of [...this.layers.entries()].reverse()) if (layer.sealed === null) all.push(this.takeBack(index, confirmedText));
    return { ops: [...all].reverse().flatMap(({ ops }) => ops), texts: all.flatMap(({ texts }) => texts) };
  }

  // Only what a tab before this one left, on start.
  restore(changes: readonly StoredChange[]): void {
    this.layers = changes.map((change) => ({ ops: [...change.ops], sealed: change.sealed, size: change.size }));
    this.counts.clear();
    for (const layer of this.layers) for (const op of layer.ops) this.count(op.id);
  }
  stored(): StoredChange[] {
    return this.layers.map((layer) => ({ ops: [...layer.ops], sealed: layer.sealed, size: layer.size }));
  }

  // Edits above the layer go on without it, through the inverse of its own. What it creates goes as a whole.
  private takeBack(index: number, confirmedText: TextOf): TakenBack {
    const [layer] = this.layers.splice(index, 1);
    const ops = layer?.ops ?? [];
    const created = new Set(ops.flatMap((op) => (op.op === 'create' ? [op.id] : [])));
    const texts: TextChange[] = [];
    for (const op of ops) {
      this.uncount(op.id);
      if (op.op !== 'edit' || created.has(op.id)) continue;
      const { id, field } = op;
      const undoing = invert(textAbove(this.layers.slice(0, index), id, field, confirmedText), op.edit);
      texts.push({ id, field, edit: rebase(this.layers.slice(index), { id, field, edit: undoing, own: 'right' }) });
    }
    return { ops, texts };
  }

  private removeDependents(ops: readonly EffectiveOperation[]): EffectiveOperation[] {
    const gone = new Set<EntityId>();
    for (const op of ops) if (op.op === 'create') gone.add(op.id);
    const removed: EffectiveOperation[] = [];
    for (const layer of this.layers) {
      layer.ops = layer.ops.filter((op) => {
        const depends = gone.has(op.id) || ((op.op === 'create' || op.op === 'move') && gone.has(op.parent));
        if (!depends) return true;
        if (op.op === 'create') gone.add(op.id);
        removed.push(op);
        this.uncount(op.id);
        return false;
      });
    }
    this.layers = this.layers.filter((layer) => layer.ops.length > 0);
    return removed;
  }

  private add(layer: Layer, op: EffectiveOperation): void {
    const index = layer.ops.findLastIndex((earlier) => collapses(earlier, op));
    const earlier = layer.ops[index];
    const both = earlier === undefined ? op : collapse(earlier, op);
    if (both !== null && earlier !== undefined) layer.ops[index] = both;
    else if (both !== null) {
      layer.ops.push(both);
      this.count(op.id);
    } else {
      layer.ops.splice(index, 1);
      this.uncount(op.id);
    }
  }

  private count(id: EntityId): void {
    this.counts.set(id, (this.counts.get(id) ?? 0) + 1);
  }
  private uncount(id: EntityId): void {
    const count = (this.counts.get(id) ?? 0) - 1;
    if (count > 0) this.counts.set(id, count);
    else this.counts.delete(id);
  }
}

function sameEdit(a: TextEdit, b: TextEdit): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

// An edit below the pending ones, and the side that the pending ones have against it.
interface Crossing {
  readonly id: EntityId;
  readonly field: FieldName;
  readonly edit: TextEdit;
  readonly own: Side;
}

function textAbove(layers: readonly Layer[], id: EntityId, field: FieldName, confirmedText: TextOf): string {
  let text = confirmedText(id, field);
  for (const op of layers.flatMap((layer) => layer.ops)) {
    if (op.op === 'create' && op.id === id) text = String(op.fields?.[field] ?? '');
    if (op.op === 'edit' && isEdit(op, id, field)) text = apply(text, op.edit);
  }
  return text;
}

export function rebase(layers: readonly { readonly ops: (Operation | EffectiveOperation)[] }[], { id, field, edit, own }: Crossing): TextEdit {
  let theirs = edit;
  for (const layer of layers) {
    for (const [index, op] of layer.ops.entries()) {
      if (op.op !== 'edit' || !isEdit(op, id, field)) continue;
      layer.ops[index] = { ...op, edit: transform(op.edit, theirs, own) };
      theirs = transform(theirs, op.edit, opposite(own));
    }
  }
  return theirs;
}

function collapses(earlier: EffectiveOperation, op: EffectiveOperation): boolean {
  if (earlier.id !== op.id) return false;
  switch (op.op) {
    case 'set':
    case 'add':
    case 'edit':
      return earlier.op === op.op && earlier.field === op.field;
    case 'include':
    case 'exclude':
      return (earlier.op === 'include' || earlier.op === 'exclude') && earlier.field === op.field && earlier.value === op.value;
    case 'create':
    case 'move':
    case 'remove':
    case 'restore':
      return false;
  }
}

// One op with the effect of both; null: none is left.
function collapse(earlier: EffectiveOperation, op: EffectiveOperation): EffectiveOperation | null {
  if (earlier.op === 'edit' && op.op === 'edit') {
    const edit = compose(earlier.edit, op.edit);
    return edit.length === 0 ? null : { ...op, edit };
  }
  // What the user saw when setting it again was the own value: the first one tells what that overwrites.
  if (earlier.op === 'set' && op.op === 'set') return { ...op, ...(earlier.seen === undefined ? {} : { seen: earlier.seen }) };
  if (earlier.op === 'add' && op.op === 'add') return earlier.by + op.by === 0 ? null : { ...op, by: earlier.by + op.by };
  return op;
}


function withoutSeen(op: EffectiveOperation): EffectiveOperation {
  if (op.op !== 'set' && op.op !== 'remove') return op;
  const { seen: _, ...rest } = op;
  return rest;
}
