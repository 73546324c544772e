// Other plans that a page reads in: for the names of what its own plan is aligned to, and whole in the picker. They are opened to view
// only, so nobody is seen in them, when something on the page needs them, and closed when nothing does. Where more are needed than the
// session may hold they take turns (`turns.ts`); what was read keeps the name it had then.
import { createEffect, createMemo, createRoot, createSignal, getListener, onCleanup, untrack, type Accessor } from 'solid-js';
import { limits, parseDocumentName } from '../../protocol/schema';
import { createLiveStore, type LiveStore } from '../../store/live_store';
import type { Cancel } from '../../sync/environment';
import type { Connection, EntityId } from '../../sync/api';
import { takeTurns, type PlanTurn } from './turns';

// What a page knows of something in any plan. `gone`: it, or what it stands under, is there no more or given up.
export type Known =
  | { readonly type: 'read'; readonly title: string; readonly gone: 'removed' | 'abandoned' | null }
  | { readonly type: 'unread'; readonly why: Unread };
export type Unread = 'reading' | 'away' | 'refused'; // it will come; the server cannot be reached; the server does not give it

export type WholePlan = { readonly type: 'read'; readonly store: LiveStore } | { readonly type: 'unread'; readonly why: Unread };

// Inside a tracking scope each keeps its answer up to date, and its plan needed, as long as the scope lives.
export interface Neighbours {
  name(team: EntityId, cycle: EntityId, id: EntityId): Known;
  whole(team: EntityId, cycle: EntityId): WholePlan;
}

export interface NeighbourTime {
  now(): number;
  schedule(ms: number, run: () => void): Cancel;
}

// The workspace, the page's own plan, and the one of the page that follows it, which may be open before this one has closed.
const placesOfOthers = 3;

const browserTime: NeighbourTime = {
  now: () => Date.now(),
  schedule(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export function createNeighbours(connection: Connection, own: LiveStore, time: NeighbourTime = browserTime): Neighbours {
  const neighbours = new PlansNearby(connection, time);
  onCleanup(() => neighbours.end());
  const workspace = own.document.name.split('/')[0] ?? '';
  const documentOf = (team: EntityId, cycle: EntityId): string => `${workspace}/plan/${team}/${cycle}`;
  return {
    name(team, cycle, id) {
      const document = documentOf(team, cycle);
      return document === own.document.name ? readIn(own, id) : neighbours.name(document, id);
    },
    whole(team, cycle) {
      const document = documentOf(team, cycle);
      return document === own.document.name ? { type: 'read', store: own } : neighbours.whole(document);
    },
  };
}

class Neighbour implements PlanTurn {
  readonly document: string;
  readonly ids = new Map<EntityId, number>(); // whose names are needed, by how many
  readonly names = new Map<EntityId, Known>(); // as they were when this was last open
  lookers = 0; // who need it whole
  place: Place | null = null;
  leftAt = 0;
  triedIn: number | null = null; // the outage in which storage had not given all
  readonly outage: () => number | null;
  readonly changed: Accessor<void>;
  readonly tell: () => void;

  constructor(document: string, outage: () => number | null) {
    this.document = document;
    this.outage = outage;
    const [changed, tell] = createSignal<void>(undefined, { equals: false });
    this.changed = changed;
    this.tell = () => tell();
  }

  get need(): PlanTurn['need'] {
    return this.lookers > 0 ? 'whole' : this.ids.size > 0 ? 'names' : 'none';
  }
  get unread(): boolean {
    const outage = this.outage();
    if (outage !== null && this.triedIn === outage) return false;
    return [...this.ids.keys()].some((id) => !this.names.has(id));
  }
  get open(): PlanTurn['open'] {
    return this.place === null ? null : { since: this.place.since, settled: this.place.synced() || this.place.refused() };
  }
}

interface Place {
  readonly store: LiveStore;
  readonly since: number;
  readonly loaded: Accessor<boolean>; // something of it is shown, perhaps from storage
  readonly synced: Accessor<boolean>;
  readonly refused: Accessor<boolean>;
  readonly close: () => void;
}

class PlansNearby {
  private readonly connection: Connection;
  private readonly time: NeighbourTime;
  private readonly plans = new Map<string, Neighbour>();
  private readonly live: Accessor<boolean>;
  private outages = 0;
  private changedAt: number;
  private asked = false;
  private ended = false;
  private cancelAgain: Cancel = () => {};
  private readonly cancelLine: Cancel;

  constructor(connection: Connection, time: NeighbourTime) {
    this.connection = connection;
    this.time = time;
    this.changedAt = time.now();
    const isLive = (): boolean => connection.state.type === 'live';
    const [live, setLive] = createSignal(isLive());
    this.live = live;
    this.cancelLine = connection.subscribe(() => {
      if (live() && !isLive()) this.outages += 1;
      setLive(isLive());
      this.arrangeSoon();
    });
  }

  name(document: string, id: EntityId): Known {
    const plan = this.find(document);
    if (plan === null) return { type: 'unread', why: 'refused' };
    this.need(plan, id);
    return this.known(plan, id);
  }

  whole(document: string): WholePlan {
    const plan = this.find(document);
    if (plan === null) return { type: 'unread', why: 'refused' };
    this.need(plan, null);
    plan.changed();
    return plan.place?.loaded() === true ? { type: 'read', store: plan.place.store } : { type: 'unread', why: this.whyUnread(plan) };
  }

  end(): void {
    this.ended = true;
    this.cancelAgain();
    this.cancelLine();
    for (const plan of this.plans.values()) plan.place?.close();
    this.plans.clear();
  }

  private find(document: string): Neighbour | null {
    const known = this.plans.get(document);
    if (known !== undefined) return known;
    if (parseDocumentName(document) === null) return null;
    const plan = new Neighbour(document, () => (this.live() ? null : this.outages));
    this.plans.set(document, plan);
    return plan;
  }

  // Until the scope that asks ends or runs again. `null`: whole.
  private need(plan: Neighbour, id: EntityId | null): void {
    if (getListener() === null) return;
    const count = (by: 1 | -1): void => {
      const before = id === null ? plan.lookers : (plan.ids.get(id) ?? 0);
      if (id === null) plan.lookers = before + by;
      else if (before + by > 0) plan.ids.set(id, before + by);
      else plan.ids.delete(id);
      this.arrangeSoon();
    };
    count(1);
    onCleanup(() => count(-1));
  }

  private known(plan: Neighbour, id: EntityId): Known {
    plan.changed();
    if (plan.place?.loaded() === true) return readIn(plan.place.store, id);
    return plan.names.get(id) ?? { type: 'unread', why: this.whyUnread(plan) };
  }

  private whyUnread(plan: Neighbour): Unread {
    return plan.place?.refused() === true ? 'refused' : this.live() ? 'reading' : 'away';
  }

  // When all that happens now has happened: a scope that runs again needs nothing for a moment.
  private arrangeSoon(): void {
    if (this.asked || this.ended) return;
    this.asked = true;
    queueMicrotask(() => {
      this.asked = false;
      if (!this.ended) untrack(() => this.arrange());
    });
  }

  private arrange(): void {
    this.cancelAgain();
    const now = this.time.now();
    const places = limits.open_documents_per_session - placesOfOthers;
    const turns = takeTurns(this.plans.values(), { now, live: this.live(), changedAt: this.changedAt, places });
    if (turns.changed) this.changedAt = now;
    for (const plan of turns.close) this.close(plan, now);
    for (const plan of turns.open) this.open(plan, now);
    for (const [document, plan] of this.plans) if (plan.need === 'none') this.plans.delete(document);
    this.cancelAgain = turns.again === null ? () => {} : this.time.schedule(turns.again - now, () => this.arrangeSoon());
  }

  private open(plan: Neighbour, since: number): void {
    plan.place = createRoot((dispose): Place => {
      const document = this.connection.open(plan.document, { view: true });
      const store = createLiveStore(document);
      const loaded = createMemo(() => store.status().loaded);
      const synced = createMemo(() => store.status().synced);
      const refused = createMemo(() => store.status().problem !== null);
      createEffect(() => {
        if (synced() || refused()) this.arrangeSoon();
      });
      const close = (): void => {
        dispose();
        document.close();
      };
      return { store, since, loaded, synced, refused, close };
    });
    plan.tell();
  }

  private close(plan: Neighbour, now: number): void {
    const { place } = plan;
    if (place === null) return;
    for (const id of plan.ids.keys()) {
      const known = this.known(plan, id);
      if (known.type === 'read' || known.why === 'refused') plan.names.set(id, known);
    }
    plan.triedIn = plan.outage();
    plan.leftAt = now;
    plan.place = null;
    place.close();
    plan.tell();
  }
}

function readIn(store: LiveStore, id: EntityId): Known {
  return { type: 'read', title: store.text(id, 'title'), gone: goneFrom(store, id) };
}

function goneFrom(store: LiveStore, id: EntityId): 'removed' | 'abandoned' | null {
  if (!store.status().loaded) return null;
  let abandoned = false;
  for (let at: EntityId | null = id; at !== null; ) {
    const entity = store.entity(at);
    if (entity === undefined || entity.removed) return 'removed';
    abandoned ||= store.text(at, 'state') === 'abandoned';
    at = entity.parent;
  }
  return abandoned ? 'abandoned' : null;
}
