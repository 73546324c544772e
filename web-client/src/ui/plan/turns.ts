// Which of the plans that a page reads in are open, where it needs more of them than its session may hold. A plan that somebody
// looks into whole is open at once, then come those that nothing is known of yet, each closed as soon as it is read. When all are
// read they take turns, one change at a time, so that what is shown is never old for long and the cost does not grow with their number.

export interface PlanTurn {
  readonly need: 'none' | 'names' | 'whole';
  readonly unread: boolean; // some of the names that are needed are not known, and may be found now
  readonly open: { readonly since: number; readonly settled: boolean } | null; // settled: the server has shown it, or refused
  readonly leftAt: number; // when it was last open; 0: never
}

export interface TurnRules {
  readonly now: number;
  readonly live: boolean; // the server is there
  readonly changedAt: number; // when the last read plan gave its place to another
  readonly places: number;
}

export interface Turns<P> {
  readonly close: readonly P[];
  readonly open: readonly P[];
  readonly again: number | null; // when to ask again, if nothing happens before
  readonly changed: boolean; // a read plan gave its place to another
}

const turnMs = 5000;
const readAtOnce = 4; // the page's own plan shares the line with them
const storageMs = 1000; // by then it has given what it has of a plan

export function takeTurns<P extends PlanTurn>(plans: Iterable<P>, rules: TurnRules): Turns<P> {
  const all = [...plans];
  const open = new Set(all.filter((it) => it.open !== null && it.need !== 'none'));
  const close = all.filter((it) => it.open !== null && it.need === 'none');
  const waiting = all.filter((it) => it.open === null && it.need !== 'none').sort(byUrgency);
  const opened: P[] = [];
  let reading = [...open].filter((it) => it.open?.settled !== true).length;
  let changed = false;
  for (const plan of waiting) {
    if (plan.need !== 'whole' && rules.live && reading >= readAtOnce) break;
    if (open.size + opened.length >= rules.places) {
      const turn = changed ? { ...rules, changedAt: rules.now } : rules;
      const leaver = [...open].filter((it) => mayLeave(it, plan, turn)).sort((a, b) => openSince(a) - openSince(b))[0];
      if (leaver === undefined) break;
      open.delete(leaver);
      close.push(leaver);
      changed ||= plan.need === 'names' && !plan.unread;
    }
    opened.push(plan);
    reading += 1;
  }
  return { close, open: opened, changed, again: waiting.length > opened.length ? nextTime([...open], rules, changed) : null };
}

const openSince = (plan: PlanTurn): number => plan.open?.since ?? 0;

function byUrgency(a: PlanTurn, b: PlanTurn): number {
  const rank = (it: PlanTurn): number => (it.need === 'whole' ? 0 : it.unread ? 1 : 2);
  return rank(a) - rank(b) || a.leftAt - b.leftAt;
}

// Without the server nothing comes of waiting longer than storage takes, nor of reading again.
function mayLeave(leaver: PlanTurn, next: PlanTurn, { now, live, changedAt }: TurnRules): boolean {
  if (leaver.open === null || leaver.need === 'whole') return false;
  if (next.need === 'whole') return true;
  const done = leaver.open.settled || (!live && now - leaver.open.since >= storageMs);
  return done && (next.unread || (live && now - changedAt >= turnMs));
}

function nextTime(open: readonly PlanTurn[], { now, live, changedAt }: TurnRules, changed: boolean): number | null {
  if (live) {
    const due = (changed ? now : changedAt) + turnMs;
    return due > now ? due : now + turnMs;
  }
  const held = open.filter((it) => it.need === 'names').map((it) => openSince(it) + storageMs);
  const next = Math.min(...held.filter((it) => it > now));
  return Number.isFinite(next) ? next : null;
}
