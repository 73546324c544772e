import { describe, expect, it } from 'vitest';
import { keyBetween } from '../../../src/document/order_key';
import { Random } from '../support/random';

describe('local positions', () => {
  it('[OP7] lie between their neighbours, wherever one inserts', () => {
    const random = new Random(1);
    const keys: string[] = [];
    for (let round = 0; round < 3000; round += 1) {
      const index = random.below(keys.length + 1);
      const low = keys[index - 1] ?? null;
      const high = keys[index] ?? null;
      const key = keyBetween(low, high);
      if (low !== null) expect(key > low).toBe(true);
      if (high !== null) expect(key < high).toBe(true);
      keys.splice(index, 0, key);
    }
  });
  it('[OP7] stand behind the first of two neighbours that leave no room', () => {
    expect(keyBetween('a', 'a') > 'a').toBe(true);
    expect(keyBetween('b', 'a') > 'b').toBe(true);
    expect(keyBetween('a', 'a0') > 'a').toBe(true);
  });
  it('[OP7] always at one end stay short', () => {
    let key = keyBetween(null, null);
    for (let round = 0; round < 100; round += 1) key = keyBetween(key, null);
    expect(key.length).toBeLessThan(30);
  });
});
