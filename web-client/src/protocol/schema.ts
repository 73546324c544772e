// The table of document kinds, entity kinds and fields: protocol/schema.json itself, the same file that the server compiles in.
import json from '../../../protocol/schema.json';

type Documents = (typeof json)['documents'];
type KindTable<D extends DocumentKind> = Documents[D]['kinds'];
type FieldNameIn<D extends DocumentKind> = {
  [K in keyof KindTable<D>]: KindTable<D>[K] extends { fields: infer F } ? keyof F & string : never;
}[keyof KindTable<D>];

export type DocumentKind = keyof Documents;
export type KindName = { [D in DocumentKind]: keyof KindTable<D> & string }[DocumentKind];
export type FieldName = { [D in DocumentKind]: FieldNameIn<D> }[DocumentKind];

const fieldTypes = ['string', 'number', 'boolean', 'date', 'enum', 'reference', 'set', 'counter', 'text'] as const;
export type FieldType = (typeof fieldTypes)[number];

export interface FieldSchema {
  readonly name: FieldName;
  readonly type: FieldType;
  readonly once: boolean; // may be given in `create` only
  readonly maxLength: number; // code points, for string and text
  readonly min: number; // for number
  readonly max: number; // for number
  readonly values: readonly string[]; // for enum
  readonly to: readonly string[]; // kinds that a reference or set points at
}

export interface KindSchema {
  readonly name: KindName;
  readonly parents: ReadonlySet<string>; // kinds it may stand under; empty for the root
  readonly depthMax: number; // nesting of this kind in itself
  readonly fields: ReadonlyMap<string, FieldSchema>;
}

export interface DocumentSchema {
  readonly name: DocumentKind;
  readonly root: KindName; // the root's kind and id
  readonly kinds: ReadonlyMap<string, KindSchema>;
}

export const limits = json.limits;
// Goes up with every change of the file, so that programs of different age know of each other.
export const schemaVersion = json.version;

interface RawField {
  type: string;
  once?: boolean;
  max?: number;
  min?: number;
  values?: string[];
  to?: string;
}
interface RawKind {
  parents: string[];
  depth?: number;
  fields: Record<string, RawField>;
}
interface RawDocument {
  root: string;
  kinds: Record<string, RawKind>;
}

// This file decodes schema.json, whose literal types the compiler widens: the casts below give its own keys their names back.
function readField(name: string, raw: RawField): FieldSchema {
  const type = fieldTypes.find((known) => known === raw.type);
  if (type === undefined) throw new Error(`schema.json: field ${name} has the unknown type ${raw.type}`);
  return {
    name: name as FieldName,
    type,
    once: raw.once ?? false,
    maxLength: raw.max ?? 0,
    min: raw.min ?? -limits.number_magnitude,
    max: raw.max ?? limits.number_magnitude,
    values: raw.values ?? [],
    to: raw.to?.split(', ') ?? [],
  };
}

function readKind(name: string, raw: RawKind): KindSchema {
  const fields = new Map(Object.entries(raw.fields).map(([field, it]) => [field, readField(field, it)] as const));
  return { name: name as KindName, parents: new Set(raw.parents), depthMax: raw.depth ?? limits.tree_depth, fields };
}

function readDocument(name: DocumentKind, raw: RawDocument): DocumentSchema {
  const kinds = new Map(Object.entries(raw.kinds).map(([kind, it]) => [kind, readKind(kind, it)] as const));
  return { name, root: raw.root as KindName, kinds };
}

export const schemas: Readonly<Record<DocumentKind, DocumentSchema>> = {
  workspace: readDocument('workspace', json.documents.workspace),
  plan: readDocument('plan', json.documents.plan),
};

// `<workspace>/workspace` or `<workspace>/plan/<team>/<cycle>`; nothing when the name is not well-formed.
export interface DocumentName {
  readonly workspace: string;
  readonly schema: DocumentSchema;
  readonly team: string; // empty for a workspace document
  readonly cycle: string;
}

export function parseDocumentName(full: string): DocumentName | null {
  const [workspace = '', kind, team = '', cycle = '', ...rest] = full.split('/');
  if (!isId(workspace) || rest.length > 0) return null;
  if (kind === 'workspace') return full === `${workspace}/workspace` ? { workspace, schema: schemas.workspace, team, cycle } : null;
  if (kind === 'plan' && isId(team) && isId(cycle)) return { workspace, schema: schemas.plan, team, cycle };
  return null;
}

export function isId(text: string): boolean {
  return text.length <= limits.id_length && /^[A-Za-z0-9_-]+$/.test(text);
}

export function isReference(text: string): boolean {
  return text.length <= limits.reference_length && /^[A-Za-z0-9_/-]+$/.test(text);
}
