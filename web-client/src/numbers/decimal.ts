// A number by its digits: digits × 10^exponent, without zeros at either end of the digits; zero has none. Whatever is done here
// is exact. A double comes in by the shortest text that names it, and goes out as the double next to it.
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

export type DecimalSign = '.' | ',';

export function decimal(whole: string, fraction: string, exponent = 0): Decimal {
  const all = (whole + fraction).replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  if (digits === '') return { negative: false, digits: '', exponent: 0 };
  return { negative: false, digits, exponent: exponent - fraction.length + all.length - digits.length };
}

export function negated(it: Decimal): Decimal {
  return it.digits === '' ? it : { ...it, negative: !it.negative };
}

export function shifted(it: Decimal, places: number): Decimal {
  return it.digits === '' ? it : { ...it, exponent: it.exponent + places };
}

export function same(a: Decimal, b: Decimal): boolean {
  return a.negative === b.negative && a.digits === b.digits && a.exponent === b.exponent;
}

// The double next to it: infinite beyond their range.
export function toNumber({ negative, digits, exponent }: Decimal): number {
  return digits === '' ? 0 : Number(`${negative ? '-' : ''}${digits}e${exponent}`);
}

// What JavaScript calls the double, which no shorter text does. Not for what is infinite or no number.
export function fromNumber(value: number): Decimal {
  const [, sign, whole = '', fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(`${value}`) ?? [];
  const found = decimal(whole, fraction, Number(exponent));
  return sign === '-' ? negated(found) : found;
}

const zerosMax = 20; // more in front of, or behind, the digits are counted instead of written

export function plainText(it: Decimal, sign: DecimalSign): string {
  const { negative, digits, exponent } = it;
  const minus = negative ? '-' : '';
  if (digits === '') return '0';
  const point = digits.length + exponent; // digits before the decimal sign
  if (exponent > zerosMax || point < -zerosMax) return `${minus}${digits[0] ?? ''}${digits.length > 1 ? sign : ''}${digits.slice(1)}e${point - 1}`;
  if (exponent >= 0) return `${minus}${digits}${'0'.repeat(exponent)}`;
  if (point <= 0) return `${minus}0${sign}${'0'.repeat(-point)}${digits}`;
  return `${minus}${digits.slice(0, point)}${sign}${digits.slice(point)}`;
}
