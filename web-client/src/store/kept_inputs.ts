// What somebody has begun to write in a form and not sent, by its place: kept on this device until it is sent or let go, whatever becomes of
// the form, the page or the browser. Read at once from memory; each key is written to the database a moment later. Where there is no database it
// lasts as long as the page.
import { createSignal, type Accessor } from 'solid-js';
import type { EntityId } from '../sync/api';
import type { DatabaseSource } from './database';

export interface KeptPlace {
  readonly document: string;
  readonly entity: EntityId;
  readonly form: string;
}
export interface KeptInput extends KeptPlace {
  readonly at: number; // of the last key
  readonly values: Readonly<Record<string, string>>; // of the inputs that were touched, as typed
}

// A page of text a day for a year is less. What is oldest goes first.
const charactersMax = 1024 * 1024;
const ageMaxMs = 90 * 86_400_000;

const keyOf = ({ document, entity, form }: KeptPlace): string => `${document} ${entity} ${form}`;
const charactersOf = (it: KeptInput): number => Object.values(it.values).reduce((sum, value) => sum + value.length, keyOf(it).length);

export class KeptInputs {
  readonly all: Accessor<readonly KeptInput[]>; // the latest first
  private readonly change: (next: readonly KeptInput[]) => void;
  private readonly database: DatabaseSource;
  private readonly now: () => number;

  private constructor(database: DatabaseSource, now: () => number, found: readonly KeptInput[]) {
    this.database = database;
    this.now = now;
    const [all, setAll] = createSignal(found);
    this.all = all;
    this.change = (next) => setAll(() => next);
  }

  static async load(database: DatabaseSource, now: () => number): Promise<KeptInputs> {
    const found = await (await database())?.getAll('kept').catch(() => []);
    const kept = new KeptInputs(database, now, []);
    kept.take(found ?? []);
    return kept;
  }

  find(place: KeptPlace): KeptInput | undefined {
    const key = keyOf(place);
    return this.all().find((it) => keyOf(it) === key);
  }

  // null: this input is not touched any more. A place without a touched input is let go.
  keep({ document, entity, form }: KeptPlace, name: string, value: string | null): void {
    const before = Object.entries(this.find({ document, entity, form })?.values ?? {}).filter(([it]) => it !== name);
    const values = Object.fromEntries(value === null ? before : [...before, [name, value]]);
    this.put({ document, entity, form, at: this.now(), values });
  }

  // What was let go, as it was.
  bringBack(input: KeptInput): void {
    this.put(input);
  }

  drop(place: KeptPlace): void {
    void this.write((store) => void store.delete(keyOf(place)).catch(() => {}));
    this.change(this.without(place));
  }

  private put(input: KeptInput): void {
    if (Object.keys(input.values).length === 0) return this.drop(input);
    void this.write((store) => void store.put(input, keyOf(input)).catch(() => {}));
    this.take([input, ...this.without(input)]);
  }

  private without(place: KeptPlace): readonly KeptInput[] {
    const key = keyOf(place);
    return this.all().filter((it) => keyOf(it) !== key);
  }

  private take(inputs: readonly KeptInput[]): void {
    let characters = 0;
    const latest = [...inputs].sort((a, b) => b.at - a.at);
    const stays = latest.filter((it) => (characters += charactersOf(it)) <= charactersMax && this.now() - it.at < ageMaxMs);
    for (const it of latest) if (!stays.includes(it)) void this.write((store) => void store.delete(keyOf(it)).catch(() => {}));
    this.change(stays);
  }

  private async write(act: (store: KeptStore) => void): Promise<void> {
    try {
      const transaction = (await this.database())?.transaction('kept', 'readwrite', { durability: 'relaxed' });
      if (transaction === undefined) return;
      void transaction.done.catch(() => {}); // a full disk: it lasts as long as the page
      act(transaction.store);
      transaction.commit();
    } catch {
      // The browser has closed the database: it is opened again for the next key.
    }
  }
}

interface KeptStore {
  put(value: KeptInput, key: string): Promise<string>;
  delete(key: string): Promise<void>;
}
