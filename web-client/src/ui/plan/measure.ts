// What the numbers of a key result count, as far as it is said: that decides what may be typed behind them.
import type { Measure } from '../../numbers/read_number';
import type { FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';

export const weightMeasure: Measure = { type: 'share', bare: 'percent' }; // of an objective or key result: a part of the whole

// Whether there is anything yet that a report could be about.
export function isMeasurable(plan: LiveStore, id: EntityId): boolean {
  const metric = plan.text(id, 'metric');
  return metric === 'yes_no' || metric === 'milestones' || measured.some((field) => field !== 'start' && plan.number(id, field) !== undefined);
}

const measured: readonly FieldName[] = ['start', 'current', 'target', 'low', 'high', 'commit', 'stretch', 'tolerance'];

export function measureOf(plan: LiveStore, id: EntityId): Measure {
  const metric = plan.text(id, 'metric') || 'number';
  const unit = plan.text(id, 'unit') || (metric === 'percent' ? '%' : '');
  if (unit !== '') return { type: 'counted', unit };
  if (metric === 'currency') return { type: 'open', metric: 'currency' };
  if (measured.some((field) => plan.number(id, field) !== undefined)) return { type: 'counted', unit: '' };
  return { type: 'open', metric: metric === 'number' ? 'number' : 'other' };
}
