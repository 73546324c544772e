// What somebody has begun to write in a form and not sent, by its place: kept on this device until it is sent or let go, whatever becomes of
// the form, the page or the browser. Read at once from memory; each key is written to the database a moment later. Where there is no database it
// lasts as long as the page.
//
// What is kept belongs to one tab, by its client's key: another tab in which the same form is open neither sees nor ends it. It is nobody's
// when its tab has left the document, and left behind when its tab is gone, which its lease tells (`client_lease.ts`); the next tab that
// has the document open takes it up. A tab holds one input for a place: what else was left there waits until that is sent or let go.
import { createSignal, type Accessor } from 'solid-js';
import type { ClientKey } from '../protocol/client_key';
import type { Cancel } from '../sync/environment';
import type { DatabaseSource } from './database';
import type { KeptInput, KeptPlace, StoredInput } from './kept_input';

export interface KeptSources {
  readonly database: DatabaseSource;
  readonly tab: ClientKey; // stays the same when the page is loaded again
  readonly lease: (tab: ClientKey) => Promise<{ release(): void } | null>; // null: that tab lives
  readonly isHere: () => boolean; // the person is at this tab
  readonly now: () => number;
  readonly schedule: (ms: number, run: () => void) => Cancel;
}

// A page of text a day for a year is less. What is oldest goes first, the latest never, whatever was pasted.
const charactersMax = 1024 * 1024;
const ageMaxMs = 90 * 86_400_000;
// While other tabs have something in a document that is open here. A page that is loaded again is gone for a moment: so a tab is gone
// when two looks find it so.
const lookEveryMs = 2000;

const placeOf = ({ document, entity, form }: KeptPlace): string => `${document} ${entity} ${form}`;
const charactersOf = (it: KeptInput): number => Object.values(it.values).reduce((sum, value) => sum + value.length, placeOf(it).length);
const latestFirst = <T extends KeptInput>(inputs: readonly T[]): T[] => [...inputs].sort((a, b) => b.at - a.at);

function withinBounds<T extends KeptInput>(inputs: readonly T[], now: number): T[] {
  let characters = 0;
  return latestFirst(inputs).filter((it, index) => ((characters += charactersOf(it)) <= charactersMax || index === 0) && now - it.at < ageMaxMs);
}

export class KeptInputs {
  readonly all: Accessor<readonly KeptInput[]>; // this tab's, the latest first
  readonly taken: Accessor<number>; // grows when something was found that was not typed here
  private readonly change: (next: readonly KeptInput[]) => void;
  private readonly tookUp: () => void;
  private readonly sources: KeptSources;
  private readonly open = new Set<string>(); // documents
  private readonly asked = new Set<ClientKey>(); // whether they live
  private readonly gone = new Set<ClientKey>(); // at the last look
  private cancelLook: Cancel = () => {};

  private constructor(sources: KeptSources, found: readonly KeptInput[]) {
    this.sources = sources;
    const [all, setAll] = createSignal(latestFirst(found));
    const [taken, setTaken] = createSignal(0);
    this.all = all;
    this.taken = taken;
    this.change = (next) => setAll(() => latestFirst(next));
    this.tookUp = () => setTaken((count) => count + 1);
  }

  // With what this tab had before its page was loaded again.
  static async load(sources: KeptSources): Promise<KeptInputs> {
    const found = await (await sources.database())?.getAll('kept').catch(() => []);
    return new KeptInputs(sources, withinBounds(found ?? [], sources.now()).filter((it) => it.tab === sources.tab).map(asInput));
  }

  find(place: KeptPlace): KeptInput | undefined {
    const key = placeOf(place);
    return this.all().find((it) => placeOf(it) === key);
  }

  // null: this input is not touched any more. A place without a touched input is let go.
  keep({ document, entity, form }: KeptPlace, name: string, value: string | null): void {
    const before = Object.entries(this.find({ document, entity, form })?.values ?? {}).filter(([it]) => it !== name);
    const values = Object.fromEntries(value === null ? before : [...before, [name, value]]);
    const input = { document, entity, form, at: this.sources.now(), values };
    if (before.length === 0 && value === null) this.delete(input);
    else this.put(input);
  }

  // What was let go, as it was. What has come to stand in its place waits.
  bringBack(input: KeptInput): void {
    const present = this.find(input);
    if (present !== undefined) void this.write((store) => void store.put(present, this.nobodysKey(present)).catch(() => {}));
    this.put(input);
  }

  drop(place: KeptPlace): void {
    this.delete(place);
    void this.look();
  }

  // A page shows this document, until `leave`.
  async enter(document: string): Promise<void> {
    this.open.add(document);
    await this.takeUp((it) => it.tab === undefined || (it.tab === this.sources.tab && it.document === document), true);
  }
  async leave(document: string): Promise<void> {
    this.open.delete(document);
    await this.exchange(() => false);
  }

  // For what other tabs have left since: when the person comes to this tab.
  async look(): Promise<void> {
    if (this.open.size > 0 && this.sources.isHere()) await this.takeUp((it) => it.tab === undefined, false);
  }
  stop(): void {
    this.cancelLook();
    this.open.clear();
  }

  private async takeUp(takes: (it: StoredInput) => boolean, atOnce: boolean): Promise<void> {
    this.cancelLook();
    const others = await this.exchange(takes);
    await Promise.all([...others].map((tab) => this.takeFrom(tab, atOnce)));
    if (others.size === 0 || this.open.size === 0) return;
    this.cancelLook();
    this.cancelLook = this.sources.schedule(lookEveryMs, () => void this.look());
  }

  private async takeFrom(tab: ClientKey, atOnce: boolean): Promise<void> {
    if (this.asked.has(tab)) return;
    this.asked.add(tab);
    const lease = await this.sources.lease(tab).catch(() => null);
    this.asked.delete(tab);
    if (lease === null) return void this.gone.delete(tab);
    if (atOnce || this.gone.has(tab)) await this.exchange((it) => it.tab === tab);
    else this.gone.add(tab);
    lease.release();
  }

  // In one step, so that of several tabs one has it: takes what may be taken for the documents that are open here, and gives away what this
  // tab has in others. Returns who else has something in the former.
  private async exchange(takes: (it: StoredInput) => boolean): Promise<Set<ClientKey>> {
    const own = this.sources.tab;
    const others = new Set<ClientKey>();
    const transaction = await this.transaction();
    if (transaction === null) return others;
    const { store } = transaction;
    const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()]).catch(() => [[], []]);
    const found = latestFirst(values.map((it, index) => ({ ...it, key: keys[index] ?? '' })));
    const stays = withinBounds(found, this.sources.now());
    const here: KeptInput[] = [];
    const away = new Set<string>();
    for (const it of found) {
      const { key, ...stored } = it;
      const input = asInput(stored);
      const move = (to: string, next: StoredInput): void => {
        void store.delete(key).catch(() => {});
        void store.put(next, to).catch(() => {});
      };
      if (!stays.includes(it)) void store.delete(key).catch(() => {});
      else if (!this.open.has(it.document)) {
        if (it.tab !== own) continue;
        move(this.nobodysKey(it), input);
        away.add(placeOf(it));
      } else if (takes(it) && this.find(it) === undefined && !here.some((other) => placeOf(other) === placeOf(it))) {
        if (it.tab !== own) move(this.ownKey(it), { ...input, tab: own });
        here.push(input);
      } else if (it.tab !== own && it.tab !== undefined) others.add(it.tab);
    }
    if (away.size > 0 || here.length > 0) this.change([...this.all().filter((it) => !away.has(placeOf(it))), ...here]);
    if (here.length > 0) this.tookUp();
    await transaction.done.catch(() => {});
    return others;
  }

  private ownKey(place: KeptPlace): string {
    return `${placeOf(place)} ${this.sources.tab}`;
  }
  private nobodysKey(input: KeptInput): string {
    return `${this.ownKey(input)} ${input.at}`;
  }

  private put(input: KeptInput): void {
    const key = this.ownKey(input);
    void this.write((store) => void store.put({ ...input, tab: this.sources.tab }, key).catch(() => {}));
    const known = [input, ...this.without(input)];
    const stays = withinBounds(known, this.sources.now());
    for (const it of known) if (!stays.includes(it)) void this.write((store) => void store.delete(this.ownKey(it)).catch(() => {}));
    this.change(stays);
  }

  private delete(place: KeptPlace): void {
    void this.write((store) => void store.delete(this.ownKey(place)).catch(() => {}));
    this.change(this.without(place));
  }

  private without(place: KeptPlace): readonly KeptInput[] {
    const key = placeOf(place);
    return this.all().filter((it) => placeOf(it) !== key);
  }

  private async write(act: (store: KeptStore) => void): Promise<void> {
    const transaction = await this.transaction();
    if (transaction === null) return;
    try {
      act(transaction.store);
      transaction.commit();
    } catch {
      // Closed just now.
    }
  }

  // null: there is no database, or the browser has closed it (it is opened again for the next key). On a full disk what is written lasts
  // as long as the page.
  private async transaction() {
    try {
      const begun = (await this.sources.database())?.transaction('kept', 'readwrite', { durability: 'relaxed' }) ?? null;
      void begun?.done.catch(() => {});
      return begun;
    } catch {
      return null;
    }
  }
}

interface KeptStore {
  put(value: StoredInput, key: string): Promise<string>;
  delete(key: string): Promise<void>;
}

function asInput({ document, entity, form, at, values }: KeptInput): KeptInput {
  return { document, entity, form, at, values };
}
