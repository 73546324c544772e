// The scenarios that the server's core is tested with (protocol/fixtures/scenarios; format: tests/scenarios/scenario.hpp), seen from a
// client: what was committed, as it comes over the wire, makes the same entities and figures.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Entity } from '../../../src/document/entity';
import { StateHash } from '../../../src/document/state_hash';
import { decode } from '../../../src/protocol/decode';
import type { ServerMessage } from '../../../src/protocol/messages';
import { schemas, type DocumentKind } from '../../../src/protocol/schema';
import { Replica } from '../../../src/sync/replica';
import { Report } from '../../../src/sync/report';

interface Scenario {
  readonly name: string;
  readonly document: DocumentKind;
  readonly steps: readonly { readonly change: { readonly client: string; readonly seq: number }; readonly commits?: { readonly ops: readonly unknown[] }; readonly refused?: string }[];
  readonly entities: readonly unknown[];
  readonly hash: string;
}
const folder = new URL('../../../../protocol/fixtures/scenarios/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
const scenarios: Scenario[] = files.map((file) => ({ name: file, ...JSON.parse(readFileSync(new URL(file, folder), 'utf8')) }));

function read(message: object): ServerMessage {
  const decoded = decode(JSON.stringify(message));
  if (decoded.type !== 'message') throw new Error(JSON.stringify(decoded));
  return decoded.message;
}
const byId = (entities: Iterable<Entity>): Entity[] => [...entities].sort((a, b) => (a.id < b.id ? -1 : 1));

describe('scenarios', () => {
  it('are there', () => expect(files.length).toBeGreaterThanOrEqual(12));
  it.each(scenarios.map((it) => [it.name, it] as const))('[CM1] [AU1] %s', (_name, scenario) => {
    const document = scenario.document === 'plan' ? 'w/plan/t/c' : 'w/workspace';
    const replica = new Replica(schemas[scenario.document], 'reader');
    replica.reset([]);
    let revision = 0;
    for (const { change, commits } of scenario.steps) {
      if (commits === undefined) continue;
      revision += 1;
      const message = read({ type: 'commit', document, revision, changes: [{ client: change.client, seq: change.seq, at: 0, ops: commits.ops }] });
      if (message.type === 'commit') for (const it of message.changes) replica.applyRemote(it.ops, it.client, new Report());
    }
    const part = read({ type: 'part', document, revision, index: 0, entities: scenario.entities, derived: {} });
    if (part.type !== 'part') throw new Error('no part');
    expect(byId(replica.confirmed.values())).toEqual(byId(part.entities));
    expect(byId(replica.shown.all())).toEqual(byId(part.entities));
    expect(new StateHash().of(replica.confirmed.values())).toBe(scenario.hash);
    expect(new StateHash().of(part.entities)).toBe(scenario.hash);
  });
});
