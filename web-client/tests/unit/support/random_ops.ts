// What a user might do to a document: any op on any kind of entity and field that the schema has, nearly always such that it
// can be done. Early entities and fields are chosen more often than late ones: users meet.
import { textOf } from '../../../src/document/apply';
import { codePointCount } from '../../../src/document/code_points';
import type { Document } from '../../../src/document/document';
import type { Entity } from '../../../src/document/entity';
import type { InitialValue, Operation, Placement, RegisterValue } from '../../../src/document/operation';
import type { FieldName, FieldSchema, FieldType } from '../../../src/protocol/schema';
import type { DocumentSession } from '../../../src/sync/document_session';
import { replicaOf } from './inside';
import { randomEdit, randomText, type Random } from './random';

export interface RandomOps {
  readonly ops: readonly Operation[];
  readonly mark: string | null; // what is typed that is to be found again
}

const registers: ReadonlySet<FieldType> = new Set<FieldType>(['string', 'number', 'boolean', 'date', 'enum', 'reference']);
const kinds = ['create', 'create', 'create', 'set', 'set', 'set', 'edit', 'edit', 'edit', 'add', 'include', 'exclude', 'move', 'move', 'remove', 'restore'] as const;

// The longest text of the root holds marks and nothing else, so that each is there whole until its author takes it back.
export function markedText(document: Document): { id: string; field: FieldName } {
  const { kinds, root } = document.schema;
  const texts = [...(kinds.get(root)?.fields.values() ?? [])].filter((it) => it.type === 'text').sort((a, b) => b.maxLength - a.maxLength);
  const field = texts[0]?.name;
  if (field === undefined) throw new Error(`no text in ${root}`);
  return { id: root, field };
}

// Up to four ops, each thought of on what is shown now.
export function randomOps(random: Random, session: DocumentSession, nextMark: () => string): RandomOps {
  const writer = new Writer(random, session);
  if (!session.status.loaded) return { ops: [], mark: null };
  const mark = random.chance(0.3) ? nextMark() : null;
  const ops: Operation[] = mark === null ? [] : [writer.insert(mark)];
  while (ops.length === 0 || (ops.length < 4 && random.chance(0.15))) ops.push(...writer.any(random.pick(kinds)));
  return { ops, mark };
}

class Writer {
  private readonly random: Random;
  private readonly session: DocumentSession;
  private readonly shown: Document;
  private readonly entities: readonly Entity[];

  constructor(random: Random, session: DocumentSession) {
    this.random = random;
    this.session = session;
    this.shown = replicaOf(session).shown;
    this.entities = [...this.shown.all()];
  }

  // An insert where it does not tear a mark: its neighbours then stay whole whatever the order of things.
  insert(mark: string): Operation {
    const { id, field } = markedText(this.shown);
    const places = [0];
    for (const [index, letter] of Array.from(textOf(this.shown.get(id), field)).entries()) if (letter === '⟩') places.push(index + 1);
    const at = this.random.pick(places);
    return { op: 'edit', id, field, edit: at === 0 ? [mark] : [at, mark] };
  }

  // Nothing where the document has nothing for it.
  any(op: Operation['op']): Operation[] {
    const { random } = this;
    switch (op) {
      case 'create':
        return this.create();
      case 'set': {
        const it = this.field((field) => registers.has(field.type));
        return it === null ? [] : [{ op, id: it.id, field: it.field.name, value: this.register(it.field) }];
      }
      case 'add': {
        const it = this.field((field) => field.type === 'counter');
        return it === null ? [] : [{ op, id: it.id, field: it.field.name, by: random.pick([1, 1, 1, -1, 5, 1000]) }];
      }
      case 'include':
      case 'exclude': {
        const it = this.field((field) => field.type === 'set');
        return it === null ? [] : [{ op, id: it.id, field: it.field.name, value: this.reference() }];
      }
      case 'edit': {
        const it = this.field((field) => field.type === 'text');
        return it === null ? [] : [{ op, id: it.id, field: it.field.name, edit: randomEdit(random, codePointCount(textOf(this.shown.get(it.id), it.field.name))) }];
      }
      case 'move':
        return this.move();
      case 'remove': {
        const it = this.entity((entity) => entity.parent !== null && !entity.removed);
        return it === null || random.chance(0.3) ? [] : [{ op, id: it.id }];
      }
      case 'restore': {
        const it = this.entity((entity) => entity.removed);
        return it === null ? [] : [{ op, id: it.id }];
      }
    }
  }

  private create(): Operation[] {
    const { random, shown } = this;
    const parent = this.entity(({ id }) => shown.isLive(id));
    const kinds = [...shown.schema.kinds.values()].filter((kind) => kind.parents.has(parent?.kind ?? ''));
    const kind = this.early(kinds);
    if (parent === null || kind === null) return [];
    const id = this.session.newId();
    const fields: Partial<Record<FieldName, InitialValue>> = {};
    for (const field of kind.fields.values()) if (random.chance(0.25)) fields[field.name] = this.initial(field);
    const ops: Operation[] = [{ op: 'create', id, kind: kind.name, parent: parent.id, ...this.placement(parent.id), ...(random.chance(0.6) ? { fields } : {}) }];
    const text = [...kind.fields.values()].find((field) => field.type === 'text');
    if (text !== undefined && random.chance(0.3)) ops.push({ op: 'edit', id, field: text.name, edit: [`${randomText(random, 5)}!`] });
    return ops;
  }

  private move(): Operation[] {
    const { random, shown } = this;
    const moved = this.entity((entity) => entity.parent !== null);
    const parents = shown.schema.kinds.get(moved?.kind ?? '')?.parents;
    const parent = random.chance(0.5) ? shown.get(moved?.parent ?? '') : this.entity((entity) => parents?.has(entity.kind) === true);
    return moved === null || parent === null || parent === undefined ? [] : [{ op: 'move', id: moved.id, parent: parent.id, ...this.placement(parent.id) }];
  }

  private placement(parent: string): Placement {
    const { random } = this;
    if (random.chance(0.4)) return {};
    const siblings = this.entities.filter((it) => it.parent === parent);
    return { after: siblings.length === 0 || random.chance(0.3) ? null : random.pick(siblings).id };
  }

  private register(field: FieldSchema): RegisterValue {
    const { random } = this;
    if (random.chance(0.1)) return null;
    if (field.type === 'boolean') return random.chance(0.5);
    if (field.type === 'date') return `20${10 + random.below(80)}-0${1 + random.below(9)}-${10 + random.below(19)}`;
    if (field.type === 'enum') return random.pick(field.values);
    if (field.type === 'reference') return this.reference();
    if (field.type === 'string') return randomText(random, 6);
    const numbers = [field.min, field.max, 0, 1, -17, 0.1 + 0.2, 1 / 3, 1e-7, 123_456_789.5, random.next(), random.below(10)];
    return random.pick(numbers.filter((it) => it >= field.min && it <= field.max));
  }

  private initial(field: FieldSchema): InitialValue {
    const { random } = this;
    if (field.type === 'text') return randomText(random, 20);
    if (field.type === 'counter') return random.below(5);
    if (field.type === 'set') return [...new Set([this.reference(), this.reference(), this.reference()])].slice(random.below(4));
    return this.register(field);
  }

  private reference(): string {
    return this.random.pick(['ann', 'bo', 'cy', 'web/2026q1/kr1', this.random.pick(this.entities).id]);
  }

  private entity(fits: (entity: Entity) => boolean): Entity | null {
    return this.early(this.entities.filter(fits));
  }
  private field(fits: (field: FieldSchema) => boolean): { id: string; field: FieldSchema } | null {
    const marked = markedText(this.shown);
    const fieldsOf = (entity: Entity): FieldSchema[] =>
      [...(this.shown.schema.kinds.get(entity.kind)?.fields.values() ?? [])].filter((it) => fits(it) && !it.once && (entity.id !== marked.id || it.name !== marked.field));
    const entity = this.entity((it) => fieldsOf(it).length > 0);
    const field = entity === null ? null : this.early(fieldsOf(entity));
    return entity === null || field === null ? null : { id: entity.id, field };
  }
  private early<T>(from: readonly T[]): T | null {
    const { random } = this;
    return from[random.below(random.below(from.length) + 1)] ?? null;
  }
}
