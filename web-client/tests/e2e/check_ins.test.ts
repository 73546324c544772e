// Reports on key results, and what the server finds doubtful: said where it stands, in the words of the page.
import { describe, expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import { PlanPage } from './support/plan_page';
import { useStage } from './support/stage';

const stage = useStage();
const dayMs = 86_400_000;
const day = (fromToday: number): string => new Date(Date.now() + fromToday * dayMs).toISOString().slice(0, 10);
const seed = {
  people: ['Ada Byron'],
  objectives: [
    {
      title: 'Riders stay',
      keyResults: [
        { title: 'Repairs in two days', fields: { start: 0, target: 100, current: 42 } },
        { title: 'The workshop opens', fields: { metric: 'yes_no' } },
        { title: 'Plan of the new workshop', fields: { metric: 'milestones' } },
      ],
    },
    { title: 'Helpers come back' },
  ],
};
const value = (input: Locator): Promise<string> => input.inputValue();
const hasFocus = (it: Locator): Promise<boolean> => it.evaluate((element) => element === document.activeElement);

async function open(name: string, path: string): Promise<PlanPage> {
  return PlanPage.open(await stage.person({ name }), path);
}
interface Report {
  readonly form: Locator;
  readonly details: Locator;
  readonly save: () => Promise<void>;
  readonly setDay: (day: string) => Promise<void>;
}
async function form(plan: PlanPage, keyResult: string): Promise<Report> {
  const details = await plan.openDetails(keyResult);
  await details.getByRole('button', { name: 'Check in' }).click();
  const it = details.locator('form.check-in-form');
  const setDay = async (to: string): Promise<void> => {
    const closed = it.getByRole('button', { name: /^Date: / });
    if (await closed.isVisible()) await closed.click();
    await it.locator('input[type="date"]').fill(to);
  };
  return { form: it, details, save: () => it.getByRole('button', { name: 'Save the check-in' }).click(), setDay };
}

describe('a check-in', () => {
  test('of three weeks ago leaves Now alone, says so beforehand, and is signed', async () => {
    const path = await stage.plan(seed);
    const [ada, tom] = [await open('Ada Byron', path), await open('Tom', path)];
    const report = await form(ada, 'o1-k1');
    await report.form.getByRole('textbox', { name: 'Value' }).fill('30');
    await report.setDay(day(-21));
    await expect.poll(() => report.form.innerText()).toContain('The current value stays 42');
    await report.save();
    const line = (await tom.openDetails('o1-k1')).locator('.check-in').first();
    await expect.poll(() => line.locator('strong').innerText()).toBe('30');
    expect(await line.innerText()).toContain('Ada Byron');
    expect(await value(tom.number('o1-k1', 'Now'))).toBe('42');

    // Tom is nobody here yet: his first signature adds him, once.
    for (const typed of ['50', '60']) {
      const own = await form(tom, 'o1-k1');
      await own.form.getByRole('textbox', { name: 'Value' }).fill(typed);
      await own.save();
      await expect.poll(() => value(ada.number('o1-k1', 'Now'))).toBe(typed);
    }
    await expect.poll(() => report.details.locator('.check-in').first().innerText()).toContain('Tom');
    await ada.page.locator('[data-entity="o1"] .owner-named').first().click();
    await expect.poll(() => ada.page.getByRole('option').filter({ hasText: 'Tom' }).count()).toBe(1);
  });

  test('of a day that has not come, or with a value that is none, is told at its field and loses nothing', async () => {
    const plan = await open('Ada Byron', await stage.plan(seed));
    const report = await form(plan, 'o1-k1');
    await report.form.getByRole('textbox', { name: 'What happened, what is next?' }).fill('Slow week.');
    await report.form.getByRole('textbox', { name: 'Value' }).fill('abc');
    await report.save();
    await report.form.getByText('“abc” is not a number.').waitFor();
    expect(await report.form.getByRole('textbox', { name: 'Value' }).evaluate((it) => it === document.activeElement)).toBe(true);
    await report.form.getByRole('textbox', { name: 'Value' }).fill('43');
    await report.setDay('2099-01-01');
    await report.save();
    await report.form.getByText('today or an earlier day').waitFor();
    expect(await value(report.form.getByRole('textbox', { name: 'What happened, what is next?' }))).toBe('Slow week.');
    await report.setDay(day(0));
    await report.save();
    await expect.poll(() => report.details.locator('.check-in strong').innerText()).toBe('43');
  });

  test('[OP2] at the same moment as another’s: the later figure stands, and both are told', async () => {
    const path = await stage.plan(seed);
    const { person, line } = await stage.personOnLine({ name: 'Tom' });
    const [ada, tom] = [await open('Ada Byron', path), await PlanPage.open(person, path)];
    const [first, later] = [await form(ada, 'o1-k1'), await form(tom, 'o1-k1')];
    await first.form.getByRole('textbox', { name: 'Value' }).fill('50');
    await later.form.getByRole('textbox', { name: 'Value' }).fill('60');
    line.fallSilent();
    await later.save();
    await first.save();
    await ada.saved();
    line.mend();
    for (const plan of [ada, tom]) await expect.poll(() => value(plan.number('o1-k1', 'Now'))).toBe('60');
    for (const { details } of [first, later]) await expect.poll(async () => (await details.locator('.check-in strong').allInnerTexts()).sort()).toEqual(['50', '60']);
    expect(await ada.row('o1-k1').locator('.loss-note p').innerText()).toBe('Tom set “Now” at the same moment. It is 60; you had 50.');
    const told = tom.page.getByRole('region', { name: 'News' }).locator('.toast', { hasText: 'Ada Byron set “Now” at the same moment.' });
    expect(await told.innerText()).toContain('It is 60 now, as you reported; they had 50.');
    await told.getByRole('button', { name: 'Take theirs' }).click();
    for (const plan of [ada, tom]) await expect.poll(() => value(plan.number('o1-k1', 'Now'))).toBe('50');
  });

  test('has a value for yes or no, and for milestones', async () => {
    const path = await stage.plan(seed);
    const [ada, tom] = [await open('Ada Byron', path), await open('Tom', path)];
    const opened = await form(ada, 'o1-k2');
    await opened.form.getByRole('combobox', { name: 'Value' }).selectOption({ label: 'Done' });
    await opened.save();
    await expect.poll(() => tom.progress('o1-k2')).toBe('100%');
    await expect.poll(() => opened.details.locator('.check-in strong').innerText()).toBe('Done');
    expect(await tom.row('o1-k2').locator('.bar').getAttribute('aria-label')).toContain('no status yet');

    const details = await ada.openDetails('o1-k3');
    await details.getByRole('button', { name: 'Add Milestone' }).click();
    await ada.page.keyboard.type('Drawn');
    await details.getByRole('checkbox', { name: 'Reached' }).click();
    const reached = await form(ada, 'o1-k3');
    await expect.poll(() => reached.form.locator('output').innerText()).toBe('1 milestone reached');
    await reached.save();
    await expect.poll(() => reached.details.locator('.check-in strong').innerText()).toBe('1 milestone reached');
  });

  test.each([{ caret: 'its value' }, { caret: 'its note' }])('untouched, with the caret in $caret, it shows and reports what stands at the moment of saving, and sets nothing', async ({ caret }) => {
    const path = await stage.plan(seed);
    const [ada, tom] = [await open('Ada Byron', path), await open('Tom', path)];
    const report = await form(ada, 'o1-k1');
    const shown = report.form.getByRole('textbox', { name: 'Value' });
    await expect.poll(() => hasFocus(shown)).toBe(true);
    if (caret === 'its note') await report.form.getByRole('textbox', { name: 'What happened, what is next?' }).focus();
    await tom.setNumber('o1-k1', 'Now', '77');
    await expect.poll(() => value(shown)).toBe('77');
    // Whoever types now replaces it, as before.
    if (caret === 'its value') expect(await shown.evaluate((it) => it instanceof HTMLInputElement && it.selectionEnd! - it.selectionStart!)).toBe(2);
    await report.save();
    await expect.poll(() => report.details.locator('.check-in strong').innerText()).toBe('77');
    await ada.saved();
    expect(await value(tom.number('o1-k1', 'Now'))).toBe('77');
    expect(await tom.page.locator('.loss-note').count()).toBe(0);
  });

  test('beside the button, the last report is the newest of everybody, and no confidence has no words', async () => {
    const path = await stage.plan(seed);
    const [ada, tom] = [await open('Ada Byron', path), await open('Tom', path)];
    const block = (await tom.openDetails('o1-k1')).locator('.check-in-block');
    for (const typed of ['50', '60']) {
      const report = await form(ada, 'o1-k1');
      expect(await report.form.locator('.confidence-foot').innerText()).toBe('');
      await report.form.getByRole('textbox', { name: 'Value' }).fill(typed);
      await report.save();
      await expect.poll(() => block.innerText()).toContain(`last ${typed} `);
    }
  });

  test('the next milestone has its name as it is typed', async () => {
    const plan = await open('Ada Byron', await stage.plan(seed));
    const details = await plan.openDetails('o1-k3');
    await details.getByRole('button', { name: 'Add Milestone' }).click();
    await plan.page.locator('.cm-content:focus').waitFor();
    await plan.page.keyboard.type('Drawn');
    await expect.poll(() => plan.row('o1-k3').locator('.metric-next').innerText()).toBe('next: Drawn');
  });

  test('a status set by hand tells the computed one and asks for a reason', async () => {
    const plan = await open('Ada Byron', await stage.plan(seed));
    const details = await plan.openDetails('o1-k1');
    await details.getByRole('combobox', { name: 'Status', exact: true }).selectOption({ label: 'off track' });
    await expect.poll(() => plan.row('o1-k1').locator('.status-line').innerText()).toMatch(/off track\s+· set by hand, computed: .+; no reason yet/);
    await details.getByText('A status set by hand needs a reason.').waitFor();
    await plan.caretTo(details.getByRole('textbox', { name: 'Why another status' }), 'end');
    await plan.page.keyboard.type('The mill is closed.');
    await details.getByText('A status set by hand needs a reason.').waitFor({ state: 'detached' });
    expect(await plan.row('o1-k1').locator('.status-line').innerText()).not.toContain('no reason');
  });

  test('confidence typed as 1 0 is 10', async () => {
    const plan = await open('Ada Byron', await stage.plan(seed));
    const chip = plan.row('o1-k1').locator('.confidence-chip');
    await chip.focus();
    await plan.page.keyboard.type('10');
    await expect.poll(() => chip.innerText()).toBe('10');
    await plan.page.keyboard.type('0');
    await expect.poll(() => chip.innerText()).toBe('0');
  });
});

// Parts of a form that lie over each other, or stick out of it.
function collisions(of: Locator): Promise<string[]> {
  return of.evaluate((whole) => {
    const seen = [...whole.querySelectorAll('input, select, output, textarea, button, .check-in-head > :not(:empty)')].filter((it) => it.getClientRects().length > 0);
    const bounds = whole.getBoundingClientRect();
    const found: string[] = [];
    for (const [index, one] of seen.entries()) {
      const a = one.getBoundingClientRect();
      if (a.left < bounds.left - 0.5 || a.right > bounds.right + 0.5) found.push(`${one.outerHTML.slice(0, 80)} sticks out`);
      for (const other of seen.slice(index + 1)) {
        const b = other.getBoundingClientRect();
        if (one.contains(other) || other.contains(one)) continue;
        if (a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5) found.push(`${one.outerHTML.slice(0, 80)} over ${other.outerHTML.slice(0, 80)}`);
      }
    }
    return found;
  });
}

describe('a check-in is close at hand', () => {
  test('by one key in its row: the focus goes to the value and comes back', async () => {
    const plan = await open('Ada Byron', await stage.plan(seed));
    await plan.caretTo(plan.title('o1-k1'), 'end');
    await plan.page.keyboard.press('Alt+c');
    const value = plan.details('o1-k1').getByRole('textbox', { name: 'Value' });
    await expect.poll(() => hasFocus(value)).toBe(true);
    await plan.page.keyboard.type('57');
    await plan.page.keyboard.press('Enter');
    await plan.details('o1-k1').waitFor({ state: 'detached' });
    await expect.poll(() => plan.number('o1-k1', 'Now').inputValue()).toBe('57');
    await expect.poll(() => hasFocus(plan.title('o1-k1'))).toBe(true);
  });

  test('by one button in its row, where the details are open they stay; Escape closes the form alone', async () => {
    const plan = await open('Ada Byron', await stage.plan(seed));
    await plan.row('o1-k1').hover();
    const button = plan.row('o1-k1').getByRole('button', { name: 'Check in on “Repairs in two days”' }).first();
    await button.click();
    const details = plan.details('o1-k1');
    const value = details.getByRole('textbox', { name: 'Value' });
    await expect.poll(() => hasFocus(value)).toBe(true);
    await plan.page.keyboard.press('Escape');
    await value.waitFor({ state: 'detached' });
    expect(await details.isVisible()).toBe(true);
    await button.click();
    await expect.poll(() => hasFocus(value)).toBe(true);
    await plan.page.keyboard.type('58');
    await details.getByRole('textbox', { name: 'What happened, what is next?' }).fill('On the way.');
    await plan.page.keyboard.press('Control+Enter');
    await details.locator('.check-in').getByText('On the way.').waitFor();
    await expect.poll(() => hasFocus(details.getByRole('button', { name: 'Check in' }))).toBe(true);
  });

  test('from the palette', async () => {
    const plan = await open('Ada Byron', await stage.plan(seed));
    await plan.page.keyboard.press('Control+k');
    await plan.page.getByRole('combobox').fill('check in on repairs');
    await plan.page.getByRole('option').filter({ hasText: 'Repairs in two days' }).waitFor();
    await plan.page.keyboard.press('Enter');
    await expect.poll(() => hasFocus(plan.details('o1-k1').getByRole('textbox', { name: 'Value' }))).toBe(true);
  });

  test('by a tap on the measure on a phone, which is as large as a finger', async () => {
    const plan = await PlanPage.open(await stage.person({ name: 'Ada Byron', phone: true, width: 390 }), await stage.plan(seed));
    const measure = plan.row('o1-k1').locator('.metric').getByRole('button', { name: /^Check in on/ });
    const size = await measure.boundingBox();
    expect(size?.height).toBeGreaterThanOrEqual(44);
    await measure.tap();
    const details = plan.details('o1-k1');
    await expect.poll(() => hasFocus(details.getByRole('textbox', { name: 'Value' }))).toBe(true);
    for (const step of await details.locator('.confidence-steps button').all()) expect((await step.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await details.getByRole('textbox', { name: 'Value' }).fill('60');
    await details.getByRole('button', { name: 'Save the check-in' }).tap();
    await details.waitFor({ state: 'detached' });
    await expect.poll(() => plan.progress('o1-k1')).toBe('60%');
  });

  test.each([{ width: 1280 }, { width: 390, phone: true }, { width: 360, phone: true }])('and nothing of it lies over anything else at $width px, whatever the measure', async (at) => {
    const plan = await PlanPage.open(await stage.person({ name: 'Ada Byron', ...at }), await stage.plan(seed));
    for (const id of ['o1-k1', 'o1-k2', 'o1-k3']) {
      const { form: it, details } = await form(plan, id);
      expect(await collisions(it)).toEqual([]);
      await it.getByRole('button', { name: /^Date: Today/ }).click();
      if (id === 'o1-k1') await it.getByRole('textbox', { name: 'Value' }).fill('123456789012.25');
      expect(await collisions(it)).toEqual([]);
      await it.getByRole('textbox', { name: 'What happened, what is next?' }).press('Escape');
      await it.waitFor({ state: 'detached' });
      await plan.page.getByRole('button', { name: 'Close' }).click();
      await details.waitFor({ state: 'detached' });
    }
  });
});

describe('what is doubtful', () => {
  test('[CM7] is said where it stands: a due date outside of the cycle, weights that do not add up', async () => {
    const path = await stage.plan(seed);
    const plan = await open('Ada Byron', path);
    const details = await plan.openDetails('o1-k1');
    await details.getByLabel('Due', { exact: true }).fill('2031-01-31');
    await expect.poll(() => plan.row('o1-k1').locator('.advice').innerText()).toContain('Due outside of the cycle');
    await details.getByRole('textbox', { name: 'Weight' }).fill('70');
    await details.getByRole('textbox', { name: 'Weight' }).press('Enter');
    const other = await plan.openDetails('o1-k2');
    await other.getByRole('textbox', { name: 'Weight' }).fill('60%');
    await other.getByRole('textbox', { name: 'Weight' }).press('Enter');
    await expect.poll(() => other.locator('.advice').innerText()).toContain('do not add up to 100 %');
  });

  test('[CM7] a cycle that ends before it starts because two set a day each says so, at its plans too, and is not the current one', async () => {
    const path = await stage.plan(seed);
    const address = path.split('/').slice(0, 3).join('/');
    const { person, line } = await stage.personOnLine({ name: 'Grace Hopper' });
    const [page, other] = [await (await stage.person({ name: 'Ada Byron' })).open(address), await person.open(address)];
    const [row, otherRow] = [page, other].map((it) => it.locator('[data-entity="quarter"]')) as [Locator, Locator];
    await Promise.all([row, otherRow].map((it) => it.locator('.tag').waitFor()));
    line.fallSilent();
    await row.getByLabel('Start').fill(day(40));
    await otherRow.getByLabel('End').fill(day(30)); // each fits what is shown beside it
    line.mend();
    await expect.poll(() => row.locator('.advice').innerText()).toContain('ends before it starts');
    expect(await row.locator('.tag').count()).toBe(0);
    await page.locator('.save-state[data-state="saved"]').waitFor();
    const plan = await open('Tom', path);
    await expect.poll(() => plan.page.locator('.plan-body .advice').first().innerText()).toContain('ends before it starts');
  });

  test('an aligned target that is abandoned or removed is shown as that', async () => {
    const path = await stage.plan({ ...seed, objectives: [...seed.objectives, { title: 'Aligned', fields: { aligned_to: ['bikes/quarter/o2'] } }] });
    const [ada, tom] = [await open('Ada Byron', path), await open('Tom', path)];
    const fact = tom.row('o3').locator('.fact-aligned');
    await expect.poll(() => fact.innerText()).toContain('Helpers come back');
    const details = await ada.openDetails('o2');
    await details.getByRole('combobox', { name: 'Stage', exact: true }).selectOption({ label: 'Abandoned' });
    await expect.poll(() => fact.innerText()).toContain('abandoned');
    await details.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect.poll(() => fact.innerText()).toContain('removed');
    expect(await (await tom.openDetails('o3')).locator('.aligned-row').innerText()).toContain('removed');
  });
});

describe('two who press the same button at once', () => {
  test('“Add this year” makes it once, and leaves no draft', async () => {
    const address = '/w/one-year-for-two';
    const { person, line } = await stage.personOnLine({ name: 'Ada Byron' });
    const [ada, tom] = [await person.open(address), await (await stage.person({ name: 'Tom' })).open(address)];
    const press = 'Add this year with its quarters';
    await Promise.all([ada, tom].map((page) => page.getByRole('button', { name: press }).waitFor()));
    await ada.locator('.save-state[data-state="saved"]').waitFor();
    stage.expectOutage();
    line.cut();
    await Promise.all([ada, tom].map((page) => page.getByRole('button', { name: press }).click()));
    await expect.poll(() => tom.locator('.cycle-row').count()).toBe(5);
    line.mend();
    await ada.locator('.save-state[data-state="saved"]').waitFor();
    await expect.poll(() => ada.locator('.cycle-row').count()).toBe(5);
    expect(await tom.locator('.cycle-row').count()).toBe(5);
    expect(await ada.locator('.draft').count()).toBe(0);
  });
});
