// Numbers as people write them, in three languages: the table is numbers.json.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createFormats } from '../../../src/i18n/formats';
import { editText, percentText, readNumber, type Kind, type Measure, type NumberReading } from '../../../src/numbers/read_number';
import { Random } from '../support/random';

type Expected = number | string | null;
type Row = readonly [string, Expected | Readonly<Record<string, Expected>>, Kind?];
interface Group {
  readonly about: string;
  readonly measure: Measure;
  readonly min?: number;
  readonly max?: number;
  readonly rows: readonly Row[];
}

const { groups } = JSON.parse(readFileSync(new URL('numbers.json', import.meta.url), 'utf8')) as { groups: readonly Group[] };
const languages = { en: createFormats('en'), zh: createFormats('zh-Hans'), de: createFormats('de') } as const;
const max = 1e15;

const short = (reading: NumberReading): Expected => (reading.type === 'empty' ? null : reading.type === 'number' ? reading.value : reading.problem.code);

describe('the whole input is understood or refused', () => {
  it('the table is as large as what people type is varied', () => {
    expect(groups.flatMap((it) => it.rows).length).toBeGreaterThan(250);
  });
  for (const group of groups) {
    const place = { measure: group.measure, min: group.min ?? -max, max: group.max ?? max };
    describe(group.about, () => {
      it.each(group.rows.map((row) => [JSON.stringify(row[0]), row] as const))('%s', (_, [typed, expected, kind]) => {
        for (const [name, { decimal }] of Object.entries(languages)) {
          const reading = readNumber(typed, { ...place, decimal });
          const wanted = typeof expected === 'object' && expected !== null ? expected[name] : expected;
          expect(short(reading), name).toBe(wanted);
          if (kind !== undefined && reading.type === 'number') expect(reading.kind ?? {}, name).toEqual(kind);
        }
      });
    });
  }
});

describe('what the page writes is read as what it was', () => {
  const counted: Measure = { type: 'counted', unit: '' };
  const read = (typed: string, decimal: '.' | ',', measure: Measure = counted): Expected => short(readNumber(typed, { decimal, measure, min: -max, max }));
  const hard = [0, 4.2e-7, 0.30000000000000004, 999999999999999.9, 5e-324, 1e15, -0.1, 1234.567, 1.234, 0.007, 123.456, 1e-7, 100000, 2 ** -40];

  it.each(hard)('%s, to be edited', (value) => {
    for (const { decimal } of Object.values(languages)) {
      expect(read(editText(value, decimal), decimal)).toBe(value);
      if (value < 1) expect(read(percentText(value, decimal), decimal, { type: 'share', bare: 'percent' })).toBe(value);
    }
  });
  it('any number, to be edited', () => {
    const random = new Random(26);
    for (let round = 0; round < 3000; round += 1) {
      const value = (random.next() - 0.5) * 10 ** (Math.floor(random.next() * 40) - 25);
      for (const { decimal } of Object.values(languages)) expect(read(editText(value, decimal), decimal), `${value}`).toBe(value);
    }
  });
  it('numbers at rest, with their units', () => {
    for (const formats of Object.values(languages)) {
      for (const unit of ['', '%', '€', '元', 'min', 'kg']) {
        for (const value of [0, 5, 1234, -1234.5, 0.125, 1234567.89, 12.345]) {
          const shown = formats.measure(value, unit);
          expect(read(shown, formats.decimal, { type: 'counted', unit }), shown).toBe(value);
        }
      }
    }
  });
});

describe('a refusal says what was understood', () => {
  const problem = (typed: string, measure: Measure) => {
    const reading = readNumber(typed, { decimal: '.', measure, min: -max, max });
    return reading.type === 'refused' ? reading.problem : reading;
  };
  it.each([
    ['45 min', 'kg', { code: 'other_unit', number: '45', rest: 'min', unit: 'kg' }],
    ['about 5', '', { code: 'words', number: '5', rest: 'about' }],
    // The number that is quoted is the whole one: written as quoted, it says the same.
    ['¥120万', '', { code: 'no_unit', number: '120万', rest: '¥' }],
    ['10万元', '', { code: 'no_unit', number: '10万', rest: '元' }],
    ['1.5 M€', '', { code: 'no_unit', number: '1.5M', rest: '€' }],
    ['1.5 m€', '', { code: 'no_unit', number: '1.5M', rest: '€' }],
    ['3 kEUR', '', { code: 'no_unit', number: '3k', rest: 'EUR' }],
    ['2 million kg', '', { code: 'no_unit', number: '2 million', rest: 'kg' }],
    ['-5 kg', '', { code: 'no_unit', number: '-5', rest: 'kg' }],
    ['(500) €', '', { code: 'no_unit', number: '-500', rest: '€' }],
    ['5e3 kg', '', { code: 'no_unit', number: '5e3', rest: 'kg' }],
    ['2万人', 'kg', { code: 'other_unit', number: '2万', rest: '人', unit: 'kg' }],
    ['about 3k', '', { code: 'words', number: '3k', rest: 'about' }],
    ['-5 m', '', { code: 'm', number: '-5' }],
    ['3/4', '', { code: 'fraction', text: '3/4', decimal: '0.75' }],
    ['1 1/2', '', { code: 'fraction', text: '1 1/2', decimal: '1.5' }],
    ['2/3', '', { code: 'fraction', text: '2/3', decimal: null }],
    ['12\t15\t18', '', { code: 'cells', count: 3 }],
    ['0.1234567890123456789', '', { code: 'digits', kept: '0.12345678901234568' }],
    ['5 m', '', { code: 'm', number: '5' }],
    ['x'.repeat(101), '', { code: 'long' }],
  ])('%s', (typed, unit, wanted) => expect(problem(typed, { type: 'counted', unit })).toEqual(wanted));

  it.each([['¥120万', 1_200_000], ['10万元', 100_000], ['1.5 M€', 1_500_000], ['1.5 m€', 1_500_000], ['2 million kg', 2_000_000], ['(500) €', -500], ['-5e3 kg', -5000]])('%s, taken at its word', (typed, meant) => {
    const measure: Measure = { type: 'counted', unit: '' };
    const refused = problem(typed, measure);
    expect('number' in refused && typeof refused.number === 'string' ? readNumber(refused.number, { decimal: '.', measure, min: -max, max }) : refused).toMatchObject({ type: 'number', value: meant });
  });
});

describe('the reading tells where it was not the only one', () => {
  const how = (typed: string, measure: Measure = { type: 'counted', unit: '' }) => {
    const reading = readNumber(typed, { decimal: '.', measure, min: -max, max });
    return reading.type === 'number' ? reading.how : reading.type;
  };
  it.each([
    ['1200', 'as_written'], ['1,200.5', 'as_written'], ['1 200', 'as_written'], ['-3', 'as_written'],
    ['1.234', 'open'], ['1,234', 'open'],
    ['3,5', 'worked_out'], ['1.234.567', 'worked_out'], ['2k', 'worked_out'], ['1e3', 'worked_out'], ['(5)', 'worked_out'], ['12,34,567', 'worked_out'], ['½', 'worked_out'],
  ])('%s', (typed, wanted) => expect(how(typed)).toBe(wanted));
  it('a percentage of a share', () => expect(how('50%', { type: 'share', bare: 'share' })).toBe('worked_out'));
});
