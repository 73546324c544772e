// Where the focus goes when what held it is gone. Never nowhere: from the page's body a keyboard begins at the top again, and a screen
// reader has lost its place.
import type { KindName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';

const contentId = 'content';
const framesMax = 20; // surfaces that close give the focus back some frames later, perhaps to something that is gone

let wanted: (() => HTMLElement | null | undefined) | null = null;

// As soon as nothing has the focus, unless somebody puts it elsewhere first. Without a target, or if that is gone: the page's content.
export function focusAfter(target: () => HTMLElement | null | undefined = () => null): void {
  wanted = target;
  let frames = 0;
  const look = (): void => {
    if (wanted !== target) return;
    if (isNowhere(document.activeElement)) focusOn(target() ?? document.getElementById(contentId));
    if (++frames < framesMax) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

function isNowhere(element: Element | null): boolean {
  return element === null || element === document.body || element.closest('[data-closed]') !== null;
}

function focusOn(place: HTMLElement | null): void {
  if (place === null) return;
  if (!place.matches('a[href], button, input, select, textarea, [tabindex]')) place.tabIndex = -1;
  place.focus({ preventScroll: place.id === contentId }); // the page's content is wherever the page is
}

// The row of an entity, or of what is above it: something without a row of its own is part of another.
export function rowOf(store: LiveStore, id: EntityId | null): HTMLElement | null {
  for (let at = id; at !== null; at = store.document.entity(at)?.parent ?? null) {
    const row = document.querySelector<HTMLElement>(`:is(.details, .plan-body, .workspace-page) [data-entity="${CSS.escape(at)}"]:not(h1)`);
    if (row !== null) return row;
  }
  return null;
}

// What is next to an entity while it is still there: the row behind it, else the one before it, else what it stands in.
export function neighbourOf(store: LiveStore, id: EntityId): EntityId | null {
  const entity = store.document.entity(id);
  if (entity === undefined || entity.parent === null) return null;
  const siblings = store.document.children(entity.parent, entity.kind).map((it) => it.id);
  const index = siblings.indexOf(id);
  return siblings[index + 1] ?? siblings[index - 1] ?? entity.parent;
}

// The row that is read before this one: the last of what stands in its sibling before it, else what it stands in; null: it is the first.
export function rowBefore(store: LiveStore, id: EntityId): EntityId | null {
  const entity = store.document.entity(id);
  if (entity === undefined || entity.parent === null) return null;
  const rows = (parent: EntityId, kind: KindName): EntityId[] => store.document.children(parent, kind).map((it) => it.id);
  const siblings = rows(entity.parent, entity.kind);
  let last = siblings[siblings.indexOf(id) - 1];
  if (last === undefined) return entity.parent === store.rootId() ? null : entity.parent;
  const inside = entity.kind === 'objective' ? 'key_result' : entity.kind;
  for (let next = rows(last, inside).at(-1); next !== undefined; next = rows(last, inside).at(-1)) last = next;
  return last;
}

// What has the focus now, for later: of a text the editor is gone by then, and its words stand there.
export function focusedPlace(): () => HTMLElement | null {
  const element = document.activeElement;
  const text = element?.closest('.text-field') ?? null;
  return () => {
    if (text !== null) return text.querySelector<HTMLElement>('[role="textbox"]');
    return element instanceof HTMLElement && element !== document.body && element.isConnected ? element : null;
  };
}

// The text that is read before what is about to go, or the one before that if it goes too.
export function textBefore(going: Element): () => HTMLElement | null {
  const texts = [...document.querySelectorAll<HTMLElement>('.text-field [role="textbox"]')];
  const before = texts.filter((it) => (it.compareDocumentPosition(going) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0);
  return () => before.filter((it) => it.isConnected).at(-1) ?? null;
}

// A field is left by its Enter or Escape: its row has the focus, and the row's keys work.
export function leaveField(field: HTMLElement): void {
  const row = field.parentElement?.closest<HTMLElement>('[data-entity], [role="dialog"], main') ?? null;
  if (row === null) field.blur();
  else focusOn(row);
}
