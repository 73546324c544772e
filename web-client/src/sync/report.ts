// What one step changed in the shown state, gathered while it runs and told when it is done, so that listeners never see half a step.
import { sameValue } from '../document/apply';
import { fieldNames, type Entity } from '../document/entity';
import type { ClientId, EntityId, TextEdit } from '../document/operation';
import type { FieldName, KindSchema } from '../protocol/schema';
import type { DocumentEvent, Origin } from './api';

interface EntityNews {
  readonly fields: Set<FieldName>;
  readonly parents: Set<EntityId>;
  structure: boolean;
  origin: Origin;
  by: ClientId | null;
}

// What a shown text went through.
export interface TextChange {
  readonly id: EntityId;
  readonly field: FieldName;
  readonly edit: TextEdit;
}
export interface TextNews extends TextChange {
  readonly origin: Origin;
  readonly by: ClientId | null;
}

export class Report {
  readonly texts: TextNews[] = [];
  readonly touched = new Set<EntityId>(); // ids whose isPending may differ
  private readonly entities = new Map<EntityId, EntityNews>();

  text(news: TextNews): void {
    if (news.edit.length > 0) this.texts.push(news);
  }

  // Compares what was shown with what is; texts are told as edits, by whoever knows the edit.
  entity(old: Entity | undefined, now: Entity | undefined, origin: Origin, by: ClientId | null): void {
    const id = now?.id ?? old?.id;
    if (old === now || id === undefined) return;
    const news = this.entities.get(id) ?? { fields: new Set(), parents: new Set(), structure: false, origin, by };
    if (old === undefined || now === undefined || old.parent !== now.parent || old.position !== now.position || old.removed !== now.removed) {
      news.structure = true;
      for (const parent of [old?.parent, now?.parent]) if (parent !== undefined && parent !== null) news.parents.add(parent);
    }
    for (const field of differingFields(old, now)) news.fields.add(field);
    if (!news.structure && news.fields.size === 0) return;
    news.origin = origin;
    news.by = by;
    this.entities.set(id, news);
  }

  events(): DocumentEvent[] {
    const out: DocumentEvent[] = this.texts.map((it) => ({ type: 'text', ...it }));
    for (const [id, it] of this.entities) {
      out.push({ type: 'entity', id, origin: it.origin, by: it.by, fields: [...it.fields], structure: it.structure, parents: [...it.parents] });
    }
    if (this.touched.size > 0) out.push({ type: 'pending', ids: [...this.touched] });
    return out;
  }
}

export function differingFields(old: Entity | undefined, now: Entity | undefined): FieldName[] {
  if (old?.fields === now?.fields) return [];
  const names = new Set([...fieldNames(old?.fields ?? {}), ...fieldNames(now?.fields ?? {})]);
  return [...names].filter((name) => !sameValue(old?.fields[name], now?.fields[name]));
}

// The texts among some fields of a kind.
export function textFields(kind: KindSchema | undefined, fields: readonly FieldName[]): FieldName[] {
  return fields.filter((name) => kind?.fields.get(name)?.type === 'text');
}
