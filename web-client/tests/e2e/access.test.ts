// For every eye, hand and ear: axe-core in both themes and languages, the keyboard alone, a phone, a switch of language or theme.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import type axe from 'axe-core';
import type { Locator, Page } from 'playwright-core';
import { PlanPage } from './support/plan_page';
import { useStage } from './support/stage';

const stage = useStage();
const seed = {
  people: ['Ada Byron', '李娜'],
  objectives: [
    {
      title: 'Riders stay with us',
      fields: { owner: 'p1', commitment: 'committed', priority: true },
      keyResults: [
        { title: 'Riders after three years', fields: { metric: 'percent', start: 60, target: 80, current: 75, confidence: 8, owner: 'p1' } },
        { title: '两天内修好的车', fields: { start: 0, target: 100, current: 40, confidence: 5, owner: 'p2' } },
        { title: 'Costs of a repair', fields: { metric: 'currency', unit: '€', start: 90, target: 60, current: 88, confidence: 2 } },
        { title: 'The new frame is certified', fields: { metric: 'yes_no', done: true } },
      ],
    },
    { title: 'An objective without key results', fields: { aligned_to: ['bikes/quarter/o1-k2'] } },
  ],
} as const;

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// What would keep somebody from using the page, each with where it is.
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(await axeSource);
  const results = await page.evaluate(async (tags) => {
    const { axe } = window as unknown as { axe: { run(context: Document, options: axe.RunOptions): Promise<axe.AxeResults> } };
    return axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
  }, rules);
  return results.violations
    .filter((it) => it.impact === 'serious' || it.impact === 'critical')
    .flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.target.join(' ')} (${node.any[0]?.message ?? it.help})`));
}

let path = '';
beforeAll(async () => {
  path = await stage.plan(seed);
});
const workspacePath = (): string => path.split('/').slice(0, 3).join('/');

describe.each([
  { theme: 'light', language: 'en' },
  { theme: 'dark', language: 'en' },
  { theme: 'light', language: 'zh' },
  { theme: 'dark', language: 'zh' },
] as const)('no barriers in $theme, $language', ({ theme, language }) => {
  test('on the first page, in the workspace, on a plan with its details and menus', async () => {
    const person = await stage.person({ theme, language, reducedMotion: true });
    const page = await person.open('/');
    await page.locator('.workspace-link').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe(theme);
    expect(await barriers(page), 'first page').toEqual([]);

    await page.goto(person.address(workspacePath()));
    await page.locator('.tree-name').first().waitFor();
    await page.locator('.team-faces').first().click();
    await page.locator('.team-about').waitFor();
    expect(await barriers(page), 'workspace, with what a team is').toEqual([]);

    const newcomer = await (await stage.person({ name: null, theme, language, reducedMotion: true })).open(path);
    await newcomer.locator('.name-person .name-itself').first().waitFor();
    await newcomer.keyboard.type('Ada Byron');
    await newcomer.locator('[data-meant="true"]').waitFor();
    expect(await barriers(newcomer), 'the question who one is').toEqual([]);
    await newcomer.close();

    await page.goto(person.address(path));
    const plan = new PlanPage(page);
    await plan.ready();
    // Somebody else is there too: faces, a caret, a name.
    const other = await PlanPage.open(await stage.person({ name: 'Tom Okafor', reducedMotion: true }), path);
    await other.caretTo(other.title('o1'), 'end');
    await plan.titleBox('o1').locator('.remote-caret').waitFor();
    expect(await barriers(page), 'plan').toEqual([]);

    await plan.row('o1-k1').hover();
    await plan.row('o1-k1').locator('.row-details').click();
    await plan.details('o1-k1').waitFor();
    await plan.row('o1-k1').locator('.confidence-chip').click();
    await page.getByRole('radiogroup').waitFor();
    expect(await barriers(page), 'details and the scale of confidence').toEqual([]);
  });
});

describe('the keyboard alone', () => {
  // Presses Tab until the focus is on an element whose label fits.
  async function tabTo(page: Page, label: RegExp): Promise<void> {
    const seen: string[] = [];
    for (let step = 0; step < 60; step += 1) {
      await page.keyboard.press('Tab');
      const now = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? '');
      if (label.test(now)) return;
      seen.push(now);
    }
    throw new Error(`Tab never came to ${label.source}; it came to: ${seen.join(' | ')}`);
  }

  // Who sees a caret writes: a field that opens is shown a moment before it has the focus.
  const caretIn = (field: Locator): Promise<void> => expect.poll(() => field.evaluateAll((found) => found.includes(document.activeElement as HTMLElement))).toBe(true);

  test('is enough to write an objective with a key result, set its numbers and confidence, and move it', async () => {
    const empty = await stage.plan({});
    const plan = await PlanPage.open(await stage.person(), empty);
    const { page } = plan;
    await tabTo(page, /^Start with an objective$/);
    await page.keyboard.press('Enter');
    await page.keyboard.type('Written by hand');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Keys pressed');
    for (const [label, value] of [
      ['Start', '0'],
      ['Target', '120'],
      ['Unit', 'letters'],
      ['Now', '30'],
    ] as const) {
      await tabTo(page, new RegExp(`^${label}$`));
      await page.keyboard.type(value);
    }
    await tabTo(page, /^Confidence/);
    await page.keyboard.press('8');
    const row = page.locator('.key-result');
    await expect.poll(() => row.locator('.confidence-chip').innerText()).toBe('8');
    await expect.poll(() => row.locator('.bar').getAttribute('aria-label')).toContain('25\u00a0%');

    await tabTo(page, /^Owner/);
    await page.keyboard.press('Enter');
    await caretIn(page.getByRole('combobox', { name: 'Find or add a person' }));
    await page.keyboard.type('Ada Byron');
    await page.keyboard.press('Enter');
    await row.getByRole('button', { name: 'Owner: Ada Byron' }).waitFor();

    await page.keyboard.press('Control+k');
    await caretIn(page.getByRole('dialog').getByRole('combobox'));
    await page.keyboard.type('Add an objective');
    await page.keyboard.press('Enter');
    await page.keyboard.type('From the palette');
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(() => plan.titles()).toEqual(['From the palette', 'Written by hand']);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await plan.saved();
  });
});

describe('Tab goes in the order of reading and of working', () => {
  const named = (page: Page): Promise<string> =>
    page.evaluate(() => {
      const at = document.activeElement;
      return at?.getAttribute('aria-label') ?? at?.textContent?.trim() ?? '';
    });
  async function order(page: Page, length: number): Promise<string[]> {
    const seen: string[] = [];
    while (seen.length < length) {
      await page.keyboard.press('Tab');
      const now = await named(page);
      if (now !== seen.at(-1)) seen.push(now); // a day has three parts
    }
    return seen;
  }

  test('through a new key result: where it starts, where it goes, in what, and only then what comes later', async () => {
    const plan = await PlanPage.open(await stage.person(), await stage.plan({ objectives: [{ title: 'First', keyResults: [{ title: 'Alpha' }] }] }));
    const { page } = plan;
    await plan.caretTo(plan.title('o1-k1'), 'end');
    expect(await order(page, 7)).toEqual(['Start', 'Target', 'Unit', 'Now', 'Confidence: not given', 'Owner: Nobody yet', 'Details of “Alpha”']);
    await page.keyboard.press('Enter');
    const details = plan.details('o1-k1');
    await details.waitFor();
    await details.getByRole('combobox', { name: 'Measured as' }).focus();
    expect(await order(page, 6)).toEqual(['Start', 'Target', 'Unit', 'Now', 'Confidence: not given', 'Due']);

    await plan.setNumber('o1-k1', 'Target', '10');
    await plan.row('o1-k1').locator('.row-check-in').waitFor({ state: 'attached' });
    expect(await page.locator('[tabindex]:not([tabindex="0"]):not([tabindex="-1"])').count()).toBe(0);
  });

  test('through a check-in, and through the rows of a workspace', async () => {
    const path = await stage.plan({ people: ['Ada Byron'], objectives: [{ title: 'First', keyResults: [{ title: 'Alpha', fields: { start: 0, target: 10, current: 3 } }] }] });
    const plan = await PlanPage.open(await stage.person(), path);
    const { page } = plan;
    await plan.caretTo(plan.title('o1-k1'), 'end');
    await page.keyboard.press('Alt+c');
    await expect.poll(() => named(page)).toBe('Value');
    const [confidence, note, ...others] = await order(page, 5);
    expect([confidence, note]).toEqual([expect.stringMatching(/^\d+: |^0/), 'What happened, what is next?']);
    expect(others.indexOf('Save the check-in')).toBeGreaterThanOrEqual(0);

    await page.goto(page.url().split('/').slice(0, 5).join('/'));
    await page.locator('.tree-item').first().waitFor();
    await page.locator('[data-entity="quarter"] .tree-name').getByRole('textbox').focus();
    expect(await order(page, 4)).toEqual(['Start', 'End', 'State', 'Actions for “This quarter”']);
  });
});

describe('language and theme', () => {
  test('switch at once, without a reload, and are remembered', async () => {
    const plan = await PlanPage.open(await stage.person(), path);
    const { page } = plan;
    await page.evaluate(() => (document.documentElement.dataset['kept'] = 'the same page'));
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
    expect(await plan.saveWords()).toBe('Saved');

    await page.getByRole('button', { name: '中文' }).click();
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('zh-Hans');
    expect(await plan.saveWords()).toBe('已保存');
    await page.getByRole('button', { name: '添加 关键结果' }).first().waitFor();
    expect(await plan.titleText('o1'), 'people’s own words stay').toBe('Riders stay with us');

    const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await paper();
    await page.getByRole('button', { name: '外观' }).click();
    await page.getByRole('menuitem', { name: '深色' }).click();
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');
    await expect.poll(paper).not.toBe(light);
    expect(await page.evaluate(() => document.documentElement.dataset['kept'])).toBe('the same page');

    await page.reload();
    await plan.ready();
    expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset['theme']])).toEqual(['zh-Hans', 'dark']);
  });
});

describe('on a phone', () => {
  const overflow = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

  // What is pressed and lower than a finger is wide, by its name. What lies behind a larger button is not pressed itself.
  const small = (page: Page): Promise<string[]> =>
    page.evaluate(() => {
      const pressed = [...document.querySelectorAll('button, a[href]:not(.skip-link), select, input, [role="checkbox"], [role="switch"], [role="radio"]')];
      const found = pressed.flatMap((it) => {
        if (!it.checkVisibility({ visibilityProperty: true })) return [];
        it.scrollIntoView({ block: 'center' });
        const { left, top, width, height } = it.getBoundingClientRect();
        const above = document.elementFromPoint(left + width / 2, top + height / 2);
        if (above === null || (!it.contains(above) && !above.contains(it))) return [];
        return height < 43.5 ? [`${it.getAttribute('aria-label') ?? it.textContent}: ${height.toFixed(1)} px`] : [];
      });
      return [...new Set(found)];
    });

  test('what is pressed is as large as a finger', async () => {
    const person = await stage.person({ phone: true });
    const plan = await PlanPage.open(person, path);
    const { page } = plan;
    expect(await small(page), 'plan').toEqual([]);
    const details = await plan.openDetails('o1-k2');
    expect(await small(page), 'details').toEqual([]);
    await details.getByRole('button', { name: 'Check in' }).tap();
    await details.locator('.check-in-form').waitFor();
    expect(await small(page), 'check-in').toEqual([]);
    await page.goto(person.address(workspacePath()));
    await page.locator('.tree-name').first().waitFor();
    expect(await small(page), 'workspace').toEqual([]);
    await page.getByRole('button', { name: 'Menu', exact: true }).tap();
    await page.getByRole('dialog').getByRole('button', { name: '中文' }).waitFor();
    expect(await small(page), 'menu').toEqual([]);
  });

  test('and so it is on the first page, in what opens over a plan, and where one is asked for a name', async () => {
    const person = await stage.person({ phone: true, width: 360 });
    const page = await person.open('/');
    await page.locator('.workspace-link').first().waitFor();
    expect(await small(page), 'first page').toEqual([]);
    await page.goto(person.address(path));
    const plan = new PlanPage(page);
    await plan.ready();
    await plan.row('o2').locator('.fact-aligned').waitFor();
    expect(await small(page), 'an aligned objective').toEqual([]);
    await plan.row('o1-k1').locator('.owner').first().tap();
    await page.locator('.find-box').waitFor();
    expect(await small(page), 'people to choose from').toEqual([]);
    await page.goto(person.address(`${path}?open=o2`));
    await plan.details('o2').locator('.aligned-words').waitFor();
    expect(await small(page), 'details of an aligned objective').toEqual([]);
    const stranger = await (await stage.person({ phone: true, width: 360, name: null })).open(path);
    await stranger.getByRole('button', { name: 'Start' }).waitFor();
    expect(await small(stranger), 'the question for a name').toEqual([]);
  });

  test('nothing is wider than the screen, and nothing is missing', async () => {
    const person = await stage.person({ phone: true });
    const page = await person.open('/');
    await page.locator('.workspace-link').first().waitFor();
    expect(await overflow(page), 'first page').toBe(0);
    await page.goto(person.address(workspacePath()));
    await page.locator('.tree-name').first().waitFor();
    expect(await overflow(page), 'workspace').toBe(0);
    await page.locator('.team-faces').first().tap();
    await page.locator('.team-about').waitFor();
    await page.getByRole('button', { name: 'Add a member' }).tap();
    await page.getByRole('option', { name: 'Ada Byron' }).tap();
    await page.getByRole('combobox', { name: 'Role: Ada Byron' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await overflow(page), 'a team and its people').toBe(0);
    await page.goto(person.address(path));
    const plan = new PlanPage(page);
    await plan.ready();
    expect(await overflow(page), 'plan').toBe(0);

    // The way to other teams.
    await page.getByRole('button', { name: 'Menu', exact: true }).tap();
    await page.getByRole('dialog').getByRole('link', { name: 'Bikes' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    // A tap writes.
    await plan.title('o2').tap();
    await page.locator('.cm-content:focus').waitFor();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' yet');
    await expect.poll(() => plan.titleText('o2')).toBe('An objective without key results yet');

    await plan.row('o1-k2').locator('.metric').getByRole('button', { name: /^Check in on/ }).tap();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Value' }).fill('50');
    await page.getByRole('button', { name: 'Save the check-in' }).tap();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => plan.progress('o1-k2')).toBe('50%');
    await plan.row('o1-k2').locator('.confidence-chip').tap();
    await page.getByRole('radio', { name: /^9:/ }).tap();
    await expect.poll(() => plan.row('o1-k2').locator('.confidence-chip').innerText()).toBe('9');

    // Details come as a sheet with every field.
    await plan.row('o1-k2').getByRole('button', { name: /^Details of/ }).tap();
    const sheet = page.getByRole('dialog');
    await sheet.locator('.details').waitFor();
    await sheet.getByRole('button', { name: 'Add Initiative' }).tap();
    await page.locator('.initiative .cm-content:focus').waitFor();
    await page.keyboard.type('A spare wheel in every shop');
    await sheet.locator('.initiative').getByLabel('Due', { exact: true }).fill('2027-02-28');
    await expect.poll(() => sheet.locator('.initiative .date-words').textContent()).toContain('Feb');
    expect(await overflow(page), 'details').toBe(0);
    for (const label of ['Measured as', 'Stage', 'Status']) await sheet.locator('.fields').getByRole('combobox', { name: label, exact: true }).waitFor();
    await sheet.getByRole('button', { name: 'Check in' }).tap();
    await sheet.locator('.check-in-form').waitFor();
    expect(await overflow(page), 'check-in').toBe(0);
    await sheet.getByRole('button', { name: 'Close' }).tap();
    await sheet.waitFor({ state: 'detached' });

    // Move and remove without a pointer or keys.
    await page.getByRole('button', { name: 'Actions for Objective 2' }).tap();
    await page.getByRole('menuitem', { name: 'Move up' }).tap();
    await expect.poll(() => plan.order()).toEqual(['o2', 'o1']);
    await page.getByRole('button', { name: 'Actions for Objective 1' }).tap();
    await page.getByRole('menuitem', { name: 'Move down' }).tap();
    await expect.poll(() => plan.order()).toEqual(['o1', 'o2']);
  });

  test('a team name of 52 characters widens no page, saving is told in words, and language and theme are in the menu', async () => {
    const long = await stage.plan({ ...seed, team: 'Customer experience, service and repair operations E' });
    const person = await stage.person({ phone: true, width: 360 });
    const page = await person.open(long.split('/').slice(0, 3).join('/'));
    await page.locator('.chooser').waitFor();
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await overflow(page), 'workspace').toBe(0);
    await page.goto(person.address(long));
    const plan = new PlanPage(page);
    await plan.ready();
    expect(await overflow(page), 'plan').toBe(0);
    expect(await plan.saveWords()).toBe('Saved');

    await page.getByRole('button', { name: 'Menu', exact: true }).tap();
    await page.getByRole('dialog').getByRole('button', { name: '中文' }).tap();
    await expect.poll(() => plan.saveWords()).toBe('已保存');
  });
});
