import { describe, expect, it } from 'vitest';
import { applyOperation } from '../../../src/document/apply';
import { codePointCount } from '../../../src/document/code_points';
import type { Entity, Fields } from '../../../src/document/entity';
import type { EffectiveOperation } from '../../../src/document/operation';
import { StateHash } from '../../../src/document/state_hash';
import { schemas } from '../../../src/protocol/schema';
import { Random, randomEdit, randomText } from '../support/random';

const root: Entity = { id: 'plan', kind: 'plan', parent: null, position: '', removed: false, fields: {} };
const objective = (fields: Fields): Entity => ({ id: 'o1', kind: 'objective', parent: 'plan', position: 'a0', removed: false, fields });
const hash = (...entities: Entity[]): string => new StateHash().of(entities);

function randomOp(random: Random, entities: ReadonlyMap<string, Entity>): EffectiveOperation {
  const { id, fields } = random.pick([...entities.values()].filter((it) => it.parent !== null));
  switch (random.below(8)) {
    case 0:
      return { op: 'create', id: `e${entities.size}`, kind: 'objective', parent: 'plan', position: `a${random.below(10)}`, fields: { title: randomText(random, 40) } };
    case 1:
      return { op: 'set', id, field: 'weight', value: random.pick([null, 0, -0, 0.1, 1 / 3, 1e15]) };
    case 2:
      return { op: 'add', id, field: 'votes', by: random.below(3) - 1 };
    case 3:
      return { op: random.chance(0.5) ? 'include' : 'exclude', id, field: 'contributors', value: random.pick(['p1', 'p2']) };
    case 4:
      return { op: 'move', id, parent: 'plan', position: `b${random.below(10)}` };
    case 5:
      return { op: random.chance(0.5) ? 'remove' : 'restore', id };
    default:
      return { op: 'edit', id, field: 'title', edit: randomEdit(random, codePointCount(typeof fields.title === 'string' ? fields.title : '')) };
  }
}

describe('the hash of a document', () => {
  it('[AU1] of nothing but a root', () => {
    expect(hash(root)).toBe('a4ac9abe51feceb3');
  });
  it('[AU1] does not depend on the order of entities and fields', () => {
    const one = objective({ title: 'Grow', weight: 0.5 });
    const same = objective({ weight: 0.5, title: 'Grow' });
    expect(hash(root, one)).toBe(hash(same, root));
  });
  it('[AU1] [OP14] −0 is 0, which is another value than none', () => {
    expect(hash(objective({ weight: -0 }))).toBe(hash(objective({ weight: 0 })));
    expect(hash(objective({ weight: 0 }))).not.toBe(hash(objective({})));
  });
  it('[AU1] tells apart what a user could tell apart', () => {
    const states: Entity[] = [
      objective({}),
      objective({ title: 'a' }),
      objective({ description: 'a' }),
      objective({ title: 'b' }),
      objective({ title: '1' }),
      objective({ weight: 1 }),
      objective({ priority: true }),
      objective({ priority: false }),
      objective({ contributors: ['p1'] }),
      objective({ contributors: ['p1', 'p2'] }),
      objective({ owner: 'p1' }),
      { ...objective({}), removed: true },
      { ...objective({}), position: 'a1' },
      { ...objective({}), parent: 'o2' },
      { ...objective({}), kind: 'request' },
      { ...objective({}), id: 'o2' },
    ];
    expect(new Set(states.map((it) => hash(root, it))).size).toBe(states.length);
  });
  it('[AU1] is the same kept rolling as computed from nothing', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const random = new Random(seed);
      const rolling = new StateHash();
      const entities = new Map<string, Entity>([root, objective({ title: 'Start' })].map((it) => [it.id, it]));
      for (let step = 0; step < 300; step += 1) {
        const op = randomOp(random, entities);
        const entity = applyOperation(entities.get(op.id), op, schemas.plan.kinds);
        if (entity !== undefined) entities.set(op.id, entity);
        if (random.chance(0.3)) expect(rolling.of(entities.values())).toBe(hash(...entities.values()));
      }
    }
  });
});
