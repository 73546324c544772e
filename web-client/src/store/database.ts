// The browser's database: what each client (tab) knew of each document. See `sync/outbox.ts` for how it is used.
import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { ClientKey } from '../protocol/client_key';
import type { StoredRow, StoredState } from '../sync/environment';
import type { StoredInput } from './kept_input';

// state := one per client and document; row := one per client, document and entity; entry := one of the journal per client, document and
// number, after the state's. All three change in one transaction. kept := what somebody writes in a form and has not sent, by its place and
// its tab.
interface Tables extends DBSchema {
  states: { key: [ClientKey, string]; value: StoredState };
  rows: { key: [ClientKey, string, string]; value: StoredRow };
  entries: { key: [ClientKey, string, number]; value: string };
  kept: { key: string; value: StoredInput };
}
export type Database = IDBPDatabase<Tables>;

const databaseName = 'okra';
const version = 2; // 2 adds `entries` and `kept`: what an earlier one holds stays as it is

function openDatabase(name: string, closed: () => void): Promise<Database> {
  return openDB<Tables>(name, version, {
    upgrade(database, from) {
      if (from < 1) {
        database.createObjectStore('states');
        database.createObjectStore('rows');
      }
      database.createObjectStore('entries');
      database.createObjectStore('kept');
    },
    // Another tab with a newer program wants in: it must not wait for this one.
    blocking(_current, _blocked, event) {
      if (event.target instanceof IDBDatabase) event.target.close();
      closed();
    },
    terminated: closed, // by the browser: its data was deleted, or its database process died
  });
}

// The database as it is now; null: there is none (a private window, a full disk), or it does not open for now. One that the browser
// closes under a page is opened again when it is next needed.
export type DatabaseSource = () => Promise<Database | null>;

// An upgrade in another tab, or a page that the browser has put to sleep with a connection, may hold up an opening for ever.
const openWithinMs = 3000;

export function databaseSource(name = databaseName): DatabaseSource {
  let opening: Promise<Database | null> | null = null;
  const open = (): Promise<Database | null> => {
    const forget = (): void => {
      if (opening === mine) opening = null;
    };
    const mine: Promise<Database | null> = openDatabase(name, forget).catch(() => {
      forget();
      return null;
    });
    return mine;
  };
  return async () => {
    opening ??= open();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), openWithinMs)));
    const database = await Promise.race([opening, late]);
    clearTimeout(timer);
    return database;
  };
}

export function deleteDatabase(name = databaseName): Promise<void> {
  return deleteDB(name);
}

// Every row of one document of one client: arrays sort element by element, and [] sorts behind every string.
export function rowRange(client: ClientKey, document: string): IDBKeyRange {
  return IDBKeyRange.bound([client, document], [client, document, []]);
}

// The journal's entries of one document of one client, up to a number.
export function entryRange(client: ClientKey, document: string, last = Infinity): IDBKeyRange {
  return IDBKeyRange.bound([client, document, -Infinity], [client, document, last]);
}
