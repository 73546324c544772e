// A reading of a number in the reader's words: why it is refused, or how it was understood where that is not plain.
import { editText, percentText, readNumber, type Kind, type NumberPlace, type NumberProblem } from '../../numbers/read_number';
import { limits } from '../../protocol/schema';
import { formats, t } from '../../i18n';
import type { Reading } from './value_edit';

export function readingOf(typed: string, place: NumberPlace): Reading<number, Kind> {
  const reading = readNumber(typed, place);
  switch (reading.type) {
    case 'empty':
      return { type: 'read', value: null };
    case 'refused':
      return { type: 'refused', words: problemWords(reading.problem, place) };
    case 'number': {
      const hint = hintWords(reading, place);
      return { type: 'read', value: reading.value, ...(hint === null ? {} : { hint }), ...(reading.kind === null ? {} : { more: reading.kind }) };
    }
  }
}

function hintWords({ value, how, kind }: { value: number; how: 'as_written' | 'open' | 'worked_out'; kind: Kind | null }, place: NumberPlace): string | null {
  const words: string[] = [];
  if (how === 'worked_out') words.push(t().number.equals(shownOf(value, place)));
  if (how === 'open') words.push(Number.isInteger(value) ? t().number.groups(`${value}`) : t().number.decimals(numberText(value, place)));
  if (kind?.metric === 'percent') words.push(t().number.percentFromNow);
  else if (kind?.unit !== undefined) words.push(t().number.unitFromNow(kind.unit));
  return words.length === 0 ? null : words.join(' ');
}

export function problemWords(problem: NumberProblem, place: NumberPlace): string {
  const words = t().number;
  switch (problem.code) {
    case 'nothing':
    case 'signs':
    case 'date':
    case 'time':
    case 'two':
      return words[problem.code](problem.text);
    case 'words':
      return words.words(problem.number, problem.rest);
    case 'other_unit':
      return words.otherUnit(problem.number, problem.rest, problem.unit);
    case 'no_unit':
      return words.noUnit(problem.number, problem.rest);
    case 'm':
      return words.m(problem.number);
    case 'fraction':
      return problem.decimal === null ? words.fractionEndless(problem.text) : words.fraction(problem.text, problem.decimal);
    case 'cells':
      return words.cells(problem.count);
    case 'digits':
      return words.digits(problem.kept);
    case 'outside':
      return problem.max === limits.number_magnitude && problem.min !== -problem.max ? words.atLeast(shownOf(problem.min, place)) : words.between(shownOf(problem.min, place), shownOf(problem.max, place));
    case 'long':
      return words.long;
  }
}

// To be edited: whole.
export function numberText(value: number, { measure, decimal }: NumberPlace): string {
  return measure.type === 'share' && measure.bare === 'percent' ? percentText(value, decimal) : editText(value, decimal);
}

// At rest, with its unit.
export function shownOf(value: number, { measure }: NumberPlace): string {
  if (measure.type === 'share' && measure.bare === 'percent') return formats().measure(Number(percentText(value, '.')), '%');
  return formats().measure(value, measure.type === 'counted' ? measure.unit : null);
}
