// The workspace: what teams are for, who is in them, and by which numbers the server judges; written by several people at once.
import { describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { PlanPage } from './support/plan_page';
import { useStage } from './support/stage';

const stage = useStage();
const seed = {
  people: ['Ada Byron', 'Tom Okafor'],
  objectives: [{ title: 'Riders stay', keyResults: [{ title: 'Repairs in two days', fields: { start: 0, target: 10, current: 10, confidence: 8 } }] }],
};

async function workspaceOf(path: string, name: string): Promise<Page> {
  const page = await (await stage.person({ name })).open(path.split('/').slice(0, 3).join('/'));
  await page.locator('.tree-name').first().waitFor();
  await page.locator('.save-state[data-state="saved"]').waitFor();
  return page;
}
const about = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /^About “Bikes”/ }).click();
  await page.locator('.team-about').waitFor();
};

describe('a team', () => {
  test('has people with roles and a description that everybody sees; who leaves can be brought back', async () => {
    const path = await stage.plan(seed);
    const [li, tom] = [await workspaceOf(path, 'Li Na'), await workspaceOf(path, 'Tom')];
    await Promise.all([about(li), about(tom)]);
    await li.getByRole('textbox', { name: 'What the team is for' }).click();
    await li.locator('.team-description .cm-content:focus').waitFor();
    await li.keyboard.type('Bikes that are kept for life');
    await expect.poll(() => tom.locator('.team-description').getByRole('textbox').textContent()).toBe('Bikes that are kept for life');

    await li.getByRole('button', { name: 'Add a member' }).click();
    await li.getByRole('option', { name: 'Ada Byron' }).click();
    await li.getByRole('combobox', { name: 'Find or add a person' }).fill('Grace Hopper');
    await li.getByRole('option', { name: 'Add Grace Hopper' }).click();
    await li.keyboard.press('Escape');
    await tom.getByRole('combobox', { name: 'Role: Ada Byron' }).selectOption({ label: 'Lead' });
    await expect.poll(() => li.getByRole('combobox', { name: 'Role: Ada Byron' }).inputValue()).toBe('lead');
    await tom.getByRole('button', { name: /^About/ }).getByRole('img', { name: 'Grace Hopper' }).waitFor();

    await tom.getByRole('button', { name: 'Remove Grace Hopper from the team' }).click();
    await expect.poll(() => li.locator('.member').count()).toBe(1);
    await li.getByRole('button', { name: /^Removed/ }).click();
    await li.getByRole('dialog').locator('.removed-row', { hasText: 'Grace Hopper' }).getByRole('button', { name: 'Restore' }).click();
    await expect.poll(() => tom.locator('.member').count()).toBe(2);
  });
});

describe('the numbers that the server judges by', () => {
  test('[CM4] are the workspace’s own: a plan’s statuses follow them at once', async () => {
    const path = await stage.plan(seed);
    const [plan, settings] = [await PlanPage.open(await stage.person(), path), await workspaceOf(path, 'Li Na')];
    const bar = async (): Promise<string> => (await plan.row('o1-k1').locator('.bar').getAttribute('aria-label')) ?? '';
    await expect.poll(bar).toContain('on track');
    const confidence = settings.getByRole('group', { name: 'Confidence' });
    const field = confidence.getByRole('textbox', { name: 'On track from' });
    await field.fill('9');
    await field.press('Enter');
    await expect.poll(bar).toContain('at risk');
    await expect.poll(() => plan.row('o1-k1').locator('.confidence').getAttribute('data-tone')).toBe('warn');
    await field.fill('');
    await field.press('Enter');
    await expect.poll(bar).toContain('on track');
  });

  test('pace is typed in percent, and the wrong order is said', async () => {
    const path = await stage.plan({ objectives: [{ title: 'Riders stay', keyResults: [{ title: 'Repairs', fields: { start: 0, target: 100, current: 20 } }] }] });
    const [plan, settings] = [await PlanPage.open(await stage.person(), path), await workspaceOf(path, 'Li Na')];
    const bar = async (): Promise<string> => (await plan.row('o1-k1').locator('.bar').getAttribute('aria-label')) ?? '';
    await expect.poll(bar).toContain('off track');
    const pace = settings.getByRole('group', { name: 'Pace' });
    const field = pace.getByRole('textbox', { name: 'On track up to' });
    await field.fill('50');
    await field.press('Enter');
    await expect.poll(bar).toContain('on track');
    expect(await field.inputValue()).toBe('50\u00a0%');
    await pace.getByText('At risk begins where on track ends').waitFor();
    await field.fill('200');
    await field.press('Enter');
    await settings.getByText('Not saved. It has to be between 0 % and 100 %.').waitFor();
    expect(await field.inputValue(), 'what was typed stays to be mended').toBe('200');
    await settings.getByRole('button', { name: 'Leave it at 50 %' }).click();
    await expect.poll(() => field.inputValue()).toBe('50\u00a0%');
  });
});

test('on a phone a long name has a line of its own, and nothing is wider than the page', async () => {
  const name = 'Customer experience, service and repair operations EU';
  const path = await stage.plan({ ...seed, team: name, others: [{ team: 'Short', objectives: [] }] });
  const page = await (await stage.person({ phone: true, name: 'Li Na' })).open(path.split('/').slice(0, 3).join('/'));
  await page.locator('.tree-name').first().waitFor();
  const box = async (id: string, part: string) => {
    const found = await page.locator(`[data-entity="${id}"] > .tree-row ${part}`).boundingBox();
    if (found === null) throw new Error(`${part} is not shown`);
    return found;
  };
  for (const width of [390, 360]) {
    await page.setViewportSize({ width, height: 780 });
    const [long, below] = [await box('bikes', '.tree-name'), await box('bikes', '.team-faces')];
    expect(below.y).toBeGreaterThanOrEqual(long.y + long.height);
    expect((await box('t1', '.team-faces')).y).toBeLessThan((await box('t1', '.tree-name')).y + (await box('t1', '.tree-name')).height);
    const parts = page.locator('[data-drag="team"] > .tree-row > .tree-acts');
    const tops = await parts.evaluateAll((rows) => rows.map((row) => new Set([...row.children].map((it) => Math.round(it.getBoundingClientRect().top))).size));
    expect(tops, 'what is pressed stands in one line').toEqual(tops.map(() => 1));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
});

test('a cycle that would end before its start is told where it is typed, and taken as soon as it fits', async () => {
  const path = await stage.plan(seed);
  const page = await workspaceOf(path, 'Li Na');
  const other = await workspaceOf(path, 'Tom');
  const field = (on: Page, label: 'Start' | 'End') => on.locator('[data-entity="quarter"]').getByLabel(label, { exact: true });
  const note = page.locator('[data-entity="quarter"] .field-note');
  const [start, end] = [await field(other, 'Start').inputValue(), await field(other, 'End').inputValue()];

  await field(page, 'End').fill('2001-03-31');
  await page.locator('#cycles-title').click();
  await note.getByText(/A cycle cannot end before its start/).waitFor();
  await page.locator('[data-entity="quarter"] .tag').waitFor(); // it runs as before
  const [kept, state] = [await field(page, 'End').boundingBox(), await page.locator('[data-entity="quarter"] select').boundingBox()];
  expect((kept?.x ?? Infinity) + (kept?.width ?? 0), 'beside what follows it').toBeLessThanOrEqual((state?.x ?? 0) + 1);
  expect(await field(other, 'End').inputValue()).toBe(end);
  await page.reload();
  await note.waitFor();
  expect(await field(page, 'End').inputValue(), 'what was typed').toBe('2001-03-31');

  await field(page, 'Start').fill('2001-01-01');
  await page.locator('#cycles-title').click();
  await note.waitFor({ state: 'detached' });
  await expect.poll(async () => [await field(other, 'Start').inputValue(), await field(other, 'End').inputValue()]).toEqual(['2001-01-01', '2001-03-31']);
  expect(start).not.toBe('2001-01-01');
});

describe('a new person', () => {
  const nameOf = (page: Page) => page.locator('.person-new').getByRole('textbox', { name: 'Name of the person' });
  const names = (page: Page): Promise<string[]> => page.locator('.people-grid .person-name').getByRole('textbox').allTextContents();
  const begin = (page: Page): Promise<void> => page.getByRole('button', { name: 'Add Person' }).click();

  test('added by two at the same moment is one person', async () => {
    const path = await stage.plan(seed);
    const { person, line } = await stage.personOnLine({ name: 'Ada Byron' });
    const ada = await person.open(path.split('/').slice(0, 3).join('/'));
    await ada.locator('.save-state[data-state="saved"]').waitFor();
    const tom = await workspaceOf(path, 'Tom');
    stage.expectOutage();
    line.cut();
    for (const page of [ada, tom]) {
      await begin(page);
      await page.keyboard.type('Grace Hopper');
      await page.keyboard.press('Enter');
    }
    line.mend();
    await ada.locator('.save-state[data-state="saved"]').waitFor();
    for (const page of [ada, tom]) await expect.poll(() => names(page)).toEqual(['Ada Byron', 'Tom Okafor', 'Grace Hopper']);
    expect(await ada.locator('.draft').count()).toBe(0);
  });

  test('follows the one before with Enter, and is there when the line is left', async () => {
    const page = await workspaceOf(await stage.plan(seed), 'Li Na');
    await begin(page);
    await page.keyboard.type('Grace Hopper\nKatherine Johnson');
    await page.locator('.settings').getByRole('textbox').first().click();
    await expect.poll(() => names(page)).toEqual(['Ada Byron', 'Tom Okafor', 'Grace Hopper', 'Katherine Johnson']);
    expect(await page.locator('.person-new').count()).toBe(0);

    // Escape takes back what was only begun, and so does Enter on nothing; the focus is where one began.
    for (const keys of [['N', 'Escape'], ['Enter']]) {
      await begin(page);
      for (const key of keys) await page.keyboard.press(key);
      await page.locator('.add-row:focus', { hasText: 'Person' }).waitFor();
    }
    expect((await names(page)).length).toBe(4);
  });

  test('is there when the page is loaded again, or left, before the line was', async () => {
    const page = await workspaceOf(await stage.plan(seed), 'Li Na');
    await begin(page);
    await page.keyboard.type('Grace Hopper');
    await page.reload();
    await expect.poll(() => names(page)).toEqual(['Ada Byron', 'Tom Okafor', 'Grace Hopper']);
    // Not every browser tells a field that it has lost the focus when it is taken from the page.
    await page.evaluate(() => addEventListener('focusout', (event) => event.stopImmediatePropagation(), { capture: true }));
    await begin(page);
    await page.keyboard.type('Katherine Johnson');
    await page.locator('.side').getByRole('link', { name: 'Bikes' }).click();
    await page.locator('.plan-body').waitFor();
    await page.goBack();
    await expect.poll(() => names(page)).toEqual(['Ada Byron', 'Tom Okafor', 'Grace Hopper', 'Katherine Johnson']);
  });

  test('of a name that is in the list is asked about, and nothing that is typed is lost', async () => {
    const page = await workspaceOf(await stage.plan(seed), 'Li Na');
    await begin(page);
    await page.keyboard.type('ada byron ');
    await page.getByText('Ada Byron is in the list already.').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.settings').getByRole('textbox').first().click();
    expect(await nameOf(page).inputValue()).toBe('ada byron ');
    expect((await names(page)).length).toBe(2);
    await page.getByRole('button', { name: 'Add another of this name' }).click();
    await expect.poll(() => names(page)).toEqual(['Ada Byron', 'Tom Okafor', 'ada byron']);

    await page.keyboard.type('x'.repeat(81));
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'News' }).locator('.toast').waitFor();
    expect(await nameOf(page).inputValue()).toBe('x'.repeat(81));
  });
});
