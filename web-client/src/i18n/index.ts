// The language of the interface, switchable at once. Both dictionaries are small enough to travel together.
import { createMemo, createRoot, createSignal } from 'solid-js';
import { en, type Messages } from './en';
import { createFormats, type Formats } from './formats';
import { zh } from './zh';

export type Language = 'en' | 'zh';
export type { Formats, Messages };

const storageKey = 'okra.language';
const dictionaries: Readonly<Record<Language, Messages>> = { en, zh };

// `first_paint.js` has decided already; this only reads its answer.
const [language, setSignal] = createSignal<Language>(document.documentElement.lang.startsWith('zh') ? 'zh' : 'en');

export { language };
// Read inside views as `t().plan.objective`: a switch of language redraws what was read.
export const t = createRoot(() => createMemo((): Messages => dictionaries[language()]));
export const formats = createRoot(() => createMemo((): Formats => createFormats(dictionaries[language()].tag)));

export function setLanguage(next: Language): void {
  setSignal(next);
  document.documentElement.lang = dictionaries[next].tag;
  try {
    localStorage.setItem(storageKey, next);
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

// The words for a refusal's code; codes of a newer server fall back to a general sentence.
export function refusalWords(code: string): string {
  const words: Readonly<Record<string, string>> = t().refusal;
  return words[code] ?? t().refusal.other;
}
