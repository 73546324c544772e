// Days as the document holds them, "YYYY-MM-DD", and where today lies between two of them.
const dayMs = 86_400_000;

export function isoDay(date: Date): string {
  const two = (value: number): string => `${value}`.padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export const today = (): string => isoDay(new Date());

export function dayNumber(iso: string): number | null {
  const ms = Date.parse(`${iso}T00:00:00Z`);
  // JavaScript reads the 31st of February as the 3rd of March.
  return Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(iso) ? null : Math.round(ms / dayMs);
}

// Whole days from a day to today; 0 for today, and for what is no day.
export const daysSince = (iso: string): number => (dayNumber(today()) ?? 0) - (dayNumber(iso) ?? dayNumber(today()) ?? 0);

export type CyclePlace = { type: 'before'; days: number } | { type: 'in'; week: number; weeks: number } | { type: 'after' };

// Both ends belong to the cycle.
export function placeInCycle(start: string, end: string, now: string): CyclePlace | null {
  const [from, to, at] = [dayNumber(start), dayNumber(end), dayNumber(now)];
  if (from === null || to === null || at === null || to < from) return null;
  if (at < from) return { type: 'before', days: from - at };
  if (at > to) return { type: 'after' };
  // A quarter of 92 days is 13 weeks to everybody; its last day belongs to the thirteenth.
  const weeks = Math.max(1, Math.round((to - from + 1) / 7));
  return { type: 'in', week: Math.min(weeks, Math.floor((at - from) / 7) + 1), weeks };
}
