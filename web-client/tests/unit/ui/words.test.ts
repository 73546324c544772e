// Both languages: the same keys (the compiler sees to it), no empty words, every refusal of the protocol has its sentence.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { en } from '../../../src/i18n/en';
import { createFormats } from '../../../src/i18n/formats';
import { pluralizer } from '../../../src/i18n/plural';
import { zh } from '../../../src/i18n/zh';

function leaves(words: unknown, path = ''): [string, unknown][] {
  if (typeof words !== 'object' || words === null || Array.isArray(words)) return [[path, words]];
  return Object.entries(words).flatMap(([key, value]) => leaves(value, path === '' ? key : `${path}.${key}`));
}

describe('words', () => {
  it('both dictionaries have the same keys and nothing is empty', () => {
    expect(leaves(zh).map(([key]) => key)).toEqual(leaves(en).map(([key]) => key));
    for (const [key, value] of [...leaves(en), ...leaves(zh)]) if (typeof value !== 'function') expect(value, key).not.toHaveLength(0);
  });

  it('lists are equally long', () => {
    for (const [key, value] of leaves(en)) if (Array.isArray(value) && key !== 'name.friendly') expect(leaves(zh).find(([it]) => it === key)?.[1]).toHaveLength(value.length);
  });

  it('[OP1–OP14] every refusal code of section 5 has a sentence of its own', () => {
    const spec = readFileSync(new URL('../../../../protocol/SPEC.md', import.meta.url), 'utf8');
    const section = spec.slice(spec.indexOf('## 5. Operations'), spec.indexOf('## 6. Text'));
    const codes = [...section.matchAll(/\(((?:`[a-z_]+`(?:, )?)+)\)/g)].flatMap((it) => [...(it[1] ?? '').matchAll(/`([a-z_]+)`/g)].map((code) => code[1] ?? ''));
    expect(codes.length).toBeGreaterThan(10);
    const notCodes = new Set(['over', 'position', 'id']);
    for (const code of codes.filter((it) => !notCodes.has(it))) expect(Object.keys(en.refusal), code).toContain(code);
  });

  it('[ER8] every code of section 10 that ends as a draft has a sentence of its own', () => {
    const spec = readFileSync(new URL('../../../../protocol/SPEC.md', import.meta.url), 'utf8');
    const section = spec.slice(spec.indexOf('## 10. Errors'), spec.indexOf('## 11. Self-audit'));
    const codes = [...section.matchAll(/^\| `([a-z_]+)` \|.*\|([^|]*)\|$/gm)].filter((row) => row[2]?.includes('draft')).map((row) => row[1] ?? '');
    expect(codes).toContain('quota_exceeded');
    const bugsOfTheClient = new Set(['malformed', 'base_ahead']);
    for (const code of codes.filter((it) => !bugsOfTheClient.has(it))) expect(Object.keys(en.refusal), code).toContain(code);
  });

  it('plurals follow the language', () => {
    const plural = pluralizer('en');
    expect([0, 1, 2, 1200].map((n) => plural(n, { one: '# edit', other: '# edits' }))).toEqual(['0 edits', '1 edit', '2 edits', '1,200 edits']);
  });
});

describe('formats', () => {
  const english = createFormats('en');
  const chinese = createFormats('zh-Hans');
  it.each([
    [english.measure(5.9, 'min'), '5.9\u00a0min'],
    [english.measure(65000, '€'), '€65,000'],
    [english.measure(-3, '€'), '−€3'],
    [chinese.measure(24, '次'), '24次'],
    [english.measure(18, '%'), '18\u00a0%'],
    [chinese.measure(18, '%'), '18%'],
    [english.measure(12, 'ש״ח'), '12\u00a0\u2068ש״ח\u2069'],
    [english.measure(0.1 + 0.2, null), '0.3'],
    [english.measure(4.2e-7, 'kg'), '0.00000042\u00a0kg'],
    [english.percent(0.334), '33\u00a0%'],
    [chinese.percent(0.334), '33%'],
    [english.percent(0), '0\u00a0%'],
    [english.percent(0.999), '100\u00a0%'],
    [english.percent(12.5), '1,250\u00a0%'],
    [english.percent(-0.2), '−20\u00a0%'],
    [english.percent(-0.002), '0\u00a0%'],
    [english.day('not a day'), 'not a day'],
  ])('%s', (given, expected) => {
    expect(given).toBe(expected);
  });
});
