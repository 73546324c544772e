// Whose details are open. That is in the address: Back closes them, and a link to one objective or key result can be sent.
import { useLocation, useNavigate, useSearchParams } from '@solidjs/router';
import { createEffect, createSignal, on, onCleanup, untrack, type Accessor } from 'solid-js';
import { isId } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';

export interface PlanSelection {
  readonly selected: Accessor<EntityId | null>;
  readonly select: (id: EntityId | null) => void;
}

// The address of one objective or key result within its plan.
export const linkTo = (plan: string, id: EntityId): string => `${plan}?open=${id}`;

export function createSelection(plan: LiveStore): PlanSelection {
  const [search, setSearch] = useSearchParams<{ open?: string }>();
  const location = useLocation<{ opened?: boolean }>();
  const navigate = useNavigate();
  const inAddress = (): EntityId | null => (search.open !== undefined && isId(search.open) ? search.open : null);
  const [selected, setPlain] = createSignal(inAddress());
  const setSelected = (id: EntityId | null): void => keepInPlace(id ?? selected(), () => setPlain(id));

  const select = (id: EntityId | null): void => {
    if (id === selected()) return;
    setSelected(id);
    if (id !== null) setSearch({ open: id }, { replace: inAddress() !== null, state: { opened: true } });
    else if (location.state?.opened === true) navigate(-1); // the entry was made for these details
    else setSearch({ open: undefined }, { replace: true });
  };
  createEffect(on(inAddress, (id) => untrack(() => id !== selected() && setSelected(id)), { defer: true }));
  // The browser would scroll to where it was when they opened. The entries before and with them keep its mode, so it is told in each.
  createEffect(() => {
    history.scrollRestoration = inAddress() === null && selected() === null ? 'auto' : 'manual';
  });
  onCleanup(() => (history.scrollRestoration = 'auto'));
  // What is gone has no details; what is not known yet may have.
  createEffect(() => {
    const id = selected();
    if (id === null || !plan.status().loaded) return;
    const entity = plan.entity(id);
    const hasDetails = entity?.kind === 'objective' || entity?.kind === 'key_result';
    if (entity?.removed === true || (!hasDetails && plan.status().synced)) select(null);
  });
  revealOnce(plan, inAddress());
  return { selected: () => (plan.entity(selected() ?? '') === undefined ? null : selected()), select };
}

// Beside the details the plan is narrower, and its rows are higher: the row that it is about stays where it is on the screen.
function keepInPlace(id: EntityId | null, change: () => void): void {
  const row = document.querySelector(`[data-glide][data-entity="${CSS.escape(id ?? '')}"]`);
  const top = row?.getBoundingClientRect().top ?? 0;
  change();
  const isSeen = row !== null && top >= 0 && top < innerHeight;
  queueMicrotask(() => isSeen && row.isConnected && scrollBy({ top: row.getBoundingClientRect().top - top, behavior: 'instant' }));
}

// Who comes by a link sees the row, too.
function revealOnce(plan: LiveStore, id: EntityId | null): void {
  let waits = id !== null;
  createEffect(() => {
    if (!waits || id === null || !plan.status().loaded || plan.entity(id) === undefined) return;
    waits = false;
    queueMicrotask(() => document.querySelector(`[data-glide][data-entity="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'center' }));
  });
}
