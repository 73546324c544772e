// Keeps the page itself on this device, so that it opens while the server is away. What is in the plans is kept by `store/`; nothing of it
// passes through here. One cache for each build; the build puts its files and its name in here, so that a new one is a new worker.
import { answer, kindOf, pagePath, type Sources } from './answers';

interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends WorkerEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  readonly location: Location;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: 'install' | 'activate', listener: (event: WorkerEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
}
declare const self: Worker;
declare const __OKRA_BUILD__: { readonly name: string; readonly entry: string; readonly files: readonly string[] };

const prefix = 'okra-page-';
const { name, entry, files } = __OKRA_BUILD__;
const cacheName = prefix + name;

// A page of another build than these files would ask for files that nobody has: then this worker does not begin, and the next visit tries again.
async function install(): Promise<void> {
  const page = await fetch(pagePath, { cache: 'no-store' });
  if (!page.ok || !(await page.clone().text()).includes(entry)) throw new Error('The page is of another build.');
  const cache = await caches.open(cacheName);
  await cache.put(pagePath, page);
  await cache.addAll([...files]);
  await self.skipWaiting();
}

async function activate(): Promise<void> {
  const old = (await caches.keys()).filter((it) => it.startsWith(prefix) && it !== cacheName);
  await Promise.all(old.map((it) => caches.delete(it)));
  await self.clients.claim();
}

const sources: Sources = {
  fetch: (request) => fetch(request),
  kept: async (path) => (await caches.open(cacheName)).match(path),
  keep: async (path, response) => (await caches.open(cacheName)).put(path, response),
  after: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const kind = kindOf(event.request, self.location.origin);
  if (kind !== 'other') event.respondWith(answer(kind, event.request, sources));
});
