// What everything on a plan page shares.
import { createContext, useContext } from 'solid-js';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import type { CheckInRequest } from './check_in_request';
import type { ShownFigures } from './figures';
import type { Neighbours } from './neighbours';

export interface PlanView {
  readonly workspaceId: string;
  readonly teamId: EntityId;
  readonly cycleId: EntityId;
  readonly workspace: LiveStore;
  readonly plan: LiveStore;
  readonly neighbours: Neighbours; // other plans, to read in
  readonly selected: () => EntityId | null; // whose details are shown
  readonly select: (id: EntityId | null) => void;
  readonly checkIn: CheckInRequest;
  readonly figures: ShownFigures;
}

export const PlanContext = createContext<PlanView>();

export function usePlan(): PlanView {
  const view = useContext(PlanContext);
  if (view === undefined) throw new Error('This view belongs on a plan page.');
  return view;
}
