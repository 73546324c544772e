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
    const entry = JSON.stringify({ inputs: ['x'], step: { type: 'seal', seq: 3, wire: '{}' } });
    expect(decodeJournalEntry(entry)).toEqual({ inputs: ['x'], step: { type: 'seal', seq: 3, wire: '{}' } });
    for (let length = 0; length < entry.length; length += 1) expect(decodeJournalEntry(entry.slice(0, length))).toBeNull();
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
