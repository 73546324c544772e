// The language of the interface, switchable at once. A page loads the words of the language it is read in, and those of the other one when
// it has nothing better to do.
import { createMemo, createRoot, createSignal } from 'solid-js';
import type { Messages } from './en';
import { createFormats, type Formats } from './formats';

export type Language = 'en' | 'zh';
export type { Formats, Messages };

const storageKey = 'okra.language';
const sources: Readonly<Record<Language, () => Promise<Messages>>> = {
  en: () => import('./en').then((it) => it.en),
  zh: () => import('./zh').then((it) => it.zh),
};
const loaded = new Map<Language, Messages>();

interface Reading {
  readonly language: Language;
  readonly words: Messages;
}
const [reading, setReading] = createSignal<Reading | null>(null);

function read(): Reading {
  const now = reading();
  if (now === null) throw new Error('The words are not loaded yet: `loadWords` comes before any view.');
  return now;
}
export const language = (): Language => read().language;
// Read inside views as `t().plan.objective`: a switch of language redraws what was read.
export const t = (): Messages => read().words;
export const formats = createRoot(() => createMemo((): Formats => createFormats(reading()?.words.tag ?? 'en')));

async function wordsOf(of: Language): Promise<Messages> {
  const words = loaded.get(of) ?? (await sources[of]());
  loaded.set(of, words);
  return words;
}

// Before the first view. `first_paint.js` has decided on the language already; this only reads its answer.
export async function loadWords(first: Language = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'): Promise<void> {
  setReading({ language: first, words: await wordsOf(first) });
}

// So that a switch is at once, and works without the server.
export async function loadOtherWords(): Promise<void> {
  await wordsOf(language() === 'en' ? 'zh' : 'en').catch(() => null); // the server is away; the switch asks again
}

// When the words are not here yet and the server is away, the language stays.
export async function setLanguage(next: Language): Promise<void> {
  const words = await wordsOf(next).catch(() => null);
  if (words === null) return;
  setReading({ language: next, words });
  document.documentElement.lang = words.tag;
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
