// Makes a table of what tools/bench/run.mjs has written.
//
//   node tools/bench/report.mjs [RESULTS]     prints it
//   node tools/bench/report.mjs --publish     puts that of docs/benchmarks.json into docs/benchmarks.md, and a picture beside it
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
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
  return [...lines, '', ...[...places].map((it) => `${it}  `), Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')].join('\n');
}

const docs = resolve(import.meta.dirname, '../../docs');
const marks = ['<!-- results: node tools/bench/report.mjs --publish -->', '<!-- end of results -->'];

function publish(results) {
  const page = join(docs, 'benchmarks.md');
  const text = readFileSync(page, 'utf8');
  const [begin, end] = [text.indexOf(marks[0]), text.indexOf(marks[1])];
  if (begin < 0 || end < begin) throw new Error(`${page} has no place for results`);
  writeFileSync(page, `${text.slice(0, begin)}${marks[0]}\n${table(results)}\n${text.slice(end)}`);
  writeFileSync(join(docs, 'pictures/benchmarks.svg'), chart(results));
}

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { publish: { type: 'boolean' } } });
  const fallback = values.publish ? join(docs, 'benchmarks.json') : resolve(docs, '../build/bench.json');
  const results = JSON.parse(readFileSync(positionals[0] ?? fallback, 'utf8'));
  if (values.publish) publish(results);
  console.log(table(results));
}
