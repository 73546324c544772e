import { describe, expect, it } from 'vitest';
import { applyOperation } from '../../../src/document/apply';
import { Document } from '../../../src/document/document';
import type { EffectiveOperation, Operation } from '../../../src/document/operation';
import { validate } from '../../../src/document/validate';
import { schemas } from '../../../src/protocol/schema';

function plan(ops: readonly EffectiveOperation[]): Document {
  const document = new Document(schemas.plan);
  document.put({ id: 'plan', kind: 'plan', parent: null, position: '', removed: false, fields: {} });
  for (const op of ops) {
    const entity = applyOperation(document.get(op.id), op, schemas.plan.kinds);
    if (entity !== undefined) document.put(entity);
  }
  return document;
}
const objective = (id: string, position: string): EffectiveOperation => ({ op: 'create', id, kind: 'objective', parent: 'plan', position });
const keyResult = (id: string, parent: string, position = 'V'): EffectiveOperation => ({ op: 'create', id, kind: 'key_result', parent, position });
const ids = (document: Document, parent: string): string[] => document.children(parent).map((it) => it.id);
const problem = (document: Document, op: Operation): string | undefined => validate({ schema: schemas.plan, shown: document, find: (id) => document.get(id) }, op)?.code;

describe('document', () => {
  it('[OP7] orders siblings by position, then id, byte by byte', () => {
    const document = plan([objective('b', 'V'), objective('a', 'V'), objective('Z', 'a'), objective('c', 'Z')]);
    expect(ids(document, 'plan')).toEqual(['a', 'b', 'c', 'Z']);
    document.put({ ...plan([objective('b', 'z')]).get('b')! });
    expect(ids(document, 'plan')).toEqual(['a', 'c', 'Z', 'b']);
  });
  it('[OP6] moves an entity with what is below it', () => {
    const document = plan([objective('a', 'A'), objective('b', 'B'), keyResult('k', 'a'), { op: 'move', id: 'k', parent: 'b', position: 'V' }]);
    expect(ids(document, 'a')).toEqual([]);
    expect(ids(document, 'b')).toEqual(['k']);
  });
  it('[OP8] [OP9] hides a removed subtree and brings it back', () => {
    const document = plan([objective('a', 'A'), keyResult('k', 'a'), { op: 'remove', id: 'a' }]);
    expect(document.isLive('k')).toBe(false);
    expect(document.removed().map((it) => it.id)).toEqual(['a']);
    document.put(applyOperation(document.get('a'), { op: 'restore', id: 'a' }, schemas.plan.kinds)!);
    expect(document.isLive('k')).toBe(true);
  });
  it('[OP8] lists what was removed last first, without what is inside a tombstone', () => {
    const document = plan([objective('a', 'A'), keyResult('k', 'a'), objective('b', 'B'), { op: 'remove', id: 'k' }, { op: 'remove', id: 'b' }]);
    expect(document.removed().map((it) => it.id)).toEqual(['b', 'k']);
    document.put(applyOperation(document.get('a'), { op: 'remove', id: 'a' }, schemas.plan.kinds)!);
    expect(document.removed().map((it) => it.id)).toEqual(['a', 'b']);
  });
  it('[OD4] an unset field is absent, and sets are sorted', () => {
    const ops: EffectiveOperation[] = [
      { op: 'create', id: 'a', kind: 'objective', parent: 'plan', position: 'V', fields: { title: '', votes: 0, contributors: [], owner: null, weight: 0 } },
      { op: 'include', id: 'a', field: 'contributors', value: 'z' },
      { op: 'include', id: 'a', field: 'contributors', value: 'b' },
      { op: 'include', id: 'a', field: 'contributors', value: 'z' },
      { op: 'add', id: 'a', field: 'votes', by: 2 },
      { op: 'add', id: 'a', field: 'votes', by: -2 },
      { op: 'edit', id: 'a', field: 'title', edit: ['x'] },
      { op: 'edit', id: 'a', field: 'title', edit: [{ d: 1 }] },
    ];
    expect(plan(ops).get('a')?.fields).toEqual({ weight: 0, contributors: ['b', 'z'] });
  });
  it('[OP10] edits of a removed entity apply to the tombstone', () => {
    const document = plan([objective('a', 'A'), { op: 'remove', id: 'a' }, { op: 'set', id: 'a', field: 'weight', value: 0.5 }, { op: 'restore', id: 'a' }]);
    expect(document.get('a')?.fields.weight).toBe(0.5);
    expect(document.isLive('a')).toBe(true);
  });
});

describe('local checks', () => {
  const document = plan([objective('a', 'A'), keyResult('k', 'a'), objective('dead', 'B'), { op: 'remove', id: 'dead' }]);
  it.each<[string, Operation, string | undefined]>([
    ['OP1', { op: 'create', id: 'n', kind: 'objective', parent: 'plan' }, undefined],
    ['OP1', { op: 'create', id: 'a', kind: 'objective', parent: 'plan' }, 'id_exists'],
    ['OP1', { op: 'create', id: 'n', kind: 'objective', parent: 'nobody' }, 'parent_missing'],
    ['OP1', { op: 'create', id: 'n', kind: 'key_result', parent: 'dead' }, 'parent_removed'],
    ['OP1', { op: 'create', id: 'n', kind: 'key_result', parent: 'plan' }, 'parent_forbidden'],
    ['OP1', { op: 'create', id: 'not an id', kind: 'objective', parent: 'plan' }, 'invalid_value'],
    ['OP2', { op: 'set', id: 'a', field: 'weight', value: null }, undefined],
    ['OP5', { op: 'edit', id: 'a', field: 'weight', edit: ['x'] }, 'wrong_type'],
    ['OP6', { op: 'move', id: 'a', parent: 'k' }, 'cycle'],
    ['OP6', { op: 'move', id: 'k', parent: 'plan' }, 'parent_forbidden'],
    ['OP6', { op: 'move', id: 'plan', parent: 'a' }, 'parent_forbidden'],
    ['OP9', { op: 'restore', id: 'dead' }, undefined],
    ['OP10', { op: 'set', id: 'nobody', field: 'weight', value: 1 }, 'entity_missing'],
    ['OP11', { op: 'create', id: 'c', kind: 'check_in', parent: 'k', fields: { note: 'fine', value: 3, date: '2026-02-28' } }, undefined],
    ['OP12', { op: 'create', id: 'c', kind: 'check_in', parent: 'k', fields: { date: '2026-02-30' } }, 'invalid_value'],
    ['OP12', { op: 'set', id: 'a', field: 'weight', value: 'heavy' }, 'wrong_type'],
    ['OP12', { op: 'set', id: 'a', field: 'weight', value: 2 }, 'out_of_range'],
    ['OP12', { op: 'set', id: 'a', field: 'commitment', value: 'maybe' }, 'invalid_value'],
    ['OP12', { op: 'set', id: 'a', field: 'title', value: 'x' }, 'wrong_type'],
    ['OP12', { op: 'set', id: 'a', field: 'body', value: 'x' }, 'unknown_field'],
    ['OP12', { op: 'edit', id: 'a', field: 'title', edit: ['x'.repeat(501)] }, 'text_too_long'],
    ['OP12', { op: 'edit', id: 'a', field: 'title', edit: ['👍'.repeat(500)] }, undefined],
    ['OP14', { op: 'set', id: 'k', field: 'unit', value: '\ud800' }, 'invalid_unicode'],
    ['OP14', { op: 'set', id: 'k', field: 'unit', value: '\0' }, 'invalid_value'],
    ['OP14', { op: 'set', id: 'k', field: 'start', value: Number.POSITIVE_INFINITY }, 'out_of_range'],
    ['OP14', { op: 'set', id: 'k', field: 'start', value: 1e16 }, 'out_of_range'],
    ['TX1', { op: 'edit', id: 'a', field: 'title', edit: [0.5, 'x'] }, 'invalid_value'],
    ['ER6', { op: 'create', id: 'n', kind: 'objective', parent: 'plan', fields: { contributors: Array.from({ length: 201 }, (_, index) => `p${index}`) } }, 'too_many_members'],
  ])('[%s] %j: %s', (_rule, op, code) => expect(problem(document, op)).toBe(code));
  it('[OP11] a field that is given once stays', () => {
    const withCheckIn = plan([objective('a', 'A'), keyResult('k', 'a'), { op: 'create', id: 'c', kind: 'check_in', parent: 'k', position: 'V' }]);
    expect(problem(withCheckIn, { op: 'set', id: 'c', field: 'value', value: 2 })).toBe('field_immutable');
  });
});
