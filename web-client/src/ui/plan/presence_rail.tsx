// Who is where: each person's avatar glides along the plan's edge to the row that is being edited.
import { For, Show, createEffect, createMemo, createSignal, onCleanup, onMount } from 'solid-js';
import { Avatar } from '../kit/avatar';
import { t } from '../../i18n';
import { faceOf } from '../state/people';
import { usePlan } from './context';

const settledMs = 240;

interface Place {
  readonly left: number;
  readonly top: number;
}

export function PresenceRail(props: { column: () => HTMLElement | undefined }) {
  const { plan, workspace } = usePlan();
  const [places, setPlaces] = createSignal<ReadonlyMap<number, Place>>(new Map());
  const others = () => plan.people().filter((it) => it.client !== plan.document.client && it.at !== null);

  const measure = (): void => {
    const column = props.column();
    if (column === undefined) return;
    const origin = column.getBoundingClientRect();
    const next = new Map<number, Place>();
    const crowds = new Map<Element, Set<string>>(); // who is at a row, with several tabs once
    for (const person of others()) {
      const row = rowOf(column, plan.document, person.at?.entity ?? '');
      if (row === null) continue;
      const box = (row.querySelector('.objective-head') ?? row).getBoundingClientRect();
      const crowd = crowds.get(row) ?? new Set();
      const { key } = faceOf(workspace, person);
      if (crowd.has(key)) continue;
      const already = crowd.size;
      crowds.set(row, crowd.add(key));
      next.set(person.session, { left: box.left - origin.left, top: box.top - origin.top + Math.min(box.height / 2, 30) + already * 14 });
    }
    setPlaces(next);
  };
  let frame = 0;
  let settled: ReturnType<typeof setTimeout>;
  const soon = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(measure);
  };
  createEffect(() => {
    others();
    soon();
  });
  onMount(() => {
    const column = props.column();
    const observer = new ResizeObserver(soon);
    if (column) observer.observe(column);
    const unsubscribe = plan.document.subscribe((event) => {
      // Once at once, and once more when the rows have finished gliding.
      if (event.type !== 'entity' || !event.structure) return;
      soon();
      clearTimeout(settled);
      settled = setTimeout(soon, settledMs);
    });
    onCleanup(() => {
      observer.disconnect();
      unsubscribe();
      cancelAnimationFrame(frame);
      clearTimeout(settled);
    });
  });
  return (
    <div class="presence-rail">
      <For each={others().map((it) => it.session)}>
        {(session) => {
          const person = () => others().find((it) => it.session === session);
          const face = createMemo(() => {
            const present = person();
            return present === undefined ? null : faceOf(workspace, present);
          });
          const place = () => places().get(session);
          return (
            <Show when={place() === undefined ? null : face()}>
              {(shown) => (
                <span class="presence-here" style={{ transform: `translate(${place()?.left ?? 0}px, ${place()?.top ?? 0}px)` }}>
                  <Avatar small name={shown().name} colour={shown().colour} label={t().people.editing(shown().name)} />
                </span>
              )}
            </Show>
          );
        }}
      </For>
    </div>
  );
}

// The row that shows an entity; for what has no row of its own (an initiative), the nearest one above it.
function rowOf(column: HTMLElement, live: { entity(id: string): { parent: string | null } | undefined }, id: string): Element | null {
  for (let at: string | null = id; at !== null && at !== ''; at = live.entity(at)?.parent ?? null) {
    const row = column.querySelector(`[data-glide][data-entity="${CSS.escape(at)}"]`);
    if (row !== null) return row;
  }
  return null;
}
