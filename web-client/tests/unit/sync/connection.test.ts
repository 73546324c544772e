import { beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionState } from '../../../src/sync/api';
import { LiveConnection } from '../../../src/sync/connection';
import type { Environment, TransportHandlers } from '../../../src/sync/environment';
import { Clock } from '../support/clock';
import { Disk } from '../support/disk';

interface FakeSocket {
  readonly handlers: TransportHandlers;
  readonly sent: { type: string; [member: string]: unknown }[];
  closed: boolean;
}
let clock: Clock;
let sockets: FakeSocket[];
let connection: LiveConnection;
let tellNetwork: (online: boolean) => void;
let online: boolean;
let random: number;

let environment: Environment;

beforeEach(() => {
  clock = new Clock();
  sockets = [];
  online = true;
  random = 0.5;
  environment = {
    now: () => clock.now,
    random: () => random,
    schedule: (ms, run) => clock.schedule(ms, run),
    transport: {
      connect(handlers) {
        const socket: FakeSocket = { handlers, sent: [], closed: false };
        sockets.push(socket);
        return { send: (text) => socket.sent.push(JSON.parse(text)), close: () => (socket.closed = true) };
      },
    },
    network: {
      get online() {
        return online;
      },
      subscribe(listener) {
        tellNetwork = listener;
        return () => {};
      },
    },
    storage: () => new Disk().mount(),
  };
  connection = new LiveConnection(environment, { key: 'c1', workspace: 'acme', name: 'Li', language: 'zh' });
});

const socket = (): FakeSocket => {
  const last = sockets.at(-1);
  if (last === undefined) throw new Error('no socket');
  return last;
};
const say = (message: object): void => socket().handlers.message(JSON.stringify(message));
function welcome(): void {
  socket().handlers.opened();
  say({ type: 'welcome', protocol: 1, session: 1, server: 's', epoch: 'e', heartbeat_ms: 20_000 });
}
const state = (): ConnectionState => connection.state;

describe('handshake', () => {
  it('[HS3] hello comes first, with who and where', () => {
    expect(state().type).toBe('connecting');
    welcome();
    expect(socket().sent).toEqual([{ type: 'hello', protocol: 1, client: 'c1', workspace: 'acme', name: 'Li', language: 'zh' }]);
    expect(state().type).toBe('live');
  });
  it('[HS8] a client with a secret says it, and goes by its fingerprint', () => {
    const secret = 'a-secret-that-nobody-knows-but-its-client-0';
    connection.close();
    connection = new LiveConnection(environment, { key: secret, workspace: 'acme', name: 'Li', language: 'zh' });
    welcome();
    expect(connection.client).toBe('s-8RjecW6SghDIRsxF9rrvrG');
    expect(socket().sent[0]).toEqual({ type: 'hello', protocol: 1, client: connection.client, secret, workspace: 'acme', name: 'Li', language: 'zh' });
  });
  it('[HS4] a socket without a welcome is given up', () => {
    socket().handlers.opened();
    clock.advance(10_000);
    expect(socket().closed).toBe(true);
    expect(state().type).toBe('waiting');
  });
  it('[OD1] documents are opened once it is live, and anew each time', async () => {
    const document = connection.open('acme/workspace');
    welcome();
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(socket().sent.at(-1)).toEqual({ type: 'open', document: 'acme/workspace' });
    expect(connection.open('acme/workspace')).toBe(document);
    socket().handlers.closed(null);
    clock.advance(1000);
    welcome();
    await new Promise((resolve) => setImmediate(resolve));
    expect(socket().sent.at(-1)?.type).toBe('open');
  });
  it('[OD9] a document ends with the last of its closes', async () => {
    connection.open('acme/workspace');
    const document = connection.open('acme/workspace');
    welcome();
    await new Promise((resolve) => setImmediate(resolve));
    document.close();
    expect(socket().sent.at(-1)?.type).toBe('open');
    document.close();
    expect(socket().sent.at(-1)).toEqual({ type: 'close', document: 'acme/workspace' });
    expect(connection.open('acme/workspace')).not.toBe(document);
  });
  it('[HS3] a new name is said in a new hello', () => {
    welcome();
    connection.setName('Wang');
    welcome();
    expect(sockets).toHaveLength(2);
    expect(sockets[0]?.closed).toBe(true);
    expect(socket().sent[0]).toMatchObject({ type: 'hello', name: 'Wang' });
  });
});

describe('liveness', () => {
  it('[LV1] pings, and a server that does not answer within a heartbeat is dead', () => {
    welcome();
    clock.advance(10_000);
    expect(socket().sent.at(-1)).toEqual({ type: 'ping' });
    say({ type: 'pong' });
    clock.advance(20_000);
    expect(state().type).toBe('live');
    clock.advance(10_000);
    expect(state().type).not.toBe('live');
    expect(sockets[0]?.closed).toBe(true);
  });
  it('[ER1] a server that garbles its messages is left', () => {
    welcome();
    socket().handlers.message('{');
    expect(state().type).toBe('waiting');
  });
  it('[HS2] a message of another time is let pass', () => {
    welcome();
    say({ type: 'sparkle' });
    expect(state().type).toBe('live');
  });
});

describe('coming back', () => {
  it('[RC2] waits longer each time, up to 15 s, with full jitter', () => {
    const waits: number[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      socket().handlers.closed(null);
      const now = state();
      if (now.type !== 'waiting') throw new Error(now.type);
      waits.push(now.until - clock.now);
      clock.advance(now.until - clock.now);
    }
    expect(waits).toEqual([125, 250, 500, 1000, 2000, 4000, 7500, 7500, 7500]);
    random = 0;
    socket().handlers.closed(null);
    expect(state()).toMatchObject({ type: 'waiting', until: clock.now });
  });
  it('[RC1] [RC2] comes back after the server\'s own time, with jitter on top', () => {
    welcome();
    say({ type: 'bye', code: 'shutdown', message: '', again: true, after_ms: 1730 });
    expect(state()).toMatchObject({ type: 'waiting', until: clock.now + 1730 + 125 });
    clock.advance(1854);
    expect(sockets).toHaveLength(1);
    clock.advance(1);
    expect(sockets).toHaveLength(2);
  });
  it('[RC1] stays away when told so, until asked to try', () => {
    welcome();
    say({ type: 'bye', code: 'hostile', message: 'too much', again: false, after_ms: 0 });
    expect(state()).toEqual({ type: 'away', code: 'hostile', message: 'too much' });
    clock.advance(60_000);
    expect(sockets).toHaveLength(1);
    connection.reconnectNow();
    expect(state().type).toBe('connecting');
  });
  it('[HS5] stays away for good when another tab goes on as this client', () => {
    welcome();
    say({ type: 'bye', code: 'replaced', message: 'elsewhere', again: false, after_ms: 0 });
    connection.reconnectNow();
    clock.advance(60_000);
    expect(state()).toEqual({ type: 'away', code: 'replaced', message: 'elsewhere' });
    expect(sockets).toHaveLength(1);
    expect(connection.open('acme/workspace').submit([{ op: 'remove', id: 'x' }])?.rule).toBe('HS5');
  });
  it.each([
    [1001, 'waiting'],
    [4000, 'waiting'],
    [4099, 'waiting'],
    [4100, 'away'],
    [4199, 'away'],
    [1009, 'away'],
    [1011, 'waiting'],
  ])('[RC2] close code %i: %s', (code, expected) => {
    welcome();
    socket().handlers.closed(code);
    expect(state().type).toBe(expected);
  });
  it('[RC2] a network that appears is tried at once', () => {
    online = false;
    socket().handlers.closed(null);
    expect(state()).toMatchObject({ type: 'waiting', offline: true });
    online = true;
    tellNetwork(true);
    expect(state().type).toBe('connecting');
    expect(sockets).toHaveLength(2);
  });
  it('[LV1] when the network goes, a live connection is asked, and given up soon when it does not answer', () => {
    welcome();
    online = false;
    tellNetwork(false);
    expect(socket().sent.at(-1)).toEqual({ type: 'ping' });
    clock.advance(3000);
    expect(state()).toMatchObject({ type: 'waiting', offline: true });
  });
  it('[LV1] one that goes on without the network stays', () => {
    welcome();
    tellNetwork(false);
    say({ type: 'pong' });
    clock.advance(3000);
    expect(state().type).toBe('live');
  });
  it('a closed connection stays closed', () => {
    welcome();
    connection.close();
    clock.advance(60_000);
    expect(sockets).toHaveLength(1);
    expect(socket().closed).toBe(true);
  });
});
