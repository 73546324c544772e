#!/usr/bin/env bash
# Question: a server was away for a while and is back. How soon does a page's next `new WebSocket()` reach it?
# Usual belief: at once; how long a client waits between its attempts is the client's own affair (its backoff).
# Truth: Chromium adds a wait of its own. It counts the failed and the good handshakes of the last minutes for the whole renderer process (all tabs of a
#   site that share it, whatever the host), and from the sixteenth failure without a success on holds each attempt back for 1 to 5 seconds before
#   anything goes out; some failures earlier for parts of that. It holds for the first attempt after the server is back too, and one page's retries
#   delay another's. Quick retries so make the return later, and a fetch to the same host is not held back.
# Versions: Chromium 156.0.8078.108 (Debian 12), playwright-core 1.65.1.
# Source: WebSocketPerProcessThrottler::CalculateDelay in Chromium services/network/websocket_throttler.cc.
# Output: as at the end of this file, which it is compared with (the times themselves vary and go to the error output).

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts playwright-core@1.65.1 ws@8.23.0 >npm.log

cat >find.mjs <<'END'
import { createServer } from 'node:http';
import { once } from 'node:events';
import { chromium } from 'playwright-core';
import { WebSocketServer } from 'ws';

let away = true;
let reached = 0;
const http = createServer((request, response) => response.setHeader('content-type', 'text/html').end('<!doctype html>'));
const sockets = new WebSocketServer({ noServer: true });
http.on('upgrade', (request, socket, head) => {
  reached = performance.now();
  if (away) socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
  else sockets.handleUpgrade(request, socket, head, () => {});
});
http.listen(0, '127.0.0.1');
await once(http, 'listening');

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium' });
console.error('Chromium', browser.version());
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${http.address().port}/`);
// Milliseconds from the call until the request is at the server.
const attempt = async () => {
  const began = performance.now();
  await page.evaluate(
    () =>
      new Promise((ended) => {
        const socket = new WebSocket(`ws://${location.host}/`);
        socket.onopen = () => socket.close();
        socket.onclose = ended;
      }),
  );
  return Math.round(reached - began);
};
const waits = [];
for (let failure = 0; failure < 20; failure++) waits.push(await attempt());
console.error('waits in ms while the server is away:', waits.join(' '));
console.log('first eight attempts, each at the server within 900 ms:', waits.slice(0, 8).every((wait) => wait < 900));
console.log('seventeenth to twentieth, each held back for a second at least:', waits.slice(16).every((wait) => wait >= 1000));
away = false;
const back = await attempt();
console.error('wait in ms when it is back:', back);
console.log('first attempt when the server is back, held back for a second at least:', back >= 1000);
await browser.close();
process.exit();
END
timeout 180 node find.mjs | tee seen
diff - seen <<'END'
first eight attempts, each at the server within 900 ms: true
seventeenth to twentieth, each held back for a second at least: true
first attempt when the server is back, held back for a second at least: true
END
