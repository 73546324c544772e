// MurmurHash3_x86_128 (Austin Appleby, public domain), mirrors protocol/base/murmur3.hpp: 32-bit steps alone, as fast here as in C++.
const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by));
const scramble = (word: number, first: number, turn: number, second: number): number => Math.imul(rotate(Math.imul(word, first), turn), second);

function finish(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}

const blockBytes = 16;
const tail = new Uint8Array(blockBytes);
const tailView = new DataView(tail.buffer);

// HOT PATH: half a ns a byte, as long as all words stay 32-bit integers. The four words of the hash of the first `length` bytes.
export function murmur3(bytes: Uint8Array, length: number, seed = 0): [number, number, number, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  let [h1, h2, h3, h4] = [seed, seed, seed, seed];
  const whole = length - (length % blockBytes);
  for (let at = 0; at < whole; at += blockBytes) {
    h1 ^= scramble(view.getInt32(at, true), 0x239b961b, 15, 0xab0e9789);
    h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= scramble(view.getInt32(at + 4, true), 0xab0e9789, 16, 0x38b34ae5);
    h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= scramble(view.getInt32(at + 8, true), 0x38b34ae5, 17, 0xa1e38b93);
    h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= scramble(view.getInt32(at + 12, true), 0xa1e38b93, 18, 0x239b961b);
    h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  tail.fill(0);
  tail.set(bytes.subarray(whole, length));
  h1 ^= scramble(tailView.getInt32(0, true), 0x239b961b, 15, 0xab0e9789) ^ length;
  h2 ^= scramble(tailView.getInt32(4, true), 0xab0e9789, 16, 0x38b34ae5) ^ length;
  h3 ^= scramble(tailView.getInt32(8, true), 0x38b34ae5, 17, 0xa1e38b93) ^ length;
  h4 ^= scramble(tailView.getInt32(12, true), 0xa1e38b93, 18, 0x239b961b) ^ length;
  [h1, h2, h3, h4] = spread(h1, h2, h3, h4);
  [h1, h2, h3, h4] = spread(finish(h1), finish(h2), finish(h3), finish(h4));
  return [h1 >>> 0, h2 >>> 0, h3 >>> 0, h4 >>> 0];
}

function spread(h1: number, h2: number, h3: number, h4: number): [number, number, number, number] {
  const sum = (h1 + h2 + h3 + h4) | 0;
  return [sum, (h2 + sum) | 0, (h3 + sum) | 0, (h4 + sum) | 0];
}
