// The many characters that people's keyboards and input methods have for one thing, made one. Only width, spaces, signs and digits:
// a superscript or a circled figure is another thing and stays what it is.
const digitZeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50]; // Arabic, Persian, Devanagari, Bengali, Thai
const halfWidth: Readonly<Record<string, string>> = { '￥': '¥', '￡': '£', '￦': '₩', '。': '.', '　': ' ', '٬': "'" };

// U+FF01 to U+FF5E are the printable characters of ASCII, as wide as a Chinese one.
const fullWidthFirst = 0xff01;
const fullWidthLast = 0xff5e;
const fullWidthOffset = 0xfee0;

function one(character: string): string {
  const known = halfWidth[character];
  if (known !== undefined) return known;
  const point = character.codePointAt(0) ?? 0;
  if (point >= fullWidthFirst && point <= fullWidthLast) return String.fromCodePoint(point - fullWidthOffset);
  const zero = digitZeros.find((it) => point >= it && point < it + 10);
  return zero === undefined ? character : `${point - zero}`;
}

// Parts that end with a decimal; thirds and sixths do not. `٫` is a decimal sign and never anything else.
const parts: Readonly<Record<string, string>> = {
  '½': '5', '¼': '25', '¾': '75', '⅕': '2', '⅖': '4', '⅗': '6', '⅘': '8', '⅛': '125', '⅜': '375', '⅝': '625', '⅞': '875', '⅒': '1',
};
export const decimalOnly = '٫';

export function plainCharacters(typed: string): string {
  return [...typed]
    .map(one)
    .join('')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, '') // unseen: joiners, marks of direction
    .replace(/\p{Zs}/gu, ' ')
    .replace(/[’‘ʼ`´]/g, "'")
    .replace(/[−‐‑﹣]/g, '-')
    .replace(/^(\p{Sc}?\s*)[–—](?=\s*\p{Sc}?\s*[\d.,])/u, '$1-')
    .replace(/(\d*) ?([½¼¾⅕-⅘⅛-⅞⅒])/g, (_, whole: string, part: string) => `${whole === '' ? '0' : whole}${decimalOnly}${parts[part] ?? ''}`)
    .trim();
}
