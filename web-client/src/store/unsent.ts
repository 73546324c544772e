// Which clients of this browser have changes that the server has not acknowledged.
import type { ClientId } from '../document/operation';
import type { DatabaseSource } from './database';
import { journaledDocuments } from './journal_local';

export interface UnsentSources {
  readonly database: DatabaseSource;
  readonly local: Storage | null;
}
export interface Unsent {
  readonly client: ClientId;
  readonly document: string;
}

export async function listUnsent(sources: UnsentSources): Promise<Unsent[]> {
  const found = new Map(journaledDocuments(sources.local).map((it) => [`${it.client} ${it.document}`, it]));
  const database = await sources.database();
  for (const [client, document] of (await database?.getAllKeys('states')) ?? []) {
    const state = await database?.get('states', [client, document]);
    if (state !== undefined && state.pending.length > 0) found.set(`${client} ${document}`, { client, document });
  }
  return [...found.values()];
}

// Every client that this browser has known, those with unsent changes for `workspace` first.
export async function knownClients(sources: UnsentSources, workspace: string): Promise<ClientId[]> {
  const unsent = (await listUnsent(sources)).filter((it) => it.document.startsWith(`${workspace}/`)).map((it) => it.client);
  const database = await sources.database();
  const known = ((await database?.getAllKeys('states')) ?? []).filter(([, document]) => document.startsWith(`${workspace}/`)).map(([client]) => client);
  return [...new Set([...unsent, ...known])];
}
