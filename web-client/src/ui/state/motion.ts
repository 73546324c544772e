// Calm motion: numbers that count, rows that glide, a warm wash where somebody else has edited. All of it stands still for
// people who asked their system for that.
import type { FieldName } from '../../protocol/schema';
import type { EntityId, LiveDocument } from '../../sync/api';
import { createComputed, createEffect, createSignal, on, onCleanup, untrack, type Accessor } from 'solid-js';
import { isNews } from './arrival';

const reduced = matchMedia('(prefers-reduced-motion: reduce)');
export const motionReduced = (): boolean => reduced.matches;

const countMs = 420;
const glideMs = 180;
const washMs = 1200;
const ease = 'cubic-bezier(0.2, 0, 0, 1)';

const decimalsMax = 6;
const decimalsOf = (value: number): number => Math.min(decimalsMax, `${value}`.split('.')[1]?.length ?? 0);

// Follows a number; a change counts up or down to the new value, unless `atOnce` says that it is one's own. What is shown is the number
// itself but for the moment in which it counts: nothing that fails to come (a first run, a frame) leaves an old one standing.
export function createCounted(value: Accessor<number | undefined>, atOnce: () => boolean = () => false): Accessor<number | undefined> {
  const [between, setBetween] = createSignal<number | null>(null); // null: nothing counts
  let frame = 0;
  const count = (from: number, to: number): void => {
    const begun = performance.now();
    const decimals = Math.max(decimalsOf(from), decimalsOf(to)); // no digits that neither end has
    const step = (now: number): void => {
      const along = Math.min(1, Math.max(0, (now - begun) / countMs));
      setBetween(along === 1 || document.hidden ? null : Number((from + (to - from) * (1 - (1 - along) ** 3)).toFixed(decimals)));
      if (between() !== null) frame = requestAnimationFrame(step);
    };
    step(begun);
  };
  createComputed(
    on(value, (to, from) => {
      cancelAnimationFrame(frame);
      const counts = to !== undefined && from !== undefined && to !== from && !atOnce() && !motionReduced() && !document.hidden;
      if (counts) count(untrack(between) ?? from, to);
      else setBetween(null);
    }),
  );
  onCleanup(() => cancelAnimationFrame(frame));
  return () => between() ?? value();
}

// Warm light over what somebody else has just changed.
export function wash(element: Element | undefined): void {
  if (element === undefined) return;
  const colour = getComputedStyle(document.documentElement).getPropertyValue('--wash');
  element.animate([{ backgroundColor: colour, boxShadow: `0 0 0 4px ${colour}` }, { backgroundColor: 'transparent', boxShadow: '0 0 0 4px transparent' }], {
    duration: motionReduced() ? 1 : washMs,
    easing: 'ease-out',
  });
}

// Washes `element` whenever somebody else sets this field.
export function washOnRemote(live: LiveDocument, id: EntityId, field: FieldName, element: () => Element | undefined): void {
  onCleanup(
    live.subscribe((event) => {
      if (event.type === 'entity' && event.origin === 'remote' && event.id === id && event.fields.includes(field) && isNews(live)) wash(element());
    }),
  );
}

// Lets the elements marked `data-glide` inside `container` glide to their new places when `order` changes, and keeps the one that
// holds the caret or the pointer where it is on the screen, whatever arrives above it.
export function createGlide(container: Accessor<HTMLElement | undefined>, order: Accessor<unknown>): void {
  let before = new Map<Element, DOMRect>();
  let held: { element: Element; top: number } | null = null;
  let focused: Element | null = null;
  // Runs before the page is redrawn for the new order: the old places are still there to be measured.
  createComputed(
    on(
      order,
      () => {
        const root = container();
        before = new Map();
        held = null;
        if (root === undefined) return;
        for (const element of root.querySelectorAll('[data-glide]')) before.set(element, element.getBoundingClientRect());
        focused = document.activeElement;
        const element = document.activeElement?.closest('[data-glide]') ?? root.querySelector('[data-glide]:hover:not(:has([data-glide]:hover))');
        if (element && root.contains(element)) held = { element, top: element.getBoundingClientRect().top };
      },
      { defer: true },
    ),
  );
  createEffect(
    on(
      order,
      () => {
        // A row that changes its place in the page loses its focus on the way: the caret stays with its words.
        if (focused instanceof HTMLElement && focused.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
        glide(before, held);
      },
      { defer: true },
    ),
  );
}

function glide(before: ReadonlyMap<Element, DOMRect>, held: { element: Element; top: number } | null): void {
  if (held?.element.isConnected) {
    const shift = held.element.getBoundingClientRect().top - held.top;
    if (Math.abs(shift) >= 1 && !held.element.matches('[data-moving]')) scrollBy({ top: shift, behavior: 'instant' });
  }
  if (motionReduced()) return;
  for (const [element, old] of before) {
    if (!element.isConnected || element.parentElement?.closest('[data-gliding]')) continue;
    const now = element.getBoundingClientRect();
    const [x, y] = [old.left - now.left, old.top - now.top];
    if (Math.abs(x) < 1 && Math.abs(y) < 1) continue;
    element.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: 'none' }], { duration: glideMs, easing: ease });
  }
}
