// Numbers, dates, owners, weights, confidence, kinds of measure: edited where they stand, seen by the others with the server's figures.
import { describe, expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import { PlanPage } from './support/plan_page';
import { useStage } from './support/stage';

const stage = useStage();
const seed = {
  people: ['Ada Byron', 'Tom Okafor'],
  objectives: [{ title: 'Riders stay', keyResults: [{ title: 'Riders after three years' }, { title: 'Repairs in two days', fields: { start: 0, target: 10, current: 0 } }] }],
};

async function two(): Promise<{ writer: PlanPage; reader: PlanPage }> {
  const path = await stage.plan(seed);
  const [li, tom] = await Promise.all([stage.person({ name: 'Li Na' }), stage.person({ name: 'Tom' })]);
  return { writer: await PlanPage.open(li, path), reader: await PlanPage.open(tom, path) };
}
const value = (input: Locator): Promise<string> => input.inputValue();
const choose = (details: Locator, label: string, words: string): Promise<unknown> => details.getByRole('combobox', { name: label, exact: true }).selectOption({ label: words });

describe('numbers of a key result', () => {
  test('[CM4] start, now and target: the other sees them, and the progress that the server computed', async () => {
    const { writer, reader } = await two();
    expect(await reader.progress('o1-k1')).toBe('—');
    await writer.setNumber('o1-k1', 'Start', '0');
    await writer.setNumber('o1-k1', 'Target', '10');
    await writer.setNumber('o1-k1', 'Now', '5');
    await expect.poll(() => reader.progress('o1-k1')).toBe('50%');
    await expect.poll(() => value(reader.number('o1-k1', 'Now'))).toBe('5');
    await expect.poll(() => reader.progress('o1'), { message: 'the mean of 50 % and 0 %' }).toBe('25%');
    expect(await reader.row('o1').locator('.ring').getAttribute('aria-label')).toContain('2 of 2 measured');
    await expect.poll(() => reader.row('o1').locator('.ring-figure').innerText()).toBe('25\u00a0%');
  });

  test('are read as people write them, and what is no number changes nothing', async () => {
    const { writer, reader } = await two();
    await writer.setNumber('o1-k2', 'Target', '1,200');
    await expect.poll(() => value(reader.number('o1-k2', 'Target'))).toBe('1,200');
    await writer.setNumber('o1-k2', 'Now', '0.6k');
    await expect.poll(() => reader.progress('o1-k2')).toBe('50%');
    await writer.setNumber('o1-k2', 'Now', 'many');
    await writer.page.locator('.field-note').getByText('“many” is not a number.').waitFor();
    await writer.saved();
    await expect.poll(() => value(reader.number('o1-k2', 'Now'))).toBe('600');
    await writer.setNumber('o1-k2', 'Now', '');
    await expect.poll(() => reader.progress('o1-k2')).toBe('—');
  });

  test('start equal to target is said, not computed', async () => {
    const { writer, reader } = await two();
    await writer.setNumber('o1-k2', 'Start', '10');
    await expect.poll(() => reader.row('o1-k2').locator('.status-line').innerText()).toContain('Start and target are the same');
    await expect.poll(async () => (await writer.openDetails('o1-k2')).locator('.advice').innerText()).toContain('Start and target are the same');
  });
});

describe('a key result is measured', () => {
  test('in percent, in a currency, and as yes or no', async () => {
    const { writer, reader } = await two();
    const details = await writer.openDetails('o1-k2');
    await choose(details, 'Measured as', 'Percent');
    await expect.poll(() => value(reader.number('o1-k2', 'Target'))).toBe('10\u00a0%');
    await choose(details, 'Measured as', 'Currency');
    await details.getByRole('textbox', { name: 'Unit' }).fill('€');
    await details.getByRole('textbox', { name: 'Unit' }).press('Enter');
    await expect.poll(() => value(reader.number('o1-k2', 'Target'))).toBe('€10');

    await choose(details, 'Measured as', 'Yes or no');
    const toggle = reader.row('o1-k2').getByRole('checkbox', { name: 'Done' });
    await toggle.waitFor();
    expect(await toggle.getAttribute('aria-checked')).toBe('false');
    await writer.row('o1-k2').getByRole('checkbox', { name: 'Done' }).click();
    await expect.poll(() => toggle.getAttribute('aria-checked')).toBe('true');
    await expect.poll(() => reader.progress('o1-k2')).toBe('100%');
  });

  test('in milestones with weights', async () => {
    const { writer, reader } = await two();
    const details = await writer.openDetails('o1-k1');
    await choose(details, 'Measured as', 'Milestones');
    await details.getByRole('button', { name: 'Add Milestone' }).click();
    await writer.page.keyboard.type('Drawings are done');
    await writer.page.keyboard.press('Enter');
    await writer.page.keyboard.type('The first frame is welded');
    await expect.poll(() => details.getByRole('textbox', { name: 'What will be reached' }).allTextContents()).toEqual(['Drawings are done', 'The first frame is welded']);
    for (const [index, weight] of ['3', '1'].entries()) {
      const field = details.locator('.small-row').nth(index).getByRole('textbox', { name: 'Weight' });
      await field.fill(weight);
      await field.press('Enter');
    }
    await details.getByRole('checkbox', { name: 'Reached' }).first().click();
    await expect.poll(() => reader.progress('o1-k1')).toBe('75%');
    await expect.poll(() => reader.row('o1-k1').locator('.metric-milestones').innerText()).toContain('1 of 2');
  });
});

describe('the work under a key result', () => {
  test('an initiative has its day, which the other sees; Alt with the arrows moves it', async () => {
    const { writer, reader } = await two();
    const [mine, theirs] = [await writer.openDetails('o1-k2'), await reader.openDetails('o1-k2')];
    await mine.getByRole('button', { name: 'Add Initiative' }).click();
    await writer.page.keyboard.type('Order the parts');
    await writer.page.keyboard.press('Enter');
    await writer.page.keyboard.type('Train two mechanics');
    await mine.locator('.initiative').first().getByLabel('Due', { exact: true }).fill('2027-02-28');
    await expect.poll(() => value(theirs.locator('.initiative').first().getByLabel('Due', { exact: true }))).toBe('2027-02-28');
    expect(await theirs.locator('.initiative .date-words').first().innerText(), 'in the reader’s language').toBe('Feb 28, 2027');

    const titles = (details: Locator): Promise<string[]> => details.locator('.initiative').getByRole('textbox', { name: 'What we do for it' }).allTextContents();
    await mine.locator('.initiative').last().getByRole('textbox', { name: 'What we do for it' }).click();
    await writer.page.keyboard.press('Alt+ArrowUp');
    await expect.poll(() => titles(theirs)).toEqual(['Train two mechanics', 'Order the parts']);
  });

  test('a milestone has its day', async () => {
    const { writer, reader } = await two();
    const mine = await writer.openDetails('o1-k1');
    await choose(mine, 'Measured as', 'Milestones');
    await mine.getByRole('button', { name: 'Add Milestone' }).click();
    await writer.page.keyboard.type('The first frame is welded');
    await mine.locator('.small-row').getByLabel('Due', { exact: true }).fill('2027-01-15');
    const theirs = await reader.openDetails('o1-k1');
    await expect.poll(() => value(theirs.locator('.small-row').getByLabel('Due', { exact: true }))).toBe('2027-01-15');
    await mine.locator('.small-row').getByLabel('Due', { exact: true }).fill('');
    await expect.poll(() => value(theirs.locator('.small-row').getByLabel('Due', { exact: true }))).toBe('');
  });
});

describe('beside the numbers', () => {
  test('confidence: a digit on its chip, or a step of the scale', async () => {
    const { writer, reader } = await two();
    const chip = (plan: PlanPage): Locator => plan.row('o1-k2').locator('.confidence-chip');
    await chip(writer).focus();
    await writer.page.keyboard.press('7');
    await expect.poll(() => chip(reader).innerText()).toBe('7');
    await expect.poll(() => chip(reader).getAttribute('aria-label')).toBe('Confidence 7 of 10');
    await chip(writer).click();
    await writer.page.getByRole('radio', { name: /^3:/ }).click();
    await expect.poll(() => chip(reader).innerText()).toBe('3');
    await expect.poll(() => reader.row('o1-k2').locator('.confidence').getAttribute('data-tone')).toBe('bad');
    await expect.poll(async () => (await reader.row('o1-k2').locator('.bar').getAttribute('aria-label')) ?? '', { message: 'a low confidence is the status' }).toContain('off track');
  });

  test('an owner who exists, and one who is added on the way; contributors', async () => {
    const { writer, reader } = await two();
    await writer.row('o1-k2').getByRole('button', { name: /^Owner/ }).click();
    await writer.page.getByRole('option', { name: 'Ada Byron' }).click();
    await reader.row('o1-k2').getByRole('button', { name: 'Owner: Ada Byron' }).waitFor();

    await writer.row('o1-k2').getByRole('button', { name: /^Owner/ }).click();
    await writer.page.getByRole('combobox', { name: 'Find or add a person' }).fill('Grace Hopper');
    await writer.page.getByRole('option', { name: 'Add Grace Hopper' }).click();
    await reader.row('o1-k2').getByRole('button', { name: 'Owner: Grace Hopper' }).waitFor();

    const details = await writer.openDetails('o1');
    await details.locator('.labelled', { hasText: 'Contributors' }).getByRole('button').first().click();
    await writer.page.getByRole('option', { name: 'Ada Byron' }).click();
    await writer.page.getByRole('option', { name: 'Tom Okafor' }).click();
    await writer.page.keyboard.press('Escape');
    const others = (await reader.openDetails('o1')).locator('.labelled', { hasText: 'Contributors' });
    await others.getByRole('img', { name: 'Ada Byron' }).waitFor();
    await others.getByRole('img', { name: 'Tom Okafor' }).waitFor();
  });

  test('due date, weight, state and kind', async () => {
    const { writer, reader } = await two();
    const [mine, theirs] = [await writer.openDetails('o1-k2'), await reader.openDetails('o1-k2')];
    await mine.getByLabel('Due', { exact: true }).fill('2027-02-28');
    await expect.poll(() => value(theirs.getByLabel('Due', { exact: true }))).toBe('2027-02-28');

    await writer.setNumber('o1-k2', 'Now', '10');
    await expect.poll(() => reader.progress('o1')).toBe('50%');
    await mine.getByRole('textbox', { name: 'Weight' }).fill('80');
    await mine.getByRole('textbox', { name: 'Weight' }).press('Enter');
    await expect.poll(() => value(theirs.getByRole('textbox', { name: 'Weight' }))).toBe('80\u00a0%');
    await expect.poll(() => reader.progress('o1')).toBe('80%');
    await mine.getByRole('button', { name: 'Share equally' }).click();
    await expect.poll(() => reader.progress('o1')).toBe('50%');

    const [objective, seen] = [await writer.openDetails('o1'), await reader.openDetails('o1')];
    await choose(objective, 'Kind', 'Aspirational');
    await expect.poll(() => reader.row('o1').locator('.objective-facts').innerText()).toContain('Aspirational');
    await choose(objective, 'Stage', 'Abandoned');
    await seen.getByRole('textbox', { name: 'Reason' }).waitFor();
  });

  test('a check-in: dated, with its value and confidence, which the key result takes over', async () => {
    const { writer, reader } = await two();
    const details = await writer.openDetails('o1-k2');
    await details.getByRole('button', { name: 'Check in' }).click();
    const form = details.locator('form.check-in-form');
    await form.getByRole('textbox', { name: 'Value' }).fill('4');
    await form.getByRole('radio', { name: /^8:/ }).click();
    await form.getByRole('textbox', { name: 'What happened, what is next?' }).fill('The new stand works.');
    await form.getByRole('button', { name: 'Save the check-in' }).click();
    await expect.poll(() => reader.progress('o1-k2')).toBe('40%');
    await expect.poll(() => reader.row('o1-k2').locator('.confidence-chip').innerText()).toBe('8');
    const report = (await reader.openDetails('o1-k2')).locator('.check-in').first();
    expect(await report.innerText()).toContain('The new stand works.');
    expect(await report.locator('strong').innerText()).toBe('4');
  });

  test('initiatives: the work under a key result', async () => {
    const { writer, reader } = await two();
    const [mine, theirs] = [await writer.openDetails('o1-k2'), await reader.openDetails('o1-k2')];
    await mine.getByRole('button', { name: 'Add Initiative' }).click();
    await writer.page.keyboard.type('A second stand');
    const row = theirs.locator('.initiative');
    await expect.poll(() => row.getByRole('textbox', { name: 'What we do for it' }).innerText()).toBe('A second stand');
    await choose(mine.locator('.initiative'), 'Stage', 'Under way');
    await expect.poll(() => row.getAttribute('data-state')).toBe('active');
  });
});

describe('a key result in its row', () => {
  test('says how it stands and why in words, and its progress in percent, on a phone too', async () => {
    const path = await stage.plan({
      objectives: [
        {
          title: 'The workshop keeps its word',
          keyResults: [
            { title: 'Repairs per hundred bikes', fields: { start: 9, target: 3, current: 10.2 } },
            { title: 'Hours booked', fields: { metric: 'band', low: 70, high: 85, current: 91, unit: '%', confidence: 5 } },
            { title: 'A letter is answered', fields: { start: 4, target: 4 } },
            { title: 'Bikes lent', fields: { metric: 'percent', start: 20, target: 45 } },
          ],
        },
      ],
    });
    for (const phone of [false, true]) {
      const plan = await PlanPage.open(await stage.person({ phone }), path);
      const says = (id: string) => plan.row(id).locator('.status-line').textContent();
      await expect.poll(() => says('o1-k1')).toBe('off track · wrong way');
      expect(await plan.row('o1-k1').locator('.row-progress').innerText()).toBe('−20\u00a0%');
      expect(await says('o1-k2')).toBe('at risk · above its band');
      expect(await says('o1-k3')).toContain('Start and target are the same');
      expect(await says('o1-k4')).toBe('not yet measured');
      expect(await plan.row('o1').locator('.objective-progress .status-word').innerText()).toBe('off track');
    }
  });
});
