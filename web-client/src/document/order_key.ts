// Positions for entities whose real one the server has not chosen yet (OP7): keys of base-62 digits, compared byte by byte,
// between two neighbours. They are shown only, never sent.
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'; // in byte order
const base = digits.length;

const digitAt = (key: string, index: number, beyond: number): number => (index < key.length ? Math.max(0, digits.indexOf(key.charAt(index))) : beyond);

// A key behind `low` and, where the two leave room, before `high`; null is an open end. Equal or inverted neighbours leave no
// room: then it stands behind `low`.
export function keyBetween(low: string | null, high: string | null): string {
  const floor = low ?? '';
  const ceiling = high !== null && floor < high ? high : null;
  let key = '';
  let bounded = ceiling !== null; // still on the ceiling's own digits
  for (let index = 0; ; index += 1) {
    const below = digitAt(floor, index, 0);
    const above = bounded && ceiling !== null ? digitAt(ceiling, index, 0) : base;
    const middle = Math.floor((below + above) / 2);
    if (middle > below) return key + digits.charAt(middle);
    key += digits.charAt(below);
    if (below < above) bounded = false;
    // A ceiling with nothing but zeros behind the common part leaves no room above the floor.
    if (bounded && ceiling !== null && index >= ceiling.length) return floor + digits.charAt(base >> 1);
  }
}

// Siblings are ordered by (position, id).
export function comparePlaces(a: { position: string; id: string }, b: { position: string; id: string }): number {
  if (a.position !== b.position) return a.position < b.position ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
