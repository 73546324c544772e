// One thing that is done a moment later, once, however often it is asked for meanwhile.
import type { Cancel, Environment } from './environment';

export class Soon {
  private readonly environment: Environment;
  private readonly delayMs: number;
  private readonly act: () => void;
  private cancel: Cancel | null = null;

  constructor(environment: Environment, delayMs: number, act: () => void) {
    this.environment = environment;
    this.delayMs = delayMs;
    this.act = act;
  }

  ask(): void {
    this.cancel ??= this.environment.schedule(this.delayMs, () => {
      this.cancel = null;
      this.act();
    });
  }
  drop(): void {
    this.cancel?.();
    this.cancel = null;
  }
}
