// What costly neighbours cost somebody who edits: the times to an acknowledged edit, alone and beside a crowd, in one
// run on one server. The crowd is a process of its own, so that its work does not count in the editor's times.
//   node --experimental-websocket tools/bench/neighbours.mjs --server build/release/bin/okra-server [--core 0 --others 1]
// Node 22 has WebSocket without the flag. With --core and --others: server and clients are pinned to these cores.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lineOf } from './processes.mjs';

const { values: given } = parseArgs({
  options: {
    server: { type: 'string', default: 'build/release/bin/okra-server' },
    seconds: { type: 'string', default: '5' },
    core: { type: 'string' },
    others: { type: 'string' },
    crowd: { type: 'string' }, // for the process that is one
    port: { type: 'string' },
  },
});
const seconds = Number(given.seconds);
const editPause = 20;
const writers = 16;
const opsPerChange = 990;
const changesPerPlan = 15; // a plan holds 20,000 entities
const scrapers = 8;
let editors = 0;

// Several messages may come in one turn of the loop: they wait in `inbox` for whoever asks.
async function connect(port, client, workspace) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/socket`, ['okra.v1']);
  const inbox = [];
  let wake = () => {};
  socket.onmessage = ({ data }) => {
    inbox.push(data);
    wake();
  };
  const say = (message) => socket.send(JSON.stringify(message));
  const until = async (isIt) => {
    for (;;) {
      while (inbox.length === 0) await new Promise((resolve) => { wake = resolve; });
      const data = inbox.shift();
      if (isIt(data)) return data;
    }
  };
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error('the server does not answer'));
  });
  say({ type: 'hello', protocol: 1, client, workspace });
  await until((data) => data.startsWith('{"type":"welcome"'));
  return { socket, say, until };
}

async function open(it, document) {
  it.say({ type: 'open', document });
  const opened = JSON.parse(await it.until((data) => data.startsWith('{"type":"opened"')));
  for (let left = opened.parts; left > 0; --left) await it.until((data) => data.startsWith('{"type":"part"'));
}

async function change(it, document, seq, base, ops, client) {
  it.say({ type: 'change', document, seq, base, ops });
  const answer = await it.until((data) => data.startsWith('{"type":"refused"') || data.includes(`"client":"${client}","seq":${seq},`));
  if (answer.startsWith('{"type":"refused"')) throw new Error(answer);
  return Number(/"revision":(\d+)/.exec(answer)[1]);
}

async function writeMuch(port, index, end) {
  const client = `crowd-${process.pid}-${index}`;
  const it = await connect(port, client, 'crowd');
  for (let plan = 0; Date.now() < end; ++plan) {
    const document = `crowd/plan/p${process.pid}-${index}-${plan}/q1`;
    await open(it, document);
    for (let seq = 1; seq <= changesPerPlan && Date.now() < end; ++seq) {
      const ops = Array.from({ length: opsPerChange }, (_, number) => ({ op: 'create', id: `o${seq}-${number}`, kind: 'objective', parent: 'plan' }));
      await change(it, document, seq, seq - 1, ops, client);
    }
    it.say({ type: 'close', document });
  }
  it.socket.close();
}

async function askMuch(port, end) {
  const agent = new Agent({ keepAlive: true });
  while (Date.now() < end) {
    const [answer] = await once(get({ host: '127.0.0.1', port, path: '/metrics', agent }), 'response');
    answer.resume();
    await once(answer, 'end');
  }
  agent.destroy();
}

async function beCrowd(port) {
  const end = Date.now() + (seconds + 2) * 1000;
  const doing = { writing: (index) => writeMuch(port, index, end), asking: () => askMuch(port, end) }[given.crowd];
  await Promise.all(Array.from({ length: given.crowd === 'writing' ? writers : scrapers }, (_, index) => doing(index)));
}

async function edit(port, label) {
  const client = `editor-${process.pid}-${++editors}`;
  const document = `editor/plan/${client}/q1`;
  const it = await connect(port, client, 'editor');
  await open(it, document);
  let base = await change(it, document, 1, 0, [{ op: 'create', id: 'o1', kind: 'objective', parent: 'plan' }], client);
  const times = [];
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await pause(editPause)) {
    const begin = performance.now();
    const seq = times.length + 2;
    base = await change(it, document, seq, base, [{ op: 'set', id: 'o1', field: 'weight', value: (seq % 100) / 100 }], client);
    times.push(performance.now() - begin);
  }
  it.socket.close();
  times.sort((left, right) => left - right);
  const at = (share) => times[Math.floor(share * (times.length - 1))].toFixed(2);
  console.log(`${label.padEnd(24)} ${String(times.length).padStart(4)} edits  p50 ${at(0.5)}  p90 ${at(0.9)}  p99 ${at(0.99)}  max ${at(1)} ms`);
}

const onCore = (core, command) => (core === undefined ? command : ['taskset', '-c', core, ...command]);
const start = ([program, ...rest], stdout) => spawn(program, rest, { stdio: ['ignore', stdout, 'inherit'] });

async function measure() {
  const data = mkdtempSync(join(tmpdir(), 'okra-neighbours-'));
  const server = start(onCore(given.core, [given.server, '--listen', '127.0.0.1:0', '--data', data, '--threads', '1', '--log-level', 'error']), 'pipe');
  const port = (await lineOf(server.stdout, /:(\d+)$/))[1];
  const self = [process.execPath, ...process.execArgv, fileURLToPath(import.meta.url), '--port', port, '--seconds', given.seconds];
  await edit(port, 'warming up');
  for (const crowd of ['writing', 'asking']) {
    await edit(port, `alone before ${crowd}`);
    const others = start(onCore(given.others, [...self, '--crowd', crowd]), 'inherit');
    const gone = once(others, 'exit');
    await pause(1000);
    await edit(port, crowd === 'writing' ? `${writers} write a lot` : `${scrapers} ask for /metrics`);
    await gone;
  }
  server.kill();
  await once(server, 'exit');
  rmSync(data, { recursive: true });
}

await (given.crowd === undefined ? measure() : beCrowd(given.port));
process.exit(0);
