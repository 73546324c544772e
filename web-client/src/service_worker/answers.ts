// Which answer a page's request gets. The server's own, whenever it gives one: a new build is there with the next visit. Only while it does not
// answer does the page come from this device, and with it what else it is made of.

export interface Sources {
  fetch(request: Request): Promise<Response>;
  kept(path: string): Promise<Response | undefined>; // of this build
  keep(path: string, response: Response): Promise<void>;
  after(ms: number): Promise<void>;
}

export const pagePath = '/';
const patienceMs = 4000; // with a server that says nothing: then what is kept is better than waiting
const gatewayAway: ReadonlySet<number> = new Set([502, 503, 504]); // said by a proxy in its place

export type Kind = 'page' | 'asset' | 'file' | 'other';

// `other`: nothing of ours. Of files with a name of their own (assets) what is kept can never be old.
export function kindOf(request: { readonly method: string; readonly mode: string; readonly url: string }, origin: string): Kind {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== origin || /^\/(api|healthz|metrics)\b/.test(url.pathname)) return 'other';
  if (request.mode === 'navigate') return url.pathname.includes('.') ? 'other' : 'page';
  return url.pathname.startsWith('/assets/') ? 'asset' : 'file';
}

export async function answer(kind: Exclude<Kind, 'other'>, request: Request, sources: Sources): Promise<Response> {
  const path = kind === 'page' ? pagePath : new URL(request.url).pathname;
  const kept = await sources.kept(path);
  if (kind === 'asset' && kept !== undefined) return kept;
  if (kind === 'page' && kept !== undefined) return fromServer(request, kept, sources);
  try {
    const response = await sources.fetch(request);
    if (kind !== 'page' && response.ok) await sources.keep(path, response.clone());
    return response;
  } catch (error) {
    if (kept !== undefined) return kept;
    throw error;
  }
}

async function fromServer(request: Request, kept: Response, sources: Sources): Promise<Response> {
  const asked = sources.fetch(request).then(
    (response) => (gatewayAway.has(response.status) ? kept : response),
    () => kept,
  );
  return Promise.race([asked, sources.after(patienceMs).then(() => kept)]);
}
