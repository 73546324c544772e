import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { clientOf, isSecret, secretLength } from '../../../src/protocol/client_key';
import { randomId } from '../../../src/sync/random_id';
import { Random } from '../support/random';

describe('a client id', () => {
  it.each([
    ['a-secret-that-nobody-knows-but-its-client-0', 's-8RjecW6SghDIRsxF9rrvrG'],
    ['0123456789abcdefghijklmnopqrstuvwxyzABCDEFG', 's-g0tuZ6q412zO9IRkeAUs8H'],
  ])('[HS8] is the fingerprint of a secret, as the server has it: %s', (secret, id) => expect(clientOf(secret)).toBe(id));
  it('[HS8] is the beginning of its SHA-256', () => {
    const random = new Random(8);
    for (let round = 0; round < 200; round += 1) {
      const secret = randomId(secretLength, () => random.next());
      expect(clientOf(secret)).toBe(`s-${createHash('sha256').update(secret).digest('base64url').slice(0, 22)}`);
    }
  });
  it('[HS9] from before there were secrets is its own key', () => {
    expect(clientOf('3fK9aZ_xQ1-bT7uLw0Rm')).toBe('3fK9aZ_xQ1-bT7uLw0Rm');
    expect(isSecret('a'.repeat(32))).toBe(false);
    expect(isSecret('a'.repeat(33))).toBe(true);
  });
});
