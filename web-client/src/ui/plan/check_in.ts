// A check-in as ops: the report, and what it brings to its key result.
import type { Operation, RegisterValue } from '../../document/operation';
import type { FieldName } from '../../protocol/schema';
import type { EntityId } from '../../sync/api';
import { sightOf, type Sight } from '../../sync/sight';
import type { LiveStore } from '../../store/live_store';
import { formats, t } from '../../i18n';
import { setOp, submit } from '../state/submit';
import { becomesNow } from './late_report';
import { metricOf, unitOf } from './metric_cell';

export interface CheckIn {
  readonly date: string;
  readonly value: number | null; // in the key result's unit; 1 or 0 for yes/no; how many milestones are reached
  readonly confidence: number | null;
  readonly note: string;
  readonly author: EntityId | null;
  readonly sights: Readonly<Record<Reportable, Sight | null>>; // what they had before them who decided on it
}

export type Reportable = 'value' | 'confidence';

// What stands at the key result now.
export function standing(store: LiveStore, keyResult: EntityId, what: Reportable): number | null {
  if (what === 'confidence') return store.number(keyResult, 'confidence') ?? null;
  switch (metricOf(store, keyResult)) {
    case 'yes_no': {
      const done = store.field(keyResult, 'done');
      return typeof done === 'boolean' ? Number(done) : null;
    }
    case 'milestones':
      return store.children(keyResult, 'milestone').filter((id) => store.boolean(id, 'done')).length;
    default:
      return store.number(keyResult, 'current') ?? null;
  }
}

export function bringsNow(store: LiveStore, keyResult: EntityId, what: Reportable, date: string, today: string): boolean {
  const reports = store.children(keyResult, 'check_in').map((id) => ({ date: store.text(id, 'date'), value: store.number(id, what) ?? null }));
  return becomesNow({ date, today, now: standing(store, keyResult, what), reports });
}

// As one change: the report is never there without what it brings.
export function checkIn(store: LiveStore, keyResult: EntityId, report: CheckIn, today: string): boolean {
  const { date, value, confidence, note, author, sights } = report;
  const set = (field: FieldName, it: RegisterValue, sight: Sight | null) => setOp(store, { id: keyResult, field }, it, sight ?? sightOf(store.document.status));
  const ops: Operation[] = [
    {
      op: 'create',
      id: store.document.newId(),
      kind: 'check_in',
      parent: keyResult,
      after: null,
      fields: {
        date,
        source: 'person',
        ...(value === null ? {} : { value }),
        ...(confidence === null ? {} : { confidence }),
        ...(note === '' ? {} : { note }),
        ...(author === null ? {} : { author }),
      },
    },
  ];
  const metric = metricOf(store, keyResult);
  if (news(store, keyResult, 'value', report, today) && metric !== 'milestones') {
    ops.push(metric === 'yes_no' ? set('done', value === 1, sights.value) : set('current', value, sights.value));
  }
  if (news(store, keyResult, 'confidence', report, today)) ops.push(set('confidence', confidence, sights.confidence));
  return submit(store, ...ops);
}

// What the key result says already is not said again: it would count as set over what others set meanwhile.
function news(store: LiveStore, keyResult: EntityId, what: Reportable, report: CheckIn, today: string): boolean {
  const value = report[what];
  return value !== null && value !== standing(store, keyResult, what) && bringsNow(store, keyResult, what, report.date, today);
}

// The newest report: of several on one day the one made last, which stands first.
export function latestReport(store: LiveStore, keyResult: EntityId): { readonly date: string; readonly value: number | null } | null {
  return store.children(keyResult, 'check_in').reduce<{ date: string; value: number | null } | null>((latest, id) => {
    const date = store.text(id, 'date');
    return latest === null || date > latest.date ? { date, value: store.number(id, 'value') ?? null } : latest;
  }, null);
}

// A reported or standing value in the words of its metric.
export function reportedWords(store: LiveStore, keyResult: EntityId, value: number | null): string {
  if (value === null) return t().notMeasured;
  const metric = metricOf(store, keyResult);
  if (metric === 'yes_no') return value === 0 ? t().field.notDone : t().field.done;
  if (metric === 'milestones') return t().checkIn.reached(value);
  return formats().measure(value, unitOf(metric, store.text(keyResult, 'unit')));
}
