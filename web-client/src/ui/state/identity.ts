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
// A friendly name that nobody has yet, as far as one can see; with a number when all of them are taken.
export function suggestedName(isTaken: (name: string) => boolean = () => false): string {
  const names = t().name.friendly;
  const turned = names.map((_, index) => names[(friendly + index) % names.length] ?? '');
  for (let round = 1; ; round++) {
    const free = turned.map((it) => (round === 1 ? it : `${it} ${round}`)).find((it) => !isTaken(it));
    if (free !== undefined) return free;
  }
}
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
