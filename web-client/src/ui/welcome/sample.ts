// Samples are lists of ordinary ops whose days and measured values are relative: they are filled in when somebody opens one, so that
// its quarter is always this quarter and its numbers are always on their way.
//
//   "@today-3" "@quarter.start+14" "@quarter.end" "@q2.start" "@year.end"   a day
//   "{year}" "{q}"                                                     inside any string: 2026, 4
//   "@state:q2"                                                        closed, active or draft, as that quarter stands
//   { "@along": [start, target, pace, decimals, daysAgo] }             the value that `pace` times the elapsed time has brought
import type { Operation } from '../../document/operation';
import { effectiveOperation } from '../../protocol/decode_operation';
import { asNew } from '../../protocol/encode';
import * as read from '../../protocol/read';
import { isoDay } from '../state/dates';

export interface SampleDocument {
  readonly document: string;
  readonly ops: readonly Operation[];
}
export interface Sample {
  readonly first: string; // team/cycle to begin with
  readonly documents: readonly SampleDocument[];
}

const dayMs = 86_400_000;
const elapsedMin = 0.12; // on the first days of a quarter the sample still has something to show
const elapsedMax = 0.92;

interface Calendar {
  readonly now: Date;
  readonly year: number;
  readonly quarter: number; // 1..4
}

function span(name: string, { year, quarter }: Calendar): { start: Date; end: Date } | null {
  if (name === 'year') return { start: new Date(year, 0, 1), end: new Date(year, 12, 0) };
  const number = name === 'quarter' ? quarter : Number(/^q([1-4])$/.exec(name)?.[1]);
  return Number.isNaN(number) ? null : { start: new Date(year, number * 3 - 3, 1), end: new Date(year, number * 3, 0) };
}

function shifted(date: Date, days: number): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days);
}

function fillString(text: string, calendar: Calendar): string {
  const day = /^@(today|year|quarter|q[1-4])(?:\.(start|end))?([+-]\d+)?$/.exec(text);
  if (day !== null) {
    const [, name = '', end, shift = '0'] = day;
    const base = name === 'today' ? calendar.now : span(name, calendar)?.[end === 'end' ? 'end' : 'start'];
    return base === undefined ? text : isoDay(shifted(base, Number(shift)));
  }
  const state = /^@state:q([1-4])$/.exec(text);
  if (state !== null) {
    const quarter = Number(state[1]);
    return quarter < calendar.quarter ? 'closed' : quarter === calendar.quarter ? 'active' : 'draft';
  }
  return text.replaceAll('{year}', `${calendar.year}`).replaceAll('{q}', `${calendar.quarter}`);
}

function along(values: readonly number[], calendar: Calendar): number {
  const [start = 0, target = 0, pace = 1, decimals = 0, daysAgo = 0] = values;
  const quarter = span('quarter', calendar);
  if (quarter === null) return start;
  const length = quarter.end.getTime() - quarter.start.getTime();
  const elapsed = (calendar.now.getTime() - daysAgo * dayMs - quarter.start.getTime()) / length;
  const share = Math.min(elapsedMax, Math.max(elapsedMin, elapsed)) * pace;
  const unit = 10 ** decimals; // decimals may be negative: whole hundreds
  return Math.round((start + (target - start) * share) * unit) / unit;
}

export function fill(value: unknown, calendar: Calendar): unknown {
  if (typeof value === 'string') return fillString(value, calendar);
  if (Array.isArray(value)) return value.map((it: unknown) => fill(it, calendar));
  if (typeof value !== 'object' || value === null) return value;
  if ('@along' in value && Array.isArray(value['@along'])) return along(value['@along'].map(Number), calendar);
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, fill(it, calendar)]));
}

// The wire's decoder reads committed ops, whose places the server has chosen; a sample's are not chosen yet.
const anyPosition = 'V';

function readOperation(value: unknown): Operation[] {
  const op = effectiveOperation({ position: anyPosition, ...read.object(value, 'op') });
  return op === null ? [] : [asNew(op)];
}

// Throws `Malformed` for a file that is no sample. The core checks every op once more, against the schema, when it is submitted.
export function readSample(json: unknown, now: Date): Sample {
  const calendar: Calendar = { now, year: now.getFullYear(), quarter: Math.floor(now.getMonth() / 3) + 1 };
  const sample = read.object(fill(json, calendar), 'sample');
  return {
    first: read.string(sample['first'], 'first'),
    documents: read.array(sample['documents'], 'documents').map((value) => {
      const it = read.object(value, 'document');
      return { document: read.string(it['document'], 'document'), ops: read.array(it['ops'], 'ops').flatMap(readOperation) };
    }),
  };
}
