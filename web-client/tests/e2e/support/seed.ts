// Documents to begin with, written through the command-line client like anybody's edits.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot, type OkraServer } from './server';

const run = promisify(execFile);
const program = process.env['OKRA_CLI'] ?? join(projectRoot, 'build/release/bin/okra-cli');

type Fields = Readonly<Record<string, string | number | boolean | readonly string[]>>;
interface SeedOperation {
  readonly op: 'create' | 'edit' | 'set';
  readonly id: string;
  readonly [member: string]: unknown;
}

// Ids are places: the first objective is o1, its second key result o1-k2.
export interface PlanSeed {
  readonly language?: 'en' | 'zh';
  readonly team?: string; // its name
  readonly people?: readonly (string | { readonly name: string; readonly title: string })[]; // their ids are p1, p2, …
  readonly objectives?: readonly ObjectiveSeed[];
  readonly others?: readonly { readonly team: string; readonly objectives: readonly ObjectiveSeed[] }[]; // plans of the same cycle; their teams' ids are t1, t2, …
}
interface ObjectiveSeed {
  readonly title: string;
  readonly fields?: Fields;
  readonly keyResults?: readonly KeyResultSeed[];
}
export interface KeyResultSeed {
  readonly title: string;
  readonly fields?: Fields;
}

const dayMs = 86_400_000;
const day = (fromToday: number): string => new Date(Date.now() + fromToday * dayMs).toISOString().slice(0, 10);

export async function seedPlan(server: OkraServer, workspace: string, seed: PlanSeed): Promise<string> {
  const [team, cycle] = ['bikes', 'quarter'];
  await apply(server, workspace, 'workspace', [
    { op: 'edit', id: 'workspace', field: 'name', edit: ['Kestrel'] },
    { op: 'set', id: 'workspace', field: 'language', value: seed.language ?? 'en' },
    { op: 'create', id: team, kind: 'team', parent: 'workspace', fields: { name: seed.team ?? 'Bikes' } },
    { op: 'create', id: cycle, kind: 'cycle', parent: 'workspace', fields: { name: 'This quarter', start: day(-45), end: day(45), state: 'active' } },
    ...(seed.people ?? []).map((it, index) => create(`p${index + 1}`, 'person', 'workspace', typeof it === 'string' ? { name: it } : it)),
    ...(seed.others ?? []).map((it, index) => create(`t${index + 1}`, 'team', 'workspace', { name: it.team })),
  ]);
  const plans = [{ team, objectives: seed.objectives ?? [] }, ...(seed.others ?? []).map((it, index) => ({ team: `t${index + 1}`, objectives: it.objectives }))];
  for (const plan of plans) {
    if (plan.objectives.length > 0) await apply(server, workspace, `plan/${plan.team}/${cycle}`, creates(plan.objectives));
  }
  return `/w/${workspace}/${team}/${cycle}`;
}

// More than the server tells one by one to who comes back (8 MiB): they get a snapshot. Leaves the plan as it was.
export async function writeMuch(server: OkraServer, plan: string, places: readonly string[]): Promise<void> {
  const [, , workspace = '', team, cycle] = plan.split('/');
  const words = '长'.repeat(65_000); // 190 KiB; a change takes five of them
  const change = (component: string | { d: number }) => ({ ops: places.map((id) => ({ op: 'edit', id, field: 'description', edit: [component] }) as const) });
  const times = Math.ceil((9 << 20) / (places.length * 3 * words.length));
  await apply(server, workspace, `plan/${team}/${cycle}`, Array.from({ length: times }, () => [change(words), change({ d: words.length })]).flat());
}

function creates(objectives: readonly ObjectiveSeed[]): SeedOperation[] {
  return objectives.flatMap(({ title, fields = {}, keyResults = [] }, index) => [
    create(`o${index + 1}`, 'objective', 'plan', { title, state: 'active', ...fields }),
    ...keyResults.map((it, place) => create(`o${index + 1}-k${place + 1}`, 'key_result', `o${index + 1}`, { title: it.title, metric: 'number', ...it.fields })),
  ]);
}

function create(id: string, kind: string, parent: string, fields: Fields): SeedOperation {
  return { op: 'create', id, kind, parent, fields };
}

async function apply(server: OkraServer, workspace: string, document: string, changes: readonly SeedOperation[] | readonly { readonly ops: readonly SeedOperation[] }[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'okra-seed-'));
  const file = join(folder, 'ops.json');
  try {
    await writeFile(file, JSON.stringify(changes));
    await run(program, ['--url', server.url.replace('http', 'ws'), '--workspace', workspace, 'apply', document, file]);
  } finally {
    await rm(folder, { recursive: true });
  }
}
