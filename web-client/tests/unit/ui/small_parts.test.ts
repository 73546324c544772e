// Days, weeks, initials, the palette's search, what a page lends to the frame.
import { createRoot } from 'solid-js';
import { describe, expect, it } from 'vitest';
import { search, type PaletteItem } from '../../../src/ui/palette/items';
import { createLent } from '../../../src/ui/shell/lent';
import { dayNumber, placeInCycle } from '../../../src/ui/state/dates';
import { yearWithQuarters } from '../../../src/ui/state/year';

describe('placeInCycle', () => {
  it.each([
    ['2026-10-01', { type: 'in', week: 1, weeks: 13 }],
    ['2026-10-08', { type: 'in', week: 2, weeks: 13 }],
    ['2026-12-31', { type: 'in', week: 13, weeks: 13 }],
    ['2026-09-29', { type: 'before', days: 2 }],
    ['2027-01-01', { type: 'after' }],
  ])('%s', (today, place) => {
    expect(placeInCycle('2026-10-01', '2026-12-31', today)).toEqual(place);
  });
  it('is nothing for days that are missing or the wrong way round', () => {
    expect(placeInCycle('', '2026-12-31', '2026-10-01')).toBeNull();
    expect(placeInCycle('2026-12-31', '2026-10-01', '2026-10-01')).toBeNull();
    expect(dayNumber('2026-02-31')).toBeNull();
  });
});

describe('yearWithQuarters', () => {
  it('covers the year without a gap', () => {
    const [year, ...quarters] = yearWithQuarters(new Date(2028, 4, 17), 'workspace');
    expect([year, ...quarters].map((it) => it?.id)).toEqual(['y2028', 'y2028q1', 'y2028q2', 'y2028q3', 'y2028q4']);
    expect(year?.fields).toMatchObject({ start: '2028-01-01', end: '2028-12-31', state: 'active' });
    expect(quarters.map((it) => [it.fields?.start, it.fields?.end, it.fields?.state])).toEqual([
      ['2028-01-01', '2028-03-31', 'closed'],
      ['2028-04-01', '2028-06-30', 'active'],
      ['2028-07-01', '2028-09-30', 'draft'],
      ['2028-10-01', '2028-12-31', 'draft'],
    ]);
  });
});

describe('palette search', () => {
  const items: readonly PaletteItem[] = ['Frames that outlive fashion', 'The fatigue test of frame 4', 'Ride app', '第一次喝山见的人'].map((words) => ({ group: 'objectives', words, run: () => undefined }));
  const found = (typed: string) => search(items, typed).map((it) => it.words);
  it('puts a beginning before a middle', () => expect(found('frame')).toEqual(['Frames that outlive fashion', 'The fatigue test of frame 4']));
  it('needs every word', () => expect(found('frame test')).toEqual(['The fatigue test of frame 4']));
  it('finds inside Chinese, where words are not spaced', () => expect(found('山见')).toEqual(['第一次喝山见的人']));
  it('shows everything for nothing', () => expect(found('  ')).toHaveLength(4));
});

describe('what the page of the moment lends to the frame', () => {
  const page = (act: () => void): (() => void) =>
    createRoot((dispose) => {
      act();
      return dispose;
    });
  it('is that of the page that came last, also when the one before is taken down after it', () => {
    const lent = createLent<string>();
    const leaveFirst = page(() => lent.lend('first'));
    const leaveSecond = page(() => lent.lend('second'));
    leaveFirst();
    expect(lent.now()).toBe('second');
    leaveSecond();
    expect(lent.now()).toBeNull();
  });
});
