// Which of three colours a confidence is drawn in. The bounds are the workspace's own settings; statuses come from the server.
import type { LiveStore } from '../../store/live_store';

export interface ConfidenceBounds {
  readonly green: number;
  readonly amber: number;
}
export type ConfidenceTone = 'good' | 'warn' | 'bad' | 'none';

const usual: ConfidenceBounds = { green: 7, amber: 4 };

export function confidenceBounds(workspace: LiveStore): ConfidenceBounds {
  const root = workspace.rootId();
  return { green: workspace.number(root, 'confidence_green') ?? usual.green, amber: workspace.number(root, 'confidence_amber') ?? usual.amber };
}

export function confidenceTone(value: number | undefined, bounds: ConfidenceBounds): ConfidenceTone {
  if (value === undefined) return 'none';
  return value >= bounds.green ? 'good' : value >= bounds.amber ? 'warn' : 'bad';
}
