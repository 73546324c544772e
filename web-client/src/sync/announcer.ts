// Tells a document's listeners what a step has changed, and what of its status follows from that.
import type { DocumentEvent, SyncStatus } from './api';
import { sameStatus } from './status';

export interface Standing {
  readonly status: SyncStatus;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export class Announcer {
  private readonly listeners = new Set<(event: DocumentEvent) => void>();
  private readonly now: () => Standing;
  private told: Standing;

  constructor(now: () => Standing) {
    this.now = now;
    this.told = now();
  }

  get status(): SyncStatus {
    return this.told.status;
  }
  subscribe(listener: (event: DocumentEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  dismiss(): void {
    this.listeners.clear();
  }

  tell(events: readonly DocumentEvent[]): void {
    const all = [...events];
    const before = this.told;
    const now = this.now();
    const same = sameStatus(now.status, before.status);
    this.told = same ? { ...now, status: before.status } : now;
    if (!same) all.push({ type: 'status' });
    if (now.canUndo !== before.canUndo || now.canRedo !== before.canRedo) all.push({ type: 'history' });
    for (const event of all) for (const listener of [...this.listeners]) listener(event);
  }
}
