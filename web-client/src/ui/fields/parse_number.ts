// Reads a number as people type it: 1,200 · 51 % · €3.5k · 1.2万. Nothing when it is not one.
const multiples: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, 千: 1e3, 万: 1e4, 百万: 1e6, 亿: 1e8 };

export function parseNumber(typed: string): number | null {
  const plain = typed
    .normalize('NFKC') // full-width digits of an input method
    .replace(/[−–]/g, '-')
    .replace(/(\d)[,'\s](?=\d{3}(?!\d))/g, '$1');
  const found = /^[^\d.-]*(-?(?:\d+(?:[.,]\d+)?|[.,]\d+))\s*([km千万百亿]*)/iu.exec(plain.trim());
  if (found === null) return null;
  const value = Number((found[1] ?? '').replace(',', '.'));
  const multiple = found[2] ? (multiples[found[2].toLowerCase()] ?? 1) : 1;
  const result = Number((value * multiple).toPrecision(15));
  return Number.isFinite(result) ? result : null;
}
