// Reading what came from outside: each reader returns a value of the type it names or throws `Malformed`, which does not leave
// this folder. Names that this client's schema does not know pass through as they are: a newer peer must not stop an older one.
import { isId, isReference, limits } from './schema';

export class Malformed extends Error {}

export type Json = Readonly<Record<string, unknown>>;

export function parse(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Malformed('not JSON');
  }
  return object(value, 'message');
}

export function object(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed(`${what}: no object`);
  return value as Json;
}
export function array(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Malformed(`${what}: no array`);
  return value;
}
export function string(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new Malformed(`${what}: no string`);
  return value;
}
export function number(value: unknown, what: string): number {
  if (typeof value !== 'number') throw new Malformed(`${what}: no number`);
  return value;
}
// Revisions, sequence numbers, counts.
export function count(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new Malformed(`${what}: no count`);
  return value;
}
export function boolean(value: unknown, what: string): boolean {
  if (typeof value !== 'boolean') throw new Malformed(`${what}: no boolean`);
  return value;
}
export function id(value: unknown, what: string): string {
  const text = string(value, what);
  if (!isId(text)) throw new Malformed(`${what}: no id`);
  return text;
}
export function reference(value: unknown, what: string): string {
  const text = string(value, what);
  if (!isReference(text)) throw new Malformed(`${what}: no reference`);
  return text;
}
export function position(value: unknown): string {
  const text = string(value, 'position');
  if (text.length > limits.message_bytes) throw new Malformed('position: too long');
  return text;
}
export function optional<T>(value: unknown, what: string, read: (value: unknown, what: string) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value, what);
}
