// Text from the clipboard as rows: a line each, with the cells of a spreadsheet as title, start, target and unit; a lone number is the target.
// What cannot be read as what its cell is for stays among the words of the title: nothing is lost.
import type { DecimalSign } from '../../numbers/decimal';
import { readNumber, type Kind, type Measure } from '../../numbers/read_number';
import { currenciesOf, isPercent } from '../../numbers/units';
import { codePointCount } from '../../document/code_points';
import { limits } from '../../protocol/schema';
import { oneLine } from '../text/one_line';

export interface PastedRow {
  readonly title: string;
  readonly fields: Kind & { readonly start?: number; readonly target?: number };
}

export type Table = readonly (readonly string[])[];

const unitMax = 20; // code points, as the schema has it
const cell = /"((?:[^"]|"")*)"(?=[\t\r\n]|$)|[^\t\r\n\u2028\u2029]*/y; // a spreadsheet quotes what has line ends or tabs inside
const listMark = /^(?:[-*•‣▪·–]\s+|\d{1,3}(?:[.)]\s+|、\s*))/;

// Rows without any words are left out, and so are the bullets or numbers of a list.
export function tableOf(text: string): Table {
  const rows: string[][] = [[]];
  for (let at = 0; at <= text.length; at += 1) {
    cell.lastIndex = at;
    const [found = '', quoted] = cell.exec(text) ?? [];
    rows.at(-1)?.push(oneLine(quoted?.replaceAll('""', '"') ?? found).trim());
    at += found.length;
    if (at < text.length && text[at] !== '\t') rows.push([]);
  }
  const worded = rows.filter((it) => it.some((words) => words !== '')).map((it) => it.slice(0, it.findLastIndex((words) => words !== '') + 1));
  const isList = worded.length > 1 && worded.every(([first = '']) => listMark.test(first));
  return isList ? worded.map(([first = '', ...others]) => [first.replace(listMark, ''), ...others]) : worded;
}

export const wordsOnly = (table: Table): readonly PastedRow[] => table.map((cells) => ({ title: joined(cells), fields: {} }));

export function measuredRows(table: Table, decimal: DecimalSign): readonly PastedRow[] {
  const lone = Math.max(...table.map((it) => it.length)) === 2;
  return table.map(([title = '', ...cells]) => measuredRow(title, lone ? ['', ...cells] : cells, decimal));
}

function measuredRow(title: string, [start = '', target = '', unit = '', ...more]: readonly string[], decimal: DecimalSign): PastedRow {
  let kind: Kind = codePointCount(unit) > unitMax ? {} : kindOf(unit);
  const unread: string[] = [];
  const fields: { start?: number; target?: number } = {};
  for (const [field, words] of [['start', start], ['target', target]] as const) {
    const reading = readNumber(words, { decimal, measure: measureOf(kind), min: -limits.number_magnitude, max: limits.number_magnitude });
    if (reading.type === 'refused') unread.push(words);
    if (reading.type !== 'number') continue;
    fields[field] = reading.value;
    kind = reading.kind ?? kind;
  }
  if (unit !== '' && Object.keys(kind).length === 0) unread.push(unit);
  return { title: joined([title, ...unread, ...more]), fields: { ...fields, ...kind } };
}

function kindOf(unit: string): Kind {
  if (unit === '') return {};
  if (isPercent(unit)) return { metric: 'percent' };
  return currenciesOf(unit).length > 0 ? { metric: 'currency', unit } : { unit };
}

function measureOf({ metric, unit }: Kind): Measure {
  if (metric === 'percent') return { type: 'counted', unit: '%' };
  return unit === undefined ? { type: 'open', metric: 'number' } : { type: 'counted', unit };
}

const joined = (cells: readonly string[]): string => cells.filter((it) => it !== '').join(' ');
