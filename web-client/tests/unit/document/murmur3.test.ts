import { describe, expect, it } from 'vitest';
import { murmur3 } from '../../../src/document/murmur3';

describe('MurmurHash3_x86_128', () => {
  it('passes the verification of SMHasher, its author\'s own test', () => {
    const key = new Uint8Array(256);
    const hashes = new DataView(new ArrayBuffer(16 * 256));
    for (let length = 0; length < 256; length += 1) {
      key[length] = length;
      for (const [index, word] of murmur3(key, length, 256 - length).entries()) hashes.setUint32(16 * length + 4 * index, word, true);
    }
    expect(murmur3(new Uint8Array(hashes.buffer), 16 * 256)[0]).toBe(0xb3ece62a);
  });
  it('of a sentence', () => {
    const bytes = new TextEncoder().encode('The quick brown fox jumps over the lazy dog');
    expect(murmur3(bytes, bytes.length)).toEqual([0x2f1583c3, 0xecee2c67, 0x5d7bf66c, 0xe5e91d2c]);
  });
});
