// Numbers and dates as the reader's language writes them. Values come from the document; nothing is rounded away that
// somebody typed.
import type { DecimalSign } from '../numbers/decimal';

export interface Formats {
  readonly decimal: DecimalSign; // between whole and part
  number(value: number): string;
  percent(fraction: number): string;
  measure(value: number, unit: string | null): string;
  day(iso: string): string; // 14 Nov, with the year when it is another one
  range(start: string, end: string): string;
  time(ms: number): string;
  moment(ms: number): string; // the time; of another day, the day too
}

const tinyMax = 1e-4; // below it, six places would show hardly a digit
const currencySigns = new Set(['€', '$', '£', '¥', '￥']);

// Letters that run from right to left would take the number before them along.
const isolated = (words: string): string => (/[\p{Script=Hebrew}\p{Script=Arabic}]/u.test(words) ? `\u2068${words}\u2069` : words);

export function createFormats(tag: string): Formats {
  const plain = new Intl.NumberFormat(tag, { maximumFractionDigits: 10 }); // so that 99.999999 is not 100, and 0.1 + 0.2 is 0.3
  const tiny = new Intl.NumberFormat(tag, { maximumSignificantDigits: 6 });
  const whole = new Intl.NumberFormat(tag, { maximumFractionDigits: 0 });
  const tightPercent = tag.startsWith('zh');
  const thisYear = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const otherYear = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const dayAndClock = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' });
  const clock = new Intl.DateTimeFormat(tag, { hour: 'numeric', minute: '2-digit' });

  const day = (iso: string): string => {
    const date = new Date(`${iso}T00:00:00Z`);
    if (Number.isNaN(date.getTime())) return iso;
    return (date.getUTCFullYear() === new Date().getFullYear() ? thisYear : otherYear).format(date);
  };
  const range = (start: string, end: string): string => {
    const [from, to] = [new Date(`${start}T00:00:00Z`), new Date(`${end}T00:00:00Z`)];
    if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime()) || from > to) return '';
    const sameYear = from.getUTCFullYear() === new Date().getFullYear() && to.getUTCFullYear() === from.getUTCFullYear();
    return (sameYear ? thisYear : otherYear).formatRange(from, to);
  };
  const written = (value: number): string => (value !== 0 && Math.abs(value) < tinyMax ? tiny : plain).format(value);
  return {
    decimal: plain.formatToParts(1.5).some((it) => it.type === 'decimal' && it.value === ',') ? ',' : '.',
    number: (value) => written(value),
    // −0.2 % is no progress, not a negative one.
    percent: (fraction) => {
      const points = Math.round(fraction * 100) + 0;
      return `${points < 0 ? '−' : ''}${whole.format(Math.abs(points))}${tightPercent ? '' : '\u00a0'}%`;
    },
    measure: (value, unit) => {
      if (unit === null || unit === '') return written(value);
      if (currencySigns.has(unit)) return value < 0 ? `−${unit}${written(-value)}` : `${unit}${written(value)}`;
      // Chinese measure words follow their number directly, and in Chinese text the percent sign does too.
      const tight = /^\p{Script=Han}/u.test(unit) || (unit === '%' && tightPercent);
      return tight ? `${written(value)}${unit}` : `${written(value)}\u00a0${isolated(unit)}`;
    },
    day,
    range,
    time: (ms) => clock.format(ms),
    moment: (ms) => (new Date(ms).toDateString() === new Date().toDateString() ? clock : dayAndClock).format(ms),
  };
}
