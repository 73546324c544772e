// The journal in localStorage, the one storage of a browser that is written synchronously: when `append` returns, the entry has
// left this page's process and survives the death of the tab. One key an entry, so that appending does not rewrite the ones before.
import type { ClientKey } from '../protocol/client_key';

const prefix = 'okra.journal';
// localStorage gives a site about five million characters for everything. A checkpoint comes within a moment and empties the
// journal, so this much of one document means that the database is not working.
const sizeMax = 512 * 1024;

export class LocalJournal {
  private readonly storage: Storage | null;
  private readonly keyPrefix: string;
  private readonly sizes = new Map<number, number>(); // by entry number
  private size = 0;

  constructor(storage: Storage | null, client: ClientKey, document: string) {
    this.storage = storage;
    this.keyPrefix = `${prefix} ${client} ${document} `;
    for (const { number, text } of this.read()) this.note(number, text.length);
  }

  // Entries in order.
  read(): { number: number; text: string }[] {
    const entries: { number: number; text: string }[] = [];
    for (const key of keys(this.storage)) {
      const text = key.startsWith(this.keyPrefix) ? (this.storage?.getItem(key) ?? null) : null;
      if (text !== null) entries.push({ number: Number(key.slice(this.keyPrefix.length)), text });
    }
    return entries.sort((a, b) => a.number - b.number);
  }

  // HOT PATH: some ten microseconds. False: no room.
  append(number: number, text: string): boolean {
    if (this.storage === null || this.size + text.length > sizeMax) return false;
    try {
      this.storage.setItem(this.keyPrefix + String(number), text);
    } catch {
      return false; // the quota, or storage is forbidden
    }
    this.note(number, text.length);
    return true;
  }

  dropUpTo(last: number): void {
    for (const [number, size] of this.sizes) {
      if (number > last) continue;
      this.storage?.removeItem(this.keyPrefix + String(number));
      this.sizes.delete(number);
      this.size -= size;
    }
  }

  private note(number: number, size: number): void {
    this.sizes.set(number, size);
    this.size += size;
  }
}

// Who has journal entries, for tabs that look for what others left behind.
export function journaledDocuments(storage: Storage | null): { client: ClientKey; document: string }[] {
  const found = new Map<string, { client: ClientKey; document: string }>();
  for (const key of keys(storage)) {
    const [name, client, document] = key.split(' ');
    if (name === prefix && client !== undefined && document !== undefined) found.set(`${client} ${document}`, { client, document });
  }
  return [...found.values()];
}

function keys(storage: Storage | null): string[] {
  const all: string[] = [];
  for (let index = 0; index < (storage?.length ?? 0); index += 1) all.push(storage?.key(index) ?? '');
  return all;
}
