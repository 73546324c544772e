// A check-in that somebody asks for: the details open with its form. If they opened for nothing else, they close again when it is saved, put
// off or let go, and the focus is back where it was.
import { createEffect, createSignal, on, type Accessor } from 'solid-js';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { focusAfter, focusedPlace, rowOf } from '../state/focus_place';
import type { PlanSelection } from './selection';

export interface CheckInRequest {
  readonly asked: Accessor<{ readonly keyResult: EntityId } | null>; // a new object whenever it is asked for again
  readonly ask: (keyResult: EntityId) => void;
  readonly done: () => void;
  readonly leave: () => void; // the form closes alone
}

export function createCheckInRequest(plan: LiveStore, { selected, select }: PlanSelection): CheckInRequest {
  const [asked, setAsked] = createSignal<{ keyResult: EntityId } | null>(null);
  let openedFrom: (() => HTMLElement | null) | null = null; // where the focus was, if the details opened for this alone

  const ask = (keyResult: EntityId): void => {
    const opens = selected() !== keyResult;
    if (opens) openedFrom = focusedPlace();
    setAsked({ keyResult });
    if (opens) select(keyResult);
  };
  const leave = (): void => {
    setAsked(null);
    openedFrom = null;
  };
  const done = (): void => {
    const [keyResult, from] = [asked()?.keyResult ?? null, openedFrom];
    leave();
    if (from === null || keyResult === null || selected() !== keyResult) return;
    select(null);
    focusAfter(() => from() ?? rowOf(plan, keyResult));
  };
  createEffect(on(selected, (id) => id !== asked()?.keyResult && leave(), { defer: true }));
  return { asked, ask, done, leave };
}
