// What lies over the page, the topmost last. Escape is for one alone: the field that is being written in, else the topmost layer. Who that
// is is decided before anybody else hears the key; everybody who listens to it asks.
import { createEffect, onCleanup, type Accessor } from 'solid-js';
import { isInputMethodKey } from './input_method_key';

interface Layer {
  readonly close: (() => void) | null; // null: it listens to Escape by itself
  readonly overFields: boolean; // comes before the field that has the focus
}

const layers: Layer[] = [];
let owner: Layer | 'field' | null = null;

function decide(event: KeyboardEvent, isForPage: boolean): void {
  owner = null;
  if (event.key !== 'Escape' || !isForPage) return;
  const top = layers.at(-1) ?? null;
  const inField = event.target instanceof Element && event.target.closest('[data-escape="field"]') !== null;
  if (top?.overFields) {
    event.stopImmediatePropagation();
    top.close?.();
  } else owner = inField ? 'field' : top;
}

function closeTopmost(): void {
  if (owner !== null && owner !== 'field' && owner === layers.at(-1)) owner.close?.();
}

addEventListener('keydown', (event) => decide(event, !isInputMethodKey(event)), { capture: true });
addEventListener('keydown', closeTopmost);

// Until the returned function is called.
export function pushLayer(close: (() => void) | null, overFields = false): { readonly ownsEscape: () => boolean; readonly remove: () => void } {
  const layer: Layer = { close, overFields };
  layers.push(layer);
  const remove = (): void => {
    const index = layers.indexOf(layer);
    if (index >= 0) layers.splice(index, 1);
  };
  return { ownsEscape: () => owner === layer, remove };
}

// A layer of a component, while it is open. Returns whether the Escape that is being heard is its own.
export function createLayer(open: Accessor<boolean>, close: (() => void) | null): () => boolean {
  let pushed: ReturnType<typeof pushLayer> | null = null;
  createEffect(() => {
    if (!open()) return;
    const mine = pushLayer(close);
    pushed = mine;
    onCleanup(mine.remove);
  });
  return () => pushed?.ownsEscape() ?? false;
}

// For surfaces that close themselves on Escape (Kobalte's): unless it is theirs, they let it pass.
export function keepFrom(ownsEscape: () => boolean): (event: KeyboardEvent) => void {
  return (event) => {
    if (!ownsEscape()) event.preventDefault();
  };
}
