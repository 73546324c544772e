// The network between one browser and the server: a TCP relay that can fall silent (both ends stay open, nothing arrives) or be cut.
// A browser on a line has an address of its own, so what happens on the line happens to it alone.
import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

type State = 'open' | 'silent' | 'cut';

export class Line {
  private state: State = 'open';
  private readonly relays = new Set<Relay>();
  private readonly listener: Server;

  private constructor(serverPort: () => number) {
    this.listener = createServer((browser) => {
      if (this.state === 'cut') return void browser.resetAndDestroy();
      const relay = new Relay(browser, connect(serverPort(), '127.0.0.1'), () => this.relays.delete(relay));
      this.relays.add(relay);
      if (this.state === 'silent') relay.hold();
    });
  }

  static async to(serverPort: () => number): Promise<Line> {
    const line = new Line(serverPort);
    line.listener.listen(0, '127.0.0.1');
    await once(line.listener, 'listening');
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  // What is sent from now on, either way, waits in the line.
  fallSilent(): void {
    this.state = 'silent';
    for (const relay of this.relays) relay.hold();
  }
  cut(): void {
    this.state = 'cut';
    for (const relay of this.relays) relay.cut();
  }
  mend(): void {
    this.state = 'open';
    for (const relay of this.relays) relay.release();
  }

  async dispose(): Promise<void> {
    this.cut();
    this.listener.close();
    await once(this.listener, 'close');
  }
}

class Relay {
  private readonly ends: readonly [Socket, Socket];
  private waiting: (() => void)[] | null = null; // null: everything passes at once

  constructor(browser: Socket, server: Socket, gone: () => void) {
    this.ends = [browser, server];
    for (const [from, to] of [this.ends, [server, browser]] as const) {
      from.setNoDelay(true);
      from.on('data', (bytes) => this.pass(() => to.write(bytes)));
      from.on('end', () => this.pass(() => to.end()));
      from.on('error', () => to.destroy());
      from.on('close', () => this.pass(() => to.destroy()));
    }
    browser.once('close', gone);
  }

  hold(): void {
    this.waiting ??= [];
  }
  release(): void {
    const waiting = this.waiting ?? [];
    this.waiting = null;
    for (const pass of waiting) pass();
  }
  cut(): void {
    this.waiting = null;
    for (const end of this.ends) end.resetAndDestroy();
  }

  private pass(act: () => void): void {
    if (this.waiting === null) act();
    else this.waiting.push(act);
  }
}
