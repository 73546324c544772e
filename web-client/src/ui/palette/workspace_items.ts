// Teams and cycles as places to go.
import type { LiveStore } from '../../store/live_store';
import { t } from '../../i18n';
import { currentCycle, flatten } from '../state/cycles';
import type { PaletteItem } from './items';

export interface Here {
  readonly workspaceId: string;
  readonly teamId: string | null;
  readonly cycleId: string | null;
}

export function workspacePaletteItems(workspace: LiveStore, here: Here, go: (href: string) => void): readonly PaletteItem[] {
  const cycle = here.cycleId ?? currentCycle(workspace);
  const teams = flatten(workspace, 'team');
  const team = here.teamId ?? teams[0]?.id ?? null;
  const name = (id: string): string => workspace.text(id, 'name') || t().untitled;
  return [
    ...(cycle === null ? [] : teams.map((it): PaletteItem => ({ group: 'teams', words: name(it.id), hint: name(cycle), run: () => go(`/w/${here.workspaceId}/${it.id}/${cycle}`) }))),
    ...(team === null ? [] : flatten(workspace, 'cycle').map((it): PaletteItem => ({ group: 'cycles', words: name(it.id), hint: name(team), run: () => go(`/w/${here.workspaceId}/${team}/${it.id}`) }))),
  ];
}
