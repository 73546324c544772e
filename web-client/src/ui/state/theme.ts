// Light or dark: the system's wish, or a choice by hand that stays on this device.
import { createSignal } from 'solid-js';

export type ThemeChoice = 'system' | 'light' | 'dark';
const storageKey = 'okra.theme';
const systemDark = matchMedia('(prefers-color-scheme: dark)');

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(storageKey);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system'; // storage may be forbidden
  }
}

const [choice, setChoice] = createSignal<ThemeChoice>(stored());
export { choice as themeChoice };

function apply(): void {
  const dark = choice() === 'dark' || (choice() === 'system' && systemDark.matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
}

export function setTheme(next: ThemeChoice): void {
  setChoice(next);
  try {
    if (next === 'system') localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, next);
  } catch {
    // The choice then lasts as long as the page.
  }
  apply();
}

export function toggleTheme(): void {
  setTheme(document.documentElement.dataset['theme'] === 'dark' ? 'light' : 'dark');
}

systemDark.addEventListener('change', apply);
apply();
