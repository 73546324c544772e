// Reading the workspace's cycles for choosing: the innermost one that today lies in.
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import { today } from './dates';

export interface TreeItem {
  readonly id: EntityId;
  readonly depth: number;
}

// A tree of teams or cycles as a list with depths, in the order of the document.
export function flatten(workspace: LiveStore, kind: 'team' | 'cycle', parent: EntityId = workspace.rootId(), depth = 0): readonly TreeItem[] {
  return workspace.children(parent, kind).flatMap((id) => [{ id, depth }, ...flatten(workspace, kind, id, depth + 1)]);
}

// Where to begin: the running cycle, or the first one there is.
export function currentCycle(workspace: LiveStore): EntityId | null {
  return runningCycle(workspace) ?? flatten(workspace, 'cycle')[0]?.id ?? null;
}

export function runningCycle(workspace: LiveStore): EntityId | null {
  const now = today();
  const running = flatten(workspace, 'cycle').filter(({ id }) => {
    const [start, end] = [workspace.text(id, 'start'), workspace.text(id, 'end')];
    return start !== '' && end !== '' && start <= now && now <= end;
  });
  const days = (id: EntityId): number => Date.parse(workspace.text(id, 'end')) - Date.parse(workspace.text(id, 'start'));
  // A quarter or sprint plan is what people come for, not the year around it; but not every fortnight inside the quarter.
  const quarterMs = 80 * 86_400_000;
  const sorted = [...running].sort((a, b) => Math.abs(days(a.id) - quarterMs) - Math.abs(days(b.id) - quarterMs));
  return sorted[0]?.id ?? null;
}
