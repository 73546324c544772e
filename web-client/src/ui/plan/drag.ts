// Reordering with the pointer: a ghost of the row follows the hand, a line shows where it would go, Escape lets it go back. It is over also
// when its end is never told: the row is removed by somebody else, the button was let go where the page does not hear of it. Rows are
// marked `data-drag="<kind>"` with `data-entity`, lists that take them `data-drop="<kind>"` with `data-parent`.
import { pushLayer } from '../state/layers';

export interface DragOptions {
  readonly kind: string;
  readonly drop: (parent: string, after: string | null) => void;
}

interface Target {
  readonly parent: string;
  readonly after: string | null;
  readonly line: { left: number; top: number; width: number };
}

const startPx = 4;
const edgePx = 72;
const scrollPx = 14;

export function beginDrag(event: PointerEvent, options: DragOptions): void {
  const handle = event.currentTarget;
  if (event.button !== 0 || !(handle instanceof HTMLElement)) return;
  const row = handle.closest<HTMLElement>(`[data-drag="${options.kind}"]`);
  if (row === null) return;
  event.preventDefault();
  new Drag(row, handle, event, options);
}

class Drag {
  private readonly row: HTMLElement;
  private readonly options: DragOptions;
  private readonly stop = new AbortController();
  private readonly from: { x: number; y: number };
  private ghost: HTMLElement | null = null;
  private line: HTMLElement | null = null;
  private target: Target | null = null;
  private last: { x: number; y: number };
  private frame = 0;
  private readonly layer = pushLayer(() => this.end(false), true);

  constructor(row: HTMLElement, handle: HTMLElement, event: PointerEvent, options: DragOptions) {
    this.row = row;
    this.options = options;
    this.from = this.last = { x: event.clientX, y: event.clientY };
    handle.setPointerCapture(event.pointerId);
    const { signal } = this.stop;
    // On the window: a handle that goes to another list with its row loses the pointer, and one that is removed hears nothing more.
    const own = (act: (pointer: PointerEvent) => void) => (pointer: PointerEvent) => pointer.pointerId === event.pointerId && act(pointer);
    addEventListener('pointermove', own((move) => this.move(move)), { signal });
    addEventListener('pointerup', own(() => this.end(true)), { signal });
    addEventListener('pointercancel', own(() => this.end(false)), { signal });
    addEventListener('blur', () => this.end(false), { signal });
    addEventListener('pagehide', () => this.end(false), { signal });
  }

  private move(event: PointerEvent): void {
    if (event.buttons === 0) return this.end(false);
    this.last = { x: event.clientX, y: event.clientY };
    if (this.ghost === null) {
      if (Math.hypot(event.clientX - this.from.x, event.clientY - this.from.y) < startPx) return;
      this.lift();
    }
    this.follow();
  }

  private lift(): void {
    const box = this.row.getBoundingClientRect();
    const ghost = document.createElement('div');
    ghost.className = 'drag-ghost';
    ghost.setAttribute('aria-hidden', 'true');
    const copy = this.row.cloneNode(true);
    if (copy instanceof HTMLElement) copy.inert = true;
    ghost.append(copy);
    ghost.style.width = `${box.width}px`;
    ghost.style.left = `${box.left}px`;
    ghost.style.top = `${box.top}px`;
    const line = document.createElement('div');
    line.className = 'drag-line';
    document.body.append(ghost, line);
    this.row.dataset['moving'] = '';
    document.documentElement.dataset['dragging'] = '';
    this.ghost = ghost;
    this.line = line;
    this.watch();
  }

  private follow(): void {
    if (this.ghost === null || this.line === null) return;
    this.ghost.style.transform = `translate(${this.last.x - this.from.x}px, ${this.last.y - this.from.y}px)`;
    this.target = this.find();
    this.line.hidden = this.target === null;
    if (this.target === null) return;
    const { left, top, width } = this.target.line;
    this.line.style.width = `${width}px`;
    this.line.style.transform = `translate(${left}px, ${top}px)`;
  }

  // The list nearest to the pointer, the innermost of nested ones, and in it the gap nearest to the pointer.
  private find(): Target | null {
    let best: { list: HTMLElement; distance: number } | null = null;
    for (const list of document.querySelectorAll<HTMLElement>(`[data-drop="${this.options.kind}"]`)) {
      if (this.row.contains(list)) continue;
      const box = list.getBoundingClientRect();
      const distance = Math.max(box.top - this.last.y, this.last.y - box.bottom, 0);
      if (best === null || distance <= best.distance) best = { list, distance };
    }
    if (best === null) return null;
    const box = best.list.getBoundingClientRect();
    let after: string | null = null;
    let top = box.top;
    for (const item of best.list.querySelectorAll<HTMLElement>(`:scope > [data-drag="${this.options.kind}"]`)) {
      const place = item.getBoundingClientRect();
      const own = (item.querySelector('[data-drag-row]') ?? item).getBoundingClientRect(); // without what is nested in it
      if (this.last.y < own.top + own.height / 2) break;
      if (item !== this.row) after = item.dataset['entity'] ?? after;
      top = place.bottom;
    }
    return { parent: best.list.dataset['parent'] ?? '', after, line: { left: box.left, top, width: box.width } };
  }

  // Each frame: the page scrolls at its edges, rows that others move make another target.
  private watch(): void {
    const step = (): void => {
      if (!this.row.isConnected) return this.end(false);
      const speed = this.last.y < edgePx ? -scrollPx : this.last.y > innerHeight - edgePx ? scrollPx : 0;
      if (speed !== 0) scrollBy(0, speed);
      this.follow();
      this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  private end(drop: boolean): void {
    this.stop.abort();
    this.layer.remove();
    cancelAnimationFrame(this.frame);
    this.ghost?.remove();
    this.line?.remove();
    delete this.row.dataset['moving'];
    delete document.documentElement.dataset['dragging'];
    if (drop && this.ghost !== null && this.target !== null) this.options.drop(this.target.parent, this.target.after);
  }
}
