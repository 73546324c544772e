// The number that stands in an input without a field of its own. Nothing: it is empty, or no number.
import { readNumber } from '../../numbers/read_number';
import { limits } from '../../protocol/schema';
import { formats } from '../../i18n';

export function parseNumber(typed: string): number | null {
  const reading = readNumber(typed, { decimal: formats().decimal, measure: { type: 'counted', unit: '' }, min: -limits.number_magnitude, max: limits.number_magnitude });
  return reading.type === 'number' ? reading.value : null;
}
