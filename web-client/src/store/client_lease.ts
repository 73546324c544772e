// Which client a tab is, by its key. A client owns an outbox, so exactly one tab may be it at a time: the one that holds its Web Lock.
// A lock goes with its tab however that ends, and a tab that opens later takes over the client and what it left unsent.
//
// Web Locks exist in secure contexts only. A page served over plain http in a local network gets by with a sign of life in
// localStorage, which goes with its tab unless that dies. Then somebody has to watch the sign for a while: its age proves nothing,
// after a laptop's sleep all signs are old, and the clock may have been set. Where two tabs still meet, the server ends the
// earlier one, which stops (HS5).
import { isSecret, secretLength, type ClientKey } from '../protocol/client_key';
import { randomId } from '../sync/random_id';

export interface ClientLease {
  readonly key: ClientKey;
  release(): void;
}

const tabKey = 'okra.client'; // in sessionStorage: a reload stays the same client
const reloadGraceMs = 500; // until the page before this one, in the same tab, has let go

export interface LeaseStores {
  readonly session: Storage | null; // the tab's
  readonly local: Storage | null; // the site's
  readonly locks: LockManager | null;
  readonly random: () => number; // nobody can guess it
  readonly now: () => number;
}

// `preferred` are known keys, the ones with unsent work for what this tab opens first. Any may be taken by others meanwhile. What this
// tab was before it is again, unless it is a client without a secret that has left nothing.
export async function acquireClient(stores: LeaseStores, preferred: readonly ClientKey[]): Promise<ClientLease> {
  const before = stores.session?.getItem(tabKey) ?? null;
  const goesOn = before !== null && (isSecret(before) || preferred.includes(before));
  const lease = (goesOn ? await tryAcquire(stores, before, reloadGraceMs) : null) ?? (await firstFree(stores, preferred)) ?? (await newClient(stores));
  try {
    stores.session?.setItem(tabKey, lease.key);
  } catch {
    // Without it a reload is a new client, and this one's work is sent by the courier.
  }
  return lease;
}

export async function tryAcquire(stores: LeaseStores, key: ClientKey, waitMs = 0): Promise<ClientLease | null> {
  return stores.locks === null ? acquireBySign(stores, key) : acquireByLock(stores.locks, key, waitMs);
}

// For who has time: also takes a client whose tab died without letting go.
export async function acquireAbandoned(stores: LeaseStores, key: ClientKey): Promise<ClientLease | null> {
  const lease = await tryAcquire(stores, key);
  if (lease !== null || stores.locks !== null || stores.local === null) return lease;
  const place = signPrefix + key;
  const sign = stores.local.getItem(place);
  // Looks are counted, not time: after a sleep the tab has as many chances to show itself as are left.
  for (let look = 0; look < looks; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, signEveryMs));
    if (stores.local.getItem(place) !== sign) return null;
  }
  stores.local.removeItem(place);
  return acquireBySign(stores, key);
}

async function firstFree(stores: LeaseStores, keys: readonly ClientKey[]): Promise<ClientLease | null> {
  for (const key of keys) {
    const lease = await tryAcquire(stores, key);
    if (lease !== null) return lease;
  }
  return null;
}

async function newClient(stores: LeaseStores): Promise<ClientLease> {
  const key = randomId(secretLength, stores.random);
  return (await tryAcquire(stores, key)) ?? { key, release: () => {} };
}

function acquireByLock(locks: LockManager, key: ClientKey, waitMs: number): Promise<ClientLease | null> {
  return new Promise((resolve) => {
    const held = (lock: Lock | null): Promise<void> | undefined => {
      if (lock === null) return void resolve(null);
      // The lock lasts as long as this promise is open.
      return new Promise((release) => resolve({ key, release }));
    };
    const options: LockOptions = waitMs === 0 ? { ifAvailable: true } : { signal: AbortSignal.timeout(waitMs) };
    locks.request(`okra-client-${key}`, options, held).catch(() => resolve(null));
  });
}

// ---- without locks ----

const signPrefix = 'okra.alive ';
const signEveryMs = 5000;
// A page in the background may run its timers once a minute only.
const looks = 30;

function acquireBySign(stores: LeaseStores, key: ClientKey): ClientLease | null {
  const { local } = stores;
  if (local === null) return { key, release: () => {} };
  const place = signPrefix + key;
  if (local.getItem(place) !== null) return null;
  const show = (): void => {
    try {
      local.setItem(place, `${stores.now()} ${stores.random()}`); // never the same twice, whatever the clock does
    } catch {
      // A full store: the id stays usable, at the risk of the server's `replaced`.
    }
  };
  show();
  const timer = setInterval(show, signEveryMs);
  const release = (): void => {
    clearInterval(timer);
    local.removeItem(place);
  };
  globalThis.addEventListener?.('pagehide', release, { once: true });
  return { key, release };
}
