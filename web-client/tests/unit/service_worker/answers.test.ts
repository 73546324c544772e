import { describe, expect, it } from 'vitest';
import { answer, kindOf, type Sources } from '../../../src/service_worker/answers';

const origin = 'https://okra.example';
const away = (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'));
const said = (body: string, status = 200) => async (): Promise<Response> => new Response(body, { status });
const never = <T>(): Promise<T> => new Promise(() => {});

class Device implements Sources {
  readonly cache = new Map<string, string>();
  fetch: () => Promise<Response>;
  after: () => Promise<void> = never;

  constructor(fetch: () => Promise<Response>, kept: Readonly<Record<string, string>> = {}) {
    this.fetch = fetch;
    for (const [path, body] of Object.entries(kept)) this.cache.set(path, body);
  }
  async kept(path: string): Promise<Response | undefined> {
    const body = this.cache.get(path);
    return body === undefined ? undefined : new Response(body);
  }
  async keep(path: string, response: Response): Promise<void> {
    this.cache.set(path, await response.text());
  }
}
const text = async (kind: 'page' | 'asset' | 'file', path: string, device: Device): Promise<string> => (await answer(kind, new Request(origin + path), device)).text();

describe('what a request is', () => {
  const of = (path: string, mode = 'cors', method = 'GET'): string => kindOf({ method, mode, url: path.startsWith('http') ? path : origin + path }, origin);
  it.each([
    ['page', of('/w/acme/web/q1', 'navigate')],
    ['page', of('/', 'navigate')],
    ['asset', of('/assets/main-abc.js')],
    ['file', of('/samples/en.json')],
    ['other', of('/okra.svg', 'navigate')],
    ['other', of('/api/workspaces')],
    ['other', of('/metrics', 'navigate')],
    ['other', of('/', 'navigate', 'POST')],
    ['other', of('https://elsewhere.example/assets/x.js')],
  ])('%s', (kind, found) => expect(found).toBe(kind));
});

describe('what it gets', () => {
  it('the page is the server’s whenever there is an answer, also a refusal', async () => {
    expect(await text('page', '/w/acme', new Device(said('new'), { '/': 'old' }))).toBe('new');
    expect(await text('page', '/w/acme', new Device(said('not for you', 403), { '/': 'old' }))).toBe('not for you');
  });
  it('while it is away, or a proxy says so, or nothing comes for too long, the page is the one that is kept, at every address', async () => {
    expect(await text('page', '/w/acme/web/q1', new Device(away, { '/': 'kept' }))).toBe('kept');
    expect(await text('page', '/w/acme', new Device(said('bad gateway', 502), { '/': 'kept' }))).toBe('kept');
    const silent = new Device(never, { '/': 'kept' });
    silent.after = async () => {};
    expect(await text('page', '/w/acme', silent)).toBe('kept');
  });
  it('a file with a name of its own is fetched once', async () => {
    const device = new Device(said('script'));
    expect(await text('asset', '/assets/a.js', device)).toBe('script');
    device.fetch = away;
    expect(await text('asset', '/assets/a.js', device)).toBe('script');
    await expect(text('asset', '/assets/b.js', device)).rejects.toThrow('Failed to fetch');
  });
  it('another file is the server’s, and kept for when it is away; what is no file is not kept', async () => {
    const device = new Device(said('first'), { '/okra.svg': 'zero' });
    expect(await text('file', '/okra.svg', device)).toBe('first');
    device.fetch = said('gone', 404);
    expect(await text('file', '/okra.svg', device)).toBe('gone');
    device.fetch = away;
    expect(await text('file', '/okra.svg', device)).toBe('first');
  });
});
