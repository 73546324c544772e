// The real server as a child process: on a port that the system chooses, with its data in a folder of its own. It can be killed as by
// a power cut and started again on the same port and data.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const projectRoot = resolve(import.meta.dirname, '../../../..');
const program = process.env['OKRA_SERVER'] ?? join(projectRoot, 'build/release/bin/okra-server');
export const builtClient = process.env['OKRA_WEB'] ?? join(projectRoot, 'web-client/dist');

const admin = process.env['OKRA_ADMIN'] ?? join(projectRoot, 'build/release/bin/okra-admin');
const run = promisify(execFile);

const startMs = 15_000;
const loggedMax = 64 * 1024;

export class OkraServer {
  port = 0; // 0 until the first start: the system's choice
  readonly crashes: string[] = []; // ends that nobody asked for
  private readonly data: string;
  private child: ChildProcess | null = null;
  private logged = '';

  private constructor(data: string) {
    this.data = data;
  }

  static async start(): Promise<OkraServer> {
    const server = new OkraServer(await newDataFolder());
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }
  get running(): boolean {
    return this.child !== null;
  }
  get log(): string {
    return this.logged;
  }

  // Also again after `kill`: same port, same data.
  async start(): Promise<void> {
    if (this.child !== null) throw new Error('The server runs already.');
    const child = spawn(program, ['--listen', `127.0.0.1:${this.port}`, '--data', this.data, '--web', builtClient], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    child.once('exit', (code, signal) => {
      if (this.child !== child) return;
      this.child = null;
      this.crashes.push(`The server ended with ${signal ?? code}:\n${this.logged.slice(-2000)}`);
    });
    this.port = await this.readPort(child);
  }

  // At once, without any chance to write or to say goodbye.
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  // As an operator stops it.
  async dispose(): Promise<void> {
    const code = await this.end('SIGTERM');
    await rm(this.data, { recursive: true, force: true });
    if (code !== 0) throw new Error(`The server was asked to stop and ended with ${code}:\n${this.logged.slice(-2000)}`);
  }

  // Another server on a copy of the data of this one, which must not be running.
  async startOnCopy(): Promise<OkraServer> {
    if (this.child !== null) throw new Error('The data can be copied only while nobody writes it.');
    const copy = new OkraServer(await newDataFolder());
    await cp(this.data, copy.data, { recursive: true });
    await copy.start();
    return copy;
  }

  // A backup of now. What it returns stops the server and puts it back to that, as an operator does, on the same port.
  async backup(): Promise<() => Promise<void>> {
    const backups = await newDataFolder();
    await run(admin, ['backup', '--data', this.data, '--to', backups]);
    return async () => {
      await this.end('SIGTERM');
      await rm(this.data, { recursive: true });
      await run(admin, ['restore', '--from', backups, '--data', this.data]);
      await rm(backups, { recursive: true });
      await this.start();
    };
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.child;
    if (child === null) return 0;
    this.child = null;
    const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return gone;
  }

  // The line that tells people which address to open is also what tells us.
  private readPort(child: ChildProcess): Promise<number> {
    return new Promise((done, failed) => {
      const timer = setTimeout(() => failed(new Error(`The server did not say its address:\n${this.logged}`)), startMs);
      const begin = this.logged.length;
      const read = (chunk: Buffer): void => {
        this.logged += chunk.toString();
        const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(this.logged.slice(begin));
        if (found === null) return;
        clearTimeout(timer);
        done(Number(found[1]));
        if (this.logged.length > loggedMax) this.logged = this.logged.slice(-loggedMax);
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('error', failed);
      child.once('exit', (code) => failed(new Error(`The server ended with ${code}:\n${this.logged}`)));
    });
  }
}

function newDataFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'okra-e2e-'));
}
