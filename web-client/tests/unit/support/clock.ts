// Time that a test moves. Timers run in the order of their time, those of one time in the order they were asked for.
import type { Cancel } from '../../../src/sync/environment';

export class Clock {
  now: number;
  private timers: { at: number; run: () => void }[] = [];

  constructor(now = 1_790_000_000_000) {
    this.now = now;
  }
  // When the earliest timer is due; null: there is none.
  get next(): number | null {
    return this.timers[0]?.at ?? null;
  }
  schedule(ms: number, run: () => void): Cancel {
    const timer = { at: this.now + ms, run };
    const index = this.timers.findIndex((it) => it.at > timer.at);
    this.timers.splice(index < 0 ? this.timers.length : index, 0, timer);
    return () => {
      this.timers = this.timers.filter((it) => it !== timer);
    };
  }
  // Runs the earliest timer that is due by then; false: none is, and it is then.
  step(until: number): boolean {
    const due = this.timers[0];
    if (due === undefined || due.at > until) {
      this.now = until;
      return false;
    }
    this.timers.shift();
    this.now = Math.max(this.now, due.at);
    due.run();
    return true;
  }
  advance(ms: number): void {
    const until = this.now + ms;
    while (this.step(until));
  }
}
