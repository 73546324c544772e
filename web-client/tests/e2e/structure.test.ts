// Rows come, move, go and come back; undo is one's own.
import { describe, expect, test } from 'vitest';
import { everybodySees } from './support/expectations';
import { InputMethod } from './support/browser';
import { PlanPage } from './support/plan_page';
import { writeMuch } from './support/seed';
import { useStage } from './support/stage';

const stage = useStage();
const seed = {
  objectives: [
    { title: 'First', keyResults: [{ title: 'Alpha' }, { title: 'Beta' }, { title: 'Gamma' }] },
    { title: 'Second', keyResults: [{ title: 'Delta' }] },
  ],
};
const [alpha, beta, gamma, delta] = ['o1-k1', 'o1-k2', 'o1-k3', 'o2-k1'] as const;

async function two(): Promise<{ li: PlanPage; tom: PlanPage; path: string }> {
  const path = await stage.plan(seed);
  const [first, second] = await Promise.all([stage.person({ name: 'Li Na' }), stage.person({ name: 'Tom' })]);
  return { li: await PlanPage.open(first, path), tom: await PlanPage.open(second, path), path };
}
const bothHave = (plans: readonly PlanPage[], objective: string | undefined, order: readonly string[]): Promise<void> =>
  expect.poll(() => Promise.all(plans.map((it) => it.order(objective)))).toEqual(plans.map(() => order));

// Takes a row by its handle to the upper edge of another one.
async function drag(plan: PlanPage, id: string, before: string): Promise<void> {
  const { mouse } = plan.page;
  await plan.row(id).hover();
  await plan.settled();
  const [from, target] = await Promise.all([plan.row(id).locator('.handle').first().boundingBox(), plan.row(before).boundingBox()]);
  if (from === null || target === null) throw new Error(`${id} or ${before} is not on the page.`);
  const to = { x: target.x + 40, y: target.y + 4 };
  await mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await mouse.down();
  await mouse.move(to.x, to.y + 20, { steps: 6 });
  await mouse.move(to.x, to.y, { steps: 3 });
  await plan.page.locator('.drag-line').waitFor();
  await mouse.up();
  await plan.page.locator('.drag-ghost').waitFor({ state: 'detached' });
}

describe('rows are written one after the other', () => {
  test('[OP1][OP7] Enter adds the next one behind this one, and the caret is in it', async () => {
    const { li, tom } = await two();
    await li.caretTo(li.title(alpha), 'end');
    await li.page.keyboard.press('Enter');
    await li.page.keyboard.type('Between');
    await li.page.keyboard.press('Enter');
    await li.page.keyboard.type('And again');
    await expect.poll(() => tom.titles('o1')).toEqual(['Alpha', 'Between', 'And again', 'Beta', 'Gamma']);

    await li.caretTo(li.title('o2'), 'end');
    await li.page.keyboard.press('Enter');
    await li.page.keyboard.type('A third objective');
    await li.page.keyboard.press('Enter');
    await li.page.keyboard.type('with its first key result');
    await expect.poll(() => tom.titles()).toEqual(['First', 'Second', 'A third objective']);
    await expect.poll(() => tom.page.locator('.objective').nth(2).locator('.key-result-title').getByRole('textbox').allTextContents()).toEqual(['with its first key result']);
  });

  test('[OP7] two people add behind the same row at the same time: both rows are there, in one order', async () => {
    const { li, tom } = await two();
    await Promise.all([li.caretTo(li.title(alpha), 'end'), tom.caretTo(tom.title(alpha), 'end')]);
    await Promise.all([li, tom].map((it) => it.page.keyboard.press('Enter')));
    await Promise.all([li.page.keyboard.type('by Li'), tom.page.keyboard.type('by Tom')]);
    await Promise.all([li.saved(), tom.saved()]);
    await expect.poll(async () => (await li.order('o1')).length).toBe(5);
    await expect.poll(async () => JSON.stringify(await li.order('o1')) === JSON.stringify(await tom.order('o1'))).toBe(true);
    const titles = await li.titles('o1');
    expect(titles.slice(1, 3).sort()).toEqual(['by Li', 'by Tom']);
  });

  test('an empty row goes with Backspace', async () => {
    const { li, tom } = await two();
    await li.caretTo(li.title(alpha), 'end');
    await li.page.keyboard.press('Enter');
    await expect.poll(async () => (await tom.order('o1')).length).toBe(4);
    await li.page.keyboard.press('Backspace');
    await bothHave([li, tom], 'o1', [alpha, beta, gamma]);
    await li.page.keyboard.type('!');
    await everybodySees([li, tom], alpha, 'Alpha!');
  });
});

describe('rows move', () => {
  test('[OP6][OP7] with Alt and the arrows, and the caret goes with its row', async () => {
    const { li, tom } = await two();
    await li.caretTo(li.title(gamma), 'end');
    await li.page.keyboard.press('Alt+ArrowUp');
    await bothHave([li, tom], 'o1', [alpha, gamma, beta]);
    await li.page.keyboard.press('Alt+ArrowUp');
    await bothHave([li, tom], 'o1', [gamma, alpha, beta]);
    await li.page.keyboard.press('Alt+ArrowDown');
    await bothHave([li, tom], 'o1', [alpha, gamma, beta]);
    await li.page.keyboard.type('!');
    await everybodySees([li, tom], gamma, 'Gamma!');

    await li.page.keyboard.press('Alt+ArrowRight');
    await bothHave([li, tom], 'o1', [alpha, beta]);
    await bothHave([li, tom], 'o2', [delta, gamma]);
    await li.page.keyboard.press('Alt+ArrowLeft');
    await bothHave([li, tom], 'o2', [delta]);

    await li.caretTo(li.title('o2'), 'end');
    await li.page.keyboard.press('Alt+ArrowUp');
    await bothHave([li, tom], undefined, ['o2', 'o1']);
  });

  test('and what is written in has the name of its new place', async () => {
    const { li } = await two();
    await li.caretTo(li.title(alpha), 'end');
    await li.page.keyboard.press('Alt+ArrowDown');
    await li.page.keyboard.press('Alt+ArrowDown');
    await li.row(alpha).locator('.cm-content:focus').and(li.page.getByRole('textbox', { name: 'Key result 3', exact: true })).waitFor();
  });

  test('[OP6] with the pointer, within an objective and into another', async () => {
    const { li, tom } = await two();
    await drag(li, gamma, alpha);
    await bothHave([li, tom], 'o1', [gamma, alpha, beta]);
    await drag(li, alpha, delta);
    await bothHave([li, tom], 'o1', [gamma, beta]);
    await bothHave([li, tom], 'o2', [alpha, delta]);
    await drag(li, 'o2', 'o1');
    await bothHave([li, tom], undefined, ['o2', 'o1']);
  });

  test('Escape takes a drag back', async () => {
    const { li } = await two();
    await li.row(gamma).hover();
    const handle = await li.row(gamma).locator('.handle').boundingBox();
    await li.page.mouse.move((handle?.x ?? 0) + 6, (handle?.y ?? 0) + 6);
    await li.page.mouse.down();
    await li.page.mouse.move(handle?.x ?? 0, (handle?.y ?? 0) - 100, { steps: 4 });
    await li.page.locator('.drag-ghost').waitFor();
    await li.page.keyboard.press('Escape');
    await li.page.locator('.drag-ghost').waitFor({ state: 'detached' });
    await li.page.mouse.up();
    expect(await li.order('o1')).toEqual([alpha, beta, gamma]);
    expect(await li.saveState()).toBe('saved');
  });
});

describe('whoever writes in a row', () => {
  test('keeps the caret where it stands when somebody else moves the row to another objective', async () => {
    const { li, tom } = await two();
    await tom.caretTo(tom.title(beta), 'start');
    await tom.page.keyboard.type('one ');
    await everybodySees([li, tom], beta, 'one Beta');
    await li.caretTo(li.title(beta), 'end');
    await li.page.keyboard.press('Alt+ArrowRight');
    await bothHave([li, tom], 'o2', [delta, beta]);
    await tom.page.keyboard.type('two ');
    await everybodySees([li, tom], beta, 'one two Beta');
    await li.page.keyboard.type('!');
    await everybodySees([li, tom], beta, 'one two Beta!');
  });

  test('sees what others do from then on, not what they had done before', async () => {
    const { li, tom } = await two();
    await li.write(alpha, 'end', ' before');
    await everybodySees([li, tom], alpha, 'Alpha before');
    const late = await PlanPage.open(await stage.person({ name: 'Ada', width: 1440 }), new URL(li.page.url()).pathname);
    await everybodySees([late], alpha, 'Alpha before');
    const news = late.page.locator('.activity-row');
    await late.page.locator('.activity .quiet').first().waitFor();
    expect(await news.count()).toBe(0);
    // Each try is one more edit: the first moment, in which a page is brought up to date, may swallow some.
    await expect
      .poll(async () => {
        await li.write(delta, 'end', '+');
        return news.allInnerTexts();
      })
      .toEqual([expect.stringContaining('Li Na wrote in “Delta+')]);
  });
});

describe('rows go and come back', () => {
  test('[OP8][OP9] removed with its key results, brought back by the button that says Undo', async () => {
    const { li, tom } = await two();
    await li.row('o1').hover();
    await li.page.getByRole('button', { name: 'Actions for Objective 1' }).click();
    await li.page.getByRole('menuitem', { name: 'Remove' }).click();
    await bothHave([li, tom], undefined, ['o2']);
    await li.page.getByRole('region', { name: 'News' }).getByRole('button', { name: 'Undo' }).click();
    await bothHave([li, tom], undefined, ['o1', 'o2']);
    await bothHave([li, tom], 'o1', [alpha, beta, gamma]);
  });

  test('[OP9][OP10] brought back by somebody else from the list of what was removed', async () => {
    const { li, tom } = await two();
    await (await li.openDetails(beta)).getByRole('button', { name: 'Remove' }).click();
    await bothHave([li, tom], 'o1', [alpha, gamma]);
    await tom.page.getByRole('button', { name: 'Removed · 1' }).click();
    const removed = tom.page.getByRole('dialog').locator('.removed-row', { hasText: 'Beta' });
    expect(await removed.innerText()).toMatch(/Key result in “First” · removed by Li Na, \d/);
    await removed.getByRole('button', { name: 'Restore' }).click();
    await bothHave([li, tom], 'o1', [alpha, beta, gamma]);
  });

  test('whoever writes in what is removed hears who did it, and can bring it back', async () => {
    const { li, tom } = await two();
    await tom.caretTo(tom.title(beta), 'end');
    await tom.page.keyboard.type(' with more');
    await everybodySees([li], beta, 'Beta with more');
    await (await li.openDetails(beta)).getByRole('button', { name: 'Remove' }).click();
    const news = tom.page.getByRole('region', { name: 'News' });
    await news.getByText('Li Na removed what you were writing in.').waitFor();
    await news.getByRole('button', { name: 'Bring it back' }).click();
    await bothHave([li, tom], 'o1', [alpha, beta, gamma]);
    await everybodySees([li, tom], beta, 'Beta with more');
  });

  test('what is typed on while it is removed stays under the hands, and is there when it comes back', async () => {
    const { li, tom } = await two();
    await tom.caretTo(tom.title(beta), 'start');
    await tom.page.keyboard.type('Was ');
    await everybodySees([li], beta, 'Was Beta');
    await (await li.openDetails('o1')).getByRole('button', { name: 'Remove', exact: true }).click();
    await tom.row('o1').waitFor({ state: 'detached' });
    await tom.page.keyboard.type('it? Or ');
    const stays = tom.page.locator('.text-stays');
    await expect.poll(() => stays.getByRole('textbox').textContent()).toBe('Was it? Or Beta');
    await tom.page.getByRole('region', { name: 'News' }).getByRole('button', { name: 'Bring it back' }).click();
    await everybodySees([li, tom], beta, 'Was it? Or Beta');
    expect(await stays.count()).toBe(0);
  });

  test.each([beta, 'o1'])('an input method that composes in it finishes first (removed: %s)', async (removed) => {
    const { li, tom } = await two();
    await tom.caretTo(tom.title(beta), 'end');
    const input = await InputMethod.on(tom.page);
    await input.compose('ni');
    await (await li.openDetails(removed)).getByRole('button', { name: 'Remove', exact: true }).click();
    const news = tom.page.getByRole('region', { name: 'News' });
    await news.getByText('Li Na removed what you were writing in.').waitFor();
    await input.compose('nihao');
    await input.choose('你好');
    await expect.poll(() => tom.page.locator('.text-stays').getByRole('textbox').textContent()).toBe('Beta你好');
    await news.getByRole('button', { name: 'Bring it back' }).click();
    await everybodySees([li, tom], beta, 'Beta你好');
  });

  test('a number that was typed and not left when it is removed is there when it comes back', async () => {
    const { li, tom } = await two();
    // Not every browser tells a field that it has lost the focus when it is taken from the page.
    await tom.page.evaluate(() => addEventListener('blur', (event) => event.stopImmediatePropagation(), { capture: true }));
    const typed = async (id: string, type: () => Promise<void>): Promise<void> => {
      await type();
      await (await li.openDetails(id)).getByRole('button', { name: 'Remove', exact: true }).click();
      await tom.row(id).waitFor({ state: 'detached' });
      await tom.page.getByRole('region', { name: 'News' }).getByRole('button', { name: 'Bring it back' }).last().click();
      await tom.row(id).waitFor();
    };
    await typed(alpha, async () => {
      await tom.number(alpha, 'Target').click();
      await tom.page.keyboard.type('70');
    });
    await expect.poll(() => li.number(alpha, 'Target').inputValue()).toBe('70');
    await typed(beta, async () => {
      await tom.number(beta, 'Target').click();
      await tom.page.keyboard.type('about 40');
    });
    await expect.poll(() => tom.number(beta, 'Target').inputValue()).toBe('about 40');
  });

  test.each([
    ['the changes one by one', 'Li Na removed what you had edited.', async () => {}],
    ['a snapshot', 'Somebody removed what you had edited.', (path: string) => writeMuch(stage.server, path, ['o1', 'o2', alpha, gamma, delta])],
  ] as const)('whoever edited it without a line hears of it on return, which brings %s', async (_, words, meanwhile) => {
    stage.expectOutage();
    const path = await stage.plan(seed);
    const [{ person, line }, other] = [await stage.personOnLine({ name: 'Tom' }), await stage.person({ name: 'Li Na' })];
    const [tom, li] = [await PlanPage.open(person, path), await PlanPage.open(other, path)];
    line.cut();
    await tom.stateIs('waiting');
    await tom.write(beta, 'end', ' away');
    await tom.write(alpha, 'end', ' too'); // the caret is elsewhere by then
    await meanwhile(path);
    await (await li.openDetails(beta)).getByRole('button', { name: 'Remove', exact: true }).click();
    await li.saved();
    line.mend();
    const news = tom.page.getByRole('region', { name: 'News' });
    await news.getByText(words).waitFor();
    await news.getByRole('button', { name: 'Bring it back' }).click();
    await everybodySees([li, tom], beta, 'Beta away');
  });
});

describe('undo', () => {
  test('takes back what one wrote oneself and leaves what others wrote', async () => {
    const { li, tom } = await two();
    await li.caretTo(li.title(alpha), 'start');
    await li.page.keyboard.insertText('mine '); // at once: one step to take back
    await everybodySees([li, tom], alpha, 'mine Alpha');
    await tom.caretTo(tom.title(alpha), 'end');
    await tom.page.keyboard.insertText(' theirs');
    await everybodySees([li, tom], alpha, 'mine Alpha theirs');
    await li.page.keyboard.press('Control+z');
    await everybodySees([li, tom], alpha, 'Alpha theirs');
    await li.page.keyboard.press('Control+Shift+Z');
    await everybodySees([li, tom], alpha, 'mine Alpha theirs');
    await tom.page.keyboard.press('Control+z');
    await everybodySees([li, tom], alpha, 'mine Alpha');
  });

  test('brings back a removed row and a moved one, and a number only where it is still one’s own', async () => {
    const { li, tom } = await two();
    await li.caretTo(li.title(gamma), 'end');
    await li.page.keyboard.press('Alt+ArrowUp');
    await bothHave([li, tom], 'o1', [alpha, gamma, beta]);
    await li.page.keyboard.press('Control+z');
    await bothHave([li, tom], 'o1', [alpha, beta, gamma]);

    await li.setNumber(alpha, 'Now', '5');
    await expect.poll(() => tom.number(alpha, 'Now').inputValue()).toBe('5');
    await tom.setNumber(alpha, 'Now', '6');
    await expect.poll(() => li.number(alpha, 'Now').inputValue()).toBe('6');
    await li.page.keyboard.press('Control+z');
    await li.saved();
    await tom.saved();
    expect(await tom.number(alpha, 'Now').inputValue(), 'what somebody else set since stays').toBe('6');
  });

  test('works by key on every plan that a link leads to, and on the way back', async () => {
    const path = await stage.plan({ ...seed, others: [{ team: 'Parts', objectives: seed.objectives }] });
    const li = await PlanPage.open(await stage.person({ name: 'Li Na' }), path);
    const { page } = li;
    const removeAndUndo = async (): Promise<void> => {
      await (await li.openDetails(alpha)).getByRole('button', { name: 'Remove', exact: true }).click();
      await li.row(alpha).waitFor({ state: 'detached' });
      await page.keyboard.press('Control+z');
      await li.row(alpha).waitFor();
      await page.keyboard.press('Control+Shift+Z');
      await li.row(alpha).waitFor({ state: 'detached' });
    };
    await page.getByRole('link', { name: 'Parts' }).click();
    await page.waitForURL(/\/t1\//);
    await li.ready();
    await removeAndUndo();
    await page.goBack();
    await page.waitForURL(/\/bikes\//);
    await li.ready();
    await removeAndUndo();
  });
});
