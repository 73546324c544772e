#!/usr/bin/env bash
# Question: a person leaves a page that holds an open WebSocket, by a link in the same tab. When does the server learn of it?
# Usual belief: at once. An open WebSocket keeps a page out of the back/forward cache, so leaving the page ends its socket; and where a browser
#   caches such a page, it closes the socket on the way in (1001).
# Truth: Chromium caches the page, and its network process keeps the socket open: it answers the server's pings and takes the server's messages, with
#   nobody behind it (measured for 100 seconds, and when the page was left for another site too). Only when the person comes back does the
#   connection end, with 1001 for the server and 1006 for the page, which never gets what was sent meanwhile.
#   Tests do not meet it: Playwright starts Chromium with --disable-back-forward-cache.
# Versions: Chromium 156.0.8078.108 (Debian 12), playwright-core 1.65.1, ws 8.23.0.
# Source: blink-dev "Web-Facing Change PSA: Disconnect WebSockets on BFCache entry" and whatwg/html issue 12085: both promise the end of the
#   connection "upon entry", and a close frame to the server.
# Output: as at the end of this file, which it is compared with.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts playwright-core@1.65.1 ws@8.23.0 >npm.log

cat >find.mjs <<'END'
import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { WebSocketServer } from 'ws';

const http = createServer((request, response) => {
  response.setHeader('content-type', 'text/html');
  response.end(`<!doctype html><title>${request.url}</title>`);
});
const sockets = new WebSocketServer({ server: http });
http.listen(0, '127.0.0.1');
await once(http, 'listening');
const site = `127.0.0.1:${http.address().port}`;

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', ignoreDefaultArgs: ['--disable-back-forward-cache'] });
console.error('Chromium', browser.version());
const page = await browser.newPage();
await page.goto(`http://${site}/plan`);
const connected = once(sockets, 'connection');
await page.evaluate(
  () =>
    new Promise((opened) => {
      globalThis.told = [];
      const socket = new WebSocket(`ws://${location.host}/`);
      socket.onopen = opened;
      socket.onmessage = ({ data }) => told.push(`message ${data}`);
      socket.onclose = ({ code }) => told.push(`close ${code}`);
      addEventListener('pagehide', ({ persisted }) => told.push(`hidden, cached ${persisted}`));
      addEventListener('pageshow', ({ persisted }) => told.push(`shown, cached ${persisted}`));
    }),
);
const [socket] = await connected;
const closed = once(socket, 'close');

await page.goto(`http://${site}/elsewhere`);
let answered = 0;
socket.on('pong', () => answered++);
for (let second = 0; second < 5; second++) {
  socket.ping();
  await sleep(1000);
}
console.log(`five seconds after leaving: ${answered} of 5 pings answered`);
socket.send('colleague is here');
await sleep(1000);
console.log(`after a message: the server's socket is ${socket.readyState === socket.OPEN ? 'open' : 'closed'}`);

await page.goBack({ waitUntil: 'commit' });
const [code] = await closed;
console.log(`after the return: the server is told of close ${code}`);
await page.waitForFunction(() => globalThis.told?.some((event) => event.startsWith('close')));
console.log('the page was told:', await page.evaluate(() => told.join('; ')));
await browser.close();
http.close();
process.exit();
END
timeout 120 node find.mjs | tee seen
diff - seen <<'END'
five seconds after leaving: 5 of 5 pings answered
after a message: the server's socket is open
after the return: the server is told of close 1001
the page was told: hidden, cached true; shown, cached true; close 1006
END
