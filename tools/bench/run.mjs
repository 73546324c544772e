// Measures Okra beside other servers for editing together and beside the ceiling, in turn and in the same minutes.
//
//   node tools/bench/run.mjs [--contenders NAME,…] [--short] [--out FILE] [WORKLOAD…]
//
// Without names: all workloads (about an hour), everybody. `--short`: a second of each, to see that it works. Results are
// added to FILE (build/bench.json), with machine and commit; a table of all that is in it is printed at the end.
//
// `cmake --build --preset release` (or tools/test) has built what it needs; packages of the others are installed into tools/bench/peers,
// and PostgreSQL has to be there (apt-get install postgresql). Leave the machine alone meanwhile.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { contenders, Ground, versions } from './contenders.mjs';
import { table } from './report.mjs';
import { workloads } from './workloads.mjs';

const root = resolve(import.meta.dirname, '../..');
const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: { contenders: { type: 'string' }, short: { type: 'boolean' }, out: { type: 'string', default: resolve(root, 'build/bench.json') } },
});
const names = chosen('contender', contenders, given.contenders?.split(','));
const wanted = chosen('workload', workloads, positionals.length > 0 ? positionals : undefined);
const shortened = { rounds: 1, seconds: 1, starts: 1, connections: 100 };

function chosen(what, from, picked) {
  const wrong = picked?.find((name) => from[name] === undefined);
  if (wrong !== undefined) throw new Error(`no ${what} '${wrong}'; there are: ${Object.keys(from).join(' ')}`);
  return picked ?? Object.keys(from);
}

// One who cannot do it at all has no figures: that is a result, too.
async function measured(workload, ground, name, how) {
  try {
    return await workload.measure(ground, name, how);
  } catch (error) {
    await ground.stopAll();
    return { failed: error.message };
  }
}

async function run(ground, workload) {
  const how = { ...workload, ...(given.short ? shortened : {}) };
  const seen = Object.fromEntries(names.filter((name) => workload.who?.(name) ?? true).map((name) => [name, []]));
  for (let round = 0; round < how.rounds; round += 1) {
    for (const [name, rounds] of Object.entries(seen)) {
      rounds.push(await measured(workload, ground, name, how));
      console.error(name.padEnd(20), JSON.stringify(rounds.at(-1)));
    }
  }
  return Object.fromEntries(
    Object.entries(seen).map(([name, rounds]) => {
      const good = rounds.filter((it) => it.failed === undefined);
      return [name, { ...(good.length > 0 ? workload.figures(good) : { failed: rounds[0].failed }), rounds }];
    }),
  );
}

const results = existsSync(given.out) ? JSON.parse(readFileSync(given.out, 'utf8')) : {};
const ground = await Ground.prepare(names);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => ground.clear().finally(() => process.exit(1)));
try {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', cwd: root }).trim();
  const machine = `${cpus()[0].model}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB`;
  for (const name of wanted) {
    console.error(`== ${name}`);
    const figures = await run(ground, workloads[name]);
    const at = { date: new Date().toISOString().slice(0, 10), commit, machine, versions: { ...versions(names), ...(ground.postgres === undefined ? {} : { postgresql: ground.postgres.version }) } };
    results[name] = { at, contenders: figures };
    writeFileSync(given.out, `${JSON.stringify(results, null, 1)}\n`);
  }
} finally {
  await ground.clear();
}
console.log(table(results));
