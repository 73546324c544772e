// Measures Okra beside the ceiling, in turn and in the same minutes, and prints a table. Everything is synced before anyone sees it.
//
//   node tools/bench/run.mjs [WORKLOAD…]     typing rooms viewers idle join start; all of them without a name (about 10 minutes)
//
// `cmake --build --preset release` (or tools/test) has built what it needs. Servers run on core 0, the generator on core 1: leave the
// machine alone meanwhile.
import { spawn, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';

const bin = resolve(import.meta.dirname, '../../build/release/bin');
const scratch = mkdtempSync(join(tmpdir(), 'okra-bench-'));
const web = join(scratch, 'web');
const runs = 3;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const ms = (value) => value.toFixed(value < 10 ? 2 : 0);
const count = (value) => Math.round(value).toLocaleString('en');

class Server {
  static made = 0;
  static running = new Set();

  // `kind` is okra or ceiling. `data`: an earlier one's folder.
  static async start(kind, { data = join(scratch, `data-${(Server.made += 1)}`), cores = '0' } = {}) {
    const it = new Server();
    it.data = data;
    const began = performance.now();
    const okra = ['--listen', '127.0.0.1:0', '--threads', String(cores.split(',').length), '--web', web, '--messages-per-second', '1000000', '--log-level', 'error'];
    it.child = spawn('taskset', ['-c', cores, join(bin, kind === 'okra' ? 'okra-server' : 'okra-ceiling'), '--data', data, ...(kind === 'okra' ? okra : [])], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    Server.running.add(it);
    for await (const line of createInterface({ input: it.child.stdout })) {
      const found = /127\.0\.0\.1:(\d+)/.exec(line);
      if (found === null) continue;
      it.port = found[1];
      break;
    }
    it.startedIn = performance.now() - began;
    return it;
  }

  load(options, core = '1') {
    const lines = execFileSync('taskset', ['-c', core, join(bin, 'okra-load'), '--url', `ws://127.0.0.1:${this.port}`, '--json', ...options.map(String)], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    return lines.trim().split('\n').map((line) => JSON.parse(line));
  }

  async stop(signal = 'SIGTERM') {
    Server.running.delete(this);
    this.child.kill(signal);
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }
}

async function measured(kind, options, cores) {
  const server = await Server.start(kind, { cores });
  try {
    return server.load(options);
  } finally {
    await server.stop();
  }
}

const rows = [];
function tell(workload, okra, ceiling = '', ratio = '') {
  rows.push(`| ${workload} | ${okra} | ${ceiling} | ${ratio} |`);
  console.error(rows.at(-1));
}

const workloads = {
  async typing() {
    const seen = { okra: [], ceiling: [] };
    for (let run = 0; run < runs; run += 1) {
      for (const kind of ['okra', 'ceiling']) {
        const options = ['--rooms', 1, '--clients-per-room', 30, '--rate', 5, '--seconds', 10, '--replicas-per-room', 0];
        seen[kind].push((await measured(kind, options))[0].to_peer);
      }
    }
    for (const name of ['p50_ms', 'p99_ms']) {
      const [okra, ceiling] = ['okra', 'ceiling'].map((kind) => seen[kind].map((it) => it[name]));
      const all = (values) => values.map(ms).join(' · ');
      tell(`30 people typing in one room, 150 ops/s, submit to each peer, ${name.slice(0, 3)} ms (${runs} runs)`, all(okra), all(ceiling), (median(okra) / median(ceiling)).toFixed(2));
    }
  },

  async rooms() {
    const best = {};
    for (const kind of ['okra', 'ceiling']) {
      const options = ['--rooms', 200, '--clients-per-room', 10, '--rate', 2, '--seconds', 3, '--replicas-per-room', 0, '--ramp-rooms-rate'];
      best[kind] = (await measured(kind, options)).at(-1).result;
    }
    const cell = ({ acknowledged_per_s: ops, deliveries_per_s: seen }) => `${count(ops)} (${count(seen)} deliveries/s)`;
    tell('200 rooms × 10, ramped: most ops/s with p99 ≤ 100 ms', cell(best.okra), cell(best.ceiling), (best.okra.acknowledged_per_s / best.ceiling.acknowledged_per_s).toFixed(2));
  },

  async viewers() {
    const options = ['--rooms', 1, '--clients-per-room', 2, '--rate', 10, '--seconds', 3, '--replicas-per-room', 0, '--viewers-per-room', 2000, '--ramp-step', 2000, '--ramp-viewers'];
    const best = {};
    for (const kind of ['okra', 'ceiling']) best[kind] = (await measured(kind, options)).at(-1).result;
    const cell = ({ viewers, to_peer: it }) => `${count(viewers)} (p50 ${ms(it.p50_ms)}, p99 ${ms(it.p99_ms)} ms)`;
    tell('2 editors, 20 ops/s, viewers ramped: most with p99 ≤ 250 ms', cell(best.okra), cell(best.ceiling), (best.okra.viewers / best.ceiling.viewers).toFixed(2));
  },

  async idle() {
    for (const [words, more] of [['screens', []], ['people, 10 a room', ['--viewers-listed', '--rooms', 300]]]) {
      const server = await Server.start('okra');
      const [it] = server.load(['--idle', 3000, '--seconds', 1, '--server-pid', server.child.pid, ...more]);
      tell(`idle joined connection, 3,000 held (${words}), resident bytes`, count(it.bytes_each));
      await server.stop();
    }
  },

  async join() {
    const [it] = await measured('okra', ['--join']);
    tell('join of 1,000 entities after 10,000 edits, from connecting: one / last of 100 at once, ms', `${ms(it.one_ms)} / ${ms(it.last_of_100_ms)}`);
  },

  // The first join includes the start of a command-line client, its reading of the snapshot and printing it.
  async start() {
    const first = await Server.start('okra');
    first.load(['--join']);
    await first.stop();
    const document = execFileSync(join(bin, 'okra-admin'), ['dump', '--data', first.data], { encoding: 'utf8' }).match(/load\/(plan\/join[\w/-]*)/)?.[1];
    if (document === undefined) throw new Error('the document that was joined is not there');
    for (const [words, signal] of [['after a clean stop', 'SIGTERM'], ['after kill -9', 'SIGKILL']]) {
      const listening = [];
      const joined = [];
      for (let run = 0; run < 2 * runs - 1; run += 1) {
        const began = performance.now();
        const server = await Server.start('okra', { data: first.data });
        execFileSync('taskset', ['-c', '1', join(bin, 'okra-cli'), '--url', `ws://127.0.0.1:${server.port}`, '--workspace', 'load', 'print', document], { stdio: 'ignore' });
        joined.push(performance.now() - began);
        listening.push(server.startedIn);
        await server.stop(signal);
      }
      tell(`cold start ${words}: listening / first join of that document printed, ms (median of ${2 * runs - 1})`, `${ms(median(listening))} / ${ms(median(joined))}`);
    }
  },
};

try {
  execFileSync('mkdir', ['-p', web]);
  writeFileSync(join(web, 'index.html'), '<!doctype html><title>bench</title>');
  const wanted = process.argv.slice(2);
  for (const name of wanted.length > 0 ? wanted : Object.keys(workloads)) {
    if (workloads[name] === undefined) throw new Error(`no workload '${name}'; there are: ${Object.keys(workloads).join(' ')}`);
    await workloads[name]();
  }
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', cwd: bin }).trim();
  console.log(`${cpus()[0].model}, ${cpus().length} cores, commit ${commit}\n\n| workload | Okra | ceiling | ratio |\n|---|---|---|---|\n${rows.join('\n')}`);
} finally {
  await Promise.all([...Server.running].map((it) => it.stop('SIGKILL')));
  rmSync(scratch, { recursive: true, force: true });
}
