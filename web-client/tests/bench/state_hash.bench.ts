// What an audit costs the page. Not run by default: npx vitest bench --run
import { bench, describe } from 'vitest';
import { applyOperation } from '../../src/document/apply';
import type { Entity } from '../../src/document/entity';
import { StateHash } from '../../src/document/state_hash';
import { schemas } from '../../src/protocol/schema';

const plan: Entity[] = [];
for (let count = 0; count < 200; count += 1) {
  const common = { removed: false, position: `a${count}` };
  plan.push({ id: `objective${count}`, kind: 'objective', parent: 'plan', ...common, fields: { title: 'x'.repeat(500) } });
  for (let child = 0; child < 4; child += 1) {
    plan.push({ id: `objective${count}-${child}`, kind: 'key_result', parent: `objective${count}`, ...common, fields: { title: 'a key result', start: 0, target: 9, current: 4 } });
  }
}
const entities = new Map(plan.map((it) => [it.id, it]));

function press(id: string): void {
  const now = applyOperation(entities.get(id), { op: 'edit', id, field: 'title', edit: [3, 'a', { d: 1 }] }, schemas.plan.kinds);
  if (now !== undefined) entities.set(id, now);
}

describe('the hash of 1,000 entities with 100 KB of text', () => {
  const rolling = new StateHash();
  bench('with nothing altered', () => {
    rolling.of(entities.values());
  });
  bench('after a key in a title of 500', () => {
    press('objective7');
    rolling.of(entities.values());
  });
  bench('the key alone', () => {
    press('objective7');
  });
  bench('all new', () => {
    new StateHash().of(entities.values());
  });
});

describe('a text of 64 KB', () => {
  const long: Entity = { id: 'o1', kind: 'objective', parent: 'plan', position: 'a0', removed: false, fields: { description: '目标 and more '.repeat(4800) } };
  bench('all new', () => {
    new StateHash().of([long]);
  });
});
