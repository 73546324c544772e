// The browser's database: what each client (tab) knew of each document. See `sync/outbox.ts` for how it is used.
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { ClientId } from '../document/operation';
import type { StoredRow, StoredState } from '../sync/environment';

// state := one per client and document; row := one per client, document and entity. Both change in one transaction.
interface Tables extends DBSchema {
  states: { key: [ClientId, string]; value: StoredState };
  rows: { key: [ClientId, string, string]; value: StoredRow };
}
export type Database = IDBPDatabase<Tables>;

const databaseName = 'okra';
const version = 1; // a cache and an outbox of this format; another version starts empty only after the courier has emptied it

export function openDatabase(name = databaseName): Promise<Database> {
  return openDB<Tables>(name, version, {
    upgrade(database) {
      database.createObjectStore('states');
      database.createObjectStore('rows');
    },
    // Another tab with a newer program wants in: it must not wait for this one.
    blocking(_current, _blocked, event) {
      if (event.target instanceof IDBDatabase) event.target.close();
    },
  });
}

export function deleteDatabase(name = databaseName): Promise<void> {
  return deleteDB(name);
}

// Every row of one document of one client: arrays sort element by element, and [] sorts behind every string.
export function rowRange(client: ClientId, document: string): IDBKeyRange {
  return IDBKeyRange.bound([client, document], [client, document, []]);
}
