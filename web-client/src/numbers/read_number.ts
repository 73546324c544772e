// Reads a number as people write it, anywhere in the world: the whole input is understood, or it is refused with a reason that says
// what was understood and what not. Nothing is guessed and nothing is rounded.
//
// The decimal sign. `.` and `,` are written for both, so:
//   1. Where both stand, the last one is the decimal sign: 1.234,5 and 1,234.5.
//   2. One that stands twice groups thousands: 12.500.000.
//   3. One that stands once is the decimal sign, unless one to three digits that do not begin with 0 stand before it and exactly three
//      behind it: 0,125 · 3,5 · 1234.567 · 12,3456.
//   4. That case is open, 1.234 and 1,234: the language that the page shows its numbers in decides, and the reading says so.
// Spaces and apostrophes only group. Groups have three digits; those of India (12,34,567) count too.
import { decimalOnly, plainCharacters } from './characters';
import { decimal, fromNumber, negated, plainText, same, shifted, toNumber, type Decimal, type DecimalSign } from './decimal';
import { currenciesOf, isPercent, millionsOf, multipleOf, sameUnit, type Multiple } from './units';

export type Measure =
  | { readonly type: 'counted'; readonly unit: string } // '': in nothing that has a name
  | { readonly type: 'open'; readonly metric: 'number' | 'currency' | 'other' } // nothing is said yet: what stands behind the number may say it
  | { readonly type: 'share'; readonly bare: 'share' | 'percent' }; // kept from 0 to 1; what a number without a sign means

export interface NumberPlace {
  readonly decimal: DecimalSign; // where both readings are possible
  readonly measure: Measure;
  readonly min: number; // of the kept value
  readonly max: number;
}

// What a first number says about its key result.
export interface Kind {
  readonly metric?: 'percent' | 'currency';
  readonly unit?: string;
}

export type NumberProblem =
  | { readonly code: 'nothing'; readonly text: string } // no number in it
  | { readonly code: 'words'; readonly number: string; readonly rest: string } // a number, and something beside it
  | { readonly code: 'other_unit'; readonly number: string; readonly rest: string; readonly unit: string }
  | { readonly code: 'no_unit'; readonly number: string; readonly rest: string } // this value has none
  | { readonly code: 'm'; readonly number: string } // millions, metres, minutes
  | { readonly code: 'signs'; readonly text: string } // points and commas that fit no reading
  | { readonly code: 'date'; readonly text: string }
  | { readonly code: 'time'; readonly text: string }
  | { readonly code: 'fraction'; readonly text: string; readonly decimal: string | null } // null: it does not end
  | { readonly code: 'two'; readonly text: string } // a range, two numbers
  | { readonly code: 'cells'; readonly count: number }
  | { readonly code: 'digits'; readonly kept: string } // more than a number here can have: what it would become
  | { readonly code: 'outside'; readonly min: number; readonly max: number }
  | { readonly code: 'long' };

export type NumberReading =
  | { readonly type: 'empty' }
  // `how`: as the page itself writes numbers; by rule 4; or worked out: a multiple, a foreign sign, a percentage.
  | { readonly type: 'number'; readonly value: number; readonly how: 'as_written' | 'open' | 'worked_out'; readonly kind: Kind | null }
  | { readonly type: 'refused'; readonly problem: NumberProblem };

const lengthMax = 100;
const fractionDigitsMax = 12; // a third has more

export function readNumber(typed: string, place: NumberPlace): NumberReading {
  const cells = cellsOf(typed);
  if (cells.length > 1) return refused({ code: 'cells', count: cells.length });
  if (typed.trim().length > lengthMax) return refused({ code: 'long' });
  const text = plainCharacters(typed);
  if (text === '') return { type: 'empty' };
  const other = otherThings(text, place.decimal);
  if (other !== null) return refused(other);
  const found = takeApart(text);
  if (found === null) return refused({ code: 'nothing', text: typed.trim() });
  const read = readDigits(found.body, place.decimal);
  if (read === null) return refused(/^\d+( \d+)+$/.test(found.body) ? { code: 'two', text: found.body } : { code: 'signs', text: found.body });
  return measured({ ...found, ...read }, place);
}

// Of a table, as the clipboard has them.
export function cellsOf(text: string): readonly string[] {
  return text.split(/[\t\r\n\u2028\u2029]+/).filter((it) => it.trim() !== '');
}

const refused = (problem: NumberProblem): NumberReading => ({ type: 'refused', problem });

const months = 'jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez';
const dates = [
  /^\d{4}([-/.])\d{1,2}\1\d{1,2}([T ]\d{1,2}:.*)?$/, // 2026-01-31
  /^\d{1,2}([-/.])\d{1,2}\1(\d{4}|\d{2})$/, // 31.01.2026, 1/31/26
  /^(\d{2,4}年)?\d{1,2}月(\d{1,2}[日号]?)?$/,
  new RegExp(`^(\\d{1,2}\\.? )?(${months})\\p{L}*\\.? \\d{1,4}(,? \\d{4})?$`, 'iu'),
];

// What has digits and is no number.
function otherThings(text: string, sign: DecimalSign): NumberProblem | null {
  if (dates.some((it) => it.test(text))) return { code: 'date', text };
  if (/^\d{1,2}:\d{2}(:\d{2})?( ?[ap]\.?m\.?)?$/i.test(text)) return { code: 'time', text };
  const [fraction, minus = '', whole = '0', above = '', below = ''] = /^(-?)(?:(\d{1,9}) )?(\d{1,9}) ?[/⁄] ?(\d{1,9})$/.exec(text) ?? [];
  if (fraction !== undefined) {
    const part = Number(whole) + Number(above) / Number(below);
    const ends = Number.isFinite(part) && fromNumber(part).digits.length <= fractionDigitsMax;
    return { code: 'fraction', text, decimal: ends ? `${minus}${editText(part, sign)}` : null };
  }
  if (/[⅓⅔⅙⅚⅐⅑]/.test(text)) return { code: 'fraction', text, decimal: null };
  if (/\d ?(-|–|—|~|…|\.{2,}|to|bis|至|到) ?[+-]?\d/i.test(text)) return { code: 'two', text };
  return null;
}

interface Parts {
  readonly negative: boolean;
  readonly accounting: boolean; // (500)
  readonly before: string; // words
  readonly body: string; // digits and what stands between them
  readonly exponent: number;
  readonly after: string;
}

function takeApart(text: string): Parts | null {
  const inner = /^([^()]*)\(([^()]*\d[^()]*)\)([^()]*)$/.exec(text);
  const flat = inner === null ? text : `${inner[1] ?? ''}${inner[2] ?? ''}${inner[3] ?? ''}`;
  const found = /^([^\d.,٫]*)((?:\d|[.,٫](?=\d))(?:[\d.,٫'_ ]*[\d.,])?)(?:[eE]([+-]?\d{1,4})(?![\d\p{L}.,]))?(.*)$/u.exec(flat);
  if (found === null) return null;
  const [, lead = '', body = '', exponent = '0', after = ''] = found;
  const [, signBefore = '', words = '', signBehind = ''] = /^([+-]?) ?([^+-]*?) ?([+-]?) ?$/.exec(lead) ?? [, '', lead.trim(), ''];
  const signs = signBefore + signBehind;
  if (signs.length > 1 || (inner !== null && signs !== '')) return { negative: false, accounting: false, before: lead.trim(), body, exponent: Number(exponent), after: after.trim() };
  return { negative: signs === '-' || inner !== null, accounting: inner !== null, before: words, body, exponent: Number(exponent), after: after.trim() };
}

interface Digits {
  readonly number: Decimal; // without sign and exponent
  readonly open: boolean; // rule 4 has decided
  readonly foreign: boolean; // not how the page would write it
}

function readDigits(body: string, pageSign: DecimalSign): Digits | null {
  const points = [...body].filter((it) => it === '.' || it === ',' || it === decimalOnly);
  const kinds = new Set(points);
  const [last = ''] = points.slice(-1);
  if (kinds.size > 2 || (kinds.size === 2 && points.filter((it) => it === last).length > 1)) return null;
  const { sign, open } = kinds.size === 2 ? { sign: last, open: false } : points.length === 1 ? single(body, last, pageSign) : { sign: '', open: false };
  const at = sign === '' ? body.length : body.lastIndexOf(sign);
  const [whole, fraction] = [ungrouped(body.slice(0, at)), body.slice(at + 1)];
  if (whole === null || !/^\d*$/.test(fraction) || (fraction === '' && sign !== '' && sign !== pageSign)) return null;
  const usual = (sign === '' || sign === pageSign) && !/\d,\d\d,/.test(body) && !points.some((it) => it === pageSign && sign !== pageSign);
  return { number: decimal(whole, fraction), open, foreign: !usual };
}

// One point or comma (rules 3 and 4).
function single(body: string, sign: string, pageSign: DecimalSign): { sign: string; open: boolean } {
  const [before = '', behind = ''] = body.split(sign);
  const open = sign !== decimalOnly && /^[1-9]\d{0,2}$/.test(before) && /^\d{3}$/.test(behind);
  return { sign: open && sign !== pageSign ? '' : sign, open };
}

function ungrouped(whole: string): string | null {
  if (/^\d*$/.test(whole)) return whole;
  const [sign] = /[^\d]/.exec(whole) ?? [''];
  const groups = whole.split(sign);
  const [first = '', ...others] = groups;
  const threes = /^\d{1,3}$/.test(first) && others.every((it) => /^\d{3}$/.test(it));
  const indian = sign === ',' && /^\d{1,2}$/.test(first) && others.length > 1 && others.every((it, index) => (index === others.length - 1 ? /^\d{3}$/ : /^\d{2}$/).test(it));
  return (threes || indian) && !first.startsWith('0') && sign !== decimalOnly ? groups.join('') : null;
}

// The digits are clear; is what stands beside them?
function measured(it: Parts & Digits, place: NumberPlace): NumberReading {
  const { measure } = place;
  const unit = measure.type === 'counted' ? measure.unit : '';
  const multiple = it.after === '' || (unit !== '' && sameUnit(it.after, unit)) ? none(it.after) : (multipleOf(it.after) ?? millionsOf(it.after) ?? none(it.after));
  const { rest } = multiple;
  const number = understood(it, multiple);
  if (it.before !== '' && !standsInFront(it.before, unit)) return refused({ code: 'words', number, rest: it.before });
  if (it.before !== '' && rest !== '' && !sameUnit(it.before, rest)) return refused({ code: 'words', number, rest });
  const money = measure.type === 'open' && measure.metric === 'currency' ? true : [it.before, rest, unit].some((mark) => currenciesOf(mark).length > 0);
  if (multiple.onlyMoney && !money) return refused({ code: 'm', number: understood(it, none(it.after)) });
  const mark = rest === '' ? it.before : rest;
  const wrong = mark === '' ? null : misfit(number, mark, measure);
  if (wrong !== null) return refused(wrong);
  const hundredths = measure.type === 'share' && (isPercent(mark) || measure.bare === 'percent');
  const exact = shifted(it.negative ? negated(it.number) : it.number, it.exponent + multiple.places - (hundredths ? 2 : 0));
  const worked = it.foreign || it.accounting || it.exponent + multiple.places !== 0 || (measure.type === 'share' && measure.bare === 'share' && hundredths);
  return kept({ exact, how: it.open ? 'open' : worked ? 'worked_out' : 'as_written', kind: kindOf(mark, measure) }, place);
}

// Whole, with its sign and its multiple: who writes what a refusal quotes means the same number.
function understood({ negative, body, exponent, after }: Parts, { rest, onlyMoney }: Multiple): string {
  const multiple = onlyMoney ? 'M' : after.slice(0, after.length - rest.length).trim();
  const space = /^\p{Script=Latin}{2}/u.test(multiple) ? ' ' : '';
  return `${negative ? '-' : ''}${body}${exponent === 0 ? '' : `e${exponent}`}${space}${multiple}`;
}

const none = (rest: string): Multiple => ({ places: 0, rest });
const standsInFront = (mark: string, unit: string): boolean => isPercent(mark) || currenciesOf(mark).length > 0 || (unit !== '' && sameUnit(mark, unit));

function isUnit(mark: string): boolean {
  return isPercent(mark) || currenciesOf(mark).length > 0 || /^(?!兆)[\p{L}°µ][\p{L}\p{M}°·/.-]{0,18}[²³23]?$/u.test(mark); // 兆: a million here, a million millions there
}

function misfit(number: string, mark: string, measure: Measure): NumberProblem | null {
  switch (measure.type) {
    case 'counted':
      if (measure.unit !== '' && sameUnit(mark, measure.unit)) return null;
      if (!isUnit(mark)) return { code: 'words', number, rest: mark };
      return measure.unit === '' ? { code: 'no_unit', number, rest: mark } : { code: 'other_unit', number, rest: mark, unit: measure.unit };
    case 'open':
      if (measure.metric === 'currency' ? currenciesOf(mark).length > 0 : isUnit(mark)) return null;
      return { code: 'words', number, rest: mark };
    case 'share':
      if (isPercent(mark)) return null;
      return { code: isUnit(mark) ? 'no_unit' : 'words', number, rest: mark };
  }
}

function kindOf(mark: string, measure: Measure): Kind | null {
  if (measure.type !== 'open' || mark === '') return null;
  if (isPercent(mark)) return measure.metric === 'number' ? { metric: 'percent' } : { unit: '%' };
  return measure.metric === 'number' && currenciesOf(mark).length > 0 ? { metric: 'currency', unit: mark } : { unit: mark };
}

// What is kept is what was written, or nothing.
function kept({ exact, how, kind }: { exact: Decimal; how: 'as_written' | 'open' | 'worked_out'; kind: Kind | null }, { min, max, decimal: sign }: NumberPlace): NumberReading {
  const value = toNumber(exact);
  if (value < min || value > max) return refused({ code: 'outside', min, max });
  const nearest = fromNumber(value);
  return same(nearest, exact) ? { type: 'number', value, how, kind } : refused({ code: 'digits', kept: plainText(nearest, sign) });
}

// The whole value as it stands in a field to be edited: reading it gives the same double.
export function editText(value: number, sign: DecimalSign): string {
  return plainText(fromNumber(value), sign);
}

// The same for a share that is written in percent.
export function percentText(share: number, sign: DecimalSign): string {
  return plainText(shifted(fromNumber(share), 2), sign);
}
