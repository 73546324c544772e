// Solid's view of a live document. Every function below may be called anywhere; inside a tracking scope (JSX, createMemo,
// createEffect) the scope runs again when exactly that piece changes: reading `store.field(id, 'owner')` is not disturbed by
// an edit of the title. Views read from here, write with `document.submit`, and hold no copy of their own.
//
//   const store = createLiveStore(connection.open('acme/plan/web/2026q1'));   // once per document; disposed with its owner
//   <For each={store.children(store.rootId(), 'objective')}>{(id) => <Objective id={id} />}</For>
//   <span>{store.text(id, 'title')}</span>
//
// Text editors subscribe to `store.document` themselves: they need each edit in order, not the text as a whole.
import { batch, createSignal, getListener, onCleanup, type Accessor } from 'solid-js';
import type { ClientId, Connection, ConnectionState, DocumentEvent, Draft, Entity, EntityId, FieldValue, LiveDocument, Loss, SyncStatus, VanishedEntity } from '../sync/api';
import type { Figures, Person } from '../protocol/messages';
import type { FieldName, KindName } from '../protocol/schema';

export interface Removal {
  readonly by: string | null; // the name of who did it, where that is known
  readonly at: number; // ms since 1970, by this device's clock
}

export interface LiveStore {
  readonly document: LiveDocument;
  status(): SyncStatus;
  rootId(): EntityId; // known before the document is loaded: the root's id is its kind

  // Tracks whether the entity exists, its kind, parent, position and tombstone mark, not its fields.
  entity(id: EntityId): Entity | undefined;
  // Tracks that one field. An unset field is undefined.
  field(id: EntityId, field: FieldName): FieldValue | undefined;
  text(id: EntityId, field: FieldName): string; // "" when unset
  number(id: EntityId, field: FieldName): number | undefined;
  boolean(id: EntityId, field: FieldName): boolean; // false when unset
  members(id: EntityId, field: FieldName): readonly string[]; // a set's
  // Ids of the live children in order; the same array while they are the same, so `<For>` moves rows and does not rebuild them.
  children(parent: EntityId, kind?: KindName): readonly EntityId[];
  removed(): readonly Entity[];
  figures(id: EntityId): Figures | undefined;
  isPending(id: EntityId): boolean;

  people(): readonly Person[];
  // The others who are at this entity (and field, if given), for marks and carets. Positions are in the shown text.
  peopleAt(id: EntityId, field?: FieldName): readonly Person[];
  // Who made an edit, also after they have left; null: they have not been seen here.
  nameOf(client: ClientId | null): string | null;
  // Who removed this, if that was somebody else and while this page was open.
  removalOf(id: EntityId): Removal | null; // of what was removed before this page was opened, nothing is known
  // It, or what it stands in, was removed by this tab's user, by undo too. Not tracked.
  wasRemovedHere(id: EntityId): boolean;

  drafts(): readonly Draft[];
  vanished(): readonly VanishedEntity[]; // what the server, put back to a backup, lacks
  losses(): readonly Loss[]; // not yet answered by restore or dismiss
  dismissLoss(loss: Loss): void;
  canUndo(): boolean;
  canRedo(): boolean;
  // What others changed last, for the wash of light: a counter that grows with each remote edit of the entity.
  remoteTouch(id: EntityId): number;
}

// A reactive scope subscribes to a key by reading it; `touch` runs the scopes that did. Keys live as long as somebody listens.
class Triggers {
  private readonly entries = new Map<string, { track: Accessor<void>; run: () => void; listeners: number }>();

  track(key: string): void {
    if (getListener() === null) return;
    let entry = this.entries.get(key);
    if (entry === undefined) {
      const [track, set] = createSignal<void>(undefined, { equals: false });
      entry = { track, run: () => set(), listeners: 0 };
      this.entries.set(key, entry);
    }
    entry.listeners += 1;
    const tracked = entry;
    onCleanup(() => {
      tracked.listeners -= 1;
      if (tracked.listeners === 0 && this.entries.get(key) === tracked) queueMicrotask(() => this.forget(key));
    });
    entry.track();
  }

  touch(key: string): void {
    this.entries.get(key)?.run();
  }

  touchAll(): void {
    for (const entry of [...this.entries.values()]) entry.run();
  }

  // Later, because a scope that runs again cleans up first and tracks the same key at once.
  private forget(key: string): void {
    if (this.entries.get(key)?.listeners === 0) this.entries.delete(key);
  }
}

const noPeople: readonly Person[] = [];

class SolidStore implements LiveStore {
  readonly document: LiveDocument;
  private readonly triggers = new Triggers();
  private readonly childIds = new Map<string, readonly EntityId[]>();
  private readonly remoteTouches = new Map<EntityId, number>();
  private readonly names = new Map<ClientId, string>(); // of everybody who has been here, the latest seen last
  private readonly removals = new Map<EntityId, { readonly by: ClientId; readonly at: number }>();
  private readonly removedHere = new Set<EntityId>();
  private openLosses: readonly Loss[] = [];

  constructor(document: LiveDocument) {
    this.document = document;
    this.learnNames();
    onCleanup(document.subscribe((event) => batch(() => this.onEvent(event))));
  }

  status(): SyncStatus {
    this.triggers.track('status');
    return this.document.status;
  }
  rootId(): EntityId {
    return this.document.kind; // the root's id is its kind, and both documents' roots are named after them
  }
  entity(id: EntityId): Entity | undefined {
    this.triggers.track(`entity ${id}`);
    return this.document.entity(id);
  }
  field(id: EntityId, field: FieldName): FieldValue | undefined {
    this.triggers.track(`field ${id} ${field}`);
    return this.document.entity(id)?.fields[field];
  }
  text(id: EntityId, field: FieldName): string {
    const value = this.field(id, field);
    return typeof value === 'string' ? value : '';
  }
  number(id: EntityId, field: FieldName): number | undefined {
    const value = this.field(id, field);
    return typeof value === 'number' ? value : undefined;
  }
  boolean(id: EntityId, field: FieldName): boolean {
    return this.field(id, field) === true;
  }
  members(id: EntityId, field: FieldName): readonly string[] {
    const value = this.field(id, field);
    return typeof value === 'object' && value !== null ? value : [];
  }
  children(parent: EntityId, kind?: KindName): readonly EntityId[] {
    this.triggers.track(`children ${parent}`);
    const key = `${parent} ${kind ?? ''}`;
    const ids = this.document.children(parent, kind).map((child) => child.id);
    const known = this.childIds.get(key);
    if (known !== undefined && known.length === ids.length && known.every((id, index) => id === ids[index])) return known;
    this.childIds.set(key, ids);
    return ids;
  }
  removed(): readonly Entity[] {
    this.triggers.track('removed');
    return this.document.removed();
  }
  figures(id: EntityId): Figures | undefined {
    this.triggers.track(`figures ${id}`);
    return this.document.figures(id);
  }
  isPending(id: EntityId): boolean {
    this.triggers.track(`pending ${id}`);
    return this.document.isPending(id);
  }
  people(): readonly Person[] {
    this.triggers.track('people');
    return this.document.people;
  }
  peopleAt(id: EntityId, field?: FieldName): readonly Person[] {
    const here = this.people().filter(
      (person) => person.client !== this.document.client && person.at?.entity === id && (field === undefined || person.at.field === field),
    );
    return here.length === 0 ? noPeople : here;
  }
  nameOf(client: ClientId | null): string | null {
    this.triggers.track('people');
    return client === null ? null : (this.names.get(client) ?? null);
  }
  removalOf(id: EntityId): Removal | null {
    this.triggers.track(`entity ${id}`);
    const known = this.removals.get(id);
    return known === undefined ? null : { by: this.nameOf(known.by), at: known.at };
  }
  wasRemovedHere(id: EntityId): boolean {
    for (let at = this.document.entity(id); at !== undefined; at = at.parent === null ? undefined : this.document.entity(at.parent)) {
      if (at.removed) return this.removedHere.has(at.id);
    }
    return false;
  }
  drafts(): readonly Draft[] {
    this.triggers.track('drafts');
    return this.document.drafts;
  }
  vanished(): readonly VanishedEntity[] {
    this.triggers.track('vanished');
    return this.document.vanished.missing();
  }
  losses(): readonly Loss[] {
    this.triggers.track('losses');
    return this.openLosses;
  }
  dismissLoss(loss: Loss): void {
    this.openLosses = this.openLosses.filter((it) => it !== loss);
    this.triggers.touch('losses');
  }
  canUndo(): boolean {
    this.triggers.track('history');
    return this.document.canUndo;
  }
  canRedo(): boolean {
    this.triggers.track('history');
    return this.document.canRedo;
  }
  remoteTouch(id: EntityId): number {
    this.triggers.track(`touch ${id}`);
    return this.remoteTouches.get(id) ?? 0;
  }

  private onEvent(event: DocumentEvent): void {
    switch (event.type) {
      case 'reset':
        this.triggers.touchAll();
        break;
      case 'entity':
        for (const field of event.fields) this.triggers.touch(`field ${event.id} ${field}`);
        this.onWritten(event.id);
        if (event.structure) this.onStructure(event.id, event.parents, event.by);
        this.triggers.touch('vanished');
        if (event.origin === 'remote') this.onRemote(event.id);
        break;
      case 'text':
        this.triggers.touch(`field ${event.id} ${event.field}`);
        this.onWritten(event.id);
        this.triggers.touch('vanished');
        if (event.origin === 'remote') this.onRemote(event.id);
        break;
      case 'pending':
        for (const id of event.ids) this.triggers.touch(`pending ${id}`);
        break;
      case 'derived':
        for (const id of event.ids) this.triggers.touch(`figures ${id}`);
        break;
      case 'people':
        this.learnNames();
        this.triggers.touch('people');
        break;
      case 'vanished':
      case 'status':
      case 'history':
        this.triggers.touch(event.type);
        break;
      case 'lost':
        this.openLosses = [...this.openLosses, event.loss].slice(-lossesMax);
        this.triggers.touch('losses');
        break;
      case 'overwrote': // for who watches the document
        break;
      case 'draft':
        this.triggers.touch('drafts');
        break;
    }
  }

  private learnNames(): void {
    for (const { client, name } of this.document.people) {
      this.names.delete(client);
      this.names.set(client, name);
    }
    for (const client of [...this.names.keys()].slice(0, Math.max(0, this.names.size - namesMax))) this.names.delete(client);
  }

  private onStructure(id: EntityId, parents: readonly EntityId[], by: ClientId | null): void {
    this.removals.delete(id);
    this.removedHere.delete(id);
    if (this.document.entity(id)?.removed) {
      if (by === null) this.removedHere.add(id);
      else this.removals.set(id, { by, at: Date.now() });
    }
    this.triggers.touch(`entity ${id}`);
    for (const parent of parents) this.triggers.touch(`children ${parent}`);
    this.triggers.touch('removed');
  }

  // A removed row that holds words is listed, an empty one is not.
  private onWritten(id: EntityId): void {
    if (this.document.entity(id)?.removed) this.triggers.touch('removed');
  }

  private onRemote(id: EntityId): void {
    this.remoteTouches.set(id, (this.remoteTouches.get(id) ?? 0) + 1);
    this.triggers.touch(`touch ${id}`);
  }
}

// Losses that nobody answers do not pile up on a screen that runs for weeks.
const lossesMax = 50;
const namesMax = 500; // people who come and go during weeks

// Inside a Solid owner (a component or createRoot): the subscription ends with it.
export function createLiveStore(document: LiveDocument): LiveStore {
  return new SolidStore(document);
}

// The connection's state as a signal, for the banner.
export function connectionState(connection: Connection): Accessor<ConnectionState> {
  const [state, setState] = createSignal(connection.state);
  onCleanup(connection.subscribe(setState));
  return state;
}
