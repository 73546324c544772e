// The samples are what anybody could have written: every op passes the schema's own check, on any day of a year.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { schemas } from '../../../src/protocol/schema';
import { fill, readSample } from '../../../src/ui/welcome/sample';

const file = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../../public/samples/${name}.json`, import.meta.url), 'utf8'));
const days = [new Date(2026, 0, 1), new Date(2026, 10, 22), new Date(2027, 11, 31), new Date(2028, 1, 29)];

describe.each(['en', 'zh'])('sample %s', (name) => {
  it.each(days.map((day) => [day.toDateString(), day] as const))('is complete and valid on %s', (_words, day) => {
    const sample = readSample(file(name), day);
    expect(sample.documents.map((it) => it.document)).toContain(`plan/${sample.first}`);
    expect(sample.documents.filter((it) => it.document.startsWith('plan/'))).toHaveLength(3);
    for (const { document, ops } of sample.documents) {
      const schema = document === 'workspace' ? schemas.workspace : schemas.plan;
      const kinds = new Map<string, string>([[schema.root, schema.root]]);
      for (const op of ops) {
        if (op.op !== 'create') continue;
        const kind = schema.kinds.get(op.kind);
        expect(kind?.parents, op.id).toContain(kinds.get(op.parent));
        expect(kinds.has(op.id), `${op.id} is new`).toBe(false);
        kinds.set(op.id, op.kind);
        for (const [field, value] of Object.entries(op.fields ?? {})) {
          const it = kind?.fields.get(field);
          expect(it, `${op.kind}.${field}`).toBeDefined();
          if (it?.type === 'date') expect(value).toMatch(/^\d{4}-\d{2}-\d{2}$/);
          if (it?.type === 'number') expect(value).toSatisfy((n: number) => Number.isFinite(n) && n >= it.min && n <= it.max);
          if (it?.type === 'enum') expect(it.values).toContain(value);
          if (it?.type === 'text' || it?.type === 'string') expect([...String(value)].length).toBeLessThanOrEqual(it.maxLength);
        }
      }
    }
    expect(JSON.stringify(sample)).not.toMatch(/"@|\{year\}|\{q\}/);
  });
});

describe('fill', () => {
  const calendar = { now: new Date(2026, 10, 15), year: 2026, quarter: 4 };
  it.each<[unknown, unknown]>([
    ['@today-3', '2026-11-12'],
    ['@quarter.start+14', '2026-10-15'],
    ['@q2.end', '2026-06-30'],
    ['@state:q3', 'closed'],
    ['@state:q4', 'active'],
    ['Q{q} {year}', 'Q4 2026'],
    ['mail@example.com', 'mail@example.com'],
    [{ '@along': [0, 100, 1, 0] }, 49],
    [{ '@along': [100, 0, 1, -1] }, 50],
  ])('%j', (given, expected) => {
    expect(fill(given, calendar)).toEqual(expected);
  });
});
