// Lines from a list or a spreadsheet, pasted into a title.
import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { PlanPage } from './support/plan_page';
import { useStage } from './support/stage';

const stage = useStage();
const seed = { objectives: [{ title: 'First', keyResults: [{ title: 'Alpha' }, { title: 'Beta' }] }] };

async function two(): Promise<{ li: PlanPage; tom: PlanPage }> {
  const path = await stage.plan(seed);
  const [first, second] = await Promise.all([stage.person({ name: 'Li Na' }), stage.person({ name: 'Tom' })]);
  return { li: await PlanPage.open(first, path), tom: await PlanPage.open(second, path) };
}
async function paste(page: Page, words: string): Promise<void> {
  await page.locator('.cm-content:focus').evaluate((it, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    it.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, words);
}
async function newRow(plan: PlanPage): Promise<void> {
  const before = (await plan.order('o1')).length;
  await plan.caretTo(plan.title('o1-k1'), 'end');
  await plan.page.keyboard.press('Enter');
  await expect.poll(async () => (await plan.order('o1')).length).toBe(before + 1);
  await plan.page.locator('.text-empty .cm-content:focus').waitFor();
}

test('three rows of a spreadsheet become three key results, with the numbers that can be read, in one step', async () => {
  const { li, tom } = await two();
  await newRow(li);
  await paste(li.page, 'Riders after three years\t1,200\t2,000\triders\nTurnover\t€1.2M\t€2M\nRepairs\tunknown\tabout 40\tdays\n');
  await expect.poll(() => tom.titles('o1')).toEqual(['Alpha', 'Riders after three years', 'Turnover', 'Repairs unknown about 40', 'Beta']);
  const [, riders = '', turnover = ''] = await tom.order('o1');
  await expect.poll(() => tom.number(riders, 'Target').inputValue()).toBe('2,000');
  await expect.poll(() => tom.number(turnover, 'Start').inputValue()).toBe('€1,200,000');
  await li.page.keyboard.type('!');
  await expect.poll(() => tom.titles('o1')).toContain('Repairs unknown about 40!');
  await li.page.keyboard.press('Control+z');
  await li.page.keyboard.press('Control+z');
  await expect.poll(() => tom.titles('o1')).toEqual(['Alpha', '', 'Beta']);
  await li.page.keyboard.press('Control+Shift+z');
  await expect.poll(() => tom.titles('o1')).toEqual(['Alpha', 'Riders after three years', 'Turnover', 'Repairs unknown about 40', 'Beta']);
});

test('lines become objectives where an objective is empty', async () => {
  const { li, tom } = await two();
  await li.page.locator('.add-objective').click();
  await li.page.locator('.text-empty .cm-content:focus').waitFor();
  await paste(li.page, '• Grow\n• Stay');
  await expect.poll(() => tom.titles()).toEqual(['First', 'Grow', 'Stay']);
});

test('a title that has words takes lines as one, and says so', async () => {
  const { li, tom } = await two();
  await li.caretTo(li.title('o1-k1'), 'end');
  await paste(li.page, ' and\nBravo');
  await li.page.getByText('2 lines were joined into one.').waitFor();
  await expect.poll(() => tom.titles('o1')).toEqual(['Alpha and Bravo', 'Beta']);
});

test('[OP12] more than fits is told before anything is pasted, and what a title cannot hold stands at its row', async () => {
  const { li, tom } = await two();
  await newRow(li);
  await paste(li.page, 'A line\n'.repeat(1500));
  await li.page.getByText('These are 1500 rows').waitFor();
  await paste(li.page, `${'x'.repeat(499)}\n`.repeat(900));
  await li.page.getByText('These rows hold more text').waitFor();
  expect(await li.titles('o1')).toEqual(['Alpha', '', 'Beta']);
  await paste(li.page, `Short\n${'y'.repeat(510)}`);
  await expect.poll(() => tom.titles('o1')).toEqual(['Alpha', 'Short', 'y'.repeat(500), 'Beta']);
  await li.page.locator('.left-over-note').getByText('10 characters are not in it:').waitFor();
});
