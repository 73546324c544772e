// What somebody meets who opens a server that nobody has used yet.
import { describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { PlanPage } from './support/plan_page';
import { useStage } from './support/stage';

const stage = useStage();

interface Expected {
  readonly language: 'en' | 'zh';
  readonly sample: string;
  readonly workspace: string;
  readonly objective: RegExp;
  readonly htmlLanguage: string;
  readonly measured: RegExp; // a ring's label
}

const samples: readonly Expected[] = [
  { language: 'en', sample: 'Kestrel Bikes', workspace: 'Kestrel Bikes', objective: /\w{4}/, htmlLanguage: 'en', measured: /^Progress: \d+\s?%, .*\d of \d measured$/ },
  { language: 'zh', sample: '山见茶事', workspace: '山见茶事', objective: /\p{Script=Han}{4}/u, htmlLanguage: 'zh-Hans', measured: /\d+\s?%/ },
];

async function everything(page: Page): Promise<unknown> {
  return {
    titles: await page.locator('.objective-title, .key-result-title').getByRole('textbox').allTextContents(),
    rings: await page.locator('.ring').evaluateAll((list) => list.map((it) => it.getAttribute('aria-label'))),
    bars: await page.locator('.bar').evaluateAll((list) => list.map((it) => it.getAttribute('aria-label'))),
    numbers: await page.locator('.metric input').evaluateAll((list) => list.map((it) => (it instanceof HTMLInputElement ? it.value : ''))),
    summary: await page.locator('.summary').innerText(),
    teams: await page.locator('.side .side-words').allInnerTexts(),
  };
}

describe('a first start', () => {
  test.each(samples)('offers a sample in $language, whose plan shows progress and counts and is still there after a reload', async (expected) => {
    const person = await stage.person({ name: null, language: expected.language });
    const page = await person.open('/');
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(expected.htmlLanguage);
    await page.getByRole('button', { name: expected.sample }).click();

    // The one question of a first visit: a name.
    const name = page.getByRole('dialog').getByRole('textbox');
    await name.fill('Li Na');
    await name.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    const plan = new PlanPage(page);
    await plan.ready();
    await expect.poll(() => plan.faces()).toEqual([expect.stringContaining('Li Na')]);
    await page.locator('.side').getByRole('link', { name: expected.workspace }).waitFor();
    const teams = await page.locator('.side nav').nth(1).getByRole('link').count();
    expect(teams).toBeGreaterThanOrEqual(4);

    await expect.poll(async () => (await plan.titles()).length).toBeGreaterThanOrEqual(2);
    for (const title of await plan.titles()) expect(title).toMatch(expected.objective);
    await expect.poll(() => page.locator('.ring').first().getAttribute('aria-label')).toMatch(expected.measured);
    const counted = page.locator('.summary .status-word');
    const keyResults = await page.locator('.key-result').count();
    const sum = (await counted.allInnerTexts()).reduce((total, words) => total + Number.parseInt(words.trim(), 10), 0);
    expect(sum, 'every key result is counted under one status').toBe(keyResults);

    const before = await everything(page);
    await page.reload();
    await plan.ready();
    await expect.poll(() => everything(page)).toEqual(before);

    // A later visitor finds it in the list, and the way to the plan.
    const later = await (await stage.person({ language: expected.language })).open('/');
    await later.getByRole('link', { name: expected.workspace }).first().click();
    await later.locator('.tree-name').first().waitFor();
    expect(await later.locator('.workspace-page h1').innerText()).toBe(expected.workspace);
    const team = await page.locator('.crumbs a').first().innerText();
    await later.locator('.side').getByRole('link', { name: team, exact: true }).click();
    const found = new PlanPage(later);
    await found.ready();
    await expect.poll(() => found.titles()).toEqual(await plan.titles());
  });

  test('an organisation of one’s own: this year with its quarters, a first team, an empty plan that teaches', async () => {
    const page = await (await stage.person()).open('/');
    await page.getByLabel('Name of your organisation').fill('Larkspur Bakery');
    await page.getByRole('button', { name: 'Create a workspace' }).click();
    await page.locator('.workspace-page').waitFor();
    expect(await page.locator('.cycle-row').count()).toBe(5);
    await page.locator('.chooser').getByRole('link', { name: 'Open the plan' }).click();
    await page.getByRole('button', { name: 'Start with an objective' }).click();
    await page.keyboard.type('Bread people come back for');
    const plan = new PlanPage(page);
    await plan.saved();
    await page.reload();
    await plan.ready();
    expect(await plan.titles()).toEqual(['Bread people come back for']);
  });

  test('a name in Chinese and Enter: the name is taken, the language stays, and a language pressed changes the language alone', async () => {
    const path = await stage.plan({ objectives: [{ title: 'One' }] });
    const person = await stage.person({ name: null, language: 'zh' });
    const page = await person.open(path);
    const dialog = page.getByRole('dialog');
    const name = dialog.getByRole('textbox', { name: '你的名字' });
    await expect.poll(() => name.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.insertText('李娜');
    await dialog.getByRole('button', { name: 'EN' }).click();
    await dialog.getByText('What should others call you?').first().waitFor();
    await dialog.getByRole('button', { name: '中文' }).click();
    await dialog.getByRole('textbox', { name: '你的名字' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-Hans');
    await expect.poll(() => new PlanPage(page).faces()).toEqual([expect.stringContaining('李娜')]);
  });

  test('an address where nothing is leads back to the start', async () => {
    const page = await (await stage.person()).open('/no/such/page');
    await page.getByRole('link', { name: 'To the start' }).click();
    await page.getByRole('button', { name: 'Kestrel Bikes' }).waitFor();
  });
});

describe('answers of the server', () => {
  test('carry a strict policy, and files with a name of their own are kept for ever', async () => {
    const answer = await fetch(`${stage.server.url}/`);
    const html = await answer.text();
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('referrer-policy')).not.toBeNull();
    expect(answer.headers.get('cache-control')).toMatch(/no-cache|no-store/);
    const nonce = /name="csp-nonce" content="([^"]+)"/.exec(html)?.[1] ?? '';
    expect(policy).toContain(`'nonce-${nonce}'`);
    expect(await (await fetch(`${stage.server.url}/`)).text(), 'a nonce is used once').not.toContain(nonce);

    const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? '';
    const asset = await fetch(stage.server.url + script, { headers: { 'accept-encoding': 'br' } });
    expect(asset.status).toBe(200);
    expect(asset.headers.get('content-encoding')).toBe('br');
    expect(asset.headers.get('cache-control')).toMatch(/immutable/);
    expect(asset.headers.get('content-type')).toMatch(/^text\/javascript/);
  });
});

describe('a link to one row', () => {
  const seed = { people: ['Dee'], objectives: Array.from({ length: 5 }, (_, index) => ({ title: `Objective ${index + 1}`, keyResults: [{ title: `Riders ${index + 1}`, fields: { start: 0, target: 10 } }] })) };

  test.each([
    { language: 'en', width: 360, height: 640 },
    { language: 'en', width: 390, height: 844 },
    { language: 'zh', width: 360, height: 640 },
    { language: 'zh', width: 390, height: 844 },
  ] as const)('asks a new person for the name first, and then shows the row: phone of $width x $height, $language', async ({ language, width, height }) => {
    const path = await stage.plan({ ...seed, language });
    const person = await stage.person({ name: null, phone: true, language, width, height });
    const page = await person.open(`${path}?open=o4-k1`);
    const plan = new PlanPage(page);
    const name = page.locator('.name-form input');
    await name.waitFor();
    await plan.ready();
    await plan.row('o4-k1').waitFor({ state: 'attached' });
    await expect.poll(() => name.evaluate((it) => it === document.activeElement)).toBe(true);
    await name.click({ trial: true }); // nothing lies over it
    expect(await page.getByRole('dialog').count()).toBe(1);

    await page.keyboard.type('Nadia');
    await page.keyboard.press('Enter');
    await name.waitFor({ state: 'detached' });
    await plan.details('o4-k1').waitFor();
    expect(new URL(page.url()).search).toBe('?open=o4-k1');
    await expect.poll(() => page.evaluate(() => document.activeElement?.closest('[role="dialog"]') !== null), { message: 'the focus is in what has opened' }).toBe(true);
    await expect.poll(() => plan.faces()).toEqual([expect.stringContaining('Nadia')]);
    await page.keyboard.press('Escape');
    await plan.details('o4-k1').waitFor({ state: 'detached' });
    const { top, bottom } = await plan.row('o4-k1').evaluate((it) => it.getBoundingClientRect().toJSON() as { top: number; bottom: number });
    expect([top >= 0, bottom <= height], 'the row is in view').toEqual([true, true]);
  });

  test('beside a wide plan the details stay when Escape leaves the question', async () => {
    const path = await stage.plan(seed);
    const plan = new PlanPage(await (await stage.person({ name: null })).open(`${path}?open=o4-k1`));
    await plan.ready();
    await plan.details('o4-k1').waitFor();
    await expect.poll(() => plan.page.evaluate(() => document.activeElement?.matches('.name-form input'))).toBe(true);
    await plan.page.keyboard.press('Escape');
    await plan.page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await plan.details('o4-k1').isVisible()).toBe(true);
    expect(new URL(plan.page.url()).search).toBe('?open=o4-k1');
  });
});

