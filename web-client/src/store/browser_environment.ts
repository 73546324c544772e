// The browser as the sync core's world: WebSocket, IndexedDB and localStorage, timers, the clock, randomness, the network's hints.
import type { ClientKey } from '../protocol/client_key';
import { subprotocol } from '../protocol/messages';
import type { Cancel, DocumentStorage, Environment, Network, Socket, Transport, TransportHandlers } from '../sync/environment';
import { databaseSource, type DatabaseSource } from './database';
import { LocalJournal } from './journal_local';
import { IdbDocumentStorage } from './outbox_idb';

export class BrowserEnvironment implements Environment {
  readonly transport: Transport;
  readonly network: Network = browserNetwork;
  readonly database: DatabaseSource = databaseSource();
  readonly local: Storage | null = storageOf('localStorage');
  readonly sessionStore: Storage | null = storageOf('sessionStorage');
  private readonly storages = new Map<string, IdbDocumentStorage>();

  constructor(socketUrl: string) {
    this.transport = { connect: (handlers) => connectSocket(socketUrl, handlers) };
    // The last moment that a page on a phone is sure to get.
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') for (const storage of this.storages.values()) void storage.flush();
    });
  }

  now(): number {
    return Date.now();
  }
  random(): number {
    const [word = 0] = crypto.getRandomValues(new Uint32Array(1));
    return word / 2 ** 32;
  }
  schedule(ms: number, run: () => void): Cancel {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  }
  storage(client: ClientKey, name: string): DocumentStorage {
    const key = `${client} ${name}`;
    const before = this.storages.get(key)?.closed;
    const free: DatabaseSource = () => (before === undefined ? this.database() : before.then(() => this.database()));
    const storage = new IdbDocumentStorage(free, client, name, new LocalJournal(this.local, client, name));
    this.storages.set(key, storage);
    void storage.closed.then(() => {
      if (this.storages.get(key) === storage) this.storages.delete(key);
    });
    return storage;
  }
}

const closedWithoutFrame = 1006;
const closedWithoutCode = 1005;

function connectSocket(url: string, handlers: TransportHandlers): Socket {
  const socket = new WebSocket(url, subprotocol);
  let open = true; // nothing is told after `close`
  socket.onopen = () => open && handlers.opened();
  socket.onmessage = (event) => open && typeof event.data === 'string' && handlers.message(event.data);
  socket.onclose = (event) => {
    if (!open) return;
    open = false;
    handlers.closed(event.code === closedWithoutFrame || event.code === closedWithoutCode ? null : event.code);
  };
  return {
    send: (text) => {
      if (open && socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => {
      open = false;
      socket.close(1000);
    },
  };
}

const browserNetwork: Network = {
  get online() {
    return navigator.onLine;
  },
  subscribe(listener) {
    const up = (): void => listener(true);
    const down = (): void => listener(false);
    addEventListener('online', up);
    addEventListener('offline', down);
    return () => {
      removeEventListener('online', up);
      removeEventListener('offline', down);
    };
  },
};

// A browser that blocks storage throws at the mere mention of it.
function storageOf(name: 'localStorage' | 'sessionStorage'): Storage | null {
  try {
    return globalThis[name];
  } catch {
    return null;
  }
}
