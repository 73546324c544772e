// What everybody had seen as saved and the server has no more, because it was put back to a backup: kept by each client as it was, to be
// copied or put back. Only what is still missing counts, so that what one person has put back is nobody else's business any more.
import { sameValue, textOf } from '../document/apply';
import type { Document } from '../document/document';
import type { Entity } from '../document/entity';
import type { EntityId, Operation } from '../document/operation';
import { transform } from '../document/text';
import type { Refusal } from '../protocol/messages';
import { limits, type FieldName } from '../protocol/schema';
import type { VanishedEntity, VanishedState } from './api';
import { differingFields } from './report';
import { differenceByWords } from './text_difference';

// An entity as it was, and as the server had it just after it was put back; null: not at all.
export interface Lapse {
  readonly was: Entity;
  readonly base: Entity | null;
}

type Entities = ReadonlyMap<EntityId, Entity>;

export interface VanishedEnds {
  submit(ops: readonly Operation[]): Refusal | null;
  changed(): void; // what is kept is to be stored
}

export class Vanished implements VanishedState {
  list: readonly Lapse[] = [];
  private readonly shown: Document;
  private readonly ends: VanishedEnds;

  constructor(shown: Document, ends: VanishedEnds) {
    this.shown = shown;
    this.ends = ends;
  }

  // A snapshot of another history took the place of the confirmed state.
  meet(before: Entities, after: Entities): void {
    const lost = new Map(this.list.map((it) => [it.was.id, it]));
    for (const was of before.values()) {
      const base = after.get(was.id) ?? null;
      if (isLive(before, was) && (base === null || differingFields(was, base).some((field) => hasWords(was, field)))) lost.set(was.id, { was, base });
    }
    this.list = [...lost.values()];
  }

  missing(): VanishedEntity[] {
    const found = this.list.flatMap((it) => {
      const now = this.shown.get(it.was.id);
      const fields = this.fieldsOf(it, now);
      return now === undefined || fields.length > 0 ? [{ entity: it.was, fields, whole: now === undefined }] : [];
    });
    return inOrder(found);
  }

  // In several changes where they are too many for one. What has nowhere to go any more stays.
  putBack(ids: readonly EntityId[]): Refusal | null {
    for (const ops of this.changesFor(new Set(ids))) {
      const refusal = this.ends.submit(ops);
      if (refusal !== null) return refusal;
    }
    return null;
  }

  dismiss(): void {
    this.list = [];
    this.ends.changed();
  }

  private changesFor(ids: ReadonlySet<EntityId>): Operation[][] {
    const created = new Set<EntityId>();
    const changes: Operation[][] = [[]];
    for (const { entity, fields, whole } of this.missing()) {
      const parent = entity.parent ?? '';
      if (!ids.has(entity.id) || (whole && !created.has(parent) && !this.shown.isLive(parent))) continue;
      const ops = whole ? [this.creation(entity)] : fields.flatMap((field) => this.repair(entity, field));
      if (whole) created.add(entity.id);
      if ((changes.at(-1)?.length ?? 0) + ops.length > limits.ops_per_change) changes.push([]);
      changes.at(-1)?.push(...ops);
    }
    return changes.filter((ops) => ops.length > 0);
  }

  // The fields that lack words or a value; those of an entity that is missing altogether go with it.
  private fieldsOf({ was, base }: Lapse, now: Entity | undefined): FieldName[] {
    if (now === undefined) return differingFields(was, undefined);
    return differingFields(was, base ?? undefined).filter((field) => hasWords(was, field) && this.lacks(was, field, now));
  }

  private lacks(was: Entity, field: FieldName, now: Entity): boolean {
    if (!this.isText(was, field)) return !sameValue(was.fields[field], now.fields[field]);
    return differenceByWords(textOf(now, field), textOf(was, field)).some((it) => typeof it === 'string');
  }

  private isText(entity: Entity, field: FieldName): boolean {
    return this.shown.schema.kinds.get(entity.kind)?.fields.get(field)?.type === 'text';
  }

  private creation(entity: Entity): Operation {
    const { id, kind, parent, position, fields } = entity;
    const before = this.shown.children(parent ?? '').filter((it) => it.position < position);
    return { op: 'create', id, kind, parent: parent ?? '', fields, after: before.at(-1)?.id ?? null };
  }

  private repair(was: Entity, field: FieldName): Operation[] {
    const { id } = was;
    const value = was.fields[field];
    const now = this.shown.get(id);
    if (this.isText(was, field)) {
      const base = textOf(this.list.find((it) => it.was.id === id)?.base ?? undefined, field);
      const since = differenceByWords(base, textOf(now, field));
      const edit = transform(differenceByWords(base, textOf(was, field)), since, 'right'); // what others wrote since stays
      return edit.length === 0 ? [] : [{ op: 'edit', id, field, edit }];
    }
    if (typeof value !== 'object') return value === undefined ? [] : [{ op: 'set', id, field, value }];
    const present = now?.fields[field];
    const has = (it: string): boolean => typeof present === 'object' && present !== null && present.includes(it);
    return (value ?? []).filter((it) => !has(it)).map((it) => ({ op: 'include', id, field, value: it }));
  }
}

const hasWords = (entity: Entity, field: FieldName): boolean => {
  const value = entity.fields[field];
  return value !== undefined && value !== null && value !== '';
};

function isLive(entities: Entities, entity: Entity): boolean {
  for (let at: Entity | undefined = entity; at !== undefined; at = at.parent === null ? undefined : entities.get(at.parent)) if (at.removed) return false;
  return true;
}

// As they stood below each other.
function inOrder(list: readonly VanishedEntity[]): VanishedEntity[] {
  const ids = new Set(list.map((it) => it.entity.id));
  const below = new Map<EntityId | null, VanishedEntity[]>();
  for (const it of [...list].sort((a, b) => (a.entity.position < b.entity.position ? -1 : 1))) {
    const { parent } = it.entity;
    const key = parent !== null && ids.has(parent) ? parent : null;
    const siblings = below.get(key);
    if (siblings === undefined) below.set(key, [it]);
    else siblings.push(it);
  }
  const from = (key: EntityId | null): VanishedEntity[] => (below.get(key) ?? []).flatMap((it) => [it, ...from(it.entity.id)]);
  return from(null);
}
