// Brings a document's pending changes to the server exactly once: one in flight (CH2), never altered once it was on the wire and
// sent again byte for byte (CH3), numbered without gaps.
import { encode, outgoing } from '../protocol/encode';
import type { Notice, Opened, Refused } from '../protocol/messages';
import type { Cancel, Environment } from './environment';
import type { Outbox } from './outbox';
import type { Pending } from './pending';

export interface DeliveryEnds {
  readonly document: string;
  readonly environment: Environment;
  readonly pending: Pending;
  readonly outbox: Outbox;
  revision(): number;
  send(text: string): void;
}

// What the first pending change has to become, as the server's words about it tell.
export type Verdict =
  | { type: 'wait' } // nothing to do: it is on its way, or will be sent
  | { type: 'committed' } // it is in the server's state, and no commit of it will come
  | { type: 'refused' } // for good
  | { type: 'unclear' } // a later one was decided; whether this was committed or refused, this client's storage has forgotten
  | { type: 'reopen' }; // the server and this client disagree about where they are

// Before what was refused for now is tried again: somewhere in this range.
const retryMinMs = 400;
const retrySpreadMs = 1200;

export class Delivery {
  seqUsed = 0; // the last sequence number used up
  private readonly ends: DeliveryEnds;
  private live = false; // the document is open at the server
  private sent = false; // the first change is on this connection's wire
  private notBefore = 0; // the revision that an unsealed change waits for (CH7)
  private cancelRetry: Cancel | null = null;

  constructor(ends: DeliveryEnds) {
    this.ends = ends;
  }

  get inFlight(): number | null {
    return this.ends.pending.first?.sealed?.seq ?? null;
  }

  // Sends the first pending change if nothing is in the way. Called after whatever may have cleared it.
  pump(): void {
    const first = this.ends.pending.first;
    if (!this.live || this.sent || first === undefined || this.ends.revision() < this.notBefore) return;
    this.sent = true;
    if (first.sealed !== null) {
      this.ends.send(first.sealed.wire);
      return;
    }
    const seq = this.seqUsed + 1;
    const base = this.ends.revision();
    const wire = encode({ type: 'change', document: this.ends.document, seq, base, ops: first.ops.map((op) => outgoing(op, base)) });
    this.ends.pending.seal(seq, wire);
    this.ends.outbox.sealed(seq, wire, () => {
      if (this.live && this.inFlight === seq) this.ends.send(wire);
    });
  }

  // The server has heard changes of this client that its storage does not know of: it was set back (the power failed before the
  // system had written everything). What seems to wait unsent may be among them.
  forgot(message: Opened): boolean {
    const known = this.inFlight ?? this.seqUsed;
    return known > 0 && message.seq > known;
  }

  // The document is open; what became of this client's last change is known (OD2). Before a tail arrives, what waits unsent goes
  // out with the revision that its user has seen: the server then finds what it overwrites unseen (OP2).
  opened(message: Opened, epochChanged: boolean): Verdict {
    const flight = this.inFlight;
    this.cancelRetry?.();
    this.seqUsed = message.seq;
    this.sent = false;
    this.notBefore = 0;
    if (flight === null || flight > message.seq) {
      // Another history, or a number that the server would call a gap: it never saw this change, which becomes a new one.
      if (flight !== null && (epochChanged || flight !== message.seq + 1)) this.ends.pending.unseal();
      return { type: 'wait' };
    }
    if (flight === message.seq && message.outcome.type === 'refused') {
      if (message.outcome.refusal.code !== 'base_too_old') return { type: 'refused' };
      this.ends.pending.unseal(); // goes along with what comes now, and out as the next (CH7)
      return { type: 'wait' };
    }
    const known = message.mode === 'snapshot' || (message.outcome.type === 'committed' && message.outcome.revision <= this.ends.revision());
    if (known) return { type: flight === message.seq ? 'committed' : 'unclear' };
    this.sent = message.outcome.type === 'committed'; // the tail brings its commit, or only one that was made after it
    return { type: 'wait' };
  }

  start(): void {
    this.live = true;
    this.pump();
  }
  stop(): void {
    this.live = false;
    this.sent = false;
    this.cancelRetry?.();
  }

  // The first change left the pending ones with its number used up.
  settled(seq: number): void {
    this.seqUsed = Math.max(this.seqUsed, seq);
    this.sent = false;
  }

  refused(message: Refused): Verdict {
    if (message.seq === null || message.seq !== this.inFlight) return { type: 'wait' };
    if (message.final) this.seqUsed = message.seq;
    switch (message.refusal.code) {
      case 'base_too_old':
        // Its ops are carried along with the tail: they go out again when that is at its end (CH7).
        this.notBefore = message.revision ?? 0;
        this.ends.pending.unseal();
        this.sent = false;
        this.pump();
        return { type: 'wait' };
      case 'unavailable':
        this.retryLater();
        return { type: 'wait' };
      case 'not_open':
      case 'seq_gap':
      case 'base_ahead':
        return message.final ? { type: 'refused' } : { type: 'reopen' };
      default:
        return { type: 'refused' };
    }
  }

  notice(message: Notice): Verdict {
    if (message.code !== 'already_committed' || message.seq === null || message.seq !== this.inFlight) return { type: 'wait' };
    if (message.revision === null) return { type: 'unclear' };
    return { type: message.revision > this.ends.revision() ? 'wait' : 'committed' };
  }

  private retryLater(): void {
    const { environment } = this.ends;
    this.cancelRetry?.();
    this.cancelRetry = environment.schedule(retryMinMs + retrySpreadMs * environment.random(), () => {
      this.sent = false;
      this.pump();
    });
  }
}
