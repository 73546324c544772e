// Which client a tab is. A client id owns an outbox, so exactly one tab may use it at a time: the one that holds its Web Lock. A lock
// goes with its tab however that ends, and a tab that opens later takes over the id and what it left unsent.
//
// Web Locks exist in secure contexts only. A page served over plain http in a local network gets by with a sign of life in
// localStorage, which goes with its tab unless that dies. Then somebody has to watch the sign for a while: its age proves nothing,
// after a laptop's sleep all signs are old, and the clock may have been set. Where two tabs still meet, the server ends the
// earlier one, which stops (HS5).
import type { ClientId } from '../document/operation';
import { randomId } from '../sync/random_id';

export interface ClientLease {
  readonly client: ClientId;
  release(): void;
}

const idLength = 20;
const tabKey = 'okra.client'; // in sessionStorage: a reload stays the same client
const reloadGraceMs = 500; // until the page before this one, in the same tab, has let go

export interface LeaseStores {
  readonly session: Storage | null; // the tab's
  readonly local: Storage | null; // the site's
  readonly locks: LockManager | null;
  readonly random: () => number;
  readonly now: () => number;
}

// `preferred` are known ids, the ones with unsent work for what this tab opens first. Any may be taken by others meanwhile.
export async function acquireClient(stores: LeaseStores, preferred: readonly ClientId[]): Promise<ClientLease> {
  const before = stores.session?.getItem(tabKey) ?? null;
  const lease = (before === null ? null : await tryAcquire(stores, before, reloadGraceMs)) ?? (await firstFree(stores, preferred)) ?? (await newClient(stores));
  try {
    stores.session?.setItem(tabKey, lease.client);
  } catch {
    // Without it a reload is a new client, and this one's work is sent by the courier.
  }
  return lease;
}

export async function tryAcquire(stores: LeaseStores, client: ClientId, waitMs = 0): Promise<ClientLease | null> {
  return stores.locks === null ? acquireBySign(stores, client) : acquireByLock(stores.locks, client, waitMs);
}

// For who has time: also takes a client whose tab died without letting go.
export async function acquireAbandoned(stores: LeaseStores, client: ClientId): Promise<ClientLease | null> {
  const lease = await tryAcquire(stores, client);
  if (lease !== null || stores.locks !== null || stores.local === null) return lease;
  const key = signPrefix + client;
  const sign = stores.local.getItem(key);
  // Looks are counted, not time: after a sleep the tab has as many chances to show itself as are left.
  for (let look = 0; look < looks; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, signEveryMs));
    if (stores.local.getItem(key) !== sign) return null;
  }
  stores.local.removeItem(key);
  return acquireBySign(stores, client);
}

async function firstFree(stores: LeaseStores, clients: readonly ClientId[]): Promise<ClientLease | null> {
  for (const client of clients) {
    const lease = await tryAcquire(stores, client);
    if (lease !== null) return lease;
  }
  return null;
}

async function newClient(stores: LeaseStores): Promise<ClientLease> {
  const client = randomId(idLength, stores.random);
  return (await tryAcquire(stores, client)) ?? { client, release: () => {} };
}

function acquireByLock(locks: LockManager, client: ClientId, waitMs: number): Promise<ClientLease | null> {
  return new Promise((resolve) => {
    const held = (lock: Lock | null): Promise<void> | undefined => {
      if (lock === null) return void resolve(null);
      // The lock lasts as long as this promise is open.
      return new Promise((release) => resolve({ client, release }));
    };
    const options: LockOptions = waitMs === 0 ? { ifAvailable: true } : { signal: AbortSignal.timeout(waitMs) };
    locks.request(`okra-client-${client}`, options, held).catch(() => resolve(null));
  });
}

// ---- without locks ----

const signPrefix = 'okra.alive ';
const signEveryMs = 5000;
// A page in the background may run its timers once a minute only.
const looks = 30;

function acquireBySign(stores: LeaseStores, client: ClientId): ClientLease | null {
  const { local } = stores;
  if (local === null) return { client, release: () => {} };
  const key = signPrefix + client;
  if (local.getItem(key) !== null) return null;
  const show = (): void => {
    try {
      local.setItem(key, `${stores.now()} ${stores.random()}`); // never the same twice, whatever the clock does
    } catch {
      // A full store: the id stays usable, at the risk of the server's `replaced`.
    }
  };
  show();
  const timer = setInterval(show, signEveryMs);
  const release = (): void => {
    clearInterval(timer);
    local.removeItem(key);
  };
  globalThis.addEventListener?.('pagehide', release, { once: true });
  return { client, release };
}
