// What a check-in brings to its key result, and who is who on the page.
import { describe, expect, it } from 'vitest';
import { confidenceKeys } from '../../../src/ui/fields/confidence_keys';
import { becomesNow, type Reported } from '../../../src/ui/plan/late_report';
import { idOf } from '../../../src/ui/state/same_id';

describe('a check-in', () => {
  const today = '2026-11-29';
  const report = (date: string, value: number | null): Reported => ({ date, value });
  const cases: [string, { date: string; now: number | null; reports: Reported[] }, boolean][] = [
    ['of today', { date: today, now: 42, reports: [] }, true],
    ['of today, the second', { date: today, now: 42, reports: [report(today, 42)] }, true],
    ['three weeks back, over a figure that somebody typed', { date: '2026-11-08', now: 42, reports: [] }, false],
    ['three weeks back, where nothing is known', { date: '2026-11-08', now: null, reports: [] }, true],
    ['behind a newer one', { date: '2026-11-08', now: 42, reports: [report('2026-11-22', 42)] }, false],
    ['behind a newer one without a figure', { date: '2026-11-08', now: 10, reports: [report('2026-11-22', null), report('2026-11-01', 10)] }, true],
    ['of yesterday, after the last one', { date: '2026-11-28', now: 42, reports: [report('2026-11-08', 10), report('2026-11-22', 42)] }, true],
    ['of yesterday, over a figure typed since the last one', { date: '2026-11-28', now: 50, reports: [report('2026-11-22', 42)] }, false],
    ['of the same day as the last one', { date: '2026-11-22', now: 42, reports: [report('2026-11-22', 42), report('2026-11-22', 41)] }, true],
    ['of today, with one in the future that was once taken', { date: today, now: 99, reports: [report('2099-01-01', 99)] }, true],
    ['of yesterday, the same', { date: '2026-11-28', now: 42, reports: [report('2099-01-01', 99), report('2026-11-22', 42)] }, true],
  ];
  it.each(cases)('%s', (_name, standing, becomes) => expect(becomesNow({ today, ...standing })).toBe(becomes));
});

describe('confidence typed on its chip', () => {
  const type = (...keys: string[]): (number | null)[] => {
    const set: (number | null)[] = [];
    const onKey = confidenceKeys((value) => set.push(value));
    for (const key of keys) onKey({ key, ctrlKey: false, metaKey: false, altKey: false, preventDefault: () => undefined });
    return set;
  };
  const cases: [string[], number | null][] = [
    [['1', '0'], 10],
    [['1'], 1],
    [['0'], 0],
    [['1', '0', '0'], 0],
    [['1', '1', '0'], 10],
    [['1', '5'], 5],
    [['2', '0'], 0],
    [['1', 'ArrowDown', '0'], 0],
    [['7', 'Backspace'], null],
  ];
  it.each(cases)('%j', (keys, last) => expect(type(...keys).at(-1)).toBe(last));
});

describe('an id that two arrive at', () => {
  // The same table is in tests/unit/tools/import_test.cpp.
  it.each([
    ['person', ['产品部'], 'person-c933d835e8642626'],
    ['person', ['Li Na'], 'person-3355eddbf800ea88'],
    ['member', ['growth', 'person-1'], 'member-c49b2921bab0984b'],
  ] as const)('%s %j', (kind, words, id) => {
    expect(idOf(kind, ...words)).toBe(id);
    expect(idOf(kind, ...words.map((it) => ` ${it} `))).toBe(id);
  });
  it('tells where one word ends', () => expect(idOf('x', 'ab', 'c')).not.toBe(idOf('x', 'a', 'bc')));
});
