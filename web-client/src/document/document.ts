// A document as a tree of entities with its children in order. It holds whatever entities it is given: rules about what may
// become of them live in `validate.ts` and on the server.
import { limits, type DocumentSchema, type KindName } from '../protocol/schema';
import type { Entity } from './entity';
import type { EntityId } from './operation';
import { comparePlaces, keyBetween } from './order_key';

const noIds: readonly EntityId[] = [];

// No path in a tree is this long (limits.tree_depth), so a walk that gets here is in a cycle.
const walkMax = 4 * limits.tree_depth;

export class Document {
  readonly schema: DocumentSchema;
  private readonly entities = new Map<EntityId, Entity>();
  private readonly childIds = new Map<EntityId, EntityId[]>(); // tombstones included
  private readonly tombstones = new Set<EntityId>(); // in the order of their removal

  constructor(schema: DocumentSchema) {
    this.schema = schema;
  }

  get size(): number {
    return this.entities.size;
  }
  get(id: EntityId): Entity | undefined {
    return this.entities.get(id);
  }
  all(): IterableIterator<Entity> {
    return this.entities.values();
  }

  clear(): void {
    this.entities.clear();
    this.childIds.clear();
    this.tombstones.clear();
  }

  // HOT PATH: constant unless the place changes; then logarithmic to find, linear to shift among the siblings.
  put(entity: Entity): void {
    const old = this.entities.get(entity.id);
    const moved = old === undefined || old.parent !== entity.parent || old.position !== entity.position;
    if (moved && old !== undefined) this.unlink(old);
    this.entities.set(entity.id, entity);
    if (moved) this.link(entity);
    if (entity.removed) this.tombstones.add(entity.id);
    else this.tombstones.delete(entity.id);
  }

  delete(id: EntityId): void {
    const old = this.entities.get(id);
    if (old === undefined) return;
    this.unlink(old);
    this.entities.delete(id);
    this.tombstones.delete(id);
  }

  children(parent: EntityId, kind?: KindName): Entity[] {
    const out: Entity[] = [];
    for (const id of this.childIds.get(parent) ?? noIds) {
      const child = this.entities.get(id);
      if (child !== undefined && !child.removed && (kind === undefined || child.kind === kind)) out.push(child);
    }
    return out;
  }

  // Tombstones whose parent is live, the latest first.
  removed(): Entity[] {
    const out: Entity[] = [];
    for (const id of this.tombstones) {
      const entity = this.entities.get(id);
      if (entity !== undefined && entity.parent !== null && this.isLive(entity.parent)) out.push(entity);
    }
    return out.reverse();
  }

  isLive(id: EntityId): boolean {
    let at = this.entities.get(id);
    for (let step = 0; step < walkMax && at !== undefined && !at.removed; step += 1) {
      if (at.parent === null) return true;
      at = this.entities.get(at.parent);
    }
    return false;
  }

  // Whether `id` is `ancestor` or stands somewhere below it. A cycle counts as below.
  isUnder(id: EntityId, ancestor: EntityId): boolean {
    let at: EntityId | null = id;
    for (let step = 0; step < walkMax; step += 1) {
      if (at === ancestor) return true;
      at = this.entities.get(at)?.parent ?? null;
      if (at === null) return false;
    }
    return true;
  }

  // The id of the live sibling just before it, null for the first: what `after` says (OP7).
  placeOf(entity: Entity): EntityId | null {
    let before: EntityId | null = null;
    for (const child of this.children(entity.parent ?? '')) {
      if (child.id === entity.id) break;
      before = child.id;
    }
    return before;
  }

  // A position for an entity that is shown before the server has placed it.
  localPosition(parent: EntityId, after: EntityId | null | undefined, self: EntityId): string {
    const siblings = (this.childIds.get(parent) ?? noIds).filter((id) => id !== self);
    const found = after === undefined ? -1 : after === null ? 0 : siblings.indexOf(after) + 1;
    const index = found > 0 || after === null ? found : siblings.length; // not among the siblings: last
    const position = (at: number): string | null => this.entities.get(siblings[at] ?? '')?.position ?? null;
    return keyBetween(index === 0 ? null : position(index - 1), position(index));
  }

  private link(entity: Entity): void {
    if (entity.parent === null) return;
    let ids = this.childIds.get(entity.parent);
    if (ids === undefined) this.childIds.set(entity.parent, (ids = []));
    let low = 0;
    let high = ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.entities.get(ids[middle] ?? '');
      if (other !== undefined && comparePlaces(other, entity) < 0) low = middle + 1;
      else high = middle;
    }
    ids.splice(low, 0, entity.id);
  }

  private unlink(entity: Entity): void {
    if (entity.parent === null) return;
    const ids = this.childIds.get(entity.parent);
    const index = ids?.indexOf(entity.id) ?? -1;
    if (index >= 0) ids?.splice(index, 1);
  }
}
