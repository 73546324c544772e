import { afterEach, describe, expect, it, vi } from 'vitest';
import { acquireAbandoned, acquireClient, tryAcquire, type ClientLease, type LeaseStores } from '../../../src/store/client_lease';
import { isSecret } from '../../../src/protocol/client_key';
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
  return lease.key;
}

describe.each([
  ['with Web Locks', true],
  ['without', false],
])('a tab\'s client, %s', (_name, withLocks) => {
  it('[HS3] [HS8] is new where none is free, with a secret that is random and long enough', async () => {
    const tab = browser(withLocks);
    const one = await acquire(tab());
    const two = await acquire(tab());
    expect(one).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(isSecret(one)).toBe(true);
    expect(two).not.toBe(one);
  });
  it('[HS9] is one without a secret only while there is something left of it', async () => {
    const tab = browser(withLocks);
    const session = new MemoryStorage();
    session.setItem('okra.client', '3fK9aZ_xQ1-bT7uLw0Rm');
    const lease = await acquireClient(tab(session), ['other', '3fK9aZ_xQ1-bT7uLw0Rm']);
    expect(lease.key).toBe('3fK9aZ_xQ1-bT7uLw0Rm');
    lease.release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(isSecret(await acquire(tab(session)))).toBe(true);
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
    duplicate.setItem('okra.client', before.key);
    expect(await acquire(tab(duplicate))).not.toBe(before.key);
    before.release();
    expect(await acquire(tab(session))).toBe(before.key);
  });
});

describe('a tab\'s sign of life', () => {
  // What acquiring comes to while time goes by.
  async function inTime(acquiring: Promise<ClientLease | null>, ms: number): Promise<ClientLease | null> {
    await vi.advanceTimersByTimeAsync(ms);
    return acquiring;
  }
  it('is watched before a client counts as abandoned, and seen again when it lives', async () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const stores = browser(false)();
    stores.local?.setItem('okra.alive dead', 'long ago');
    expect(await tryAcquire(stores, 'dead')).toBeNull();
    const lease = await inTime(acquireAbandoned(stores, 'dead'), 300_000);
    expect(lease).not.toBeNull();
    expect(await inTime(acquireAbandoned(stores, 'dead'), 300_000)).toBeNull(); // it lives again
    lease?.release();
  });
  it('counts as life however old it is, when its tab wakes from a sleep or the clock was set', async () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const stores = browser(false)();
    const lease = await tryAcquire(stores, 'asleep');
    vi.setSystemTime(100_000_000); // timers stood still meanwhile
    expect(await inTime(acquireAbandoned(stores, 'asleep'), 300_000)).toBeNull();
    vi.setSystemTime(0);
    expect(await inTime(acquireAbandoned(stores, 'asleep'), 300_000)).toBeNull();
    lease?.release();
  });
});
