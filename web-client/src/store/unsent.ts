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

// Every client that a tab may go on as: those with unsent changes for `workspace` first, then those that have something that only they
// show (drafts, and what the server has lost). What is from before there were secrets is not used any more, but for what was left there.
export async function knownClients(sources: UnsentSources, workspace: string): Promise<ClientKey[]> {
  const isOurs = ({ document }: Unsent): boolean => document.startsWith(`${workspace}/`);
  const unsent = (await listUnsent(sources)).filter(isOurs).map((it) => it.client);
  const database = await sources.database();
  const showing: ClientKey[] = [];
  const clean: ClientKey[] = [];
  for (const [client, document] of (await database?.getAllKeys('states')) ?? []) {
    if (!isOurs({ client, document })) continue;
    const { drafts = [], vanished = [] } = (await database?.get('states', [client, document])) ?? {};
    if (drafts.length + vanished.length > 0) showing.push(client);
    else if (isSecret(client)) clean.push(client);
  }
  return [...new Set([...unsent, ...showing, ...clean])];
}
