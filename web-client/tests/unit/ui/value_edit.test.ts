// A value while somebody edits it, on real documents of two people.
import { createRoot, createSignal } from 'solid-js';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLiveStore } from '../../../src/store/live_store';
import type { DocumentEvent } from '../../../src/sync/api';
import { seenIn } from '../../../src/sync/sight';
import { createValueEdit, type Reading, type ValueEdit } from '../../../src/ui/fields/value_edit';
import { World, type Client } from '../support/world';

let world: World;
let ann: Client;
let bo: Client;
let edit: ValueEdit<number>;
let dispose: () => void;
let told: DocumentEvent[];
let sent: number;

const read = (text: string): Reading<number> => (text === '' ? { type: 'read', value: null } : Number.isNaN(Number(text)) ? { type: 'refused', words: `${text}?` } : { type: 'read', value: Number(text) });
const set = (client: Client, value: number | null, seen?: number) => client.live.submit([{ op: 'set', id: 'k1', field: 'current', value, ...(seen === undefined ? {} : { seen }) }]);
const value = (client: Client) => client.live.entity('k1')?.fields.current ?? null;
const losses = () => told.flatMap((event) => (event.type === 'lost' ? [event.loss] : []));

beforeEach(async () => {
  world = new World(26);
  ann = await world.join('ann-client');
  bo = await world.join('bo-client');
  bo.live.submit([
    { op: 'create', id: 'o1', kind: 'objective', parent: 'plan' },
    { op: 'create', id: 'k1', kind: 'key_result', parent: 'o1', fields: { current: 10 } },
  ]);
  await world.settle();
  told = [];
  bo.live.subscribe((event) => told.push(event));
  sent = 0;
  createRoot((end) => {
    dispose = end;
    const store = createLiveStore(ann.live);
    edit = createValueEdit<number>({
      document: ann.live,
      value: () => store.number('k1', 'current') ?? null,
      text: (it) => (it === null ? '' : `${it}`),
      read,
      send: (next, sight) => {
        sent += 1;
        return set(ann, next, seenIn(sight, ann.live.status)) === null;
      },
    });
  });
  return () => dispose();
});

async function meanwhile(it: number): Promise<void> {
  set(bo, it);
  await world.settle();
}

describe('a value that somebody edits', () => {
  it('is not sent when nothing was typed, whatever others have set since', async () => {
    edit.begin();
    expect(edit.text()).toBe('10');
    await meanwhile(42);
    expect(edit.finish()).toBe(true);
    await world.settle();
    expect([sent, value(ann), value(bo)]).toEqual([0, 42, 42]);
  });
  it('is not sent when the text is again as it was first shown', async () => {
    edit.begin();
    edit.type('1', '10');
    await meanwhile(42);
    edit.type('10', '10');
    expect(edit.finish()).toBe(true);
    expect([sent, value(ann)]).toEqual([0, 42]);
  });
  it('keeps its text while others set it, and tells what they set', async () => {
    edit.begin();
    edit.type('5', '10');
    expect(edit.meanwhile()).toBeNull();
    await meanwhile(42);
    expect([edit.text(), edit.meanwhile()]).toEqual(['5', { value: 42 }]);
    edit.cancel();
    expect([edit.text(), edit.meanwhile(), value(ann)]).toEqual([null, null, 42]);
  });
  it('[OP2] says what its user had seen: who lost a value that was set meanwhile is told', async () => {
    edit.begin();
    edit.type('5', '10');
    await meanwhile(42);
    expect(edit.finish()).toBe(true);
    await world.settle();
    expect([value(ann), value(bo)]).toEqual([5, 5]);
    expect(losses()).toMatchObject([{ id: 'k1', field: 'current', mine: 42, theirs: 5, by: 'ann-client' }]);
  });
  it('[OP2] the other way round too: what was typed here and overwritten unseen there', async () => {
    const mine: DocumentEvent[] = [];
    ann.live.subscribe((event) => mine.push(event));
    const { revision } = bo.live.status;
    edit.begin();
    edit.type('5', '10');
    edit.finish();
    await world.settle();
    set(bo, 42, revision);
    await world.settle();
    expect(mine.flatMap((event) => (event.type === 'lost' ? [event.loss] : []))).toMatchObject([{ mine: 5, theirs: 42, by: 'bo-client' }]);
  });
  it('[OP2] nobody lost a value that was seen before it was typed over', async () => {
    await meanwhile(42);
    edit.begin();
    edit.type('5', '42');
    edit.finish();
    await world.settle();
    expect([value(bo), losses()]).toEqual([5, []]);
  });
  it('[OP2] of a history before a backup was restored nothing was seen', async () => {
    await meanwhile(11);
    await meanwhile(10);
    edit.begin();
    edit.type('5', '10');
    world.server.rollBackTo(1);
    for (const client of [ann, bo]) client.wire?.cut();
    await world.heal();
    set(bo, 42);
    await world.settle();
    edit.finish();
    await world.settle();
    expect(losses()).toMatchObject([{ mine: 42, theirs: 5 }]);
  });
  it('is not sent when the document holds it already', async () => {
    edit.begin();
    edit.type('42', '10');
    await meanwhile(42);
    expect(edit.finish()).toBe(true);
    expect(sent).toBe(0);
  });
  it('stays with its reason when it cannot be read, and can be mended later', () => {
    edit.begin();
    edit.type('many', '10');
    expect([edit.refusal(), edit.kept()]).toEqual(['many?', false]);
    expect(edit.finish()).toBe(false);
    expect([edit.text(), edit.kept(), sent, value(ann)]).toEqual(['many', true, 0, 10]);
    edit.begin();
    expect([edit.text(), edit.kept()]).toEqual(['many', false]);
    edit.type('7', '10');
    expect(edit.finish()).toBe(true);
    expect([edit.text(), value(ann)]).toEqual([null, 7]);
  });
  it('stays when the document refuses it', () => {
    edit.begin();
    edit.type('1e16', '10');
    expect(edit.finish()).toBe(false);
    expect([edit.text(), edit.kept(), value(ann)]).toEqual(['1e16', true, 10]);
  });
  it('begins with the form at rest where the field kept the focus after it was saved', () => {
    edit.begin();
    edit.type('5', '10');
    edit.finish();
    edit.type('5 minx', '5 min');
    edit.type('5 min', '5 min');
    expect([edit.touched(), edit.finish(), sent]).toEqual([false, true, 1]);
  });
  it('can be emptied', () => {
    edit.begin();
    edit.type('', '10');
    expect([edit.finish(), value(ann)]).toEqual([true, null]);
  });
});

describe('text that a field could not take', () => {
  let unsaved: string | undefined;
  let take: (text: string) => void; // from a tab that is closed
  const field = (): ValueEdit<number> =>
    createRoot(() => {
      const [text, setText] = createSignal<string | undefined>(unsaved);
      const [taken, setTaken] = createSignal(0);
      take = (it) => {
        setText((unsaved = it));
        setTaken((count) => count + 1);
      };
      return createValueEdit<number>({
        document: ann.live,
        value: held,
        text: (it) => (it === null ? '' : `${it}`),
        read,
        send: (next, sight) => set(ann, next, seenIn(sight, ann.live.status)) === null,
        unsaved: {
          text,
          taken,
          keep: (it) => {
            unsaved = it ?? undefined;
            setText(unsaved);
          },
        },
      });
    });
  const held = (): number | null => Number(value(ann) ?? 0);
  beforeEach(() => (unsaved = undefined));

  it('stands in it again at the next visit, as not saved', () => {
    const before = field();
    before.begin();
    before.type('about 40', '');
    expect(unsaved, 'with every key: a page may be gone before it is left').toBe('about 40');
    before.finish();
    const after = field();
    expect([after.text(), after.kept(), after.refusal()]).toEqual(['about 40', true, 'about 40?']);
    expect(held()).toBe(10);
  });
  it('stands in it when it comes from a tab that is closed, unless somebody writes there', () => {
    const [edit, written] = [field(), field()];
    take('about 50');
    expect([written.text(), written.kept(), written.refusal()]).toEqual(['about 50', true, 'about 50?']);
    unsaved = undefined;
    const busy = field();
    busy.begin();
    busy.type('12', '');
    take('about 60');
    expect([busy.text(), edit.text()]).toEqual(['12', null]);
  });
  it.each([
    ['it can be read', (it: ValueEdit<number>) => it.type('40', '')],
    ['it is taken back', (it: ValueEdit<number>) => it.cancel()],
  ])('is forgotten when %s', (_, act) => {
    const edit = field();
    edit.begin();
    edit.type('about 40', '');
    edit.finish();
    act(edit);
    edit.finish();
    expect(unsaved).toBeUndefined();
    expect(field().kept()).toBe(false);
  });
});

describe('undo in a field', () => {
  it('is the document’s while nothing is typed, and the field shows what came of it', () => {
    set(ann, 20);
    edit.begin();
    expect(edit.step('undo')).toBe(true);
    expect([edit.text(), edit.meanwhile()]).toEqual(['10', null]);
    edit.type('1', '');
    expect(edit.step('undo')).toBe(false);
    expect([edit.text(), value(ann)]).toEqual(['1', 10]);
  });
});
