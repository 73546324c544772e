// Two people want different things at the same moment: nobody loses anything without being told, and nothing else waits for it.
import { describe, expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import { everybodySees } from './support/expectations';
import { PlanPage } from './support/plan_page';
import { useStage } from './support/stage';
import type { Line } from './support/line';

const stage = useStage();
const seed = {
  people: ['Ada Byron'],
  objectives: [{ title: 'First', keyResults: [{ title: 'Alpha', fields: { start: 0, target: 10, current: 1 } }] }, { title: 'Second' }],
};

// Tom's line can fall silent: what both then do happens at the same moment, and Tom's edits reach the server last.
async function two(): Promise<{ li: PlanPage; tom: PlanPage; line: Line }> {
  const path = await stage.plan(seed);
  const { person, line } = await stage.personOnLine({ name: 'Tom Okafor' });
  const [li, tom] = [await PlanPage.open(await stage.person({ name: 'Li Na' }), path), await PlanPage.open(person, path)];
  return { li, tom, line };
}
const drafts = (plan: PlanPage): Locator => plan.page.getByRole('region', { name: 'Not accepted' });

async function removeObjective(plan: PlanPage, number: number): Promise<void> {
  await plan.page.locator('.objective').nth(number - 1).hover();
  await plan.page.getByRole('button', { name: `Actions for Objective ${number}` }).click();
  await plan.page.getByRole('menuitem', { name: 'Remove' }).click();
}

describe('the same number, set by two at the same moment', () => {
  test('[OP2] the later one stands; whoever lost is told both values and can restore', async () => {
    const { li, tom, line } = await two();
    line.fallSilent();
    await tom.setNumber('o1-k1', 'Now', '9');
    await li.setNumber('o1-k1', 'Now', '7');
    await li.saved();
    await tom.stateIs('saving');
    line.mend();
    await expect.poll(() => li.number('o1-k1', 'Now').inputValue()).toBe('9');

    const note = li.row('o1-k1').locator('.loss-note');
    await note.waitFor();
    expect(await note.locator('p').innerText()).toBe('Tom Okafor set “Now” at the same moment. It is 9; you had 7.');
    expect(await tom.page.locator('.loss-note').count(), 'who came later has lost nothing').toBe(0);
    await note.getByRole('button', { name: 'Restore mine' }).click();
    await expect.poll(() => Promise.all([li, tom].map((it) => it.number('o1-k1', 'Now').inputValue()))).toEqual(['7', '7']);
    await note.waitFor({ state: 'detached' });
    await expect.poll(() => tom.progress('o1-k1')).toBe('70%');
  });

  test('[OP2] one who has seen the other’s value overwrites it without a word', async () => {
    const { li, tom } = await two();
    await li.setNumber('o1-k1', 'Now', '7');
    await expect.poll(() => tom.number('o1-k1', 'Now').inputValue()).toBe('7');
    await tom.setNumber('o1-k1', 'Now', '9');
    await expect.poll(() => li.number('o1-k1', 'Now').inputValue()).toBe('9');
    await Promise.all([li.saved(), tom.saved()]);
    expect(await li.page.locator('.loss-note').count()).toBe(0);
  });

  test('[OP2] an owner, too: the loser keeps theirs', async () => {
    const { li, tom, line } = await two();
    line.fallSilent();
    const own = async (plan: PlanPage, pick: () => Promise<void>): Promise<void> => {
      await plan.row('o1-k1').getByRole('button', { name: /^Owner/ }).click();
      await pick();
    };
    await own(tom, () => tom.page.getByRole('option', { name: 'Ada Byron' }).click());
    await own(li, async () => {
      await li.page.getByRole('combobox', { name: 'Find or add a person' }).fill('Grace Hopper');
      await li.page.getByRole('option', { name: 'Add Grace Hopper' }).click();
    });
    await li.saved();
    line.mend();
    const note = li.row('o1-k1').locator('.loss-note');
    await expect.poll(() => note.locator('p').innerText()).toContain('It is Ada Byron; you had Grace Hopper.');
    await note.getByRole('button', { name: 'Keep theirs' }).click();
    await note.waitFor({ state: 'detached' });
    await li.row('o1-k1').getByRole('button', { name: 'Owner: Ada Byron' }).waitFor();
  });
});

describe('a refused edit becomes a draft', () => {
  test('[OP8][RB3] removing what somebody has just added to; tried again after a look it works', async () => {
    const { li, tom, line } = await two();
    line.fallSilent();
    await removeObjective(tom, 1);
    await expect.poll(() => tom.order()).toEqual(['o2']);
    await li.row('o1').getByRole('button', { name: 'Add Key result' }).click();
    await li.page.keyboard.type('Added meanwhile');
    await li.saved();
    line.mend();

    await drafts(tom).getByText('Somebody has just added to what you wanted to remove.').waitFor();
    await expect.poll(() => tom.order()).toEqual(['o1', 'o2']);
    await expect.poll(() => tom.titles('o1')).toEqual(['Alpha', 'Added meanwhile']);
    expect(await drafts(li).count()).toBe(0);
    await tom.write('o2', 'end', ' goes on');
    await everybodySees([li, tom], 'o2', 'Second goes on');

    await drafts(tom).getByRole('button', { name: 'Remove it all the same' }).click();
    await expect.poll(() => Promise.all([li.order(), tom.order()])).toEqual([['o2'], ['o2']]);
    await drafts(tom).waitFor({ state: 'detached' });
  });

  test('[OP1][RB3] adding to what somebody has just removed: the words are kept until they are let go', async () => {
    const { li, tom, line } = await two();
    line.fallSilent();
    await tom.row('o1').getByRole('button', { name: 'Add Key result' }).click();
    await tom.page.keyboard.type('Too late');
    await removeObjective(li, 1);
    await li.saved();
    line.mend();
    await drafts(tom).waitFor();
    await drafts(tom).getByText('New key result: “Too late” in “First” (removed by Li Na)').first().waitFor();
    await expect.poll(() => tom.order()).toEqual(['o2']);
    await tom.write('o2', 'end', ' goes on');
    await everybodySees([li, tom], 'o2', 'Second goes on');

    await tom.page.reload();
    await tom.ready();
    await drafts(tom).waitFor();
    while ((await drafts(tom).count()) > 0) await drafts(tom).getByRole('button', { name: 'Discard' }).first().click();
    await tom.write('o2', 'end', '!');
    await tom.stored();
    await tom.page.reload();
    await tom.ready();
    expect(await drafts(tom).count()).toBe(0);
  });
});

describe('a draft', () => {
  async function tooLate(): Promise<{ li: PlanPage; tom: PlanPage }> {
    const { li, tom, line } = await two();
    line.fallSilent();
    await tom.row('o1').getByRole('button', { name: 'Add Key result' }).click();
    await tom.page.keyboard.insertText('Too late');
    await removeObjective(li, 1);
    await li.saved();
    line.mend();
    await drafts(tom).getByText('New key result: “Too late” in “First” (removed by Li Na)').waitFor();
    return { li, tom };
  }

  test('[OP9] is added after all, together with what it belongs to', async () => {
    const { li, tom } = await tooLate();
    await drafts(tom).getByRole('button', { name: 'Restore the objective and add it' }).first().click();
    await drafts(tom).waitFor({ state: 'detached' });
    await expect.poll(() => Promise.all([li.titles('o1'), tom.titles('o1')])).toEqual([['Alpha', 'Too late'], ['Alpha', 'Too late']]);
    await expect.poll(() => tom.page.evaluate(() => document.activeElement?.closest('[data-entity]') !== null)).toBe(true);
  });

  test('is copied where the browser has no clipboard for pages, and where it refuses every way the words are selected', async () => {
    const { tom } = await tooLate();
    const { page } = tom;
    const copied = (): Promise<string> => page.evaluate(() => document.documentElement.dataset['copied'] ?? '');
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true });
      addEventListener('copy', () => {
        const from = document.activeElement;
        document.documentElement.dataset['copied'] = from instanceof HTMLTextAreaElement ? from.value : (getSelection()?.toString() ?? '');
      });
    });
    await drafts(tom).getByRole('button', { name: 'Copy' }).first().click();
    await page.getByText('Copied', { exact: true }).waitFor();
    expect(await copied()).toContain('New key result: “Too late” in “First” (removed by Li Na)');

    await page.evaluate(() => (document.execCommand = () => false));
    await drafts(tom).getByRole('button', { name: 'Copy' }).first().click();
    await page.getByText('The browser does not let the page copy.').waitFor();
    expect(await page.evaluate(() => getSelection()?.toString())).toContain('Too late');
  });
});

describe('undo and redo', () => {
  test('mean the same with Caps Lock', async () => {
    const { li } = await two();
    await li.caretTo(li.title('o2'), 'end');
    await li.page.keyboard.insertText(' more');
    const press = (key: string, shift: boolean): Promise<void> =>
      li.title('o2').evaluate((target, [name, withShift]) => void target.dispatchEvent(new KeyboardEvent('keydown', { key: name, code: 'KeyZ', keyCode: 90, ctrlKey: true, shiftKey: withShift, bubbles: true, cancelable: true })), [key, shift] as const);
    await press('Z', false);
    await expect.poll(() => li.titleText('o2')).toBe('Second');
    await press('z', true);
    await expect.poll(() => li.titleText('o2')).toBe('Second more');
  });
});

describe('a title', () => {
  test('takes what is pasted as one line, and keeps no blanks around it when it is left', async () => {
    const { li, tom } = await two();
    await li.caretTo(li.title('o2'), 'end');
    await li.page.keyboard.insertText('\tin one\nline  ');
    await li.page.keyboard.press('Escape');
    await everybodySees([li, tom], 'o2', 'Second in one line');
  });
});

describe('limits', () => {
  test('[OP12] a title stops at its limit, and the page says how much is left', async () => {
    const { li, tom } = await two();
    await li.caretTo(li.title('o2'), 'end');
    await li.page.keyboard.insertText('x'.repeat(600));
    await everybodySees([li, tom], 'o2', `Second${'x'.repeat(494)}`);
    await li.titleBox('o2').getByText('0 characters left').waitFor();
    await li.saved();
  });
});
