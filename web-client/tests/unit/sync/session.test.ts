import { beforeEach, describe, expect, it } from 'vitest';
import type { EntityId, Operation, TextEdit } from '../../../src/document/operation';
import type { DocumentEvent } from '../../../src/sync/api';
import { promisesRun, World, type Client } from '../support/world';

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
const changes = (client: Client): { seq: number; base: number; ops: unknown[] }[] => (client.wire?.sent ?? []).filter((it) => it.includes('"type":"change"')).map((it) => JSON.parse(it));
function listen(client: Client): DocumentEvent[] {
  const events: DocumentEvent[] = [];
  client.live.subscribe((event) => events.push(event));
  return events;
}

describe('own edits', () => {
  it('[RB1] are shown at once and pending until acknowledged', async () => {
    type(ann, 4, '!');
    expect(title(ann)).toBe('Grow!');
    expect(ann.live.isPending('o1')).toBe(true);
    expect(ann.live.status.pendingOps).toBe(1);
    await world.settle();
    expect(ann.live.isPending('o1')).toBe(false);
    expect(title(bo)).toBe('Grow!');
  });
  it('[CH2] one change is in flight; what follows is composed into the next', async () => {
    const before = changes(ann).length;
    const seen = ann.live.status.revision;
    type(ann, 4, ' f');
    type(ann, 6, 'a');
    type(ann, 7, 'st');
    ann.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.1 }]);
    ann.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.2 }]);
    ann.live.submit([{ op: 'add', id: 'o1', field: 'votes', by: 1 }, { op: 'add', id: 'o1', field: 'votes', by: 1 }]);
    await world.settle();
    const sent = changes(ann).slice(before);
    expect(sent.map((it) => it.ops)).toEqual([
      [{ op: 'edit', id: 'o1', field: 'title', edit: [4, ' f'] }],
      [
        { op: 'edit', id: 'o1', field: 'title', edit: [6, 'ast'] },
        { op: 'set', id: 'o1', field: 'weight', value: 0.2, seen },
        { op: 'add', id: 'o1', field: 'votes', by: 2 },
      ],
    ]);
    expect(sent[1]?.seq).toBe((sent[0]?.seq ?? 0) + 1);
    expect(title(bo)).toBe('Grow fast');
  });
  it('[CH2] what undoes itself before it is sent is never sent', async () => {
    type(ann, 4, 'x'); // in flight
    type(ann, 0, 'abc');
    ann.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: [{ d: 3 }] }]);
    expect(ann.live.status.pendingOps).toBe(1);
    await world.settle();
    expect(world.server.log.at(-1)?.ops).toEqual([{ op: 'edit', id: 'o1', field: 'title', edit: [4, 'x'] }]);
  });
  it('[OP12] are checked first; a refusal names the op and changes nothing', () => {
    const events = listen(ann);
    const refusal = ann.live.submit([
      { op: 'create', id: 'new', kind: 'objective', parent: 'plan' },
      { op: 'set', id: 'new', field: 'weight', value: 7 },
    ]);
    expect(refusal).toMatchObject({ code: 'out_of_range', rule: 'OP12', op: 1 });
    expect(ann.live.entity('new')).toBeUndefined();
    expect(ann.live.status.pendingOps).toBe(0);
    expect(events).toEqual([]);
  });
  it('[OP7] stand where they were put until the server has chosen, and do not jump then', async () => {
    ann.live.submit([{ op: 'create', id: 'o3', kind: 'objective', parent: 'plan', after: 'o1' }]);
    ann.live.submit([{ op: 'move', id: 'o2', parent: 'plan', after: null }]);
    const shown = (client: Client): string[] => client.live.children('plan').map((it) => it.id);
    expect(shown(ann)).toEqual(['o2', 'o1', 'o3']);
    await world.settle();
    expect(shown(ann)).toEqual(['o2', 'o1', 'o3']);
    expect(shown(bo)).toEqual(['o2', 'o1', 'o3']);
    expect(JSON.stringify(changes(ann))).not.toContain('position');
  });
  it('[TX5] end within their text', async () => {
    ann.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: [99, '!', { d: 5 }] }]);
    expect(title(ann)).toBe('Grow!');
    await world.settle();
    expect(title(bo)).toBe('Grow!');
  });
  it('[CH8] are refused in a document opened to view, and before it is loaded', async () => {
    const viewer = ann.connection.open('acme/plan/web/q2', { view: true });
    expect(viewer.submit([{ op: 'set', id: 'plan', field: 'title', value: 'x' }])?.code).toBe('forbidden');
    const early = ann.connection.open('acme/plan/web/q3');
    expect(early.submit([{ op: 'remove', id: 'x' }])?.code).toBe('not_open');
  });
});

describe('edits of others', () => {
  it('[TX4] cross own pending ones, the smaller client id standing first', async () => {
    type(bo, 4, 'B');
    type(ann, 4, 'A');
    const events = listen(ann);
    bo.wire?.stepUp(); // Bo's is committed first
    await world.settle();
    expect(title(ann)).toBe('GrowAB');
    expect(title(bo)).toBe('GrowAB');
    expect(events.find((event) => event.type === 'text')).toEqual({ type: 'text', id: 'o1', field: 'title', edit: [5, 'B'], origin: 'remote', by: 'bo-client' });
  });
  it('[TX4] cross several pending ops of both layers', async () => {
    type(ann, 0, '1'); // in flight
    type(ann, 5, '2');
    type(ann, 1, '3');
    type(bo, 4, 'B');
    bo.wire?.stepUp();
    await world.settle();
    expect(title(ann)).toBe('13Grow2B');
    expect(title(bo)).toBe(title(ann));
  });
  it('[RB1] are told as what they are, once the step is done', async () => {
    const events = listen(bo);
    let shownAtEvent: unknown;
    bo.live.subscribe((event) => {
      if (event.type === 'entity') shownAtEvent = bo.live.entity('o1')?.fields.weight;
    });
    ann.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.5 }, { op: 'move', id: 'o1', parent: 'plan' }]);
    await world.settle();
    expect(events.filter((event) => event.type === 'entity')).toEqual([
      { type: 'entity', id: 'o1', origin: 'remote', by: 'ann-client', fields: ['weight'], structure: true, parents: ['plan'] },
    ]);
    expect(shownAtEvent).toBe(0.5);
  });
  it('[OP6] that make a pending move a cycle leave both sides in view', async () => {
    const shown = new World(8, 'acme/workspace');
    const [one, two] = [await shown.join('one'), await shown.join('two')];
    one.live.submit([{ op: 'create', id: 'a', kind: 'team', parent: 'workspace' }, { op: 'create', id: 'b', kind: 'team', parent: 'workspace' }]);
    await shown.settle();
    two.live.submit([{ op: 'move', id: 'b', parent: 'a' }]);
    one.live.submit([{ op: 'move', id: 'a', parent: 'b' }]);
    two.wire?.stepUp();
    while (one.wire?.stepDown() === true);
    expect(one.live.children('workspace').map((it) => it.id)).toEqual(['a']); // its own move waits below
    await shown.settle();
    expect(one.live.drafts.map((it) => it.refusal.code)).toEqual(['cycle']);
    expect(one.live.children('a').map((it) => it.id)).toEqual(['b']);
  });
  it('[OP2] that overwrite an unseen value tell its author, who can restore it', async () => {
    const events = listen(ann);
    bo.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.9 }]);
    ann.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.1 }]);
    ann.wire?.stepUp(); // Ann's is first, so Bo's overwrites it
    await world.settle();
    const lost = events.find((event) => event.type === 'lost');
    expect(lost).toMatchObject({ loss: { id: 'o1', field: 'weight', mine: 0.1, theirs: 0.9, by: 'bo-client' } });
    if (lost?.type === 'lost') ann.live.restoreLoss(lost.loss);
    await world.settle();
    expect(bo.live.entity('o1')?.fields.weight).toBe(0.1);
  });
  it('[OP2] that overwrite an unseen value tell their author, too', async () => {
    const [anns, bos] = [listen(ann), listen(bo)];
    bo.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.9 }]);
    ann.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.1 }]);
    ann.wire?.stepUp();
    await world.settle();
    bo.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.8 }]); // over one's own
    await world.settle();
    expect(bos.filter((event) => event.type === 'overwrote')).toMatchObject([{ ops: [{ op: 'set', id: 'o1', field: 'weight', value: 0.9, over: { value: 0.1, client: 'ann-client' } }] }]);
    expect(anns.filter((event) => event.type === 'overwrote')).toEqual([]);
  });
  it('[OP2] a value set offline meets what others set meanwhile, and they are told', async () => {
    ann.wire?.cut();
    bo.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.9 }]);
    await world.settle();
    ann.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.1 }]);
    const events = listen(bo);
    await world.heal();
    expect(events.find((event) => event.type === 'lost')).toMatchObject({ loss: { mine: 0.9, theirs: 0.1, by: 'ann-client' } });
  });
});

describe('what waits behind a change in flight', () => {
  beforeEach(() => {
    type(ann, 0, '>'); // in flight
  });
  it('[OP2] overwrites a value that its user had not seen: who set it is told, whatever the base says', async () => {
    ann.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.1 }]);
    bo.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.9 }]);
    bo.wire?.stepUp(); // and reaches Ann, who goes on seeing her own
    while (ann.wire?.stepDown() === true);
    ann.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.2 }]);
    const events = listen(bo);
    await world.settle();
    expect(events.find((event) => event.type === 'lost')).toMatchObject({ loss: { mine: 0.9, theirs: 0.2, by: 'ann-client' } });
  });
  it('[OP2] nobody lost what was seen before it was set', async () => {
    bo.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.9 }]);
    bo.wire?.stepUp();
    while (ann.wire?.stepDown() === true);
    ann.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.2 }]);
    const events = listen(bo);
    await world.settle();
    expect(events.filter((event) => event.type === 'lost')).toEqual([]);
    expect(bo.live.entity('o1')?.fields.weight).toBe(0.2);
  });
  it('[OP8] does not remove what others have put there meanwhile', async () => {
    ann.live.submit([{ op: 'remove', id: 'o2' }]);
    bo.live.submit([{ op: 'create', id: 'k1', kind: 'key_result', parent: 'o2' }]);
    bo.wire?.stepUp();
    while (ann.wire?.stepDown() === true);
    await world.settle();
    expect(ann.live.drafts.map((it) => it.refusal.code)).toEqual(['subtree_changed']);
    expect(ann.live.entity('o2')?.removed).toBe(false);
  });
  it('[RB4] in another history nothing was seen', async () => {
    ann.live.submit([{ op: 'set', id: 'o1', field: 'weight', value: 0.1 }]);
    const before = changes(ann).length;
    world.server.rollBackTo(2);
    await world.heal();
    expect(changes(ann).slice(before).map((it) => JSON.stringify(it.ops))).toEqual([expect.not.stringContaining('seen'), expect.not.stringContaining('seen')]);
  });
});

describe('refusals', () => {
  it('[RB3] [RF2] make the change a draft; what came after is applied without it', async () => {
    bo.live.submit([{ op: 'create', id: 'k1', kind: 'key_result', parent: 'o2' }]);
    ann.live.submit([{ op: 'remove', id: 'o2' }, { op: 'edit', id: 'o1', field: 'title', edit: [2, 'xyz'] }]);
    type(ann, 5, '9'); // behind the x y z that will go
    type(ann, 8, '!');
    bo.wire?.stepUp();
    const events = listen(ann);
    await world.settle();
    expect(ann.live.drafts).toMatchObject([{ document: world.server.name, refusal: { code: 'subtree_changed', op: 0 } }]);
    expect(ann.live.drafts[0]?.ops).toEqual([{ op: 'remove', id: 'o2' }, { op: 'edit', id: 'o1', field: 'title', edit: [2, 'xyz'] }]);
    expect(ann.live.entity('o2')?.removed).toBe(false);
    expect(title(ann)).toBe('Gr9ow!');
    expect(title(bo)).toBe('Gr9ow!');
    expect(events.some((event) => event.type === 'draft' && event.draft !== null)).toBe(true);
  });
  it('[RB3] leave no draft of what somebody else has made under the same id; of the rest they do', async () => {
    const cycle = (id: EntityId): Operation => ({ op: 'create', id, kind: 'objective', parent: 'plan', fields: { title: 'Once' } });
    bo.live.submit([cycle('y1'), cycle('y2')]);
    ann.live.submit([cycle('y1'), cycle('y2')]);
    bo.wire?.stepUp();
    await world.settle();
    expect(ann.live.drafts).toEqual([]);
    expect(ann.live.children('plan').filter((it) => it.fields.title === 'Once').map((it) => it.id)).toEqual(['y1', 'y2']);
    ann.live.undo(); // what she had made before, not what is Bo's
    await world.settle();
    expect(['y1', 'o2'].map((id) => ann.live.entity(id)?.removed)).toEqual([false, true]);

    bo.live.submit([cycle('y3')]);
    ann.live.submit([cycle('y3'), cycle('y4')]);
    bo.wire?.stepUp();
    await world.settle();
    expect(ann.live.drafts.map((it) => it.ops.map((op) => op.id))).toEqual([['y4']]);
    expect(ann.live.retryDraft(ann.live.drafts[0]?.key ?? '')).toBeNull();
    await world.settle();
    expect(bo.live.entity('y4')?.fields.title).toBe('Once');

    bo.live.submit([cycle('y5'), { op: 'remove', id: 'y5' }]);
    ann.live.submit([cycle('y5')]);
    bo.wire?.stepUp();
    await world.settle();
    expect(ann.live.drafts.map((it) => it.ops.map((op) => op.id))).toEqual([['y5']]); // made and removed: not there
  });
  it('[RB3] let a draft be tried again where its words belong by then', async () => {
    ann.live.submit([{ op: 'create', id: 'o3', kind: 'objective', parent: 'plan' }]);
    await world.settle();
    const refusedWith = async (removed: EntityId, edit: TextEdit): Promise<string> => {
      bo.live.submit([{ op: 'create', id: `k${removed}`, kind: 'key_result', parent: removed }]);
      ann.live.submit([{ op: 'remove', id: removed }, { op: 'edit', id: 'o1', field: 'title', edit }]);
      bo.wire?.stepUp();
      await world.settle();
      return ann.live.drafts.at(-1)?.key ?? '';
    };
    const inserts = await refusedWith('o2', [2, 'A']);
    const deletes = await refusedWith('o3', [2, { d: 1 }]); // the "o"
    type(bo, 0, 'Let us ');
    type(ann, 0, '1');
    await world.settle();
    ann.wire?.cut();
    type(bo, 0, '2');
    await world.settle();
    world.server.tailFloor = world.server.revision; // all that is to be had is a snapshot
    await world.heal();
    type(ann, 0, '3'); // is pending when they are tried again
    expect(ann.live.retryDraft(inserts)).toBeNull();
    expect(ann.live.retryDraft(deletes)).toBeNull();
    await world.settle();
    expect([title(ann), title(bo)]).toEqual(['321Let us GrAw', '321Let us GrAw']);
    expect(ann.live.drafts).toEqual([]);
  });
  it('[RB3] take along what stands on entities that will not exist', async () => {
    bo.live.submit([{ op: 'remove', id: 'o2' }]);
    ann.live.submit([{ op: 'create', id: 'k1', kind: 'key_result', parent: 'o2' }]);
    ann.live.submit([{ op: 'create', id: 'm1', kind: 'milestone', parent: 'k1' }, { op: 'set', id: 'm1', field: 'done', value: true }]);
    type(ann, 0, '>');
    bo.wire?.stepUp();
    await world.settle();
    expect(ann.live.drafts).toHaveLength(1);
    expect(ann.live.drafts[0]?.ops.map((op) => op.id)).toEqual(['k1', 'm1', 'm1']);
    expect(ann.live.entity('m1')).toBeUndefined();
    expect(title(bo)).toBe('>Grow');
  });
  it('[RF2] drafts can be retried and discarded, and outlive the tab', async () => {
    bo.live.submit([{ op: 'create', id: 'k1', kind: 'key_result', parent: 'o2' }]);
    ann.live.submit([{ op: 'remove', id: 'o2' }]);
    bo.wire?.stepUp();
    await world.settle();
    ann.writeToDisk();
    await ann.crash();
    await world.heal();
    const key = ann.live.drafts[0]?.key ?? '';
    expect(ann.live.retryDraft(key)).toBeNull();
    expect(ann.live.drafts).toEqual([]);
    await world.settle();
    expect(bo.live.entity('o2')?.removed).toBe(true);
  });
  it('[ER8] [RF2] what is too much for today is a draft, and goes out when it is tried again', async () => {
    world.server.usedUp = true;
    type(ann, 4, ' fast');
    await world.settle();
    expect(ann.live.drafts).toMatchObject([{ refusal: { code: 'quota_exceeded' } }]);
    expect(title(ann)).toBe('Grow');
    world.server.usedUp = false;
    expect(ann.live.retryDraft(ann.live.drafts[0]?.key ?? '')).toBeNull();
    await world.settle();
    expect(title(bo)).toBe('Grow fast');
    expect(ann.live.drafts).toEqual([]);
  });
  it('[RF2] [ER5] "unavailable" is sent again, byte for byte, until it is taken', async () => {
    world.server.failing = true;
    type(ann, 4, '!');
    await world.settle();
    expect(ann.live.drafts).toEqual([]);
    world.server.failing = false;
    world.clock.advance(2000);
    await world.settle();
    expect(title(bo)).toBe('Grow!');
    const sent = (ann.wire?.sent ?? []).filter((it) => it.includes('"!"'));
    expect(sent.length).toBeGreaterThan(1);
    expect(new Set(sent).size).toBe(1);
  });
  it('[CH7] "base_too_old" sends the change as it reads now, under the next number', async () => {
    type(ann, 4, 'A');
    type(bo, 0, 'B');
    bo.wire?.stepUp();
    world.server.historyFloor = world.server.revision;
    await world.settle();
    expect(title(bo)).toBe('BGrowA');
    expect(ann.live.drafts).toEqual([]);
    const [first, second] = changes(ann).slice(-2);
    expect(second).toMatchObject({ seq: (first?.seq ?? 0) + 1, base: world.server.revision - 1, ops: [{ edit: [5, 'A'] }] });
  });
  it('[CH7] it waits for the revision that the refusal names', async () => {
    type(ann, 4, 'A');
    const sent = changes(ann).length;
    const seq = changes(ann).at(-1)?.seq ?? 0;
    type(bo, 0, 'B');
    bo.wire?.stepUp();
    const refusal = { code: 'base_too_old', rule: 'CH7', message: '' };
    world.server.historyFloor = world.server.revision;
    ann.document.receive({ type: 'refused', document: world.server.name, seq, refusal, final: true, revision: world.server.revision }, '');
    expect(changes(ann)).toHaveLength(sent);
    while (ann.wire?.stepDown() === true);
    expect(changes(ann).at(-1)).toMatchObject({ seq: seq + 1, base: world.server.revision, ops: [{ edit: [5, 'A'] }] });
    await world.settle();
    expect(title(bo)).toBe('BGrowA');
  });
  it.each(['tail', 'snapshot'])('[CH7] [OD2] a refusal as "base_too_old" that is heard of with a %s alone makes no draft either', async (mode) => {
    type(ann, 4, 'A');
    type(bo, 0, 'B');
    bo.wire?.stepUp();
    world.server.historyFloor = world.server.revision;
    while (ann.wire?.stepUp() === true);
    const seq = changes(ann).at(-1)?.seq ?? 0;
    ann.wire?.cut(); // the refusal does not arrive
    if (mode === 'tail') world.server.historyFloor = 0;
    await world.heal();
    await world.settle();
    expect(ann.live.drafts).toEqual([]);
    expect(title(ann)).toBe('BGrowA');
    expect(title(bo)).toBe('BGrowA');
    expect(changes(ann).at(-1)?.seq).toBe(seq + 1);
  });
  it('[ER7] notices that are not known pass', () => {
    const before = { ...ann.live.status };
    ann.document.receive({ type: 'notice', code: 'something_new', message: 'Hello.', document: null, seq: null, revision: null }, '');
    ann.document.receive({ type: 'notice', code: 'something_new', message: '', document: world.server.name, seq: 1, revision: 9 }, '');
    expect(ann.live.status).toEqual(before);
    expect(ann.live.drafts).toEqual([]);
  });
  it('[ER5] the storage notices are told as status', async () => {
    const say = (code: string): void => ann.document.receive({ type: 'notice', code, message: '', document: null, seq: null, revision: null }, '');
    say('storage_failed');
    expect(ann.live.status.storage).toBe('failed');
    say('storage_recovered');
    expect(ann.live.status.storage).toBe('ok');
  });
  it('[OD10] a document that the server does not open says so, and works on what it has', () => {
    ann.wire?.cut();
    world.clock.advance(1000);
    ann.wire?.stepUp();
    ann.wire?.stepUp();
    ann.wire?.stepDown();
    return Promise.resolve().then(() => {
      ann.document.receive({ type: 'refused', document: world.server.name, seq: null, refusal: { code: 'quarantined', rule: 'OD10', message: '' }, final: true, revision: null }, '');
      expect(ann.live.status.problem?.code).toBe('quarantined');
      expect(title(ann)).toBe('Grow');
    });
  });
});

describe('coming back', () => {
  it('[RC3] [OD5] resumes from what it has', async () => {
    ann.wire?.cut();
    type(bo, 0, 'B');
    await world.settle();
    type(ann, 4, 'A');
    await world.heal();
    expect(ann.wire?.sent.find((it) => it.includes('"open"'))).toContain('"revision":2');
    expect(title(ann)).toBe('BGrowA');
    expect(title(bo)).toBe('BGrowA');
  });
  it('[CH3] [OD2] a change whose fate the broken connection hid is not applied twice', async () => {
    type(ann, 4, 'A');
    ann.wire?.stepUp(); // committed, and the answer is lost
    ann.wire?.cut();
    await world.heal();
    expect(title(ann)).toBe('GrowA');
    expect(world.server.revision).toBe(3);
    expect(changes(ann)).toEqual([]); // nothing was sent again
  });
  it('[OD2] a change whose refusal was lost becomes a draft', async () => {
    bo.live.submit([{ op: 'create', id: 'k1', kind: 'key_result', parent: 'o2' }]);
    ann.live.submit([{ op: 'remove', id: 'o2' }]);
    bo.wire?.stepUp();
    ann.wire?.stepUp();
    ann.wire?.cut();
    await world.heal();
    expect(ann.live.drafts.map((it) => it.refusal.code)).toEqual(['subtree_changed']);
  });
  it('[OD6] [RB4] puts pending edits on a snapshot by the difference of the texts', async () => {
    ann.wire?.cut();
    type(ann, 4, 'A'); // sealed when it comes back
    bo.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: ['Let us ', { d: 1 }, 'g'] }]);
    await world.settle();
    world.server.historyFloor = world.server.revision;
    const events = listen(ann);
    await world.heal();
    expect(events.some((event) => event.type === 'reset')).toBe(true);
    expect(title(ann)).toBe('Let us growA');
    expect(title(bo)).toBe('Let us growA');
  });
  it('[RB4] what was typed on top of a change in flight follows it to where the server puts it', async () => {
    bo.live.submit([{ op: 'edit', id: 'o1', field: 'title', edit: [{ d: 4 }, 'x x'] }]);
    await world.settle();
    type(ann, 1, 'A');
    ann.wire?.cut();
    type(ann, 2, 'B');
    type(bo, 0, 'x '); // which of the three is new, a difference of the texts cannot tell
    await world.settle();
    world.server.tailFloor = world.server.revision;
    await world.heal();
    expect(title(ann)).toBe('x xAB x');
    expect(title(bo)).toBe('x xAB x');
  });
  it('[CM5] figures of an earlier revision do not replace newer ones', async () => {
    const told = async (revision: number, weight: number): Promise<number | null | undefined> => {
      ann.wire?.down.push(JSON.stringify({ type: 'derived', document: world.server.name, revision, derived: { o1: { weight, computed: 'none', shown: 'none' } } }));
      await world.settle();
      return ann.live.figures('o1')?.weight;
    };
    type(bo, 0, 'B');
    await world.settle();
    const now = world.server.revision;
    expect(await told(now, 0.5)).toBe(0.5);
    expect(await told(now - 1, 0.25)).toBe(0.5);
    expect(await told(now, 0.75)).toBe(0.75);
    expect(await told(now + 2, 1)).toBe(1); // those of a tail's end come before it (OD5)
  });
  it('[RB4] an own change that the snapshot holds already is not put on top again', async () => {
    type(ann, 4, 'A'); // in flight, will be committed
    type(ann, 2, 'Z'); // next
    ann.wire?.stepUp();
    type(bo, 0, 'B');
    ann.wire?.cut();
    await world.settle();
    world.server.historyFloor = world.server.revision;
    await world.heal();
    expect(title(ann)).toBe('BGrZowA');
    expect(title(bo)).toBe('BGrZowA');
  });
  it('[RB4] a new epoch gets the change in flight as a new one', async () => {
    type(ann, 4, 'A');
    ann.wire?.cut();
    bo.wire?.cut();
    world.server.rollBackTo(1);
    await world.heal();
    expect(ann.live.status.revision).toBe(2);
    expect(title(ann)).toBe('GrowA');
    expect(world.server.log.at(-1)).toMatchObject({ client: 'ann-client', seq: 2 });
    expect(title(bo)).toBe('GrowA');
  });
  it('[CM3] a gap in revisions is never applied past', async () => {
    const commit = { type: 'commit', document: world.server.name, revision: 9, changes: [{ client: 'x', seq: 1, at: 0, ops: [{ op: 'remove', id: 'o1' }] }] };
    ann.wire?.down.push(JSON.stringify(commit));
    await world.settle();
    expect(ann.live.entity('o1')?.removed).toBe(false);
    await world.heal();
    expect(ann.live.status).toMatchObject({ synced: true, revision: 2 });
  });
  it('[CM3] a snapshot that is begun anew before its last part replaces what came of it', async () => {
    type(ann, 4, '!');
    ann.wire?.cut();
    type(bo, 0, 'Let us ');
    await world.settle();
    world.server.historyFloor = world.server.revision;
    const onItsWay = (): number => ann.wire?.down.findIndex((it) => it.includes('"type":"opened"')) ?? -1;
    for (let turn = 0; turn < 200 && onItsWay() < 0; turn += 1) {
      ann.wire?.stepUp();
      if (onItsWay() < 0) ann.wire?.stepDown();
      world.clock.advance(200);
      await promisesRun();
    }
    const at = onItsWay();
    const cutOff = ann.wire?.down.slice(at, at + 2) ?? [];
    expect(cutOff[1]).toContain('"type":"part"');
    ann.wire?.down.splice(at, 0, ...cutOff);
    await world.heal();
    expect(world.clients.map(title)).toEqual(['Let us Grow!', 'Let us Grow!']);
    expect(ann.live.status.synced).toBe(true);
  });
  it('[CM3] what was heard already is not applied again', async () => {
    const commit = { type: 'commit', document: world.server.name, revision: 2, changes: [{ client: 'x', seq: 1, at: 0, ops: [{ op: 'remove', id: 'o1' }] }] };
    ann.wire?.down.push(JSON.stringify(commit));
    await world.settle();
    expect(ann.live.entity('o1')?.removed).toBe(false);
  });
  it('[OD7] a tab that died shows everything again before it has a connection, with its pending edits', async () => {
    ann.writeToDisk();
    ann.wire?.cut();
    type(ann, 4, ' a');
    await ann.crash();
    expect(title(ann)).toBe('Grow a');
    expect(ann.live.status).toMatchObject({ loaded: true, synced: false, pendingOps: 1 });
    type(ann, 6, 'll');
    await ann.crash();
    expect(title(ann)).toBe('Grow all');
    await world.heal();
    expect(title(bo)).toBe('Grow all');
  });
  it('[RB1] a tab that died with unwritten remote edits puts its own where they belong', async () => {
    ann.writeToDisk();
    type(bo, 0, 'The '); // Ann hears it, but it is in no checkpoint
    await world.settle();
    ann.wire?.cut();
    type(ann, 8, '!');
    await ann.crash();
    expect(title(ann)).toBe('The Grow!');
    await world.heal();
    expect(title(bo)).toBe('The Grow!');
  });
  it('[CH3] a tab that died after sending sends the same bytes or learns what became of it', async () => {
    ann.writeToDisk();
    type(ann, 4, 'A');
    ann.wire?.stepUp();
    const sent = changes(ann).at(-1);
    await ann.crash();
    expect(sent?.ops).toHaveLength(1);
    await world.heal();
    expect(title(bo)).toBe('GrowA');
  });
  it('[CH3] where the journal does not work, a change goes out only when storage knows of it', async () => {
    ann.disk.journalWorks = false;
    type(ann, 4, 'A');
    expect(ann.wire?.up.filter((it) => it.includes('"change"'))).toEqual([]);
    await world.settle();
    expect(title(bo)).toBe('GrowA');
    type(ann, 5, 'B');
    await promisesRun();
    await ann.crash();
    await world.heal();
    expect(title(bo)).toBe('GrowAB');
  });
});
