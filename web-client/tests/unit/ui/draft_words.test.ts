// What drafts say: every kind of op and every refusal that makes a draft, in both languages, without a word of the program's own.
import { readFileSync } from 'node:fs';
import { createRoot } from 'solid-js';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Operation } from '../../../src/document/operation';
import type { FieldName } from '../../../src/protocol/schema';
import type { Draft } from '../../../src/sync/api';
import { World, type Client } from '../support/world';

vi.stubGlobal('document', { documentElement: { lang: 'en', dataset: {} } });
vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => {} });
const { createLiveStore } = await import('../../../src/store/live_store');
const { setLanguage, refusalWords, t } = await import('../../../src/i18n');
const { schemas } = await import('../../../src/protocol/schema');
const { draftLines, fieldWord, remedyOf } = await import('../../../src/ui/plan/draft_words');

let ann: Client;
let tom: Client;
let view: (code: string, ops: readonly Operation[]) => Parameters<typeof draftLines>[0];

beforeEach(async () => {
  await setLanguage('en');
  const world = new World(23);
  ann = await world.join('ann-client');
  tom = await world.join('tom-client');
  ann.live.submit([
    { op: 'create', id: 'o1', kind: 'objective', parent: 'plan', fields: { title: 'Riders come back' } },
    { op: 'create', id: 'o2', kind: 'objective', parent: 'plan' },
    { op: 'create', id: 'k1', kind: 'key_result', parent: 'o1', fields: { title: 'Repeat rides', unit: '€' } },
  ]);
  await world.settle();
  createRoot(() => {
    const store = createLiveStore(ann.live);
    view = (code, ops) => ({ store, workspace: store, draft: { key: 'd', document: 'x', at: 0, refusal: { code, rule: 'OP1', message: '', op: 0 }, ops } satisfies Draft });
  });
  tom.live.setPlace({ entity: 'o1' }); // so that she knows his name
  world.clock.advance(60);
  await world.settle();
  tom.live.submit([{ op: 'remove', id: 'o1' }]);
  await world.settle();
});

const added: readonly Operation[] = [
  { op: 'create', id: 'k9', kind: 'key_result', parent: 'o1', fields: { metric: 'number' } },
  { op: 'edit', id: 'k9', field: 'title', edit: ['Too lat'] },
  { op: 'edit', id: 'k9', field: 'title', edit: [7, 'e'] },
  { op: 'set', id: 'k9', field: 'target', value: 12 },
];
const everyKind: readonly Operation[] = [
  ...added,
  { op: 'create', id: 'n1', kind: 'not_doing', parent: 'plan' },
  { op: 'set', id: 'k1', field: 'current', value: 5 },
  { op: 'set', id: 'o2', field: 'state_reason', value: null },
  { op: 'set', id: 'k1', field: 'status_override', value: 'at_risk' },
  { op: 'edit', id: 'k1', field: 'title', edit: [3, ' more'] },
  { op: 'edit', id: 'k1', field: 'description', edit: [{ d: 2 }] },
  { op: 'add', id: 'o1', field: 'votes', by: -1 },
  { op: 'include', id: 'o1', field: 'contributors', value: 'p1' },
  { op: 'exclude', id: 'o1', field: 'contributors', value: 'p1' },
  { op: 'move', id: 'k1', parent: 'o2', after: null },
  { op: 'move', id: 'o1', parent: 'plan', after: null },
  { op: 'remove', id: 'o2' },
  { op: 'restore', id: 'k1' },
  { op: 'edit', id: 'gone', field: 'title', edit: ['words'] },
];

describe('a draft speaks to people', () => {
  it('[OP1] something new tells what it is, its words, where it belongs and who removed that', async () => {
    expect(draftLines(view('parent_removed', added))).toEqual(['New key result: “Too late” in “Riders come back” (removed by tom-client)', 'Target: 12']);
    await setLanguage('zh');
    expect(draftLines(view('parent_removed', added))[0]).toBe('新的关键结果：「Too late」，属于「Riders come back」（已被 tom-client 移除）');
  });

  it('[OP1–OP9] every kind of op has words, in both languages, none of them the program’s', async () => {
    for (const language of ['en', 'zh'] as const) {
      await setLanguage(language);
      for (const line of draftLines(view('parent_removed', everyKind))) {
        expect(line).not.toMatch(/[a-z]_[a-z]|undefined|null|\[object|Untitled|How we measure|未命名|判断标准|^\+/);
        expect(line.length).toBeGreaterThan(4);
      }
    }
    await setLanguage('en');
    expect(draftLines(view('x', everyKind)).slice(2)).toEqual([
      'New thing not to do, without words yet',
      'Now of “Repeat rides”: €5',
      'Reason of an objective without words: cleared',
      'Status of “Repeat rides”: at risk',
      'Title of “Repeat rides”: wrote “ more”',
      'Description of “Repeat rides”: deleted some words',
      'Votes of “Riders come back”: −1',
      'Contributors of “Riders come back”: added Somebody',
      'Contributors of “Riders come back”: took out Somebody',
      'Move “Repeat rides” to an objective without words',
      'Move “Riders come back” to another place',
      'Remove an objective without words',
      'Bring back “Repeat rides”',
      'Title of something that is not here: wrote “words”',
    ]);
  });

  it('a new check-in has words where it has no title', () => {
    const report: Operation[] = [{ op: 'create', id: 'c', kind: 'check_in', parent: 'k1', fields: { date: '2026-03-02', note: 'Behind, and why' } }];
    const [head, ...rest] = draftLines(view('x', report));
    expect(head).toMatch(/^New check-in in “Repeat rides”/);
    expect(rest.join()).toContain('Behind, and why');
  });

  it('every field of the schema has a word', async () => {
    for (const language of ['en', 'zh'] as const) {
      await setLanguage(language);
      for (const { kinds } of Object.values(schemas)) for (const { fields } of kinds.values()) for (const name of fields.keys()) expect(fieldWord(name as FieldName), name).not.toMatch(/^A field$|某一项|_/);
    }
  });

  it('[RF2] every refusal that makes a draft has a sentence of its own and a way on that can work', () => {
    const spec = readFileSync(new URL('../../../../protocol/SPEC.md', import.meta.url), 'utf8');
    const rows = spec.slice(spec.indexOf('## 10. Errors')).matchAll(/^\| `([a-z_]+)` \|[^|]*\|[^|]*\|([^|]*)\|$/gm);
    const codes = [...rows].filter(([, , todo]) => todo?.includes('draft')).map(([, code]) => code ?? '');
    expect(codes.length).toBeGreaterThan(15);
    for (const code of [...codes, 'out_of_place']) {
      expect(refusalWords(code), code).not.toBe(t().refusal.other);
      expect(['restore', 'retry', 'none'], code).toContain(remedyOf(view(code, added)).type);
    }
    expect(remedyOf(view('parent_removed', added))).toEqual({ type: 'restore', id: 'o1', label: 'Restore the objective and add it' });
    expect(remedyOf(view('parent_removed', [{ op: 'move', id: 'k1', parent: 'o1', after: null }]))).toMatchObject({ type: 'restore', label: 'Restore the objective and move it there' });
    expect(remedyOf(view('subtree_changed', [{ op: 'remove', id: 'o2' }]))).toEqual({ type: 'retry', label: 'Remove it all the same' });
    expect(remedyOf(view('out_of_place', [{ op: 'edit', id: 'o2', field: 'title', edit: ['x'] }]))).toEqual({ type: 'retry', label: 'Put the words at the end' });
    expect(remedyOf(view('text_too_long', added))).toEqual({ type: 'none' });
  });
});
