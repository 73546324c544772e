// Makes a table, and with --chart FILE a picture, of what tools/bench/run.mjs has written.
//
//   node tools/bench/report.mjs [--chart FILE] [RESULTS]
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chart } from './chart.mjs';
import { contenders } from './contenders.mjs';

const ms = (value) => value.toFixed(value < 10 ? 2 : 0);
const count = (value) => Math.round(value).toLocaleString('en');
const wrong = (it) => ['lost', 'duplicated', 'refused', 'disconnects'].filter((name) => it[name] > 0).map((name) => `${count(it[name])} ${name}`);

const columns = [
  ['typing', '30 people typing in one room, 150 ops/s: p50 / p99 ms', (it) => [`${ms(it.p50_ms)} / ${ms(it.p99_ms)}`, ...wrong(it)].join(', ')],
  ['rooms', '200 rooms × 10: most ops/s with p99 ≤ 100 ms', (it) => count(it.operations_per_s)],
  ['screens', '2 editors, 2,000 screens, 20 ops/s: p50 / p99 ms', (it) => `${ms(it.p50_ms)} / ${ms(it.p99_ms)}`],
  ['viewers', 'most screens with p99 ≤ 250 ms', (it) => count(it.viewers)],
  ['idle', 'KB per idle connection', (it) => (it.bytes_each / 1024).toFixed(1)],
  ['join', 'join 200 KB: one / last of 100, ms', (it) => `${ms(it.one_ms)} / ${ms(it.last_of_100_ms)}`],
  ['start', 'cold start: listening + first join, ms', (it) => `${ms(it.listening_ms)} + ${ms(it.first_ms)}`],
  ['kill', 'seen by others, then gone after kill -9', (it) => (it.gone === 0 ? '0' : `${count(it.gone)} of ${count(it.seen)}`)],
];

export function table(results) {
  const shown = columns.filter(([workload]) => results[workload] !== undefined);
  const row = (cells) => `| ${cells.join(' | ')} |`;
  const lines = [row(['', ...shown.map(([, title]) => title)]), row(['---', ...shown.map(() => '---')])];
  for (const [name, { title }] of Object.entries(contenders)) {
    const cells = shown.map(([workload, , cell]) => {
      const figures = results[workload].contenders[name];
      if (figures === undefined) return '';
      return figures.failed === undefined ? cell(figures) : 'none';
    });
    if (cells.some((it) => it !== '')) lines.push(row([title, ...cells]));
  }
  const places = new Set(shown.map(([workload]) => `${results[workload].at.machine}; commit ${results[workload].at.commit}, ${results[workload].at.date}`));
  const versions = Object.assign({}, ...shown.map(([workload]) => results[workload].at.versions));
  return [...lines, '', ...places, Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')].join('\n');
}

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { chart: { type: 'string' } } });
  const file = positionals[0] ?? resolve(import.meta.dirname, '../../build/bench.json');
  const results = JSON.parse(readFileSync(file, 'utf8'));
  if (values.chart !== undefined) writeFileSync(values.chart, chart(results));
  console.log(table(results));
}
