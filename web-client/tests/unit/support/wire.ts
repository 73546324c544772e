// The client's end of a connection. Whoever holds it says when it opens, brings what the other side said, and cuts it.
import type { Socket, TransportHandlers } from '../../../src/sync/environment';

export abstract class WireEnd implements Socket {
  private readonly handlers: TransportHandlers;
  private state: 'new' | 'open' | 'ended' = 'new';

  constructor(handlers: TransportHandlers) {
    this.handlers = handlers;
  }
  get isNew(): boolean {
    return this.state === 'new';
  }
  get isOpen(): boolean {
    return this.state === 'open';
  }
  get isUp(): boolean {
    return this.state !== 'ended';
  }

  protected abstract said(text: string): void;
  protected abstract closed(): void; // by the client

  send(text: string): void {
    if (this.isOpen) this.said(text);
  }
  close(): void {
    if (!this.isUp) return;
    this.state = 'ended';
    this.closed();
  }

  open(): void {
    if (!this.isNew) throw new Error('it was open already');
    this.state = 'open';
    this.handlers.opened();
  }
  receive(text: string): void {
    if (!this.isOpen) throw new Error('it is not open');
    this.handlers.message(text);
  }
  cut(code: number | null = null): void {
    if (!this.isUp) return;
    this.state = 'ended';
    this.handlers.closed(code);
  }
}
