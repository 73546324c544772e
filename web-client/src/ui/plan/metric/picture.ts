// Where things stand on the picture of a key result: shares of its width, from 0 at the left to 1 at the right. Progress and expectation
// come from the server; this only places them.

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

// A bar from start to target. Who has moved away from the target stands left of the start, which then is not the left end.
export interface LinePicture {
  readonly start: number;
  readonly tip: number;
  readonly expected: number | null;
  readonly wrongWay: boolean;
}

const startWhenWrong = 0.25;

export function linePicture(progress: number, expected: number | undefined): LinePicture {
  const wrongWay = progress < 0;
  const start = wrongWay ? startWhenWrong : 0;
  const place = (share: number): number => clamp(start + share * (1 - start));
  return { start, tip: place(progress), expected: expected === undefined ? null : place(expected), wrongWay };
}

// Progress at which a zone begins (product rule: commit .3, target .7, stretch 1), so that a step is where its figure is.
export const zoneSteps = { start: 0, commit: 0.3, target: 0.7, stretch: 1 } as const;

// How the space beside and between the numbers under a line is divided, so that those of usual width stand at their places and no two of any
// width stand over each other.
export function spacesAround(places: readonly number[]): readonly number[] {
  const free = 1 - places.length * usualWidth;
  let before = 0;
  const spaces = places.map((at, index) => {
    const until = Math.max(before, clamp((at * (1 - usualWidth) - index * usualWidth) / free));
    const space = until - before;
    before = until;
    return space;
  });
  return [...spaces, 1 - before];
}
const usualWidth = 0.15; // of a number with its unit, as a share of the line

// A stretch of an axis to stay in, and where the value is on it. An open side of the band reaches to the end of the picture.
export interface BandPicture {
  readonly low: number | null;
  readonly high: number | null;
  readonly value: number | null;
  readonly place: 'inside' | 'above' | 'below' | null;
}

// What is left free beside the band, as a share of its width.
const bandMargin = 0.5;

export function bandPicture(low: number | undefined, high: number | undefined, value: number | undefined): BandPicture {
  const known = [low, high, value].filter((it) => it !== undefined);
  if ((low === undefined && high === undefined) || (low !== undefined && high !== undefined && low > high)) return { low: null, high: null, value: null, place: null };
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const width = low !== undefined && high !== undefined ? high - low : most - least;
  const margin = (width > 0 ? width : Math.max(1, Math.abs(most))) * bandMargin;
  const [from, to] = [least - margin, most + margin];
  const place = (at: number | undefined): number | null => (at === undefined ? null : clamp((at - from) / (to - from)));
  const side = value === undefined ? null : low !== undefined && value < low ? 'below' : high !== undefined && value > high ? 'above' : 'inside';
  return { low: place(low), high: place(high), value: place(value), place: side };
}

// Milestones side by side, each as wide as its weight; without any weight all are alike.
export interface MilestoneStep {
  readonly weight: number;
  readonly done: boolean;
}

export function stepWidths(steps: readonly MilestoneStep[]): readonly number[] {
  const all = steps.reduce((sum, it) => sum + it.weight, 0);
  return steps.map((it) => (all > 0 ? it.weight / all : 1 / steps.length));
}
