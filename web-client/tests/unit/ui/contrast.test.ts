// Colours are readable and people's colours are told apart, in both themes. Read from the tokens themselves.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../../src/ui/styles/tokens.css', import.meta.url), 'utf8');
type Tokens = ReadonlyMap<string, string>;

function tokensOf(selector: string): Tokens {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf('\n  }', start));
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((it) => [it[1] ?? '', it[2] ?? '']));
}
const themes: readonly (readonly [string, Tokens])[] = [
  ['light', tokensOf(':root')],
  ['dark', tokensOf(":root[data-theme='dark']")],
];

type Rgb = readonly [number, number, number];
const linear = (hex: string): Rgb => {
  const channel = (at: number): number => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
};
const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(linear(a)), luminance(linear(b))];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

// `color-mix` in sRGB, as the selection of somebody else is drawn.
function mix(over: string, ground: string, part: number): string {
  const channel = (at: number): string => {
    const value = part * parseInt(over.slice(at, at + 2), 16) + (1 - part) * parseInt(ground.slice(at, at + 2), 16);
    return Math.round(value).toString(16).padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

// Machado et al. 2009, severity 1, on linear RGB; then OKLab, in which distances are what eyes see.
const eyes = {
  usual: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protan: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deutan: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
} as const;
function seenBy(matrix: readonly number[], rgb: Rgb): Rgb {
  const row = (at: number): number => Math.max(0, (matrix[at] ?? 0) * rgb[0] + (matrix[at + 1] ?? 0) * rgb[1] + (matrix[at + 2] ?? 0) * rgb[2]);
  return [row(0), row(3), row(6)];
}
function oklab([r, g, b]: Rgb): Rgb {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s, 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s, 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s];
}
const distance = (a: Rgb, b: Rgb): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

describe.each(themes)('%s theme', (_name, tokens) => {
  const colour = (name: string): string => tokens.get(name) ?? expect.fail(`no token --${name}`);
  const people = Array.from({ length: 12 }, (_, index) => `person-${index}`);

  const readable: readonly (readonly [string, string])[] = [
    ...['ink', 'ink-soft', 'ink-faint', 'leaf-ink', 'good-ink', 'warn-ink', 'bad-ink'].flatMap((text) => ['paper', 'surface'].map((ground) => [text, ground] as const)),
    ...['sunken', 'hover', 'wash'].flatMap((ground) => [['ink', ground] as const, ['ink-soft', ground] as const]),
    ['ink-faint', 'sunken'],
    ['ink-faint', 'hover'],
    ['ink-faint', 'leaf-tint'],
    ['leaf-ink', 'leaf-tint'],
    ['good-ink', 'good-tint'],
    ['warn-ink', 'warn-tint'],
    ['bad-ink', 'bad-tint'],
    ['ink', 'warn-tint'],
    ['on-leaf', 'leaf'],
    ...people.map((person) => ['on-person', person] as const),
  ];
  it.each(readable)('--%s on --%s is readable (4.5 : 1)', (text, ground) => {
    expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['good', 'warn', 'bad', 'idle', 'focus', 'mark'])('--%s stands out as a shape (2.5 : 1 and its word beside it)', (shape) => {
    expect(contrast(colour(shape), colour('surface'))).toBeGreaterThanOrEqual(2.5);
  });

  it.each(people)('--%s stands out as a caret, and words stay readable in its selection', (person) => {
    expect(contrast(colour(person), colour('surface'))).toBeGreaterThanOrEqual(3);
    expect(contrast(colour('ink'), mix(colour(person), colour('surface'), 0.22))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(Object.entries(eyes))('people are told apart by %s eyes', (_kind, matrix) => {
    const seen = people.map((person) => oklab(seenBy(matrix, linear(colour(person)))));
    for (const [index, a] of seen.entries()) {
      for (const b of seen.slice(0, index)) expect(distance(a, b)).toBeGreaterThan(0.07); // a just noticeable difference is about 0.02
    }
  });
});
