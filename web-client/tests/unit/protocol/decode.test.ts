import { describe, expect, it } from 'vitest';
import { decode, decodeJournalEntry } from '../../../src/protocol/decode';
import { parseDocumentName, schemas } from '../../../src/protocol/schema';

const commit = (ops: unknown[]): string => JSON.stringify({ type: 'commit', document: 'acme/plan/t/c', revision: 1, changes: [{ client: 'x', seq: 1, at: 0, ops }] });

describe('decode', () => {
  it.each(['', 'null', '[]', '"x"', '{', '{"type":7}', '{"type":"opened"}', commit([{ op: 'create', id: 'a b', kind: 'objective', parent: 'plan', position: 'V' }]), commit([{ op: 'edit', id: 'a', field: 'title', edit: [-1] }]), commit([{ op: 'edit', id: 'a', field: 'title', edit: [null] }]), commit([7])])(
    '[ER1] %j is no message',
    (text) => expect(decode(text).type).toBe('malformed'),
  );
  it('[HS2] a message of a newer server is let pass', () => {
    expect(decode('{"type":"sparkle","x":1}')).toEqual({ type: 'unknown', name: 'sparkle' });
  });
  it('[OP13] an op of a newer server is left out, the rest of its change is kept', () => {
    const decoded = decode(commit([{ op: 'fold', id: 'a' }, { op: 'remove', id: 'a', why: 'unknown member' }]));
    expect(decoded).toMatchObject({ type: 'message', message: { changes: [{ ops: [{ op: 'remove', id: 'a' }] }] } });
  });
  it('[TX1] an edit in another form is made canonical', () => {
    expect(decode(commit([{ op: 'edit', id: 'a', field: 'title', edit: [1, 1, 'a', 'b', { d: 0 }, 5] }]))).toMatchObject({ message: { changes: [{ ops: [{ edit: [2, 'ab'] }] }] } });
  });
  it('a journal entry that was cut off never counted', () => {
    const entry = JSON.stringify({ footing: null, entities: [], inputs: ['x'], step: { type: 'seal', seq: 3, wire: '{}' } });
    expect(decodeJournalEntry(entry, schemas.plan)).toEqual({ footing: null, entities: [], inputs: ['x'], step: { type: 'seal', seq: 3, wire: '{}' } });
    for (let length = 0; length < entry.length; length += 1) expect(decodeJournalEntry(entry.slice(0, length), schemas.plan)).toBeNull();
  });
  it('a journal entry gives back its footing and entities as they were', () => {
    const move = { op: 'move', id: 'o1', parent: 'plan', after: null, position: 'V' };
    const draft = { key: 'k', document: 'acme/plan/t/c', at: 7, refusal: { code: 'cycle', rule: 'OP6', message: 'm', op: 0 }, ops: [{ op: 'move', id: 'o1', parent: 'plan', after: null }] };
    const footing = { epoch: 'e', revision: 5, seqUsed: 2, pending: [{ ops: [move], size: 90, sealed: { seq: 3, wire: '{}' } }, { ops: [], size: 2, sealed: null }], drafts: [draft] };
    const entities = [
      { id: 'plan', kind: 'plan', parent: null, position: '', removed: false, fields: {} },
      { id: 'o1', kind: 'objective', parent: 'plan', position: 'V', removed: true, fields: { title: 'Grow', contributors: ['ann'] } },
    ];
    const entry = { footing, entities, inputs: [], step: { type: 'submit', ops: [move] } };
    expect(decodeJournalEntry(JSON.stringify(entry), schemas.plan)).toEqual(entry);
  });
});

describe('schema', () => {
  it.each([
    ['acme/workspace', 'workspace'],
    ['acme/plan/team-1/2026_q4', 'plan'],
  ])('%s is a %s', (name, kind) => expect(parseDocumentName(name)?.schema.name).toBe(kind));
  it.each(['', 'acme', 'acme/workspace/', 'acme/plan/t', 'acme/plan/t/c/x', 'a b/workspace', '/workspace', 'acme/board', `${'x'.repeat(33)}/workspace`])('%j names no document', (name) => expect(parseDocumentName(name)).toBeNull());
  it('[OP12] knows every kind with its parents and fields', () => {
    expect(schemas.plan.kinds.get('key_result')?.parents).toEqual(new Set(['objective']));
    expect(schemas.plan.kinds.get('objective')?.fields.get('aligned_to')).toMatchObject({ type: 'set', to: ['objective', 'key_result'] });
    expect(schemas.workspace.kinds.get('cycle')?.depthMax).toBe(4);
  });
});
