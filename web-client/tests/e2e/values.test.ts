// Values that somebody edits while others set them, numbers as people write them, days typed by keyboard: what was meant is sent, what
// was not meant is not, and whoever lost something hears of it.
import { describe, expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import { PlanPage } from './support/plan_page';
import { useStage } from './support/stage';

const stage = useStage();
const seed = {
  people: ['Ada Byron', 'Grace Hopper'],
  objectives: [{ title: 'Riders stay', keyResults: [{ title: 'Repairs', fields: { start: 0, target: 100, current: 10, unit: 'kg', due: '2026-01-31' } }, { title: 'Fresh' }] }],
};

async function two(more = {}): Promise<{ li: PlanPage; tom: PlanPage; path: string }> {
  const path = await stage.plan({ ...seed, ...more });
  const [li, tom] = [await PlanPage.open(await stage.person({ name: 'Li Na' }), path), await PlanPage.open(await stage.person({ name: 'Tom Okafor' }), path)];
  return { li, tom, path };
}
const value = (input: Locator): Promise<string> => input.inputValue();
const note = (plan: PlanPage): Locator => plan.page.locator('.field-note');
const lossNote = (plan: PlanPage): Locator => plan.page.locator('.loss-note');

describe('a value that somebody edits while another sets it', () => {
  test('a number that was only clicked is not sent', async () => {
    const { li, tom } = await two();
    await li.number('o1-k1', 'Now').click();
    await tom.setNumber('o1-k1', 'Now', '42');
    await note(li).getByText('Meanwhile Tom Okafor set 42 kg.').waitFor();
    expect(await value(li.number('o1-k1', 'Now')), 'the text stays').toBe('10');
    await li.page.keyboard.press('Tab');
    await expect.poll(() => value(li.number('o1-k1', 'Now'))).toBe('42 kg'.replace(' ', '\u00a0'));
    await Promise.all([li.saved(), tom.saved()]);
    expect(await value(tom.number('o1-k1', 'Now'))).toBe('42\u00a0kg');
    expect(await lossNote(tom).count()).toBe(0);
  });

  test('[OP2] what was typed on an older value is sent, and who lost theirs is told', async () => {
    const { li, tom } = await two();
    await li.number('o1-k1', 'Now').click();
    await li.page.keyboard.type('50');
    await tom.setNumber('o1-k1', 'Now', '42');
    await note(li).getByText('Meanwhile Tom Okafor set 42 kg.').waitFor();
    expect(await value(li.number('o1-k1', 'Now'))).toBe('50');
    await li.page.keyboard.press('Tab');
    await lossNote(tom).waitFor();
    expect(await lossNote(tom).locator('p').innerText()).toBe('Li Na set “Now” at the same moment. It is 50\u00a0kg; you had 42\u00a0kg.');
    expect(await lossNote(li).count()).toBe(0);
  });

  test('what others have set can be taken with one press, or with Escape', async () => {
    const { li, tom } = await two();
    await li.number('o1-k1', 'Now').click();
    await li.page.keyboard.type('50');
    await tom.setNumber('o1-k1', 'Now', '42');
    await note(li).getByRole('button', { name: 'Leave it at 42 kg' }).click();
    await expect.poll(() => value(li.number('o1-k1', 'Now'))).toBe('42\u00a0kg');
    await li.page.keyboard.type('60');
    await li.page.keyboard.press('Escape');
    expect(await value(li.number('o1-k1', 'Now'))).toBe('42\u00a0kg');
    await li.page.keyboard.press('Tab');
    await li.saved();
    expect(await value(tom.number('o1-k1', 'Now'))).toBe('42\u00a0kg');
  });

  test('a unit, a day, a choice, an owner', async () => {
    const { li, tom } = await two();
    const [mine, theirs] = [await li.openDetails('o1-k1'), await tom.openDetails('o1-k1')];
    const fields = (details: Locator) => ({ unit: details.getByRole('textbox', { name: 'Unit' }), due: details.getByLabel('Due', { exact: true }).first() });
    await fields(mine).unit.focus();
    await fields(theirs).unit.fill('t');
    await fields(theirs).unit.press('Enter');
    await note(li).getByText('Meanwhile Tom Okafor set t.').waitFor();
    await fields(mine).due.focus();
    await expect.poll(() => value(fields(mine).unit)).toBe('t');
    await fields(theirs).due.fill('2027-03-01');
    await note(li).getByText('Meanwhile Tom Okafor set').waitFor();
    expect(await value(fields(mine).due)).toBe('2026-01-31');
    await fields(mine).unit.focus();
    await expect.poll(() => value(fields(mine).due)).toBe('2027-03-01');

    await li.row('o1-k1').getByRole('button', { name: /^Owner/ }).click();
    await tom.row('o1-k1').getByRole('button', { name: /^Owner/ }).click();
    await tom.page.getByRole('option', { name: 'Ada Byron' }).click();
    await li.row('o1-k1').getByRole('button', { name: 'Owner: Ada Byron' }).waitFor();
    await li.page.getByRole('option', { name: 'Grace Hopper' }).click();
    await expect.poll(() => lossNote(tom).locator('p').allInnerTexts()).toEqual(['Li Na set “Owner” at the same moment. It is Grace Hopper; you had Ada Byron.']);
  });

  test('the settings of the workspace', async () => {
    const { path } = await two();
    const workspace = path.split('/').slice(0, 3).join('/');
    const pages = await Promise.all(['Li Na', 'Tom Okafor'].map(async (name) => (await stage.person({ name })).open(workspace)));
    const [mine, theirs] = pages.map((page) => page.getByRole('textbox', { name: 'Check in every' }));
    if (mine === undefined || theirs === undefined) throw new Error('no page');
    await mine.click();
    await theirs.fill('14 days');
    await theirs.press('Enter');
    await expect.poll(() => value(theirs)).toBe('14\u00a0days');
    await pages[0]?.locator('.field-note').getByText('Meanwhile Tom Okafor set 14 days.').waitFor();
    await mine.press('Tab');
    await expect.poll(() => value(mine)).toBe('14\u00a0days');
    expect(await value(theirs)).toBe('14\u00a0days');
  });
});

describe('a number as people write it', () => {
  test('what cannot be read stays in the field with the reason, and sends nothing', async () => {
    const { li, tom } = await two();
    await li.setNumber('o1-k1', 'Now', '45 min');
    await note(li).getByText('45 is clear, but this is counted in kg, not in min.').waitFor();
    expect(await li.number('o1-k1', 'Now').getAttribute('aria-invalid')).toBe('true');
    await li.page.keyboard.press('Tab');
    expect(await value(li.number('o1-k1', 'Now'))).toBe('45 min');
    await note(li).getByRole('button', { name: 'Leave it at 10 kg' }).waitFor();
    await li.number('o1-k1', 'Now').click();
    await li.page.keyboard.press('End');
    for (const _ of ' min') await li.page.keyboard.press('Backspace');
    await li.page.keyboard.press('Enter');
    await expect.poll(() => value(tom.number('o1-k1', 'Now'))).toBe('45\u00a0kg');
    expect(await note(li).count()).toBe(0);
  });

  test('what cannot be read is there again after a reload, as not saved, until it is taken back', async () => {
    const li = await PlanPage.open(await stage.person({ name: 'Li Na' }), await stage.plan(seed));
    await li.number('o1-k1', 'Target').click();
    await li.page.keyboard.type('about 40');
    await li.page.keyboard.press('Tab');
    await note(li).getByText('Not saved').waitFor();
    await li.page.reload();
    await li.ready();
    expect(await value(li.number('o1-k1', 'Target'))).toBe('about 40');
    await note(li).getByText('Not saved').waitFor();
    await li.number('o1-k1', 'Target').click();
    await li.page.keyboard.press('Escape');
    await li.page.reload();
    await li.ready();
    expect(await value(li.number('o1-k1', 'Target'))).toBe('100\u00a0kg');
  });

  test('both decimal signs, groups, multiples, the unit behind it', async () => {
    const { li, tom } = await two();
    for (const [typed, shown] of [['0,125', '0.125'], ['1.234,5', '1,234.5'], ['12.500.000', '12,500,000'], ['1’234’567', '1,234,567'], ['1.2万', '12,000'], ['1e6', '1,000,000'], ['(500)', '-500'], ['20 kg', '20']] as const) {
      await li.setNumber('o1-k1', 'Now', typed);
      await expect.poll(() => value(tom.number('o1-k1', 'Now')), { message: typed }).toBe(`${shown}\u00a0kg`);
    }
  });

  test('while it is typed the field tells how it is read', async () => {
    const { li } = await two();
    await li.number('o1-k1', 'Now').click();
    await li.page.keyboard.type('1.2万');
    await note(li).getByText('= 12,000 kg').waitFor();
    await li.page.keyboard.press('Escape');
    await li.page.keyboard.type('1,234');
    await note(li).getByText('Read as 1234: “,” separates thousands.').waitFor();
  });

  test('a first “%” or “€” says what the key result is measured in', async () => {
    const { li, tom } = await two();
    await li.setNumber('o1-k2', 'Start', '18 %');
    await expect.poll(() => value(tom.number('o1-k2', 'Start'))).toBe('18\u00a0%');
    await li.setNumber('o1-k2', 'Target', '30');
    await expect.poll(() => value(tom.number('o1-k2', 'Target'))).toBe('30\u00a0%');
    const details = await tom.openDetails('o1-k2');
    expect(await details.getByRole('combobox', { name: 'Measured as' }).inputValue()).toBe('percent');
  });

  test('several cells of a table are not pasted into one number', async () => {
    const { li } = await two();
    await li.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await li.page.evaluate(() => navigator.clipboard.writeText('12\t15\n18\n'));
    await li.number('o1-k1', 'Now').click();
    await li.page.keyboard.press('Control+v');
    await note(li).getByText('Those were 3 cells of a table.').waitFor();
    expect(await value(li.number('o1-k1', 'Now'))).toBe('10');
  });

  test('a weight in percent', async () => {
    const { li, tom } = await two();
    const [mine, theirs] = [await li.openDetails('o1-k1'), await tom.openDetails('o1-k1')];
    await mine.getByRole('textbox', { name: 'Weight' }).fill('150%');
    await mine.getByRole('textbox', { name: 'Weight' }).press('Enter');
    await note(li).getByText(/between 0\s%\sand\s100\s%/).waitFor();
    await mine.getByRole('textbox', { name: 'Weight' }).fill('50%');
    await mine.getByRole('textbox', { name: 'Weight' }).press('Enter');
    await expect.poll(() => value(theirs.getByRole('textbox', { name: 'Weight' }))).toBe('50\u00a0%');
  });

  test.each([4.2e-7, 0.30000000000000004, 999999999999999.9])('a click and Tab through %s changes nothing', async (current) => {
    const { li, tom } = await two({ objectives: [{ title: 'Riders stay', keyResults: [{ title: 'Exact', fields: { start: 0, target: 1, current } }] }] });
    await li.number('o1-k1', 'Now').click();
    const shown = await value(li.number('o1-k1', 'Now'));
    expect(Number(shown)).toBe(current);
    await li.page.keyboard.press('Tab');
    await li.saved();
    await tom.number('o1-k1', 'Now').click();
    expect(await value(tom.number('o1-k1', 'Now'))).toBe(shown);
  });
});

describe('a day typed by keyboard', () => {
  for (const language of ['en', 'zh'] as const) {
    const words = { en: { due: 'Due', current: 'Now', part: 'This day is not complete.', year: 'The year has four digits' }, zh: { due: '截止日期', current: '现在', part: '日期还没写完整。', year: '年份是四位数' } }[language];

    test(`02 28 Tab, in ${language}`, async () => {
      const path = await stage.plan(seed);
      const [li, tom] = [await stage.person({ name: 'Li Na', language }), await stage.person({ name: 'Tom Okafor' })];
      const [mine, theirs] = [await PlanPage.open(li, `${path}`), await PlanPage.open(tom, path)];
      const row = mine.row('o1-k1');
      await row.hover();
      await row.locator('.row-details').click();
      const due = mine.details('o1-k1').getByLabel(words.due, { exact: true }).first();
      const seen = (await theirs.openDetails('o1-k1')).getByLabel('Due', { exact: true }).first();
      await due.focus();
      await toMonth(due);
      await mine.page.keyboard.type('0');
      await mine.saved();
      expect(await value(seen), 'half a day unsets nothing').toBe('2026-01-31');
      await mine.page.keyboard.type('228');
      await mine.page.keyboard.press('Tab');
      await leave(mine, due);
      await expect.poll(() => value(seen)).toBe('2026-02-28');

      await due.focus();
      await toMonth(due);
      await mine.page.keyboard.press('Backspace');
      await leave(mine, due);
      await mine.page.locator('.field-note').getByText(words.part).waitFor();
      await mine.saved();
      expect(await value(seen)).toBe('2026-02-28');
      await due.focus();
      await mine.page.keyboard.press('Escape');
      expect(await value(due)).toBe('2026-02-28');
    });

    test(`a year of six digits cannot be typed, one of three is refused, in ${language}`, async () => {
      const path = await stage.plan(seed);
      const mine = await PlanPage.open(await stage.person({ name: 'Li Na', language }), path);
      await mine.row('o1-k1').hover();
      await mine.row('o1-k1').locator('.row-details').click();
      const due = mine.details('o1-k1').getByLabel(words.due, { exact: true }).first();
      await due.focus();
      await toYear(due);
      await mine.page.keyboard.type('202612');
      expect((await value(due)).split('-')[0]).toHaveLength(4);
      await mine.page.keyboard.press('Escape');
      await toYear(due);
      await mine.page.keyboard.type('226');
      await leave(mine, due);
      await mine.page.locator('.field-note').getByText(words.year).waitFor();
    });
  }
});

// The parts of a day stand in the order of the browser's own language, which a page can neither set nor ask for.
async function yearStandsFirst(input: Locator): Promise<boolean> {
  const page = input.page();
  await page.evaluate(() => {
    const probe = Object.assign(document.createElement('input'), { type: 'date', id: 'probe', value: '2026-01-31' });
    document.body.append(probe);
    probe.focus();
  });
  await page.keyboard.press('5');
  return page.evaluate(() => {
    const probe = document.querySelector<HTMLInputElement>('#probe');
    const first = probe?.value.startsWith('0005') === true;
    probe?.remove();
    return first;
  });
}
async function toMonth(input: Locator): Promise<void> {
  const first = await yearStandsFirst(input);
  await input.focus();
  if (first) await input.page().keyboard.press('ArrowRight');
}
async function toYear(input: Locator): Promise<void> {
  const first = await yearStandsFirst(input);
  await input.focus();
  if (!first) for (const key of ['ArrowRight', 'ArrowRight']) await input.page().keyboard.press(key);
}
// Tab goes through the parts first.
async function leave(plan: PlanPage, input: Locator): Promise<void> {
  while (await input.evaluate((it) => it === document.activeElement)) await plan.page.keyboard.press('Tab');
}
