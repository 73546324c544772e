// Rows with nothing in them. One that was made here goes when whoever made it leaves it (Escape, a press elsewhere, Tab): an abandoned row
// would count as a key result and stand as "Untitled" in every list. Never one that holds anything, or that somebody else is in: what they
// write into it while it goes brings it back.
import { createEffect, onCleanup, onMount } from 'solid-js';
import type { DocumentEvent, Entity, EntityId, LiveDocument } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import type { KindName } from '../../protocol/schema';
import { t } from '../../i18n';
import { announce } from '../state/announce';
import { focusAfter, focusedPlace, rowBefore, rowOf } from '../state/focus_place';
import { useSession } from '../state/session';
import { wordsAreUnsent } from '../state/unsent_words';

// What a row has from the start.
const given: Partial<Record<KindName, Readonly<Record<string, string>>>> = { key_result: { metric: 'number' }, cycle: { state: 'draft' } };

export const fieldsOfNew = (kind: KindName): Readonly<Record<string, string>> => given[kind] ?? {};

export function isEmpty(document: LiveDocument, { id, kind, fields }: Entity): boolean {
  const nothing = ([field, value]: [string, unknown]): boolean =>
    value === undefined || value === null || (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.length === 0) || value === fieldsOfNew(kind)[field];
  return document.children(id).length === 0 && Object.entries(fields).every(nothing);
}

// The removed things that held something: nobody looks for an empty row.
export function removedWithWords(store: LiveStore): readonly Entity[] {
  return store.removed().filter((it) => !isEmpty(store.document, it));
}

// Nobody else is in it, and nothing waits in it to be read, sent or copied.
function isAbandoned(store: LiveStore, id: EntityId, isKept: (id: EntityId) => boolean): boolean {
  const entity = store.document.entity(id);
  if (entity === undefined || entity.removed || !isEmpty(store.document, entity)) return false;
  const waits = document.querySelector(`[data-entity="${CSS.escape(id)}"] :is([aria-invalid="true"], .left-over)`) !== null;
  return !waits && !isKept(id) && store.peopleAt(id).length === 0;
}

interface Made {
  entered: boolean; // the focus has been in it
  readonly from: () => HTMLElement | null; // where it was before
}

const madeIn = new WeakMap<LiveDocument, Map<EntityId, Made>>();

// To be called where a row is made, before the focus goes there.
export function rowMade(store: LiveStore, id: EntityId): void {
  const made = madeIn.get(store.document) ?? new Map<EntityId, Made>();
  madeIn.set(store.document, made.set(id, { entered: false, from: focusedPlace() }));
}

// The row before an empty one, or what adds another where it is the only one.
export function placeBefore(store: LiveStore, id: EntityId): () => HTMLElement | null {
  const [before, kind] = [rowBefore(store, id), store.document.entity(id)?.kind ?? ''];
  return () => rowOf(store, before) ?? document.querySelector<HTMLElement>(`[data-adds="${kind}"]`);
}

const withdrawnMax = 50; // the last ones: what somebody wrote at the same moment arrives soon

// For the page that shows the rows of this document.
export function watchEmptyRows(store: LiveStore): void {
  const { kept } = useSession();
  const watch = new Watch(store, (id) => kept.all().some((it) => it.document === store.document.name && it.entity === id));
  createEffect(() => wordsAreUnsent() || watch.lookSoon());
  onCleanup(store.document.subscribe((event) => watch.onEvent(event)));
  onMount(() => {
    const stop = watch.listen();
    onCleanup(() => {
      stop();
      watch.leavePage();
    });
  });
}

class Watch {
  private readonly store: LiveStore;
  private readonly live: LiveDocument;
  private readonly isKept: (id: EntityId) => boolean;
  private readonly withdrawn = new Set<EntityId>();
  private at: Place = { row: null };
  private pressed: Element | null = null; // by the pointer that is down, or was last, until a key
  private isDown = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: LiveStore, isKept: (id: EntityId) => boolean) {
    this.store = store;
    this.live = store.document;
    this.isKept = isKept;
  }

  listen(): () => void {
    const stop = new AbortController();
    const listen = { capture: true, signal: stop.signal };
    addEventListener('focusin', (event) => this.onFocusIn(event), listen);
    addEventListener('focusout', () => this.lookSoon(), listen);
    addEventListener('pointerdown', (event) => this.onPointer(event, true), listen);
    for (const end of ['pointerup', 'pointercancel'] as const) addEventListener(end, (event) => this.onPointer(event, false), listen);
    addEventListener('keydown', () => (this.pressed = null), listen);
    addEventListener('pagehide', () => this.settle(() => !wordsAreUnsent()), listen);
    return () => {
      stop.abort();
      clearTimeout(this.timer);
    };
  }

  leavePage(): void {
    const at = placeOf(document.activeElement, null);
    this.settle((id) => at === null || !isWithin(this.live, at.row, id));
  }

  lookSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look());
  }

  onEvent(event: DocumentEvent): void {
    if (event.type === 'people') this.lookSoon();
    if ((event.type !== 'entity' && event.type !== 'text') || event.origin !== 'remote' || !this.withdrawn.has(event.id)) return;
    const entity = this.live.entity(event.id);
    if (entity?.removed === true && !isEmpty(this.live, entity)) this.live.submit([{ op: 'restore', id: event.id }]);
  }

  // What moves when a row goes must not move between the two halves of a press.
  private look(): void {
    if (this.isDown || wordsAreUnsent() || !document.hasFocus()) return;
    this.at = placeOf(document.activeElement, this.pressed) ?? placeOf(this.pressed, null) ?? this.at;
    this.settle((id) => !isWithin(this.live, this.at.row, id));
  }

  private onFocusIn({ target }: FocusEvent): void {
    if (target instanceof Element) this.at = placeOf(target, null) ?? this.at;
    for (const [id, it] of this.made()) it.entered ||= isWithin(this.live, this.at.row, id);
    this.lookSoon();
  }

  private onPointer({ target }: PointerEvent, down: boolean): void {
    this.isDown = down;
    if (down) this.pressed = target instanceof Element ? target : null;
    else this.lookSoon();
  }

  private made(): readonly [EntityId, Made][] {
    return [...(madeIn.get(this.live) ?? [])];
  }

  // The last made first: without its only key result an objective is empty.
  private settle(isLeft: (id: EntityId) => boolean): void {
    for (const [id, { entered, from }] of [...this.made()].reverse()) {
      if (!entered || !isLeft(id)) continue;
      if (isAbandoned(this.store, id, this.isKept)) this.withdraw(id, from);
      else if (this.store.peopleAt(id).length === 0) madeIn.get(this.live)?.delete(id);
    }
  }

  private withdraw(id: EntityId, from: Made['from']): void {
    madeIn.get(this.live)?.delete(id);
    this.withdrawn.add(id);
    for (const old of [...this.withdrawn].slice(0, -withdrawnMax)) this.withdrawn.delete(old);
    const hasFocus = document.activeElement?.closest<HTMLElement>('[data-entity]')?.dataset['entity'] === id;
    const before = placeBefore(this.store, id);
    if (this.live.withdraw(id) !== null) return;
    if (hasFocus) focusAfter(() => from() ?? before());
    announce(t().plan.emptyRowGone);
  }
}

const surfaces = '[role="dialog"], [role="menu"], [role="listbox"]';

interface Place {
  readonly row: EntityId | null; // that somebody is in
}

// null: in something over the page, which gives the focus back. A row has the focus itself when its fields have been left.
function placeOf(focused: Element | null, pressed: Element | null): Place | null {
  const element = focused === null || focused === document.body ? pressed : focused;
  const found = element?.closest<HTMLElement>('[data-entity]') ?? element?.closest('.panel, .sheet')?.querySelector<HTMLElement>('.details') ?? null;
  if (element?.isConnected === false || (found === null && element?.closest(surfaces))) return null;
  const isLeft = found !== null && found === focused && !found.matches('.details');
  const row = isLeft ? found.parentElement?.closest<HTMLElement>('[data-entity]') : found;
  return { row: row?.dataset['entity'] ?? null };
}

function isWithin(live: LiveDocument, at: EntityId | null, id: EntityId): boolean {
  for (let step = at; step !== null; step = live.entity(step)?.parent ?? null) if (step === id) return true;
  return false;
}
