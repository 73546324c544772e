// Pieces of a browser for tests of `store/`: storage that holds what it is given, locks as the specification has them.
export class MemoryStorage implements Storage {
  private readonly items = new Map<string, string>();
  quota = Number.POSITIVE_INFINITY;

  get length(): number {
    return this.items.size;
  }
  clear(): void {
    this.items.clear();
  }
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null;
  }
  removeItem(key: string): void {
    this.items.delete(key);
  }
  setItem(key: string, value: string): void {
    const size = [...this.items.values()].reduce((sum, it) => sum + it.length, 0);
    if (size + value.length > this.quota) throw new DOMException('full', 'QuotaExceededError');
    this.items.set(key, value);
  }
}

// Exclusive locks with `ifAvailable` and `signal`; the waiting one gets a lock when its holder lets go.
class MemoryLocks {
  private readonly held = new Map<string, Promise<unknown>>();

  async request(name: string, options: LockOptions, callback: (lock: Lock | null) => unknown): Promise<unknown> {
    while (this.held.has(name)) {
      if (options.ifAvailable === true) return callback(null);
      await Promise.race([this.held.get(name), aborted(options.signal)]);
    }
    const holding = Promise.resolve(callback({ name, mode: 'exclusive' }));
    this.held.set(name, holding);
    await holding;
    this.held.delete(name);
    return undefined;
  }
  async query(): Promise<LockManagerSnapshot> {
    return {};
  }
}

// As the type has it, with the overload that the client does not use.
export const memoryLocks = (): LockManager => new MemoryLocks() as unknown as LockManager;

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError'))));
}
