// Who somebody is: asked at first, on top of every list of people, and in one colour everywhere.
import { describe, expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { InputMethod } from './support/browser';
import { PlanPage } from './support/plan_page';
import { useStage } from './support/stage';

const stage = useStage();

const kestrel = [
  { name: 'Mara Lindqvist', title: 'Founder' },
  { name: 'Tom Okafor', title: 'Product lead' },
  { name: 'Inês Duarte', title: 'Frame design' },
  { name: 'Jun Watanabe', title: 'Workshop lead' },
  { name: 'Priya Nair', title: 'Customer care' },
  { name: 'Leo Brandt', title: 'Brand and shops' },
  { name: 'Saskia de Wit', title: 'Supply' },
  { name: 'Noah Ferreira', title: 'Software' },
];
const crowd = [...kestrel, ...Array.from({ length: 14 }, (_, index) => ({ name: `Rider ${index + 1}`, title: 'Rides' }))];
const objective = { title: 'One', keyResults: [{ title: 'A' }] };

const dialogOf = (page: Page): Locator => page.getByRole('dialog');
const fieldOf = (page: Page): Locator => dialogOf(page).getByRole('textbox', { name: 'Your name' });
const offered = (page: Page): Promise<string[]> => dialogOf(page).locator('.name-person .name-itself').allTextContents();
const atRest = (it: Locator): Promise<void> => it.evaluate((element) => Promise.all(element.getAnimations().map((animation) => animation.finished)).then(() => undefined));
const gone = (page: Page): Promise<void> => dialogOf(page).waitFor({ state: 'detached' });
const hasFocus = (it: Locator): Promise<boolean> => it.evaluate((element) => element === document.activeElement);
const ownName = (page: Page): Promise<string> => page.locator('.side-foot .side-words').innerText();
const picker = (page: Page): Locator => page.locator('.picker');
const options = (page: Page): Promise<string[]> => picker(page).getByRole('option').allInnerTexts().then((list) => list.map((it) => it.replace(/\s+/g, ' ').trim()));

describe('a first start', () => {
  const newcomer = async (people: readonly { name: string; title: string }[] | readonly string[]): Promise<Page> => {
    const path = await stage.plan({ people, objectives: [objective] });
    const page = await (await stage.person({ name: null })).open(path);
    await dialogOf(page).waitFor();
    if (people.length > 0) await dialogOf(page).locator('.name-itself').first().waitFor();
    return page;
  };

  test('asks whether one is one of the people, with what they do and who is here; who presses a name is that person', async () => {
    const path = await stage.plan({ people: kestrel, objectives: [objective] });
    await PlanPage.open(await stage.person({ name: 'Mara Lindqvist' }), path);
    const page = await (await stage.person({ name: null })).open(path);
    await dialogOf(page).getByRole('heading', { name: 'Are you one of these people?' }).waitFor();
    expect(await offered(page)).toEqual(kestrel.map((it) => it.name));
    await dialogOf(page).getByRole('button', { name: 'Mara Lindqvist Founder here', exact: true }).waitFor();
    expect(await hasFocus(fieldOf(page))).toBe(true);
    await dialogOf(page).getByRole('button', { name: 'Priya Nair Customer care', exact: true }).click();
    await gone(page);

    const plan = new PlanPage(page);
    await expect.poll(async () => (await plan.faces()).sort()).toEqual(['Mara Lindqvist', 'Priya Nair (you)']);
    expect(await ownName(page)).toBe('Priya Nair');
    await plan.row('o1-k1').getByRole('button', { name: /^Owner/ }).click();
    expect((await options(page))[0]).toBe('Me Priya Nair');
    await page.reload();
    await plan.ready();
    expect(await dialogOf(page).count(), 'asked once').toBe(0);
    await expect.poll(async () => (await plan.faces()).sort()).toEqual(['Mara Lindqvist', 'Priya Nair (you)']);
  });

  test.each(['Inês Duarte', 'ines duarte', ' INES  DUARTE '])('“%s”, typed, is Inês Duarte', async (name) => {
    const page = await newcomer(kestrel);
    await page.keyboard.type(name);
    await dialogOf(page).getByText('That is Inês Duarte').waitFor();
    expect(await dialogOf(page).locator('[data-meant="true"] .name-itself').allTextContents()).toEqual(['Inês Duarte']);
    await page.keyboard.press('Enter');
    await gone(page);
    await expect.poll(() => new PlanPage(page).faces()).toEqual(['Inês Duarte (you)']);
    await expect.poll(() => page.evaluate(() => Object.keys(localStorage).filter((it) => it.startsWith('okra.me.')).map((it) => localStorage.getItem(it)))).toEqual(['p3']);
  });

  test('a new name and Enter: somebody new, whom nobody has added', async () => {
    const page = await newcomer(kestrel);
    await page.keyboard.type('Grace Hopper');
    await page.keyboard.press('Enter');
    await gone(page);
    const plan = new PlanPage(page);
    await expect.poll(() => plan.faces()).toEqual(['Grace Hopper (you)']);
    await plan.row('o1-k1').getByRole('button', { name: /^Owner/ }).click();
    expect(await options(page)).toEqual(['Me Grace Hopper', ...kestrel.map((it) => it.name)]);
  });

  test('of more than eight people shows eight, and finds the others by what is typed, composed words once they are chosen', async () => {
    const page = await newcomer([...crowd.slice(0, 20), { name: '李娜', title: '产品' }]);
    expect((await offered(page)).length).toBe(8);
    await dialogOf(page).getByText('13 more: type a name to find it').waitFor();
    await atRest(dialogOf(page));
    const before = await fieldOf(page).boundingBox();
    await page.keyboard.type('rider 1');
    await expect.poll(() => offered(page)).toEqual(['Rider 1', 'Rider 10', 'Rider 11', 'Rider 12']);
    expect(await fieldOf(page).boundingBox(), 'the field stays where it is').toEqual(before);
    await fieldOf(page).fill('');
    await fieldOf(page).focus();
    const input = await InputMethod.on(page);
    await input.compose('li');
    expect((await offered(page)).length).toBe(8);
    await input.choose('李');
    await expect.poll(() => offered(page)).toEqual(['李娜']);
    await fieldOf(page).fill('Nobody of this name');
    await dialogOf(page).getByText('Nobody here goes by that name yet.').waitFor();
    await fieldOf(page).fill('saskia');
    await dialogOf(page).getByRole('button', { name: /^Saskia de Wit/ }).click();
    await gone(page);
    await expect.poll(() => new PlanPage(page).faces()).toEqual(['Saskia de Wit (you)']);
  });

  test('with nobody in the list asks for a name alone', async () => {
    const page = await newcomer([]);
    await dialogOf(page).getByRole('heading', { name: 'What should others call you?' }).waitFor();
    expect(await dialogOf(page).locator('.name-people').count()).toBe(0);
    expect(await hasFocus(fieldOf(page))).toBe(true);
  });

  test('of two who have one name asks which, and takes neither by itself', async () => {
    const page = await newcomer([
      { name: 'Anna', title: 'Shop' },
      { name: 'Anna', title: 'Workshop' },
    ]);
    await page.keyboard.type('anna');
    await page.keyboard.press('Enter');
    await dialogOf(page).getByText('Which one are you?').waitFor();
    expect(await hasFocus(dialogOf(page).getByRole('button', { name: 'Anna Shop' }))).toBe(true);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await gone(page);
    await expect.poll(() => page.evaluate(() => Object.keys(localStorage).filter((it) => it.startsWith('okra.me.')).map((it) => localStorage.getItem(it)))).toEqual(['p2']);
  });

  test('takes a name before the people are here', async () => {
    const path = await stage.plan({ people: kestrel, objectives: [objective] });
    const person = await stage.person({ name: null });
    const page = await person.context.newPage();
    let letThrough = (): void => undefined;
    const allowed = new Promise<void>((resolve) => (letThrough = resolve));
    await page.routeWebSocket(/\/api\/socket/, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((message) => void allowed.then(() => socket.send(message)));
    });
    await page.goto(person.address(path));
    await expect.poll(() => hasFocus(fieldOf(page))).toBe(true);
    await page.keyboard.type('Priya');
    expect(await offered(page)).toEqual([]);
    const before = await fieldOf(page).boundingBox();
    letThrough();
    await expect.poll(() => offered(page)).toEqual(kestrel.map((it) => it.name));
    expect(await hasFocus(fieldOf(page))).toBe(true);
    expect((await fieldOf(page).boundingBox())?.y, 'the field has not moved').toBeCloseTo(before?.y ?? 0, 0);
    await page.keyboard.type(' Nair');
    await page.keyboard.press('Enter');
    await gone(page);
    await expect.poll(() => new PlanPage(page).faces()).toEqual(['Priya Nair (you)']);
  });

  test('who only wants to look gets a name that nobody has', async () => {
    const path = await stage.plan({ people: ['Curious Wren', 'Early Otter', 'Kind Heron', 'Bright Finch', 'Steady Fox', 'Warm Hare', 'Quiet Swift'], objectives: [objective] });
    const page = await (await stage.person({ name: null })).open(path);
    await expect.poll(() => dialogOf(page).locator('.name-person').count()).toBe(7); // whoever was added last may come a moment later
    await fieldOf(page).press('Escape');
    await gone(page);
    await expect.poll(() => new PlanPage(page).faces()).toEqual(['Merry Badger (you)']);
  });

  test.each([
    [390, 844],
    [360, 640],
    [360, 360], // its keyboard open
  ])('on a phone of %d × %d has question, names, field and button on the screen', async (width, height) => {
    const path = await stage.plan({ people: crowd, objectives: [objective] });
    const person = await stage.person({ name: null, phone: true });
    const page = await person.context.newPage();
    await page.setViewportSize({ width, height });
    await page.goto(person.address(path));
    await dialogOf(page).locator('.name-person').first().waitFor();
    const dialog = dialogOf(page);
    await atRest(dialog);
    for (const part of [dialog.locator('.name-title'), dialog.locator('.name-person').first(), fieldOf(page), dialog.getByRole('button', { name: 'Start' }), dialog.getByRole('button', { name: '中文' })]) {
      const box = await part.boundingBox();
      expect(box?.y).toBeGreaterThanOrEqual(0);
      expect((box?.y ?? 0) + (box?.height ?? height)).toBeLessThanOrEqual(height);
      expect((box?.x ?? 0) + (box?.width ?? width)).toBeLessThanOrEqual(width);
    }
    for (const target of [dialog.locator('.name-person').first(), fieldOf(page), dialog.getByRole('button', { name: 'Start' })]) expect((await target.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await dialog.locator('.name-person').nth(7).tap();
    await gone(page);
  });
});

describe('who I am, later', () => {
  const change = async (page: Page): Promise<void> => {
    await page.locator('.side-foot').getByRole('button', { name: /Change who you are|^\S+ / }).first().click();
    await dialogOf(page).waitFor();
  };

  test('is changed where the name stands: another one of the people, or somebody else', async () => {
    const path = await stage.plan({ people: kestrel, objectives: [objective] });
    const plan = await PlanPage.open(await stage.person({ name: 'Tom Okafor' }), path);
    const { page } = plan;
    await change(page);
    expect((await offered(page))[0], 'oneself first').toBe('Tom Okafor');
    await page.keyboard.press('Escape');
    await gone(page);
    expect(await ownName(page)).toBe('Tom Okafor');
    await change(page);
    await dialogOf(page).getByRole('button', { name: /^Leo Brandt/ }).click();
    await gone(page);
    await expect.poll(() => plan.faces()).toEqual(['Leo Brandt (you)']);
    await change(page);
    await page.keyboard.type('Ada Byron');
    await page.keyboard.press('Enter');
    await gone(page);
    await expect.poll(() => plan.faces()).toEqual(['Ada Byron (you)']);
    await plan.row('o1-k1').getByRole('button', { name: /^Owner/ }).click();
    expect((await options(page))[0]).toBe('Me Ada Byron');
  });

  test('a name is corrected for everybody, and its person stays who they are', async () => {
    const path = await stage.plan({ people: kestrel, objectives: [{ title: 'One', fields: { owner: 'p5' } }] });
    const [plan, other] = await Promise.all([PlanPage.open(await stage.person({ name: 'Priya Nair' }), path), PlanPage.open(await stage.person({ name: 'Tom Okafor' }), path)]);
    const colour = await plan.row('o1').locator('.owner .avatar').first().getAttribute('data-person');
    await change(plan.page);
    await plan.page.keyboard.type('Priya Nair-Smith');
    await dialogOf(plan.page).getByRole('button', { name: 'Or rename Priya Nair to Priya Nair-Smith for everybody' }).click();
    await gone(plan.page);
    await expect.poll(() => plan.faces()).toContain('Priya Nair-Smith (you)');
    await expect.poll(() => other.faces()).toContain('Priya Nair-Smith');
    await other.row('o1').getByRole('button', { name: 'Owner: Priya Nair-Smith' }).first().waitFor();
    expect(await other.row('o1').locator('.owner .avatar').first().getAttribute('data-person')).toBe(colour);
    expect(await other.page.locator('.faces [aria-label="Priya Nair-Smith"]').getAttribute('data-person')).toBe(colour);
  });
});

describe('Me', () => {
  test.each(['en', 'zh'] as const)('stands on top of a list of people, is found by its word in both languages, and is added when it is missing (%s)', async (language) => {
    const path = await stage.plan({ language, people: ['Tom Okafor', 'Melanie Meyer', '我妻'], objectives: [objective] });
    const plan = await PlanPage.open(await stage.person({ name: 'Grace Hopper', language }), path);
    const { page } = plan;
    const owner = plan.row('o1-k1').getByRole('button', { name: language === 'en' ? /^Owner/ : /^负责人/ });
    await owner.click();
    const word = language === 'en' ? 'Me' : '我';
    expect(await options(page)).toEqual([`${word} Grace Hopper`, 'Tom Okafor', 'Melanie Meyer', '我妻']);
    const find = picker(page).getByRole('combobox');
    await find.fill('ME');
    expect(await options(page)).toEqual([`${word} Grace Hopper`, 'Melanie Meyer']);
    await find.fill('我');
    expect(await options(page)).toEqual([`${word} Grace Hopper`, '我妻']);
    await find.fill('grace hopper');
    expect(await options(page), 'nobody to be added').toEqual([`${word} Grace Hopper`]);
    await find.press('Enter');
    await plan.row('o1-k1').getByRole('button', { name: /Grace Hopper$/ }).waitFor();
    await owner.click();
    expect(await options(page), 'once').toEqual([`${word} Grace Hopper`, language === 'en' ? 'Nobody' : '暂无', 'Tom Okafor', 'Melanie Meyer', '我妻']);
  });

  test('contributes and is a member of a team by one press of Enter', async () => {
    const path = await stage.plan({ people: ['Tom Okafor'], objectives: [objective] });
    const plan = await PlanPage.open(await stage.person({ name: 'Tom Okafor' }), path);
    const details = await plan.openDetails('o1');
    await details.getByRole('button', { name: /^Contributors/ }).click();
    await picker(plan.page).getByRole('combobox').press('Enter');
    await details.getByRole('button', { name: 'Contributors: Tom Okafor' }).waitFor();
    await plan.page.goto(new URL(path.split('/').slice(0, 3).join('/'), plan.page.url()).href);
    await plan.page.getByRole('button', { name: /^About/ }).click();
    await plan.page.getByRole('button', { name: 'Add a member' }).click();
    await picker(plan.page).getByRole('combobox').press('Enter');
    await plan.page.getByRole('combobox', { name: 'Role: Tom Okafor' }).waitFor();
  });

  test('signs as somebody else once they are chosen, and is them from then on', async () => {
    const path = await stage.plan({ people: kestrel, objectives: [{ title: 'One', keyResults: [{ title: 'A', fields: { start: 0, target: 9, current: 1 } }] }] });
    const plan = await PlanPage.open(await stage.person({ name: 'Tom Okafor' }), path);
    const details = await plan.openDetails('o1-k1');
    await details.getByRole('button', { name: 'Check in' }).click();
    await details.getByRole('button', { name: 'Signed by Tom Okafor' }).click();
    expect((await options(plan.page))[0]).toBe('Me Tom Okafor');
    await picker(plan.page).getByRole('combobox').fill('leo');
    await plan.page.keyboard.press('Enter');
    await details.getByRole('button', { name: 'Signed by Leo Brandt' }).waitFor();
    await expect.poll(() => plan.faces()).toEqual(['Leo Brandt (you)']);
  });

  test('asks which one I am where several have my name', async () => {
    const path = await stage.plan({ people: [{ name: 'Anna', title: 'Shop' }, { name: 'Anna', title: 'Workshop' }], objectives: [objective] });
    const plan = await PlanPage.open(await stage.person({ name: 'Anna' }), path);
    await plan.row('o1-k1').getByRole('button', { name: /^Owner/ }).click();
    await picker(plan.page).getByRole('option').first().click();
    await dialogOf(plan.page).getByRole('button', { name: 'Anna Workshop' }).click();
    await gone(plan.page);
    await plan.row('o1-k1').getByRole('button', { name: /^Owner/ }).click();
    await picker(plan.page).getByRole('option').first().click();
    await plan.row('o1-k1').getByRole('button', { name: 'Owner: Anna' }).waitFor();
  });
});

describe('a person has one colour', () => {
  const facesOf = (page: Page): Promise<Record<string, string>> =>
    page.locator('.faces [role="img"]').evaluateAll((list) => Object.fromEntries(list.map((it) => [it.getAttribute('aria-label')?.replace(' (you)', '') ?? '', it.getAttribute('data-person') ?? ''])));

  test('on every screen, in faces, carets, selections and avatars; with two tabs they are one face, and no two here share one', async () => {
    const path = await stage.plan({ people: kestrel, objectives: [{ title: 'One of many', fields: { owner: 'p5' } }] });
    const names = ['priya  nair', 'Tom Okafor', 'Grace Hopper', '李娜', 'Ada Byron'];
    const people = await Promise.all(names.map((name) => stage.person({ name })));
    const plans = await Promise.all(people.map((it) => PlanPage.open(it, path)));
    const [priya, tom] = [plans[0] ?? expect.fail(), plans[1] ?? expect.fail()];
    const tab = await PlanPage.open(people[0] ?? expect.fail(), path);

    for (const plan of [...plans, tab]) await expect.poll(async () => Object.keys(await facesOf(plan.page)).sort()).toEqual(['Ada Byron', 'Grace Hopper', 'Priya Nair', 'Tom Okafor', '李娜'].sort());
    const seen = await facesOf(tom.page);
    expect(new Set(Object.values(seen)).size).toBe(5);
    for (const plan of [...plans, tab]) await expect.poll(() => facesOf(plan.page)).toEqual(seen);

    await priya.caretTo(priya.title('o1'), 'end');
    await priya.page.keyboard.press('Shift+ArrowLeft');
    const remote = tom.titleBox('o1').locator('.remote');
    await remote.locator('.remote-selection').waitFor();
    expect(await remote.getAttribute('data-person')).toBe(seen['Priya Nair']);
    expect(await tom.row('o1').locator('.owner .avatar').first().getAttribute('data-person')).toBe(seen['Priya Nair']);
    await tab.caretTo(tab.title('o1'), 'start');
    await expect.poll(() => tom.titleBox('o1').locator('.remote').count()).toBe(2);
    for (const caret of await tom.titleBox('o1').locator('.remote').all()) expect(await caret.getAttribute('data-person')).toBe(seen['Priya Nair']);
    await expect.poll(() => tom.page.locator('.presence-here .avatar').count(), { message: 'one face at the row' }).toBe(1);
    await expect.poll(() => tom.page.locator('.presence-here .avatar').getAttribute('data-person')).toBe(seen['Priya Nair']);
    await tom.page.locator('.side').getByRole('link', { name: 'Kestrel' }).click();
    await tom.page.locator('.person-row[data-entity="p5"] .avatar').waitFor();
    expect(await tom.page.locator('.person-row[data-entity="p5"] .avatar').getAttribute('data-person')).toBe(seen['Priya Nair']);
  });

  test('and keeps it when others are added, renamed, moved away and removed', async () => {
    const path = await stage.plan({ people: kestrel, objectives: [objective] });
    const page = await (await stage.person({ name: 'Tom Okafor' })).open(path.split('/').slice(0, 3).join('/'));
    const coloursOf = (): Promise<Record<string, string>> =>
      page.locator('.person-row').evaluateAll((list) => Object.fromEntries(list.map((it) => [it.getAttribute('data-entity') ?? '', it.querySelector('.avatar')?.getAttribute('data-person') ?? ''])));
    await page.locator('.person-row').nth(7).waitFor();
    const before = await coloursOf();
    expect(new Set(Object.values(before)).size).toBe(8);
    await page.locator('.person-row[data-entity="p3"]').getByRole('button', { name: /^Actions/ }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await page.locator('.person-row[data-entity="p3"]').waitFor({ state: 'detached' });
    const after = await coloursOf();
    for (const [id, colour] of Object.entries(after)) expect(colour, id).toBe(before[id]);
  });
});
