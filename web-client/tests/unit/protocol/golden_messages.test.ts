// The examples that both languages read (protocol/fixtures/messages): what the server may say is understood, what it may not is not,
// and what this client says has the shape that the server's decoder is tested with.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/protocol/decode';
import { World } from '../support/world';

interface Golden {
  readonly name: string;
  readonly rule: string;
  readonly direction: 'client' | 'server';
  readonly ok?: boolean;
  readonly refused?: string;
  readonly json?: Record<string, unknown>;
  readonly text?: string;
}
const folder = new URL('../../../../protocol/fixtures/messages/', import.meta.url);
const golden: Golden[] = readdirSync(folder).flatMap((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
const textOf = (it: Golden): string => it.text ?? JSON.stringify(it.json);
const fromServer = golden.filter((it) => it.direction === 'server');

// A replica is more lenient than an authority: it takes these as they are, or as nothing.
const lenient = new Set(['unknown_op', 'invalid_unicode', 'unknown_kind', 'unknown_field', 'too_many_ops', 'too_deep', 'invalid_value', 'out_of_range', 'text_too_long', 'too_many_members', 'wrong_type']);

describe('golden messages of the server', () => {
  it('are there', () => expect(fromServer.length).toBeGreaterThan(20));
  it.each(fromServer.filter((it) => it.ok === true).map((it) => [it.rule, it.name, it] as const))('[%s] %s', (_rule, _name, it) => {
    const decoded = decode(textOf(it));
    expect(decoded.type).toBe('message');
    if (decoded.type !== 'message' || it.json === undefined) return;
    const { derived, presence, entities, outcome, people, gone, code, message, rule, op, ...plain } = it.json;
    expect(decoded.message).toMatchObject(plain);
    if (decoded.message.type === 'commit' || decoded.message.type === 'part' || decoded.message.type === 'derived') {
      expect(Object.fromEntries(decoded.message.derived)).toEqual(derived ?? {});
    }
    if (decoded.message.type === 'part') expect(decoded.message.entities).toMatchObject(Array.isArray(entities) ? entities : []);
    if (decoded.message.type === 'opened') expect(decoded.message.people).toEqual(people);
    if (decoded.message.type === 'presence') expect(decoded.message.presence).toEqual({ people: people ?? [], gone: gone ?? [] });
    if (decoded.message.type === 'commit') expect(decoded.message.presence).toEqual({ people: [], gone: [], ...(presence as object | undefined) });
    if (decoded.message.type === 'refused') expect(decoded.message.refusal).toEqual(JSON.parse(JSON.stringify({ code, message, rule, op })));
    if (decoded.message.type === 'opened') expect(decoded.message.outcome).toMatchObject(outcome === null ? { type: 'none' } : { type: (outcome as object) !== null && 'code' in (outcome as object) ? 'refused' : 'committed' });
  });
  it.each(fromServer.filter((it) => it.refused !== undefined && !lenient.has(it.refused)).map((it) => [it.rule, it.name, it] as const))('[%s] not: %s', (_rule, _name, it) => {
    expect(decode(textOf(it)).type).not.toBe('message');
  });
});

describe('what this client says', () => {
  it('[HS2] has the members of the golden messages and no others', async () => {
    const world = new World(3);
    const client = await world.join('some-client');
    client.live.submit([{ op: 'create', id: 'o1', kind: 'objective', parent: 'plan', after: null, fields: { title: 'x' } }, { op: 'move', id: 'o1', parent: 'plan' }]);
    client.live.setPlace({ entity: 'plan', field: 'note', anchor: 0, head: 0 });
    await world.settle();
    world.clock.advance(11_000);
    const said = [...(client.wire?.sent ?? [])];
    client.wire?.cut();
    await world.heal();
    client.corrupt('o1', { title: 'y' });
    world.server.audit();
    await world.settle();
    said.push(...(client.wire?.sent ?? []));
    const shapes = new Map<string, Set<string>>();
    for (const it of golden) {
      if (it.ok !== true || it.direction !== 'client' || it.json === undefined) continue;
      const type = String(it.json.type);
      shapes.set(type, new Set([...(shapes.get(type) ?? []), ...Object.keys(it.json)]));
    }
    const types = new Set<string>();
    for (const text of said) {
      const it: Record<string, unknown> = JSON.parse(text);
      types.add(String(it.type));
      for (const member of Object.keys(it)) expect(shapes.get(String(it.type)), text).toContain(member);
    }
    expect([...types].sort()).toEqual(['change', 'diverged', 'hello', 'open', 'ping', 'presence']);
  });
});
