// A row that is made and left with nothing in it has never been there; one that holds anything, or that somebody else is in, stays.
import { describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { InputMethod } from './support/browser';
import { PlanPage } from './support/plan_page';
import { useStage } from './support/stage';

const stage = useStage();
const seed = {
  people: ['Ada Byron'],
  objectives: [{ title: 'First', keyResults: [{ title: 'Alpha' }, { title: 'Beta' }] }, { title: 'Second' }],
};
const [alpha, beta] = ['o1-k1', 'o1-k2'] as const;

async function two(): Promise<{ li: PlanPage; tom: PlanPage }> {
  const path = await stage.plan(seed);
  const [first, second] = await Promise.all([stage.person({ name: 'Li Na' }), stage.person({ name: 'Tom' })]);
  return { li: await PlanPage.open(first, path), tom: await PlanPage.open(second, path) };
}
const orders = (plans: readonly PlanPage[]): Promise<(readonly string[])[]> => Promise.all(plans.map((it) => it.order('o1')));
const bothHave = (plans: readonly PlanPage[], order: readonly string[]): Promise<void> => expect.poll(() => orders(plans)).toEqual(plans.map(() => order));
const focusedRow = (page: Page): Promise<string | null> => page.evaluate(() => document.activeElement?.closest('[data-entity]')?.getAttribute('data-entity') ?? null);

// Behind Alpha, as one that both have and that is written in.
async function makeRow({ li, tom }: { li: PlanPage; tom: PlanPage }): Promise<string> {
  await li.caretTo(li.title(alpha), 'end');
  await li.page.keyboard.press('Enter');
  await expect.poll(async () => (await orders([li, tom])).map((it) => it.length)).toEqual([3, 3]);
  const [, made = ''] = await li.order('o1');
  await expect.poll(() => focusedRow(li.page)).toBe(made);
  return made;
}

describe('an empty row that was made here goes for everybody', () => {
  test('with Escape, and the caret is back where it was', async () => {
    const both = await two();
    const { li, tom } = both;
    await makeRow(both);
    await li.page.keyboard.press('Escape');
    await bothHave([li, tom], [alpha, beta]);
    await expect.poll(() => focusedRow(li.page)).toBe(alpha);
    expect(await tom.page.locator('.show-removed').count(), 'and is nothing to look for').toBe(0);
  });

  test('with a press elsewhere, which does what it was for', async () => {
    const both = await two();
    const { li, tom } = both;
    await makeRow(both);
    await li.row('o2').locator('.owner').first().click();
    await li.page.getByRole('dialog').or(li.page.getByRole('listbox')).first().waitFor();
    await bothHave([li, tom], [alpha, beta]);
  });

  test('with Tab out of it, and with leaving the page', async () => {
    const both = await two();
    const { li, tom } = both;
    const made = await makeRow(both);
    for (let presses = 0; (await focusedRow(li.page)) === made && presses < 30; presses += 1) await li.page.keyboard.press('Tab');
    await bothHave([li, tom], [alpha, beta]);
    expect(await focusedRow(li.page)).toBe(beta);

    await makeRow(both);
    await li.page.reload();
    await li.ready();
    await bothHave([li, tom], [alpha, beta]);
  });

  test('undo then takes back what was done before it was made', async () => {
    const both = await two();
    const { li, tom } = both;
    await li.write(alpha, 'end', '!');
    await makeRow(both);
    await li.page.keyboard.press('Escape');
    await bothHave([li, tom], [alpha, beta]);
    await li.page.keyboard.press('Control+z');
    await expect.poll(() => tom.titleText(alpha)).toBe('Alpha');
    await bothHave([li, tom], [alpha, beta]);
  });

  test('undo of the row that is being written in leads to the text before it, where typing goes on', async () => {
    const both = await two();
    const { li, tom } = both;
    await makeRow(both);
    await li.page.keyboard.type('Word');
    await expect.poll(async () => (await tom.titles('o1')).join()).toContain('Word');
    await li.page.keyboard.press('Control+z');
    await li.page.keyboard.press('Control+z');
    await bothHave([li, tom], [alpha, beta]);
    await expect.poll(() => focusedRow(li.page)).toBe(alpha);
    await li.page.keyboard.press('End');
    await li.page.keyboard.type(' goes on');
    await expect.poll(async () => (await tom.titles('o1')).join()).toContain('Alpha goes on');
    expect(await li.page.locator('.text-stays').count()).toBe(0);
  });

  test('but words that were written in it and deleted come back with undo', async () => {
    const both = await two();
    const { li, tom } = both;
    const made = await makeRow(both);
    await li.page.keyboard.type('Gamma');
    await li.page.keyboard.press('Control+a');
    await li.page.keyboard.press('Delete');
    await li.page.keyboard.press('Escape');
    await bothHave([li, tom], [alpha, beta]);
    await li.page.keyboard.press('Control+z');
    await li.page.keyboard.press('Control+z');
    await bothHave([li, tom], [alpha, made, beta]);
    await expect.poll(() => tom.titleText(made)).toBe('Gamma');
  });
});

describe('a row stays', () => {
  test('that holds anything, or something that could not be read', async () => {
    const both = await two();
    const { li, tom } = both;
    const first = await makeRow(both);
    await li.setNumber(first, 'Target', '10');
    await li.caretTo(li.title(beta), 'end');
    await li.saved();
    await bothHave([li, tom], [alpha, first, beta]);

    await li.page.keyboard.press('Enter');
    await expect.poll(async () => (await li.order('o1')).length).toBe(4);
    const [, , , second = ''] = await li.order('o1');
    await li.number(second, 'Target').fill('about 40');
    await li.caretTo(li.title(beta), 'end');
    await li.row(second).locator('[aria-invalid="true"]').waitFor();
    await li.saved();
    await bothHave([li, tom], [alpha, first, beta, second]);
  });

  test('whoever wrote in it what was not taken is told that it went, and can bring it back', async () => {
    const both = await two();
    const { li, tom } = both;
    const made = await makeRow(both);
    await tom.number(made, 'Target').fill('about 7 per shop');
    await tom.caretTo(tom.title(beta), 'end');
    await li.page.keyboard.press('Escape');
    await bothHave([li, tom], [alpha, beta]);
    await tom.page.locator('.toast').getByRole('button', { name: 'Bring it back' }).click();
    await bothHave([li, tom], [alpha, made, beta]);
    await expect.poll(() => tom.number(made, 'Target').inputValue()).toBe('about 7 per shop');
  });

  test('that somebody else is in, until they leave it empty, too', async () => {
    const both = await two();
    const { li, tom } = both;
    const made = await makeRow(both);
    await tom.caretTo(tom.title(made), 'end');
    await li.row(made).locator('.remote-caret').waitFor();
    await li.page.keyboard.press('Escape');
    await li.caretTo(li.title(beta), 'end');
    await li.saved();
    await bothHave([li, tom], [alpha, made, beta]);
    await tom.caretTo(tom.title(beta), 'end');
    await bothHave([li, tom], [alpha, beta]);
  });

  test('that somebody else begins to write in at the moment it goes: it comes back with their words', async () => {
    const path = await stage.plan(seed);
    const { person, line } = await stage.personOnLine({ name: 'Tom' });
    const both = { li: await PlanPage.open(await stage.person({ name: 'Li Na' }), path), tom: await PlanPage.open(person, path) };
    const { li, tom } = both;
    const made = await makeRow(both);
    line.fallSilent();
    await tom.write(made, 'end', 'by Tom');
    await li.page.keyboard.press('Escape');
    await bothHave([li], [alpha, beta]);
    await li.saved();
    line.mend();
    await bothHave([li, tom], [alpha, made, beta]);
    await expect.poll(() => li.titleText(made)).toBe('by Tom');
  });

  test('in which an input method composes while it is left', async () => {
    const both = await two();
    const { li, tom } = both;
    const made = await makeRow(both);
    const method = await InputMethod.on(li.page);
    await method.compose('kuaisu');
    await li.row('o2').locator('.objective-title').click();
    await expect.poll(() => tom.titleText(made)).toBe('kuaisu');
    await bothHave([li, tom], [alpha, made, beta]);
  });
});

describe('Enter in an empty row ends its list', () => {
  test('behind the key results comes the next objective; an objective that is left empty goes', async () => {
    const both = await two();
    const { li, tom } = both;
    await li.caretTo(li.title(beta), 'end');
    await li.page.keyboard.press('Enter');
    await expect.poll(async () => (await li.order('o1')).length).toBe(3);
    await li.page.keyboard.press('Enter');
    await bothHave([li, tom], [alpha, beta]);
    await expect.poll(async () => (await tom.order()).length).toBe(3);
    await li.page.keyboard.type('Between');
    await expect.poll(() => tom.titles()).toEqual(['First', 'Between', 'Second']);

    await li.page.keyboard.press('Enter'); // its first key result
    await li.page.keyboard.press('Enter'); // an objective
    await expect.poll(async () => (await tom.order()).length).toBe(4);
    await li.page.keyboard.press('Enter');
    await expect.poll(() => tom.titles()).toEqual(['First', 'Between', 'Second']);
    expect(await li.page.evaluate(() => document.activeElement === document.body)).toBe(false);
  });

  test('the row that has the focus is written in with Enter', async () => {
    const { li, tom } = await two();
    await li.caretTo(li.title(beta), 'end');
    await li.page.keyboard.press('Escape');
    await li.page.keyboard.press('Enter');
    await li.page.keyboard.type('!');
    await expect.poll(() => tom.titleText(beta)).toBe('Beta!');
  });

  test('what somebody left empty goes with Backspace, when its row has the focus, too', async () => {
    const path = await stage.plan({ objectives: [{ title: 'First', keyResults: [{ title: 'Alpha' }, { title: '' }] }] });
    const li = await PlanPage.open(await stage.person({ name: 'Li Na' }), path);
    await li.title(beta).click();
    await li.page.keyboard.press('Escape');
    await bothHave([li], [alpha, beta]);
    await li.page.keyboard.press('Backspace');
    await bothHave([li], [alpha]);
    await expect.poll(() => focusedRow(li.page)).toBe(alpha);
    await li.page.keyboard.press('Control+z');
    await bothHave([li], [alpha, beta]);
  });
});

describe('teams, cycles and people', () => {
  test.each([
    { section: 'teams', add: 'Team', row: '.tree:has(#teams-title) .tree-item' },
    { section: 'cycles', add: 'Cycle', row: '.tree:has(#cycles-title) .tree-item' },
    { section: 'people', add: 'Person', row: '.person-row' },
  ])('$section: an empty one goes with Escape, Backspace and a press elsewhere', async ({ add, row }) => {
    const path = await stage.plan(seed);
    const person = await stage.person({ name: 'Li Na' });
    const page = await person.open(path.split('/').slice(0, 3).join('/'));
    const button = page.getByRole('button', { name: `Add ${add}` });
    await button.waitFor();
    await page.locator('.save-state[data-state="saved"]').waitFor();
    const before = await page.locator(row).count();
    for (const leave of [() => page.keyboard.press('Escape'), () => page.keyboard.press('Backspace'), () => page.locator('#settings-title').click()]) {
      await button.click();
      await expect.poll(() => page.locator(row).count()).toBe(before + 1);
      await page.locator(`:is(${row}) :is(.cm-content, input, textarea):focus`).waitFor();
      await leave();
      await expect.poll(() => page.locator(row).count()).toBe(before);
    }
    expect(await page.locator('.side').getByText(/Untitled|New /).count()).toBe(0);
  });

  test('Enter in an empty team that is nested brings it out one level', async () => {
    const path = await stage.plan(seed);
    const person = await stage.person({ name: 'Li Na' });
    const page = await person.open(path.split('/').slice(0, 3).join('/'));
    await page.getByRole('button', { name: 'Add Team' }).click();
    await page.keyboard.type('Frames');
    await page.keyboard.press('Enter');
    await page.locator('.tree-item .cm-content:focus').waitFor();
    await page.keyboard.press('Alt+ArrowRight');
    await page.locator('.tree-item .tree-item').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.tree-item .tree-item').waitFor({ state: 'detached' });
    await page.keyboard.type('Wheels');
    await expect.poll(() => page.locator('.tree:has(#teams-title) .tree-name').allTextContents()).toEqual(['Bikes', 'Frames', 'Wheels']);
  });
});
