// The picture of the benchmarks: a row for each server, a column of bars for each question. Light or dark as the reader's system is, on
// a ground of its own, so that it can be read on any page.
import { contenders } from './contenders.mjs';

const rows = ['okra', 'hocuspocus', 'hocuspocus-stored', 'sharedb-memory', 'sharedb-postgres', 'y-websocket'];
const rounded = (value) => Math.round(value).toLocaleString('en');

const questions = [
  {
    title: '200 rooms of ten people',
    explained: 'edits a second, 99 % within 100 ms',
    figure: (results, name) => results.rooms?.contenders[name]?.operations_per_s,
    label: rounded,
  },
  {
    title: 'A hundred join at once',
    explained: 'milliseconds until the last has it all',
    figure: (results, name) => results.join?.contenders[name]?.last_of_100_ms,
    label: (it) => `${rounded(it)} ms`,
  },
  {
    title: 'Killed with −9',
    explained: 'of what others had seen, gone',
    figure: (results, name) => {
      const it = results.kill?.contenders[name];
      return it && (100 * it.gone) / it.seen;
    },
    label: (it) => (it > 0 && it < 1 ? 'under 1 %' : `${rounded(it)} %`),
  },
];

const margin = 28;
const namesWidth = 236;
const columnWidth = 212;
const labelWidth = 68;
const gap = 28;
const headHeight = 78;
const rowHeight = 34;
const barHeight = 14;

// The product's colours: web-client/src/ui/styles/tokens.css.
const style = `
  text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #465049 }
  .ground { fill: #fbfaf7; stroke: #e6e3db }
  .title { font-weight: 600; fill: #1d2420 }
  .faint { font-size: 11.5px; fill: #616a64 }
  .line { stroke: #e6e3db }
  .bar { fill: #cfcbc0 }
  .own .bar { fill: #2f7d5b }
  .own text { font-weight: 600; fill: #226347 }
  @media (prefers-color-scheme: dark) {
    text { fill: #b4bdb6 }
    .ground { fill: #141816; stroke: #2a312d }
    .title { fill: #e9ede9 }
    .faint { fill: #8f9992 }
    .line { stroke: #2a312d }
    .bar { fill: #414a45 }
    .own .bar { fill: #5fbf92 }
    .own text { fill: #7fd0a9 }
  }`;

export function chart(results) {
  const width = 2 * margin + namesWidth + questions.length * columnWidth + (questions.length - 1) * gap;
  const height = headHeight + rows.length * rowHeight + margin - 18;
  const left = (index) => margin + namesWidth + index * (columnWidth + gap);
  const most = questions.map(({ figure }) => Math.max(...rows.map((name) => figure(results, name) ?? 0)));

  const heads = questions.flatMap(({ title, explained }, index) => [`<text class="title" x="${left(index)}" y="38">${title}</text>`, `<text class="faint" x="${left(index)}" y="56">${explained}</text>`]);
  const bodies = rows.map((name, row) => {
    const top = headHeight + row * rowHeight;
    const baseline = top + 12;
    const bars = questions.map(({ figure, label }, index) => {
      const value = figure(results, name);
      if (value === undefined) return `<text class="faint" x="${left(index)}" y="${baseline}">as without</text>`;
      if (value === 0) return `<text x="${left(index)}" y="${baseline}">${label(value)}</text>`;
      const length = Math.max((value / most[index]) * (columnWidth - labelWidth), 3);
      const bar = `<rect class="bar" x="${left(index)}" y="${top}" width="${length.toFixed(1)}" height="${barHeight}" rx="3"/>`;
      return `${bar}<text x="${(left(index) + length + 8).toFixed(1)}" y="${baseline}">${label(value)}</text>`;
    });
    const rule = row === 0 ? '' : `<line class="line" x1="${margin}" x2="${width - margin}" y1="${top - 10}" y2="${top - 10}"/>`;
    return `${rule}<g${name === 'okra' ? ' class="own"' : ''}><text x="${margin}" y="${baseline}">${contenders[name].title}</text>${bars.join('')}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Okra beside other servers: operations a second, joining, and what a kill takes back">
<style>${style}</style>
<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>
${[...heads, ...bodies].join('\n')}
</svg>
`;
}
