// The hash by which replicas find out whether they are equal (SPEC AU1), mirrors protocol/document/rolling_hash.hpp. Records are
// immutable, so an entity's term is computed once for each record that is ever asked about: an op costs nothing here, and an
// audit costs what has changed since the last.
import { fieldNames, type Entity, type FieldValue } from './entity';
import { murmur3 } from './murmur3';

interface Term {
  readonly high: number;
  readonly low: number;
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');

const bits = new DataView(new ArrayBuffer(8));

// The bits of the double: how a number is printed differs between languages.
function numberText(value: number): string {
  bits.setFloat64(0, value + 0); // −0 is 0 (OP14)
  return `n${hex(bits.getUint32(0))}${hex(bits.getUint32(4))}`;
}

function valueText(value: FieldValue): string {
  if (typeof value === 'string') return `s${value}`;
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return value ? 'b1' : 'b0';
  return value === null ? '' : `m${value.join(',')}`;
}

// Every piece ends with U+0000, which no string in a document holds.
function canonicalText({ id, kind, parent, position, removed, fields }: Entity): string {
  let text = `${id}\0${kind}\0${parent ?? ''}\0${position}\0${removed ? '1' : '0'}\0`;
  for (const name of fieldNames(fields).sort()) {
    const value = fields[name];
    if (value !== undefined) text += `${name}\0${valueText(value)}\0`;
  }
  return text;
}

const utf8 = new TextEncoder();

export class StateHash {
  private readonly terms = new WeakMap<Entity, Term>();
  private buffer = new Uint8Array(1024);

  // 16 hexadecimal digits. HOT PATH: 10 ns an entity, and some ns a byte of those that are new.
  of(entities: Iterable<Entity>): string {
    let high = 0;
    let low = 0;
    for (const entity of entities) {
      const term = this.term(entity);
      high ^= term.high;
      low ^= term.low;
    }
    return hex(high) + hex(low);
  }

  private term(entity: Entity): Term {
    const known = this.terms.get(entity);
    if (known !== undefined) return known;
    const text = canonicalText(entity);
    if (this.buffer.length < text.length * 3) this.buffer = new Uint8Array(text.length * 3);
    const [high, low] = murmur3(this.buffer, utf8.encodeInto(text, this.buffer).written);
    const term = { high, low };
    this.terms.set(entity, term);
    return term;
  }
}
