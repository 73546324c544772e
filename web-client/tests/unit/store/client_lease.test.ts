import { afterEach, describe, expect, it, vi } from 'vitest';
import { acquireClient, tryAcquire, type ClientLease, type LeaseStores } from '../../../src/store/client_lease';
import { memoryLocks, MemoryStorage } from '../support/browser';
import { Random } from '../support/random';

const leases: ClientLease[] = [];
afterEach(() => {
  for (const lease of leases.splice(0)) lease.release();
  vi.useRealTimers();
});

function browser(withLocks: boolean): (session?: MemoryStorage) => LeaseStores {
  const local = new MemoryStorage();
  const locks = withLocks ? memoryLocks() : null;
  const random = new Random(5);
  return (session = new MemoryStorage()) => ({ session, local, locks, random: () => random.next(), now: () => Date.now() });
}
async function acquire(stores: LeaseStores, known: string[] = []): Promise<string> {
  const lease = await acquireClient(stores, known);
  leases.push(lease);
  return lease.client;
}

describe.each([
  ['with Web Locks', true],
  ['without', false],
])('a tab\'s client id, %s', (_name, withLocks) => {
  it('[HS3] is new, random and long enough where none is free', async () => {
    const tab = browser(withLocks);
    const one = await acquire(tab());
    const two = await acquire(tab());
    expect(one).toMatch(/^[A-Za-z0-9_-]{20}$/);
    expect(two).not.toBe(one);
  });
  it('[HS3] is one that nobody uses, the first first', async () => {
    const tab = browser(withLocks);
    const lease = await tryAcquire(tab(), 'busy');
    expect(await acquire(tab(), ['busy', 'unsent', 'free'])).toBe('unsent');
    lease?.release();
    await new Promise((resolve) => setImmediate(resolve)); // a lock is let go a moment later
    expect(await acquire(tab(), ['busy'])).toBe('busy');
  });
  it('stays the same over a reload, and a duplicated tab gets another', async () => {
    const tab = browser(withLocks);
    const session = new MemoryStorage();
    const before = await acquireClient(tab(session), []);
    const duplicate = new MemoryStorage();
    duplicate.setItem('okra.client', before.client);
    expect(await acquire(tab(duplicate))).not.toBe(before.client);
    before.release();
    expect(await acquire(tab(session))).toBe(before.client);
  });
});

describe('a tab\'s sign of life', () => {
  it('goes stale when its tab dies without letting go', async () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const tab = browser(false);
    const stores = tab();
    stores.local?.setItem('okra.alive dead', String(Date.now() - 100_000));
    expect(await tryAcquire(stores, 'dead')).toBeNull(); // a page in the background may be this slow
    vi.setSystemTime(1_100_000);
    const lease = await tryAcquire(stores, 'dead');
    expect(lease).not.toBeNull();
    vi.advanceTimersByTime(300_000);
    expect(await tryAcquire(stores, 'dead')).toBeNull(); // it lives again
    lease?.release();
  });
});
