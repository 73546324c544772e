// What is left of a tab that ends before everything is where it should be.
import { beforeEach, describe, expect, it } from 'vitest';
import { Disk } from '../support/disk';
import { Client, promisesRun, World } from '../support/world';

let world: World;
let ann: Client;
let bo: Client;

beforeEach(async () => {
  world = new World(7);
  ann = await world.join('ann-client');
  bo = await world.join('bo-client');
  ann.live.submit([{ op: 'create', id: 'o1', kind: 'objective', parent: 'plan', fields: { title: 'Grow' } }]);
  ann.live.submit([{ op: 'create', id: 'o2', kind: 'objective', parent: 'plan' }]);
  await world.settle();
});

const title = (client: Client): unknown => client.live.entity('o1')?.fields.title;
const type = (client: Client, at: number, text: string): void => {
  expect(client.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: at === 0 ? [text] : [at, text] }])).toBeNull();
};

describe('a tab that dies while its last snapshot is in no checkpoint', () => {
  // Joins with a disk that finishes nothing by itself.
  async function visitor(prepare: (disk: Disk) => void = () => {}): Promise<Client> {
    const disk = new Disk();
    disk.held = true;
    prepare(disk);
    const cy = new Client(world, 'cy-client', disk);
    world.clients.push(cy);
    await cy.document.loaded;
    await world.settle();
    return cy;
  }
  const everybodyHas = (text: string): void => expect(world.clients.map(title)).toEqual(world.clients.map(() => text));

  it('[CM5] remembers figures that came by themselves before its last words', async () => {
    const cy = await visitor();
    cy.writeToDisk();
    cy.wire?.down.push(JSON.stringify({ type: 'derived', document: world.server.name, revision: world.server.revision, derived: { o1: { weight: 0.25, computed: 'none', shown: 'none' } } }));
    await world.settle();
    cy.wire?.cut();
    type(cy, 4, ' better');
    await cy.crash();
    expect(cy.live.figures('o1')).toMatchObject({ weight: 0.25 });
  });
  it('[RB4] leaves its words whole', async () => {
    const cy = await visitor();
    cy.wire?.cut();
    for (const [index, letter] of [...' better'].entries()) type(cy, 4 + index, letter);
    expect(title(cy)).toBe('Grow better');
    await cy.crash();
    await world.heal();
    everybodyHas('Grow better');
  });
  it('[TX4] leaves them where they belong when others edit meanwhile', async () => {
    const cy = await visitor();
    cy.wire?.cut();
    type(cy, 2, 'X');
    type(cy, 3, 'Y');
    await cy.crash();
    cy.wire?.cut();
    expect(cy.live.status).toMatchObject({ loaded: false, synced: false, pendingOps: 1 });
    expect(cy.live.submit([{ op: 'remove', id: 'o1' }])?.code).toBe('not_open'); // it knows no more than a part
    type(bo, 0, 'Let it g');
    bo.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: [8, { d: 1 }] }]);
    type(bo, 11, ' on');
    await world.settle();
    expect(title(bo)).toBe('Let it grow on');
    await world.heal();
    everybodyHas('Let it grXYow on');
    expect(cy.live.status).toMatchObject({ synced: true, loaded: true, pendingOps: 0 });
  });
  it('[CH5] doubles nothing when changes were acknowledged in the meantime', async () => {
    const cy = await visitor();
    type(cy, 4, '1');
    await world.settle();
    type(cy, 5, '2');
    await world.settle();
    type(cy, 6, '3');
    cy.wire?.stepUp(); // committed; the answer is lost with the tab
    type(cy, 7, '4');
    await cy.crash();
    await world.heal();
    everybodyHas('Grow1234');
  });
  // Its tab died, others wrote on, and it has asked for the tail that leads to the snapshot it has got.
  async function waitingForTail(): Promise<Client> {
    const cy = await visitor();
    cy.wire?.cut();
    type(cy, 4, '!');
    await cy.crash();
    type(bo, 0, 'Let us ');
    bo.wire?.stepUp();
    const asksForTail = (): boolean => cy.wire?.up.some((it) => it.includes('"type":"open"') && it.includes('"revision"')) === true;
    for (let turn = 0; turn < 50 && !asksForTail(); turn += 1) {
      cy.wire?.stepUp();
      cy.wire?.stepDown();
      world.clock.advance(200);
      await promisesRun();
    }
    expect(asksForTail()).toBe(true);
    return cy;
  }
  it('[CM3] waits for its answer when the server begins anew unasked meanwhile', async () => {
    const cy = await waitingForTail();
    const { name: document, epoch, revision } = world.server;
    cy.wire?.down.push(JSON.stringify({ type: 'opened', document, epoch, revision, mode: 'tail', parts: 0, recovered: true, seq: 0, outcome: null, people: [], you: 1 }));
    await world.heal();
    everybodyHas('Let us Grow!');
    expect(cy.live.status.synced).toBe(true);
  });
  it('[OD5] has the figures that came before the tail when it is at its end', async () => {
    const cy = await waitingForTail();
    const { name: document, revision } = world.server;
    cy.wire?.stepUp();
    const figures = JSON.stringify({ type: 'derived', document, revision, derived: { o1: { weight: 0.25, computed: 'none', shown: 'none' } } });
    cy.wire?.down.splice(1, 0, figures); // behind `opened`
    await world.heal();
    everybodyHas('Let us Grow!');
    expect(cy.live.figures('o1')).toMatchObject({ weight: 0.25 });
  });
  it('[RB4] falls back to the difference of the texts where no tail can be had', async () => {
    const cy = await visitor();
    cy.wire?.cut();
    type(cy, 4, '!');
    await cy.crash();
    cy.wire?.cut();
    type(bo, 0, 'Let us ');
    await world.settle();
    world.server.historyFloor = world.server.revision;
    await world.heal();
    everybodyHas('Let us Grow!');
  });
  it('[RB4] the same where the server has another history by then', async () => {
    const cy = await visitor();
    type(bo, 0, 'B');
    await world.settle();
    cy.wire?.cut();
    type(cy, 5, '!');
    type(cy, 0, '¡');
    await cy.crash();
    for (const client of [ann, bo]) client.wire?.cut();
    world.server.rollBackTo(2);
    await world.heal();
    everybodyHas('¡Grow!');
  });
  it('[OD6] has its words on the snapshot that they were written on, not on what it had before', async () => {
    ann.writeToDisk();
    ann.disk.held = true;
    ann.wire?.cut();
    type(ann, 4, '!');
    type(bo, 0, 'Let us ');
    await world.settle();
    world.server.historyFloor = world.server.revision;
    await world.heal();
    expect(title(ann)).toBe('Let us Grow!');
    type(ann, 11, '?');
    await ann.crash();
    type(bo, 12, ' now');
    bo.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: [{ d: 7 }] }]);
    await world.heal();
    everybodyHas('Grow?! now');
  });
  it('[RB1] has them in their place after more input than a journal entry holds', async () => {
    ann.writeToDisk();
    ann.disk.held = true;
    ann.disk.inputsMax = 500;
    for (let count = 0; count < 9; count += 1) {
      type(bo, 0, '-');
      await world.settle();
    }
    ann.wire?.cut();
    type(ann, 11, '!');
    await ann.crash();
    type(bo, 13, ' up');
    await world.settle();
    await world.heal();
    everybodyHas('---------Gr!ow up');
  });
  it('[RB4] has them in their place on a state that was borrowed', async () => {
    ann.writeToDisk();
    const disk = new Disk();
    disk.held = true;
    disk.lender = ann.disk;
    const cy = new Client(world, 'cy-client', disk);
    await cy.document.loaded;
    cy.wire?.cut();
    world.clients.push(cy);
    expect(title(cy)).toBe('Grow');
    type(cy, 4, '!');
    type(bo, 0, 'B');
    await world.settle();
    ann.writeToDisk(); // what is lent has gone on
    await cy.crash();
    await world.heal();
    everybodyHas('BGrow!');
  });
  it('[RB1] has them when one entry found no room in the journal', async () => {
    ann.writeToDisk();
    ann.disk.held = true;
    ann.wire?.cut();
    ann.disk.journalWorks = false;
    type(ann, 4, '1');
    ann.disk.journalWorks = true;
    type(ann, 5, '2');
    await ann.crash();
    await world.heal();
    everybodyHas('Grow12');
  });
  it('[RF2] has learned what became of a change whose refusal the connection hid', async () => {
    bo.live.submit([{ op: 'create', id: 'k1', kind: 'key_result', parent: 'o2' }]);
    ann.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: ['long '] }, { op: 'remove', id: 'o2' }]);
    ann.writeToDisk();
    ann.disk.held = true;
    bo.wire?.stepUp();
    ann.wire?.stepUp();
    ann.wire?.cut();
    await world.heal();
    ann.wire?.cut();
    type(ann, 4, '!');
    expect(title(ann)).toBe('Grow!');
    await ann.crash();
    await world.heal();
    everybodyHas('Grow!');
    expect(ann.live.drafts).toHaveLength(1);
  });
});

describe('storage and sessions that are not what they seem', () => {
  it('[HS5] a tab that was replaced leaves everything to the other one', async () => {
    ann.writeToDisk();
    ann.wire?.cut();
    type(ann, 4, '1');
    world.clock.advance(1000);
    const other = new Client(world, 'ann-client', ann.disk); // the same storage
    world.clients.push(other);
    await other.document.loaded;
    ann.wire?.stepUp();
    ann.wire?.down.unshift(JSON.stringify({ type: 'bye', code: 'replaced', message: '', again: false, after_ms: 0 }));
    while (ann.wire?.stepDown() === true);
    expect(ann.connection.state).toMatchObject({ type: 'away', code: 'replaced' });
    expect(ann.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: ['x'] }])?.rule).toBe('HS5');
    const stored = other.disk.state;
    ann.writeToDisk();
    expect(other.disk.state).toBe(stored);
    ann.connection.reconnectNow();
    await world.heal();
    expect([title(other), title(bo)]).toEqual(['Grow1', 'Grow1']);
    expect(ann.connection.state.type).toBe('away');
  });
  it('a document that is closed takes no more edits', () => {
    const before = ann.disk.journal.size;
    ann.live.close();
    expect(ann.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: ['x'] }])?.code).toBe('not_open');
    expect(ann.disk.journal.size).toBe(before);
  });
  it('what no journal takes is in the checkpoint that follows at once', async () => {
    ann.wire?.cut();
    ann.disk.journalWorks = false;
    type(ann, 4, '1');
    await promisesRun();
    await ann.crash();
    expect(title(ann)).toBe('Grow1');
  });
  it('[CH5] what was sent before storage was set back is not sent again: it is a draft', async () => {
    type(ann, 4, '1'); // in flight
    type(ann, 5, '2'); // waits
    ann.writeToDisk();
    const before = structuredClone({ state: ann.disk.state, rows: ann.disk.rows });
    await world.settle();
    type(ann, 6, '3');
    await world.settle();
    expect(title(bo)).toBe('Grow123');
    ann.writeToDisk();
    Object.assign(ann.disk, before); // the power fails, and the system had not written the rest yet
    await ann.crash();
    await world.heal();
    expect([title(ann), title(bo)]).toEqual(['Grow123', 'Grow123']);
    expect(ann.live.drafts.map((it) => it.ops)).toMatchObject([[{ op: 'edit', id: 'o1', field: 'title', edit: [expect.any(Number), '2'] }]]);
    expect(ann.live.status.pendingOps).toBe(0);
  });
  it('[CH5] one that was refused, and whose draft was lost with that, is a draft again', async () => {
    bo.live.submit([{ op: 'create', id: 'k1', kind: 'key_result', parent: 'o2' }]);
    ann.live.submit([{ op: 'remove', id: 'o2' }, { op: 'edit', id: 'o1', field: 'title', edit: [4, '1'] }]); // in flight, will be refused
    ann.writeToDisk();
    const before = structuredClone({ state: ann.disk.state, rows: ann.disk.rows });
    bo.wire?.stepUp();
    await world.settle();
    type(ann, 0, '2');
    await world.settle();
    expect([title(ann), title(bo)]).toEqual(['2Grow', '2Grow']);
    ann.disk.journal.clear();
    for (const floor of [0, world.server.revision + 1]) {
      Object.assign(ann.disk, structuredClone(before));
      world.server.tailFloor = floor; // the tail shows that it was not committed, a snapshot does not
      await ann.crash();
      await world.heal();
      expect(title(ann)).toBe('2Grow');
      expect(ann.live.drafts.map((it) => it.ops)).toMatchObject([[{ op: 'remove' }, { op: 'edit', edit: [5, '1'] }]]);
      expect(ann.live.status.pendingOps).toBe(0);
    }
  });
  it("[CH5] and undo does not take others' words for it", async () => {
    ann.writeToDisk();
    const before = structuredClone({ state: ann.disk.state, rows: ann.disk.rows });
    type(ann, 4, '1');
    await world.settle();
    ann.writeToDisk();
    Object.assign(ann.disk, before);
    await ann.crash();
    ann.wire?.cut();
    type(ann, 0, 'Gr'); // nobody can tell it from what was sent before
    await world.heal();
    expect([title(ann), title(bo)]).toEqual(['Grow1', 'Grow1']);
    expect(ann.live.drafts).toHaveLength(1);
    ann.live.undo();
    expect(title(ann)).toBe('Grow1');
  });
  it('[CH5] journal entries whose checkpoint is lost are not put on something else: they are a draft', async () => {
    ann.writeToDisk();
    const before = structuredClone({ state: ann.disk.state, rows: ann.disk.rows });
    ann.wire?.cut();
    type(ann, 4, '1');
    ann.writeToDisk();
    type(ann, 5, '2');
    Object.assign(ann.disk, before);
    await ann.crash();
    await world.heal();
    expect([title(ann), title(bo)]).toEqual(['Grow', 'Grow']);
    expect(ann.live.drafts).toHaveLength(1);
    expect(ann.live.retryDraft(ann.live.drafts[0]?.key ?? '')).toBeNull();
    await world.settle();
    expect([title(ann), title(bo)]).toEqual(['Grow2', 'Grow2']); // nobody knows where it was: behind all that is there
  });
  it('[CH2] a repeated journal fills changes up to where they were, so that what was sent is what was sealed', async () => {
    ann.wire?.cut();
    type(ann, 4, '.');
    ann.live.submit([{ op: 'edit', id: 'o1', field: 'description', edit: ['x'.repeat(20_000)] }]);
    for (let count = 0; count < 12; count += 1) {
      ann.live.submit([{ op: 'edit', id: 'o1', field: 'description', edit: [{ d: 20_000 }] }]);
      ann.live.submit([{ op: 'edit', id: 'o1', field: 'description', edit: ['y'.repeat(20_000)] }]);
    }
    ann.writeToDisk();
    ann.disk.held = true;
    ann.live.submit([{ op: 'edit', id: 'o1', field: 'description', edit: ['!'.repeat(700)] }]); // into the second change
    world.clock.advance(1000);
    const second = (): boolean => ann.wire?.up[0]?.includes('!!!') === true;
    for (let turn = 0; turn < 5; turn += 1) {
      while (ann.wire?.stepDown() === true || (!second() && ann.wire?.stepUp() === true));
      await promisesRun();
    }
    expect(second()).toBe(true); // the first is acknowledged, the second is on the wire
    await ann.crash();
    await world.heal();
    expect([ann, bo].map((it) => String(it.live.entity('o1')?.fields.description).startsWith('!!!'))).toEqual([true, true]);
    expect(ann.live.status.pendingOps).toBe(0);
  });
  it('[RF2] a draft that is tried again is not both when the tab dies at once', async () => {
    bo.live.submit([{ op: 'create', id: 'k1', kind: 'key_result', parent: 'o2' }]);
    ann.live.submit([{ op: 'remove', id: 'o2' }]);
    bo.wire?.stepUp();
    await world.settle();
    ann.writeToDisk();
    ann.disk.held = true;
    ann.wire?.cut();
    ann.live.retryDraft(ann.live.drafts[0]?.key ?? '');
    await ann.crash();
    expect(ann.live.drafts).toEqual([]);
    await world.heal();
    expect(bo.live.entity('o2')?.removed).toBe(true);
  });
});
