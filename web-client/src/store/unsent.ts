// Which clients of this browser (by their keys) have changes that the server has not acknowledged.
import { isSecret, type ClientKey } from '../protocol/client_key';
import type { DatabaseSource } from './database';
import { journaledDocuments } from './journal_local';

export interface UnsentSources {
  readonly database: DatabaseSource;
  readonly local: Storage | null;
}
export interface Unsent {
  readonly client: ClientKey;
  readonly document: string;
}

export async function listUnsent(sources: UnsentSources): Promise<Unsent[]> {
  const found = new Map(journaledDocuments(sources.local).map((it) => [`${it.client} ${it.document}`, it]));
  const database = await sources.database();
  for (const [client, document] of (await database?.getAllKeys('entries')) ?? []) found.set(`${client} ${document}`, { client, document });
  for (const [client, document] of (await database?.getAllKeys('states')) ?? []) {
    const state = await database?.get('states', [client, document]);
    if (state !== undefined && state.pending.length > 0) found.set(`${client} ${document}`, { client, document });
  }
  return [...found.values()];
}

// Every client that a tab may go on as, those with unsent changes for `workspace` first. What is from before there were secrets is not
// used any more, but for what was left there: changes, and drafts, which nobody else would show.
export async function knownClients(sources: UnsentSources, workspace: string): Promise<ClientKey[]> {
  const isOurs = ({ document }: Unsent): boolean => document.startsWith(`${workspace}/`);
  const unsent = (await listUnsent(sources)).filter(isOurs).map((it) => it.client);
  const database = await sources.database();
  const known: ClientKey[] = [];
  for (const [client, document] of (await database?.getAllKeys('states')) ?? []) {
    if (!isOurs({ client, document })) continue;
    const drafts = isSecret(client) ? [] : ((await database?.get('states', [client, document]))?.drafts ?? []);
    if (isSecret(client) || drafts.length > 0) known.push(client);
  }
  return [...new Set([...unsent, ...known])];
}
