// What others call this person. Asked once, kept on this device; a friendly name until then.
import { createSignal } from 'solid-js';
import { t } from '../../i18n';
import { limits } from '../../protocol/schema';

const storageKey = 'okra.name';

function stored(): string {
  try {
    return localStorage.getItem(storageKey) ?? '';
  } catch {
    return ''; // storage may be forbidden
  }
}

const [name, setSignal] = createSignal(stored());
const friendly = Math.floor(Math.random() * 8);

export const hasName = (): boolean => name() !== '';
export const suggestedName = (): string => t().name.friendly[friendly % t().name.friendly.length] ?? t().someone;
export const ownName = (): string => name() || suggestedName();

export function setOwnName(next: string): void {
  const clean = [...next.trim()].slice(0, limits.name_length).join('');
  if (clean === '') return;
  setSignal(clean);
  try {
    localStorage.setItem(storageKey, clean);
  } catch {
    // The name then lasts as long as the page.
  }
}
