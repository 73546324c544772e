// Starts main.ts: bundles it in memory (a fifth of a second) and runs it. Stacks then name the bundle's lines in every process alike.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import { build } from 'vite';

const { output } = await build({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  configFile: false,
  logLevel: 'error',
  ssr: { noExternal: true },
  build: { ssr: 'tests/simulation/main.ts', write: false, minify: false, rolldownOptions: { output: { format: 'cjs' } } },
});
const load = runInThisContext(`(exports, require) => {${output[0].code}\n}`, { filename: 'simulation.js' });
const simulation = {};
load(simulation, createRequire(import.meta.url));
await simulation.main();
