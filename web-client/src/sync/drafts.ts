// Changes that were refused for good, or whose place is lost, kept for their user (RB3). Their edits of texts go along with what is
// committed meanwhile: one that is tried again stands where it belongs, and deletes nothing but what it meant to.
import { textOf } from '../document/apply';
import type { Entity } from '../document/entity';
import type { EffectiveOperation, EntityId, Operation } from '../document/operation';
import { asNew } from '../protocol/encode';
import type { Refusal } from '../protocol/messages';
import type { FieldName } from '../protocol/schema';
import type { Draft } from './api';
import { rebase, type Pending } from './pending';
import type { TextChange } from './report';
import { outOfPlace } from './status';
import { differenceByWords } from './text_difference';

const draftsMax = 100;

// Further than any text reaches: an edit is cut off at its text's end.
const behindAll = 2 ** 31;

export interface DraftsEnds {
  readonly client: string;
  readonly document: string;
  now(): number;
  changed(): void; // one has come or gone
}

export class Drafts {
  list: readonly Draft[] = [];
  private readonly ends: DraftsEnds;

  constructor(ends: DraftsEnds) {
    this.ends = ends;
  }

  // `ops` were written on the confirmed state.
  add(seq: number, refusal: Refusal, ops: readonly EffectiveOperation[]): Draft {
    return this.keep(seq, refusal, ops.map(asNew));
  }
  // The change was committed, after all.
  drop(seq: number): void {
    this.list = this.list.filter((it) => !it.key.startsWith(`${this.ends.client}-${seq}-`));
  }
  // Nobody knows any more what `ops` were written on: of their edits the words are kept, to stand behind what is there.
  addStray(name: string, ops: readonly EffectiveOperation[]): Draft {
    return this.keep(name, outOfPlace, ops.map(asNew).flatMap(wordsOf));
  }
  find(key: string): Draft | undefined {
    return this.list.find((it) => it.key === key);
  }
  remove(key: string): void {
    this.list = this.list.filter((it) => it.key !== key);
    this.ends.changed();
  }

  // Became part of the confirmed state.
  confirmed(op: EffectiveOperation): void {
    if (op.op === 'edit') this.shiftText(op);
  }
  // A snapshot took the place of the confirmed state, perhaps one of a later revision. Of that, some may have been known only.
  meet(before: ReadonlyMap<EntityId, Entity>, after: ReadonlyMap<EntityId, Entity>, later: boolean): void {
    for (const { id, field } of textsOf(this.list.flatMap((draft) => draft.ops))) {
      const [was, is] = [before.get(id), after.get(id)];
      if (was !== undefined && is !== undefined) this.shiftText({ id, field, edit: differenceByWords(textOf(was, field), textOf(is, field)) });
      else if (is !== undefined && later) this.list = this.list.map((draft) => ({ ...draft, ops: draft.ops.flatMap((op) => (op.id === id ? wordsOf(op) : [op])) }));
    }
  }
  // Its ops as they are to be submitted: on top of the pending edits of their texts, too.
  opsNow(draft: Draft, pending: Pending): readonly Operation[] {
    let now = draft;
    for (const { id, field } of textsOf(draft.ops)) for (const edit of pending.edits(id, field)) now = shifted(now, { id, field, edit });
    return now.ops;
  }

  private shiftText(change: TextChange): void {
    if (this.list.some((draft) => touches(draft, change))) this.list = this.list.map((draft) => shifted(draft, change));
  }
  private keep(name: string | number, refusal: Refusal, ops: readonly Operation[]): Draft {
    const { client, document } = this.ends;
    const at = this.ends.now();
    const draft: Draft = { key: `${client}-${name}-${at}`, document, at, refusal, ops };
    this.list = [...this.list, draft].slice(-draftsMax);
    this.ends.changed();
    return draft;
  }
}

// What a refused change wanted and is not there. Of two who make the same under the same id, the second is refused; it is there once,
// as both wanted.
export function stillWanted(ops: readonly EffectiveOperation[], refusal: Refusal, confirmed: ReadonlyMap<EntityId, Entity>): readonly EffectiveOperation[] {
  if (refusal.code !== 'id_exists') return ops;
  return ops.filter((op) => {
    if (op.op !== 'create') return true;
    const made = confirmed.get(op.id);
    return made?.kind !== op.kind || made.parent !== op.parent || made.removed;
  });
}

// The texts that are edited, each once.
function textsOf(ops: readonly Operation[]): { id: EntityId; field: FieldName }[] {
  const seen = new Map(ops.flatMap((op) => (op.op === 'edit' ? [[`${op.id} ${op.field}`, { id: op.id, field: op.field }] as const] : [])));
  return [...seen.values()];
}

const touches = (draft: Draft, { id, field }: TextChange): boolean => draft.ops.some((op) => op.op === 'edit' && op.id === id && op.field === field);

function shifted(draft: Draft, { id, field, edit }: TextChange): Draft {
  const ops = [...draft.ops];
  rebase([{ ops }], { id, field, edit, own: 'left' });
  return { ...draft, ops };
}

function wordsOf(op: Operation): Operation[] {
  if (op.op !== 'edit') return [op];
  const words = op.edit.filter((it) => typeof it === 'string').join('');
  return words === '' ? [] : [{ ...op, edit: [behindAll, words] }];
}
