// What stands where: nothing over anything else, nothing cut off, what is pressed in reach.
import { describe, expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import { PlanPage } from './support/plan_page';
import { useStage } from './support/stage';

const stage = useStage();
const long = 'Win the workshops of the north as partners who recommend us to every rider that asks, and keep them through the winter, even when the season is slow and the margins are thin';
const seed = {
  people: ['Ada Byron'],
  objectives: [
    {
      title: long,
      keyResults: [
        { title: 'Away from its target', fields: { metric: 'currency', unit: '€', start: 1_200_000, target: 900_000, current: 1_400_000 } },
        { title: 'Three zones', fields: { metric: 'zones', start: 0, commit: 1_300_000, target: 1_700_000, stretch: 2_000_000, current: 5 } },
        { title: 'A narrow band', fields: { metric: 'band', unit: '%', low: 98.25, high: 98.75, current: 40 } },
        { title: 'A usual one', fields: { metric: 'percent', start: 60, target: 80, current: 82, confidence: 8 } },
      ],
    },
  ],
};

// Which of these lie over each other.
function overlaps(of: Locator): Promise<string[]> {
  return of.evaluateAll((all) => {
    const places = all.map((it) => ({ name: it.querySelector('input')?.value ?? it.textContent, box: it.getBoundingClientRect() }));
    return places.flatMap(({ name, box: a }, index) =>
      places.slice(index + 1).flatMap(({ name: other, box: b }) => (a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom && b.top < a.bottom ? [`${name} over ${other}`] : [])),
    );
  });
}

test.each([{ width: 1280 }, { width: 390, phone: true }, { width: 360, phone: true }])('the numbers under a line stand beside each other at $width px, whatever is measured', async (at) => {
  const plan = await PlanPage.open(await stage.person({ name: 'Ada Byron', ...at }), await stage.plan(seed));
  for (const id of ['o1-k1', 'o1-k2', 'o1-k3', 'o1-k4']) {
    const ends = plan.row(id).locator('.metric-end');
    expect(await ends.count()).toBeGreaterThan(1);
    expect(await overlaps(ends), id).toEqual([]);
  }
});

test('the name at somebody’s caret stands above the text, on whichever line the caret is, and inside of its width', async () => {
  const path = await stage.plan(seed);
  const [li, tom] = [await PlanPage.open(await stage.person({ name: 'Li Na', phone: true, width: 360 }), path), await PlanPage.open(await stage.person({ name: 'Tom Okafor of the workshop' }), path)];
  for (const edge of ['start', 'end'] as const) {
    await tom.caretTo(tom.title('o1'), edge);
    const box = li.titleBox('o1');
    await box.locator('.remote-flag').waitFor();
    const inside = (): Promise<boolean> =>
      box.evaluate((field, wanted) => {
        const [words, flag, caret] = ['.text-words', '.remote-flag', '.remote-caret'].map((it) => field.querySelector(it)?.getBoundingClientRect());
        if (words === undefined || flag === undefined || caret === undefined) return false;
        const onItsLine = wanted === 'start' ? caret.top < words.top + caret.height : caret.top > words.top + caret.height;
        return onItsLine && flag.bottom <= words.top + 1 && flag.left >= words.left - 2 && flag.right <= words.right + 2;
      }, edge);
    await expect.poll(inside).toBe(true);
  }
});

describe('a check-in on a phone', () => {
  test('shows what saves from the start; the key that ends the value saves nothing; a choice moves nothing', async () => {
    const plan = await PlanPage.open(await stage.person({ name: 'Ada Byron', phone: true, width: 360 }), await stage.plan(seed));
    const { page } = plan;
    await page.setViewportSize({ width: 360, height: 640 });
    await plan.row('o1-k1').locator('.metric').getByRole('button', { name: /^Check in on/ }).tap();
    const form = plan.details('o1-k1').locator('.check-in-form');
    const save = form.getByRole('button', { name: 'Save the check-in' });
    await save.waitFor();
    await expect.poll(() => save.evaluate((it) => it.getBoundingClientRect().bottom <= innerHeight)).toBe(true);

    await form.getByRole('textbox', { name: 'Value' }).fill('1000000');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('radio');
    expect(await plan.details('o1-k1').locator('.check-in').count()).toBe(0);

    for (const step of await form.getByRole('radio').all()) expect((await step.boundingBox())?.width).toBeGreaterThanOrEqual(43.5);
    const note = form.getByRole('textbox', { name: 'What happened, what is next?' });
    const place = (): Promise<number> => note.evaluate((it) => it.getBoundingClientRect().top - (it.closest('form')?.getBoundingClientRect().top ?? 0));
    const before = await place();
    await form.getByRole('radio', { name: /^7:/ }).tap();
    await form.getByRole('button', { name: 'Clear' }).waitFor();
    expect(await place()).toBe(before);
    await save.tap();
    await form.waitFor({ state: 'detached' });
  });
});

test('what is said about a value in a check-in covers nothing that is pressed, and a unit that is typed is there once', async () => {
  const plan = await PlanPage.open(await stage.person({ name: 'Ada Byron' }), await stage.plan(seed));
  await plan.row('o1-k4').hover();
  await plan.row('o1-k4').locator('.row-check-in').click();
  const form = plan.details('o1-k4').locator('.check-in-form');
  const unit = form.locator('.check-in-unit');
  const typed = form.getByRole('textbox', { name: 'Value' });
  await typed.fill('80');
  expect(await unit.innerText()).toBe('%');
  await typed.fill('80 %');
  expect(await unit.innerText()).toBe('');
  await typed.fill('about 80 %');
  const said = form.locator('.field-note');
  await said.waitFor();
  expect(await overlaps(form.locator('.field-note, .confidence-steps button, textarea, .form-foot button'))).toEqual([]);
  for (const step of await form.getByRole('radio').all()) expect((await step.boundingBox())?.width).toBeGreaterThanOrEqual(24);
});

test('the row that is reported on stays where it is on the screen while the details come and go beside it', async () => {
  const rows = Array.from({ length: 14 }, (_, index) => ({ title: `${long.slice(0, 120)} ${index}`, fields: { start: 0, target: 10, current: 3 } }));
  const plan = await PlanPage.open(await stage.person({ name: 'Ada Byron', width: 1280 }), await stage.plan({ objectives: [{ title: 'Many', keyResults: rows }] }));
  const { page } = plan;
  await page.setViewportSize({ width: 1280, height: 720 });
  const row = plan.row('o1-k8');
  await row.evaluate((it) => it.scrollIntoView({ block: 'center', behavior: 'instant' }));
  await row.hover();
  const top = (): Promise<number> => row.evaluate((it) => Math.round(it.getBoundingClientRect().top));
  const before = await top();
  await row.locator('.row-check-in').click();
  await plan.details('o1-k8').locator('.check-in-form').waitFor();
  expect(Math.abs((await top()) - before)).toBeLessThanOrEqual(2);
  await plan.details('o1-k8').getByRole('button', { name: 'Cancel' }).click();
  await plan.details('o1-k8').waitFor({ state: 'detached' });
  expect(Math.abs((await top()) - before)).toBeLessThanOrEqual(2);
});
