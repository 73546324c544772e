// A client that has come to another state than the server's notices, heals and says so; whatever its user does meanwhile stays.
import { beforeEach, describe, expect, it } from 'vitest';
import { schemaVersion } from '../../../src/protocol/schema';
import { World, type Client } from '../support/world';

let world: World;
let ann: Client;
let bo: Client;

beforeEach(async () => {
  world = new World(11);
  ann = await world.join('ann-client');
  bo = await world.join('bo-client');
  ann.live.submit([{ op: 'create', id: 'o1', kind: 'objective', parent: 'plan', fields: { title: 'Grow' } }]);
  ann.live.submit([{ op: 'create', id: 'o2', kind: 'objective', parent: 'plan', fields: { title: 'Learn' } }]);
  await world.settle();
});

const title = (client: Client, id = 'o1'): unknown => client.live.entity(id)?.fields.title;
const type = (client: Client, at: number, text: string): void => {
  expect(client.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: at === 0 ? [text] : [at, text] }])).toBeNull();
};
const opens = (client: Client): object[] => (client.wire?.sent ?? []).filter((it) => it.includes('"type":"open"')).map((it) => JSON.parse(it));
async function audit(hash?: string): Promise<void> {
  world.server.audit(hash);
  await world.settle();
}
const wrong = '0123456789abcdef';

describe('self-audit', () => {
  it('[AU2] finds nothing where nothing differs', async () => {
    await audit();
    expect(opens(ann)).toHaveLength(1);
    expect(ann.live.status).toMatchObject({ synced: true, differs: false });
    expect(world.server.divergences).toEqual([]);
  });

  it('[AU3] [AU4] a replica that differs takes a new snapshot and says what was different', async () => {
    const { revision } = world.server;
    ann.corrupt('o1', { title: 'Gorw', weight: 0.5 });
    await audit();
    expect(opens(ann).at(-1)).toEqual({ type: 'open', document: world.server.name });
    expect(title(ann)).toBe('Grow');
    expect(ann.replica.confirmed.get('o1')).toEqual(bo.replica.confirmed.get('o1'));
    expect(world.server.divergences).toMatchObject([{ type: 'diverged', document: world.server.name, revision, since: 0, differs: ['o1/title', 'o1/weight'] }]);
    expect(world.server.divergences[0]?.hash).toMatch(/^[0-9a-f]{16}$/);
    await audit();
    expect(world.server.divergences).toHaveLength(1);
  });

  it('[AU3] [RB4] keeps what waits, what is in flight, and what is typed until the snapshot is there', async () => {
    ann.corrupt('o1', { title: 'Grow not' });
    type(ann, 4, ' fast'); // in flight, and decided by the server before it hears of the difference
    type(ann, 9, '!');
    world.server.audit();
    while (ann.wire?.stepDown() === true); // the audit is there before the commit
    expect(ann.live.status.synced).toBe(false);
    type(ann, 0, 'We ');
    ann.live.submit([{ op: 'set', id: 'o2', field: 'weight', value: 0.25 }]);
    await world.settle();
    expect(title(ann)).toBe('We Grow fast!');
    expect(title(bo)).toBe('We Grow fast!');
    expect(bo.live.entity('o2')?.fields.weight).toBe(0.25);
    expect(ann.live.status).toMatchObject({ synced: true, pendingOps: 0 });
    expect(ann.live.drafts).toEqual([]);
    await audit();
    expect(world.server.divergences).toHaveLength(1);
  });

  it('[AU3] undo goes on across the new snapshot', async () => {
    type(ann, 4, '!');
    await world.settle();
    ann.corrupt('o1', { title: 'Gorw!' });
    await audit();
    expect(title(ann)).toBe('Grow!');
    expect(ann.live.undo()).toBe(true);
    await world.settle();
    expect(title(bo)).toBe('Grow');
  });

  it('[AU3] a connection that breaks before the snapshot came is not resumed', async () => {
    ann.corrupt('o1', { title: 'Gorw' });
    world.server.audit();
    while (ann.wire?.stepDown() === true);
    ann.wire?.cut();
    await world.heal();
    expect(opens(ann)).toEqual([{ type: 'open', document: world.server.name }]);
    expect(title(ann)).toBe('Grow');
    expect(world.server.divergences).toHaveLength(1);
  });

  it('[AU4] says that its state came from its own storage', async () => {
    ann.writeToDisk();
    const row = ann.disk.rows.get('o2');
    const entity = row?.entity ?? null;
    if (row === undefined || entity === null) throw new Error('no row');
    ann.disk.rows.set('o2', { ...row, entity: { ...entity, fields: { title: 'Lern' } } });
    await ann.crash();
    await world.settle();
    expect(title(ann, 'o2')).toBe('Lern');
    await audit();
    expect(title(ann, 'o2')).toBe('Learn');
    expect(world.server.divergences).toMatchObject([{ since: world.server.revision, stored: true, differs: ['o2/title'] }]);
  });

  it('[AU2] compares only what is of its revision and of its schema', async () => {
    bo.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.5 }]);
    bo.wire?.stepUp(); // committed, and not yet with ann
    ann.wire?.down.unshift(JSON.stringify({ type: 'audit', document: world.server.name, revision: world.server.revision, schema: schemaVersion, hash: wrong }));
    ann.wire?.down.push(JSON.stringify({ type: 'audit', document: world.server.name, revision: world.server.revision, schema: schemaVersion + 1, hash: wrong }));
    await world.settle();
    expect(opens(ann)).toHaveLength(1);
  });

  it('[AU5] does not open anew for ever what differs for ever, and says so', async () => {
    const opened: number[] = [];
    for (let count = 1; count <= 60; count += 1) {
      const before = opens(ann).length;
      await audit(wrong);
      if (opens(ann).length > before) opened.push(count);
      if (count === 4) expect(ann.live.status.differs).toBe(false);
    }
    expect(opened).toEqual([1, 2, 5, 12, 27, 58]);
    expect(ann.live.status).toMatchObject({ synced: true, differs: true });
    type(ann, 4, '!');
    await world.settle();
    expect(title(bo)).toBe('Grow!');
  });

  it('[AU5] forgets old differences when all has been well for long', async () => {
    for (let count = 0; count < 12; count += 1) await audit(wrong);
    expect(ann.live.status.differs).toBe(true);
    for (let count = 0; count < 64; count += 1) await audit();
    bo.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.5 }]);
    await world.settle();
    expect(ann.live.status.differs).toBe(false);
  });
});
