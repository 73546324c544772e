// Where this person was last in each workspace, so that a visit begins where the last one ended.
export interface RecentPlan {
  readonly team: string;
  readonly cycle: string;
}

const key = (workspace: string): string => `okra.recent.${workspace}`;

export function rememberPlan(workspace: string, plan: RecentPlan): void {
  try {
    localStorage.setItem(key(workspace), `${plan.team}/${plan.cycle}`);
  } catch {
    // A convenience only.
  }
}

export function recentPlan(workspace: string): RecentPlan | null {
  try {
    const [team, cycle] = (localStorage.getItem(key(workspace)) ?? '').split('/');
    return team && cycle ? { team, cycle } : null;
  } catch {
    return null;
  }
}
