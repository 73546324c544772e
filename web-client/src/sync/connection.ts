// The client's connection: one socket at a time, said hello on, kept alive, given up when it is silent and made again with
// backoff. It carries the messages of the documents that are open; what they mean is `document_session.ts`'s.
import { clientOf, isSecret, type ClientKey } from '../protocol/client_key';
import { decode } from '../protocol/decode';
import { encode } from '../protocol/encode';
import { protocolVersion, type Bye, type ClientMessage, type ServerMessage, type Welcome } from '../protocol/messages';
import { parseDocumentName } from '../protocol/schema';
import type { ClientId, Connection, ConnectionState, LiveDocument } from './api';
import { DocumentSession } from './document_session';
import type { Line } from './line';
import type { Cancel, Environment, Socket } from './environment';

export interface Identity {
  readonly key: ClientKey;
  readonly workspace: string;
  readonly name: string;
  readonly language: string;
}

const backoffMinMs = 250; // RC2
const backoffMaxMs = 15_000;
const connectTimeoutMs = 10_000; // for the socket and the welcome
const networkPatienceMs = 3000; // for an answer after the network has changed
const stayAwayCodes = { from: 4100, to: 4199 };
const tooLargeCode = 1009;

// A socket's life. `welcomed` has heard the server's name for the history and how often to show signs of life.
type Channel =
  | { type: 'none' }
  | { type: 'greeting'; socket: Socket; cancelTimeout: Cancel }
  | { type: 'welcomed'; socket: Socket; heartbeatMs: number; cancelPing: Cancel; cancelDeath: Cancel | null };

export class LiveConnection implements Connection, Line {
  readonly client: ClientId;
  readonly key: ClientKey;
  private readonly environment: Environment;
  private identity: Identity;
  private readonly documents = new Map<string, DocumentSession>();
  private readonly listeners = new Set<(state: ConnectionState) => void>();
  private current: ConnectionState = { type: 'connecting' };
  private channel: Channel = { type: 'none' };
  private failures = 0; // attempts since a connection last lived for a heartbeat: a welcome alone proves little
  private cancelRetry: Cancel | null = null;
  private readonly cancelNetwork: Cancel;
  private ended = false;
  private replaced = false; // for good: only a new page may go on

  constructor(environment: Environment, identity: Identity) {
    this.environment = environment;
    this.identity = identity;
    this.key = identity.key;
    this.client = clientOf(identity.key);
    this.cancelNetwork = environment.network.subscribe((online) => this.onNetwork(online));
    this.connect();
  }

  get state(): ConnectionState {
    return this.current;
  }

  open(document: string, options?: { view?: boolean }): LiveDocument {
    const known = this.documents.get(document);
    if (known !== undefined) return known.hold();
    const name = parseDocumentName(document);
    if (name === null) throw new Error(`no document name: ${document}`);
    const session = new DocumentSession(this, this.environment, document, name, options?.view ?? false);
    this.documents.set(document, session);
    if (this.replaced) session.replaced();
    if (this.current.type === 'live') session.connected();
    return session.hold();
  }

  leave(left: LiveDocument): void {
    if (this.documents.get(left.name) === left) this.documents.delete(left.name);
  }

  // The name is part of the hello (HS3), so others see a new one after a quick goodbye and hello.
  setName(name: string): void {
    if (name === this.identity.name) return;
    this.identity = { ...this.identity, name };
    if (this.channel.type !== 'none') this.reconnectNow();
  }

  subscribe(listener: (state: ConnectionState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  reconnectNow(): void {
    if (this.ended || this.replaced) return;
    this.dropChannel();
    this.failures = 0;
    this.connect();
  }

  suspend(): void {
    if (this.ended || this.replaced) return;
    this.dropChannel();
    this.setState({ type: 'waiting', until: this.environment.now(), offline: false });
  }

  close(): void {
    this.ended = true;
    for (const session of [...this.documents.values()]) session.end();
    this.dropChannel();
    this.cancelRetry?.();
    this.cancelNetwork();
    this.listeners.clear();
  }

  send(text: string): void {
    if (this.channel.type === 'welcomed') this.channel.socket.send(text);
  }

  // ---- the socket's life ----

  private connect(): void {
    this.cancelRetry?.();
    this.cancelRetry = null;
    this.setState({ type: 'connecting' });
    const { environment } = this;
    const socket: Socket = environment.transport.connect({
      opened: () => socket.send(encode(this.hello())),
      message: (text) => this.receive(text),
      closed: (code) => this.onClosed(code),
    });
    this.channel = { type: 'greeting', socket, cancelTimeout: environment.schedule(connectTimeoutMs, () => this.comeBack(0)) };
  }

  private hello(): ClientMessage {
    const { key, ...words } = this.identity;
    return { type: 'hello', protocol: protocolVersion, client: this.client, ...(isSecret(key) ? { secret: key } : {}), ...words };
  }

  private receive(text: string): void {
    const decoded = decode(text);
    // A newer server may say things that this client does not know; one that garbles what it does know is given up on.
    if (decoded.type === 'malformed') return this.comeBack(0);
    if (decoded.type === 'unknown') return;
    const { message } = decoded;
    this.heard();
    if (message.type === 'welcome') return this.onWelcome(message);
    if (message.type === 'bye') return this.onBye(message);
    this.dispatch(message, text);
  }

  private dispatch(message: ServerMessage, text: string): void {
    if (!('document' in message)) return;
    if (message.document !== null) this.documents.get(message.document)?.receive(message, text);
    else if (message.type === 'notice') for (const session of this.documents.values()) session.receive(message, text);
  }

  private onWelcome(message: Welcome): void {
    if (this.channel.type !== 'greeting') return;
    this.channel.cancelTimeout();
    const heartbeatMs = Math.max(1000, message.heartbeat_ms);
    this.channel = { type: 'welcomed', socket: this.channel.socket, heartbeatMs, cancelPing: () => {}, cancelDeath: null };
    this.pingLater();
    this.setState({ type: 'live' });
    for (const session of this.documents.values()) session.connected();
  }

  // LV1. Half the interval leaves room for slow timers of a page in the background.
  private pingLater(): void {
    if (this.channel.type !== 'welcomed') return;
    const { heartbeatMs } = this.channel;
    this.channel.cancelPing = this.environment.schedule(heartbeatMs / 2, () => {
      if (this.channel.type !== 'welcomed') return;
      this.failures = 0;
      this.ping(heartbeatMs);
      this.pingLater();
    });
  }
  private ping(patienceMs: number): void {
    if (this.channel.type !== 'welcomed') return;
    this.channel.socket.send(encode({ type: 'ping' }));
    this.channel.cancelDeath ??= this.environment.schedule(patienceMs, () => this.comeBack(0));
  }

  private heard(): void {
    if (this.channel.type !== 'welcomed') return;
    this.channel.cancelDeath?.();
    this.channel.cancelDeath = null;
  }

  private onBye(message: Bye): void {
    if (message.again) this.comeBack(message.after_ms);
    else if (message.code === 'replaced') this.onReplaced(message.message);
    else this.stayAway(message.code, message.message);
  }

  // Another tab has taken over this client with everything that it left unsent (HS5). Coming back, or going on writing, would be
  // two replicas with one outbox: what both have would be sent twice.
  private onReplaced(why: string): void {
    this.replaced = true;
    for (const session of this.documents.values()) session.replaced();
    this.stayAway('replaced', why);
  }

  private onClosed(code: number | null): void {
    if (code !== null && ((code >= stayAwayCodes.from && code <= stayAwayCodes.to) || code === tooLargeCode)) this.stayAway(`closed_${code}`, '');
    else this.comeBack(0);
  }

  private stayAway(code: string, message: string): void {
    this.dropChannel();
    this.setState({ type: 'away', code, message });
  }

  // RC2: exponential, with full jitter, so that a crowd does not come back in step; never before the server's own time.
  private comeBack(afterMs: number): void {
    if (this.ended) return;
    this.dropChannel();
    const ceiling = Math.min(backoffMaxMs, backoffMinMs * 2 ** Math.min(this.failures, 10));
    this.failures += 1;
    const delay = afterMs + this.environment.random() * ceiling;
    const offline = !this.environment.network.online;
    this.setState({ type: 'waiting', until: this.environment.now() + delay, offline });
    this.cancelRetry = this.environment.schedule(delay, () => this.connect());
  }

  private dropChannel(): void {
    const { channel } = this;
    this.channel = { type: 'none' };
    this.cancelRetry?.();
    this.cancelRetry = null;
    if (channel.type === 'none') return;
    if (channel.type === 'greeting') channel.cancelTimeout();
    else {
      channel.cancelPing();
      channel.cancelDeath?.();
    }
    channel.socket.close();
    for (const session of this.documents.values()) session.disconnected();
  }

  // Hints of the browser: try at once when a network appears, and say so when there is none. A live connection may have died with the
  // network, or go on (the server may be this machine): it is asked.
  private onNetwork(online: boolean): void {
    if (this.channel.type === 'welcomed') {
      this.channel.cancelDeath?.();
      this.channel.cancelDeath = null;
      return this.ping(networkPatienceMs);
    }
    if (this.current.type !== 'waiting') return;
    if (online) this.reconnectNow();
    else this.setState({ ...this.current, offline: true });
  }

  private setState(state: ConnectionState): void {
    this.current = state;
    for (const session of this.documents.values()) session.lineChanged();
    for (const listener of [...this.listeners]) listener(state);
  }
}
