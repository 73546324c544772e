// A PostgreSQL of Debian's package in a temporary folder, with its defaults: every commit is synced. On the cores of the servers.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, lineOf } from './processes.mjs';

const installed = '/usr/lib/postgresql';

export class Postgres {
  #made = 0;

  static async start(cores) {
    const versions = existsSync(installed) ? readdirSync(installed).sort((a, b) => Number(b) - Number(a)) : [];
    const bin = versions.map((it) => join(installed, it, 'bin')).find((it) => existsSync(join(it, 'initdb')));
    if (bin === undefined) throw new Error('PostgreSQL is missing: apt-get install postgresql');
    const it = new Postgres();
    it.bin = bin;
    it.version = execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }).match(/[\d.]+/)[0];
    it.folder = mkdtempSync(join(tmpdir(), 'okra-bench-postgres-'));
    it.port = await freePort();
    // It refuses to run as root; the package has made an account for it.
    const as = process.getuid() === 0 ? Object.fromEntries(['uid', 'gid'].map((name) => [name, Number(execFileSync('id', [`-${name[0]}`, 'postgres'], { encoding: 'utf8' }))])) : {};
    if (as.uid !== undefined) chownSync(it.folder, as.uid, as.gid);
    execFileSync(join(bin, 'initdb'), ['--auth', 'trust', '--username', 'bench', '--encoding', 'UTF8', '--no-sync', '-D', it.folder], { ...as, cwd: it.folder, stdio: ['ignore', 'ignore', 'inherit'] });
    it.child = spawn('taskset', ['-c', cores, join(bin, 'postgres'), '-D', it.folder, '-p', String(it.port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='], {
      ...as,
      cwd: it.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await lineOf(it.child.stderr, /ready to accept connections/);
    return it;
  }

  // A new database, with this SQL read into it.
  database(sqlFile) {
    const name = `bench_${(this.#made += 1)}`;
    this.#psql('postgres', '-c', `CREATE DATABASE ${name}`);
    if (sqlFile !== undefined) this.#psql(name, '-f', sqlFile);
    return `postgres://bench@127.0.0.1:${this.port}/${name}`;
  }

  #psql(database, ...rest) {
    execFileSync(join(this.bin, 'psql'), ['-q', '-v', 'ON_ERROR_STOP=1', '-h', '127.0.0.1', '-p', String(this.port), '-U', 'bench', '-d', database, ...rest], { stdio: ['ignore', 'ignore', 'inherit'] });
  }

  async stop() {
    this.child.kill('SIGINT');
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
