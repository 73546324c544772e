// What somebody writes in a form and has not sent is kept for them; Escape closes one thing at a time; the focus is never nowhere.
import { describe, expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { PlanPage } from './support/plan_page';
import { useStage } from './support/stage';

const stage = useStage();
const seed = {
  objectives: [
    { title: 'One', keyResults: [{ title: 'Riders', fields: { start: 0, target: 10, current: 3 } }, { title: 'Brakes', fields: { start: 0, target: 10 } }] },
    { title: 'Two', keyResults: [{ title: 'Frames', fields: { start: 0, target: 10 } }] },
  ],
};

const note = (details: Locator): Locator => details.getByRole('textbox', { name: 'What happened, what is next?' });
const kept = (page: Page): Locator => page.getByRole('region', { name: 'Not saved yet' });

async function beginNote(plan: PlanPage, id: string, words: string): Promise<Locator> {
  const details = await plan.openDetails(id);
  await details.getByRole('button', { name: 'Check in' }).click();
  await note(details).fill(words);
  return details;
}
// What has the focus, in words for the failure.
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const at = document.activeElement;
    return at === null || at === document.body ? 'nothing' : `${at.tagName.toLowerCase()} ${at.getAttribute('aria-label') ?? ''} ${at.closest('[data-entity]')?.getAttribute('data-entity') ?? ''}`;
  });
}
async function focusIsOn(page: Page, place: Locator): Promise<void> {
  await expect.poll(() => place.evaluate((element) => element === document.activeElement).catch(() => false), { message: `focused: ${await focused(page)}` }).toBe(true);
}

describe('a check-in that was begun and not saved', () => {
  test('is kept through Escape, another row and a reload, is shown as not saved yet, and is gone when it is saved', async () => {
    const plan = await PlanPage.open(await stage.person(), await stage.plan(seed));
    const { page } = plan;
    const details = await beginNote(plan, 'o1-k1', 'Riders came back after');
    await page.keyboard.press('Escape');
    await note(details).waitFor({ state: 'detached' });
    expect(await details.isVisible()).toBe(true);
    await details.getByText('Not saved yet').waitFor();

    await plan.openDetails('o1-k2');
    await kept(page).getByText('Riders came back after').waitFor();
    await page.reload();
    await plan.ready();
    await kept(page).getByText('Riders came back after').waitFor();
    await kept(page).getByRole('button', { name: 'Go on writing' }).click();
    expect(await note(plan.details('o1-k1')).inputValue()).toBe('Riders came back after');
    await focusIsOn(page, note(plan.details('o1-k1')));

    const value = plan.details('o1-k1').getByRole('textbox', { name: 'Value' });
    await value.fill('4');
    await plan.details('o1-k1').getByRole('button', { name: 'Save the check-in' }).click();
    await plan.details('o1-k1').locator('.check-in').getByText('Riders came back after').waitFor();
    await expect.poll(() => plan.number('o1-k1', 'Now').inputValue()).toBe('4');
    await page.reload();
    await plan.ready();
    expect(await kept(page).count()).toBe(0);
  });

  test('stays in its tab while another tab of the same person saves one of the same key result', async () => {
    const path = await stage.plan(seed);
    const person = await stage.person();
    const [saves, writes] = [await PlanPage.open(person, path), await PlanPage.open(person, path)];
    await beginNote(writes, 'o1-k1', 'Only in this tab');
    await writes.details('o1-k1').getByRole('textbox', { name: 'Value' }).fill('5');
    const details = await beginNote(saves, 'o1-k1', 'Saved in the other');
    await details.getByRole('textbox', { name: 'Value' }).fill('4');
    await details.getByRole('button', { name: 'Save the check-in' }).click();
    await details.locator('.check-in').getByText('Saved in the other').waitFor();
    await writes.page.reload();
    await writes.ready();
    expect(await note(writes.details('o1-k1')).inputValue()).toBe('Only in this tab');
    expect(await writes.details('o1-k1').getByRole('textbox', { name: 'Value' }).inputValue()).toBe('5');
    expect(await saves.page.getByText('Not saved yet').count(), 'what another tab writes').toBe(0);
  });

  test('goes, with what a field could not take, to the next tab that has the plan open when its own is closed', async () => {
    const path = await stage.plan(seed);
    const person = await stage.person();
    const [stays, writes] = [await PlanPage.open(person, path), await PlanPage.open(person, path)];
    await beginNote(writes, 'o1-k1', 'Half a');
    await writes.setNumber('o1-k2', 'Target', 'about 40');
    await writes.page.close();
    await stays.page.evaluate(() => dispatchEvent(new Event('focus'))); // a browser without windows tells of none
    await kept(stays.page).getByText('Half a').waitFor();
    await expect.poll(() => stays.number('o1-k2', 'Target').inputValue()).toBe('about 40');
    const next = await PlanPage.open(person, path);
    expect(await kept(next.page).count(), 'it is there once').toBe(0);
    await stays.page.close();
    await next.page.reload();
    await next.ready();
    await kept(next.page).getByRole('button', { name: 'Go on writing' }).click();
    expect(await note(next.details('o1-k1')).inputValue()).toBe('Half a');
  });

  test('is kept by Escape in a popover of its form, which closes alone', async () => {
    const plan = await PlanPage.open(await stage.person(), await stage.plan(seed));
    const { page } = plan;
    const details = await beginNote(plan, 'o1-k1', 'Half a');
    await details.locator('.check-in-form').getByRole('button', { name: /^Signed by/ }).click();
    await page.locator('.picker').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.picker').waitFor({ state: 'detached' });
    expect(await note(details).inputValue()).toBe('Half a');
  });

  test('is offered when somebody else removes its key result meanwhile, and comes back with it', async () => {
    const path = await stage.plan(seed);
    const [plan, other] = [await PlanPage.open(await stage.person(), path), await PlanPage.open(await stage.person({ name: 'Tom' }), path)];
    await beginNote(plan, 'o1-k1', 'Nobody has read this');
    await (await other.openDetails('o1-k1')).getByRole('button', { name: 'Remove', exact: true }).click();
    await kept(plan.page).getByText('removed by Tom').waitFor();
    await kept(plan.page).getByText('Nobody has read this').waitFor();
    await kept(plan.page).getByRole('button', { name: 'Bring it back and go on' }).click();
    expect(await note(plan.details('o1-k1')).inputValue()).toBe('Nobody has read this');
    await other.row('o1-k1').waitFor();
  });

  test('is discarded only by hand, with a way back', async () => {
    const plan = await PlanPage.open(await stage.person(), await stage.plan(seed));
    const details = await beginNote(plan, 'o1-k1', 'On second thought');
    await details.getByRole('button', { name: 'Discard' }).click();
    await plan.page.getByRole('button', { name: 'Undo' }).click();
    await details.getByText('Not saved yet').waitFor();
    await details.getByRole('button', { name: 'Go on writing' }).click();
    expect(await note(details).inputValue()).toBe('On second thought');
  });
});

describe('Escape', () => {
  test.each([{ width: 1360 }, { width: 1000 }])('closes the topmost layer only, at $width px', async ({ width }) => {
    const plan = await PlanPage.open(await stage.person({ width }), await stage.plan(seed));
    const { page } = plan;
    const details = await plan.openDetails('o1-k1');
    await details.getByRole('button', { name: 'Check in' }).click();
    await details.locator('.check-in-form').getByRole('button', { name: /^Signed by/ }).click();
    const layers = [page.locator('.picker'), note(details), details];
    for (const layer of layers) await layer.waitFor();
    for (const [index, layer] of layers.entries()) {
      await page.keyboard.press('Escape');
      await layer.waitFor({ state: 'detached' });
      for (const below of layers.slice(index + 1)) expect(await below.isVisible()).toBe(true);
    }
    await focusIsOn(page, plan.row('o1-k1').getByRole('button', { name: /^Details of/ }));
  });

  test('leaves the field first, and what is around it stays open', async () => {
    const plan = await PlanPage.open(await stage.person({ width: 1000 }), await stage.plan(seed));
    const details = await plan.openDetails('o1-k1');
    await plan.caretTo(details.getByRole('textbox', { name: 'Description' }), 'end');
    await plan.page.keyboard.press('Escape');
    await focusIsOn(plan.page, details);
    await plan.page.keyboard.press('Escape');
    await details.waitFor({ state: 'detached' });
  });
});

describe('the focus is somewhere useful', () => {
  test('after Enter in a number, after Remove, Undo and Restore, and after saving a check-in', async () => {
    const plan = await PlanPage.open(await stage.person(), await stage.plan(seed));
    const { page } = plan;
    await plan.setNumber('o1-k1', 'Now', '5');
    await focusIsOn(page, plan.number('o1-k1', 'Now'));

    const details = await plan.openDetails('o1-k1');
    await details.getByRole('button', { name: 'Check in' }).click();
    await focusIsOn(page, details.getByRole('textbox', { name: 'Value' }));
    await details.getByRole('button', { name: 'Save the check-in' }).click();
    await focusIsOn(page, details.getByRole('button', { name: 'Check in' }));

    await details.getByRole('button', { name: 'Remove', exact: true }).click();
    await focusIsOn(page, plan.row('o1-k2'));
    await page.getByRole('button', { name: 'Undo' }).click();
    await focusIsOn(page, plan.row('o1-k1'));

    // By the row's menu; the last one of a list leads to what it stood in.
    await plan.row('o2').hover();
    await plan.row('o2').getByRole('button', { name: 'Actions for Objective 2' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await focusIsOn(page, plan.row('o1'));
    await page.getByRole('button', { name: /^Removed · 1/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
    await plan.row('o2').waitFor();
    await focusIsOn(page, page.getByRole('dialog').getByRole('button', { name: 'Close' }));
  });

  test('after a note about a lost value, a link to another plan, and Back', async () => {
    const path = await stage.plan({ ...seed, others: [{ team: 'Parts', objectives: seed.objectives }] });
    const [plan, other] = [await PlanPage.open(await stage.person(), path), await PlanPage.open(await stage.person({ name: 'Tom' }), path)];
    const { page } = plan;
    await other.number('o1-k1', 'Now').click();
    await other.page.keyboard.type('9');
    await plan.setNumber('o1-k1', 'Now', '5');
    await other.page.locator('.field-note').getByText('Meanwhile').waitFor();
    await other.page.keyboard.press('Enter');
    await page.locator('.loss-note').getByRole('button', { name: /^Keep/ }).click();
    await focusIsOn(page, plan.row('o1-k1'));

    const content = page.locator('#content');
    await page.getByRole('link', { name: 'Parts' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/t1\//);
    await plan.ready();
    await plan.title('o1').focus();
    await page.goBack();
    await page.waitForURL(/\/bikes\//);
    await plan.ready();
    await focusIsOn(page, content);
  });

  test('after Enter and Escape in a number, which leave it, and undo by key works in it', async () => {
    const plan = await PlanPage.open(await stage.person(), await stage.plan(seed));
    const { page } = plan;
    await plan.setNumber('o1-k1', 'Now', '5');
    await page.keyboard.press('Control+z');
    await expect.poll(() => plan.number('o1-k1', 'Now').inputValue()).toBe('3');
    await page.keyboard.press('Control+Shift+Z');
    await expect.poll(() => plan.number('o1-k1', 'Now').inputValue()).toBe('5');
    await page.keyboard.press('Escape');
    await focusIsOn(page, plan.row('o1-k1'));
  });
});
