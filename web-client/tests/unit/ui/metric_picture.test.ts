// Where things stand on a key result's picture.
import { describe, expect, it } from 'vitest';
import { bandPicture, linePicture, spacesAround, stepWidths } from '../../../src/ui/plan/metric/picture';

describe('a line from start to target', () => {
  it('has its tip at the progress, and the expected mark at its share', () => {
    expect(linePicture(0.69, 0.633)).toEqual({ start: 0, tip: 0.69, expected: 0.633, wrongWay: false });
  });
  it('ends at the target, however far beyond it the value is', () => {
    expect(linePicture(1.7, undefined)).toEqual({ start: 0, tip: 1, expected: null, wrongWay: false });
  });
  it('grows to the left of its start when the value moves away from the target', () => {
    const picture = linePicture(-0.2, 0.5);
    expect(picture.wrongWay).toBe(true);
    expect(picture.start).toBe(0.25);
    expect(picture.tip).toBeCloseTo(0.1);
    expect(picture.expected).toBeCloseTo(0.625);
  });
  it('stays within the picture when the value is far on the wrong side', () => {
    expect(linePicture(-1e6, undefined).tip).toBe(0);
  });
});

describe('the numbers under a line', () => {
  it.each([
    ['start and target', [0, 1]],
    ['of who goes the wrong way', [0.25, 1]],
    ['three zones', [0.3, 0.7, 1]],
    ['a band', [0.25, 0.75]],
    ['a narrow band', [0.49, 0.51]],
    ['a band at one end', [0.98, 1]],
  ])('%s: the space is divided whole, none is less than nothing', (_name, places) => {
    const spaces = spacesAround(places);
    expect(spaces).toHaveLength(places.length + 1);
    for (const it of spaces) expect(it).toBeGreaterThanOrEqual(0);
    expect(spaces.reduce((sum, it) => sum + it, 0)).toBeCloseTo(1);
  });
  it('stand at the ends, and over their places', () => {
    expect(spacesAround([0, 1])).toEqual([0, 1, 0]);
    const [before = 0, between = 0] = spacesAround([0.25, 0.75]);
    const [width, free] = [0.15, 0.7];
    expect(before * free).toBeCloseTo(0.25 * (1 - width));
    expect((before + between) * free + width).toBeCloseTo(0.75 * (1 - width));
  });
});

describe('a band', () => {
  it.each<[string, number | undefined, number | undefined, number | undefined, 'inside' | 'above' | 'below' | null]>([
    ['within', 20, 35, 28, 'inside'],
    ['on its bound', 20, 35, 35, 'inside'],
    ['over it', 70, 85, 91, 'above'],
    ['under it', 70, 85, 12, 'below'],
    ['open above', 20, undefined, 1000, 'inside'],
    ['open below', undefined, 35, -4, 'inside'],
    ['not measured', 20, 35, undefined, null],
  ])('%s: every part is in the picture, in order', (_name, low, high, value, place) => {
    const picture = bandPicture(low, high, value);
    expect(picture.place).toBe(place);
    for (const at of [picture.low, picture.high, picture.value]) if (at !== null) expect(at).toBeGreaterThanOrEqual(0);
    for (const at of [picture.low, picture.high, picture.value]) if (at !== null) expect(at).toBeLessThanOrEqual(1);
    if (picture.low !== null && picture.high !== null) expect(picture.high).toBeGreaterThan(picture.low);
    if (place === 'above') expect(picture.value ?? 0).toBeGreaterThan(picture.high ?? 1);
    if (place === 'below') expect(picture.value ?? 1).toBeLessThan(picture.low ?? 0);
  });
  it('of one point has a width to stand in', () => {
    expect(bandPicture(5, 5, 5)).toEqual({ low: 0.5, high: 0.5, value: 0.5, place: 'inside' });
  });
  it('without bounds or with reversed ones has no picture', () => {
    const nothing = { low: null, high: null, value: null, place: null };
    expect(bandPicture(undefined, undefined, 4)).toEqual(nothing);
    expect(bandPicture(9, 3, 4)).toEqual(nothing);
  });
});

describe('milestones', () => {
  it('are as wide as their weights', () => {
    expect(stepWidths([{ weight: 1, done: true }, { weight: 3, done: false }])).toEqual([0.25, 0.75]);
  });
  it('are alike where none has a weight', () => {
    expect(stepWidths([{ weight: 0, done: true }, { weight: 0, done: false }])).toEqual([0.5, 0.5]);
  });
});
