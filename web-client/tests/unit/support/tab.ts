// One life of a client: what a browser's tab runs until it is closed or dies.
import { LiveConnection } from '../../../src/sync/connection';
import { DocumentSession } from '../../../src/sync/document_session';
import type { Cancel, Environment, Network, Socket, TransportHandlers } from '../../../src/sync/environment';
import type { Clock } from './clock';
import type { Disk, MountedDisk } from './disk';
import type { Random } from './random';

class NetworkHints implements Network {
  online = true;
  private readonly listeners = new Set<(online: boolean) => void>();

  subscribe(listener: (online: boolean) => void): Cancel {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  tell(online: boolean): void {
    this.online = online;
    for (const listener of [...this.listeners]) listener(online);
  }
}

export interface Surroundings {
  readonly clock: Clock;
  readonly random: Random;
  readonly disk: Disk;
  readonly connect: (handlers: TransportHandlers) => Socket;
}

export class Tab {
  readonly network = new NetworkHints();
  readonly storage: MountedDisk;
  readonly connection: LiveConnection;
  readonly document: DocumentSession;
  private alive = true;

  constructor({ clock, random, disk, connect }: Surroundings, { client, document }: { client: string; document: string }) {
    this.storage = disk.mount();
    const environment: Environment = {
      now: () => clock.now,
      random: () => random.next(),
      schedule: (ms, run) => clock.schedule(ms, () => {
        if (this.alive) run();
      }),
      transport: { connect },
      network: this.network,
      storage: () => this.storage,
    };
    const workspace = document.replace(/\/.*/, '');
    this.connection = new LiveConnection(environment, { key: client, workspace, name: client, language: 'en' });
    const session = this.connection.open(document);
    if (!(session instanceof DocumentSession)) throw new Error('unexpected document');
    this.document = session;
  }

  // Without a word; `arrives`: the checkpoint under way was with the browser already.
  die(arrives: boolean): void {
    this.alive = false;
    this.storage.die(arrives);
  }
}
