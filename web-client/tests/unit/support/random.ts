// A seeded generator (mulberry32): a failing seed is a reproducible test.
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }
  chance(probability: number): boolean {
    return this.next() < probability;
  }
  pick<T>(from: readonly T[]): T {
    const it = from[this.below(from.length)];
    if (it === undefined) throw new Error('nothing to pick from');
    return it;
  }
}

const letters = ['a', 'b', 'c', ' ', 'é', '目', '标', '𝒳', '👍', '👩‍🚀', '\n'];

export function randomText(random: Random, max: number): string {
  let text = '';
  for (let left = random.below(max + 1); left > 0; left -= 1) text += random.pick(letters);
  return text;
}

// An edit that fits a text of `length` code points.
export function randomEdit(random: Random, length: number): (number | string | { d: number })[] {
  const edit: (number | string | { d: number })[] = [];
  let left = length;
  while (random.chance(0.7)) {
    const skip = random.below(left + 1);
    if (skip > 0 && typeof edit.at(-1) !== 'number') {
      edit.push(skip);
      left -= skip;
    }
    if (random.chance(0.6) && typeof edit.at(-1) !== 'string') edit.push(randomText(random, 3) || 'x');
    const count = random.below(Math.min(left, 4) + 1);
    if (count > 0 && random.chance(0.5) && typeof edit.at(-1) !== 'object') {
      edit.push({ d: count });
      left -= count;
    }
  }
  if (typeof edit.at(-1) === 'number') edit.pop();
  return edit;
}
