// What may stand beside a number's digits: a multiple (k, 万, million), a currency, the percent sign, the words of a unit.
import { plainCharacters } from './characters';

// In powers of ten. Latin ones end where their letters end; Chinese ones stand directly before their unit: 1.2万人.
const latinMultiples: ReadonlyMap<string, number> = new Map(
  Object.entries({ k: 3, K: 3, M: 6, B: 9, tsd: 3, thousand: 3, lakh: 5, lakhs: 5, mn: 6, mio: 6, mln: 6, million: 6, millions: 6, crore: 7, crores: 7, bn: 9, mrd: 9, billion: 9, billions: 9, trillion: 12 }),
);
const hanMultiples: readonly (readonly [string, number])[] = [
  ['万亿', 12], ['千亿', 11], ['百亿', 10], ['十亿', 9], ['亿', 8], ['千万', 7], ['百万', 6], ['十万', 5], ['万', 4], ['萬', 4], ['億', 8], ['千', 3], ['百', 2],
];

const currencies: ReadonlyMap<string, readonly string[]> = new Map(Object.entries({
  EUR: ['€', 'euro', 'euros', '欧元'],
  USD: ['$', 'us$', 'dollar', 'dollars', '美元', '美金'],
  CNY: ['¥', 'rmb', 'cn¥', '元', '块', '圆', '人民币', 'yuan'],
  JPY: ['¥', 'jp¥', '円', 'yen', '日元'],
  GBP: ['£', 'pound', 'pounds', '英镑'],
  CHF: ['fr', 'sfr', 'franken', '瑞士法郎'],
  HKD: ['hk$', '港币', '港元'], TWD: ['nt$'], AUD: ['a$'], CAD: ['c$', 'ca$'], SGD: ['s$'], NZD: ['nz$'], BRL: ['r$'],
  INR: ['₹', 'rs'], KRW: ['₩', '원'], RUB: ['₽'], PLN: ['zł'], CZK: ['kč'], SEK: ['kr'], NOK: ['kr'], DKK: ['kr'],
  TRY: ['₺'], UAH: ['₴'], ILS: ['₪'], THB: ['฿'], VND: ['₫'], PHP: ['₱'], NGN: ['₦'], MXN: ['mx$'], ZAR: [],
}));
// Names of one measure, its sign first.
const names: readonly (readonly string[])[] = [
  ['ms', 'millisecond', '毫秒'], ['s', 'sec', 'second', '秒', '秒钟'], ['min', 'minute', 'minuten', '分钟'], ['h', 'hr', 'hour', 'std', 'stunden', '小时'],
  ['d', 'day', 'tage', '天', '日'], ['wk', 'week', 'wochen', '周', '星期'], ['mo', 'month', 'monate', '月', '个月'], ['y', 'yr', 'year', 'jahre', '年'],
  ['g', 'gram', '克'], ['kg', 'kilo', 'kilogram', '公斤', '千克'], ['t', 'ton', 'tonne', '吨'],
  ['mm', 'millimetre', 'millimeter', '毫米'], ['cm', 'centimetre', 'centimeter', '厘米'], ['m', 'metre', 'meter', '米'], ['km', 'kilometre', 'kilometer', '公里', '千米'],
];
const percents = new Set(['%', 'percent', 'per cent', 'pct', 'prozent', '百分之']);

export function fold(unit: string): string {
  return plainCharacters(unit.normalize('NFKC')).toLowerCase().replace(/\s+/g, ' ').replace(/\.$/, '');
}

// The currencies that a sign, code or word may stand for: $ is the dollar of whoever writes it, ¥ of two countries.
export function currenciesOf(mark: string): readonly string[] {
  const folded = fold(mark);
  return [...currencies].flatMap(([code, marks]) => (code.toLowerCase() === folded || marks.includes(folded) ? [code] : []));
}

export const isPercent = (mark: string): boolean => percents.has(fold(mark));

// One's own letters, one more or one fewer at the end ("day", "days"), another name of the same measure, or another sign of the same currency.
export function sameUnit(a: string, b: string): boolean {
  const [one, other] = [fold(a), fold(b)];
  if (one === other || (isPercent(a) && isPercent(b))) return true;
  const plural = (it: string, of: string): boolean => /[a-z]{2}$/.test(of) && it === `${of}s`;
  if (plural(one, other) || plural(other, one)) return true;
  const named = (it: string): readonly string[] | undefined => names.find((all) => all.some((name) => it === name || plural(it, name)));
  if (named(one) !== undefined && named(one) === named(other)) return true;
  const codes = currenciesOf(b);
  return currenciesOf(a).some((it) => codes.includes(it));
}

export interface Multiple {
  readonly places: number;
  readonly rest: string; // what stands behind it
  readonly onlyMoney?: boolean;
}

// "m" is millions beside a currency; elsewhere it may be minutes or metres.
export function millionsOf(words: string): Multiple | null {
  const [found, rest = ''] = /^m(?=$| |\p{Sc})(.*)$/u.exec(words) ?? [];
  return found === undefined ? null : { places: 6, rest: rest.trim(), onlyMoney: true };
}

export function multipleOf(words: string): Multiple | null {
  for (const [multiple, places] of hanMultiples) if (words.startsWith(multiple)) return { places, rest: words.slice(multiple.length).trim() };
  const [found, letters = ''] = /^([\p{L}]+)\.?/u.exec(words) ?? [];
  if (found === undefined) return null;
  const places = latinMultiples.get(letters) ?? (letters.length > 1 ? latinMultiples.get(letters.toLowerCase()) : undefined);
  if (places !== undefined) return { places, rest: words.slice(found.length).trim() };
  const short = latinMultiples.get(letters.slice(0, 1)); // kEUR, MUSD
  return short !== undefined && currencies.has(letters.slice(1)) ? { places: short, rest: words.slice(1) } : null;
}
