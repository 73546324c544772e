// Who is in a document and where (SPEC §8). Places arrive in code points of a text as of some revision; they are kept in shown
// coordinates and carried along by every edit that is shown. The own place goes the other way: from shown to confirmed.
import type { ClientId, EntityId, TextEdit } from '../document/operation';
import { transformPosition, untransformPosition } from '../document/text';
import type { Person, PresenceDelta, PresencePlace } from '../protocol/messages';
import type { FieldName } from '../protocol/schema';

interface ConfirmedEdit {
  readonly revision: number;
  readonly id: EntityId;
  readonly field: FieldName;
  readonly edit: TextEdit;
  readonly by: ClientId;
}

// Edits that a place of an older revision still meets; one that is older than these is not worth its memory.
const recentMax = 256;

// What People needs to know about texts.
export interface Texts {
  readonly revision: number;
  pendingEdits(id: EntityId, field: FieldName): readonly TextEdit[];
}

export class People {
  private readonly bySession = new Map<number, Person>();
  private readonly ahead = new Map<number, Person>(); // their place is of a revision yet to come
  private recent: ConfirmedEdit[] = [];
  private list: readonly Person[] = [];
  private you: number | null = null; // own session
  private own: PresencePlace | null = null; // shown coordinates
  private told: PresencePlace | null = null; // where the others think we are, in confirmed coordinates
  private readonly client: ClientId;
  private readonly texts: Texts;

  constructor(client: ClientId, texts: Texts) {
    this.client = client;
    this.texts = texts;
  }

  get all(): readonly Person[] {
    return this.list;
  }

  // Everybody who is there, as `opened` tells. The others do not know where we are.
  reset(people: readonly Person[], you: number | null): void {
    this.you = you;
    this.bySession.clear();
    this.ahead.clear();
    this.told = null;
    this.update({ people, gone: [] });
  }

  forgetTexts(): void {
    this.recent = [];
  }

  update(delta: PresenceDelta): boolean {
    for (const person of delta.people) this.place(person);
    for (const session of delta.gone) {
      this.bySession.delete(session);
      this.ahead.delete(session);
    }
    if (delta.people.length > 0 || delta.gone.length > 0) this.publish();
    return delta.people.length > 0 || delta.gone.length > 0;
  }

  // An edit of a confirmed text is in the confirmed state from `revision` on.
  confirmed(edit: ConfirmedEdit): void {
    this.recent.push(edit);
    if (this.recent.length > 2 * recentMax) this.recent = this.recent.slice(-recentMax);
    if (this.told !== null) this.told = carry(this.told, edit, edit.by === this.client);
  }

  // HOT PATH: an edit is shown. Its author's caret goes with it, the others stay before what is inserted where they are.
  shown(edit: Omit<ConfirmedEdit, 'revision' | 'by'> & { by: ClientId | null }): boolean {
    let moved = false;
    for (const [session, person] of this.bySession) {
      if (person.at === null) continue;
      const at = carry(person.at, edit, person.client === edit.by);
      if (at === person.at) continue;
      this.bySession.set(session, { ...person, at });
      moved = true;
    }
    if (this.own !== null) this.own = carry(this.own, edit, edit.by === null);
    if (moved) this.publish();
    return moved;
  }

  // The revision has grown: places that were ahead of it may have their text now.
  advanced(): boolean {
    let placed = false;
    for (const [session, person] of this.ahead) {
      if ((person.at?.revision ?? 0) > this.texts.revision) continue;
      this.ahead.delete(session);
      this.place(person);
      placed = true;
    }
    if (placed) this.publish();
    return placed;
  }

  setOwn(place: PresencePlace | null): void {
    this.own = place;
  }

  // What to tell the server, if anything. While own edits of the text are on their way nothing is: the others move our caret
  // along with them, and a position inside a text they do not have yet would say less.
  news(): { at: PresencePlace | null } | null {
    if (this.own === null) {
      if (this.told === null) return null;
      this.told = null;
      return { at: null };
    }
    const { entity, field } = this.own;
    if (field !== undefined && this.told?.entity === entity && this.told.field === field && this.texts.pendingEdits(entity, field).length > 0) return null;
    const at = this.confirmedPlace(this.own);
    if (samePlace(at, this.told)) return null;
    this.told = at;
    return { at };
  }

  // A session of this client that is not the present one is what the last connection has left behind: nobody else.
  private place(person: Person): void {
    if (person.client === this.client && person.session !== this.you) return;
    this.ahead.delete(person.session);
    if (person.at !== null && (person.at.revision ?? 0) > this.texts.revision) {
      this.ahead.set(person.session, person);
      const known = this.bySession.get(person.session);
      this.bySession.set(person.session, { ...person, at: known?.at ?? null });
      return;
    }
    this.bySession.set(person.session, { ...person, at: person.at === null ? null : this.shownPlace(person.at, person.client) });
  }

  private shownPlace(at: PresencePlace, client: ClientId): PresencePlace {
    let place = at;
    for (const edit of this.recent) if (edit.revision > (at.revision ?? this.texts.revision)) place = carry(place, edit, edit.by === client);
    const { entity: id, field } = place;
    if (field !== undefined) for (const edit of this.texts.pendingEdits(id, field)) place = carry(place, { id, field, edit }, false);
    return place;
  }

  private confirmedPlace(own: PresencePlace): PresencePlace {
    const { entity, field } = own;
    if (field === undefined) return { entity };
    const edits = [...this.texts.pendingEdits(entity, field)].reverse();
    const back = (position: number): number => edits.reduce((at, edit) => untransformPosition(at, edit), position);
    const { anchor, head } = own;
    return {
      entity,
      field,
      ...(anchor === undefined ? {} : { anchor: back(anchor) }),
      ...(head === undefined ? {} : { head: back(head) }),
      revision: this.texts.revision,
    };
  }

  private publish(): void {
    this.list = [...this.bySession.values()].sort((a, b) => a.session - b.session);
  }
}

function carry(place: PresencePlace, edit: { id: EntityId; field: FieldName; edit: TextEdit }, author: boolean): PresencePlace {
  if (place.entity !== edit.id || place.field !== edit.field) return place;
  const side = author ? 'right' : 'left';
  const { anchor, head } = place;
  const moved = {
    ...place,
    ...(anchor === undefined ? {} : { anchor: transformPosition(anchor, edit.edit, side) }),
    ...(head === undefined ? {} : { head: transformPosition(head, edit.edit, side) }),
  };
  return moved.anchor === anchor && moved.head === head ? place : moved;
}

function samePlace(a: PresencePlace, b: PresencePlace | null): boolean {
  return b !== null && a.entity === b.entity && a.field === b.field && a.anchor === b.anchor && a.head === b.head;
}
