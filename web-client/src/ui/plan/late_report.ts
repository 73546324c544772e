// Whether a report becomes *Now*, the newest word on its key result. One that comes in late is history, and leaves alone what is newer
// than it.
export interface Reported {
  readonly date: string;
  readonly value: number | null;
}

interface Standing {
  readonly date: string; // of the new report
  readonly today: string;
  readonly now: number | null; // what stands at the key result
  readonly reports: readonly Reported[]; // those made before, the last made first
}

// Of today: always. Of an earlier day: only where nothing newer is known, neither a later report nor a figure that somebody has set
// since the last one.
export function becomesNow({ date, today, now, reports }: Standing): boolean {
  const told = reports.filter((it) => it.value !== null && it.date <= today);
  const last = told.reduce<Reported | null>((newest, it) => (newest === null || it.date > newest.date ? it : newest), null);
  if (last !== null && last.date > date) return false;
  return date >= today || now === null || now === last?.value;
}
