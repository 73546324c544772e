// What somebody types arrives whole, whatever others do to the row it is typed in, and however slowly the page comes.
import { describe, expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { InputMethod } from './support/browser';
import { everybodySees } from './support/expectations';
import { PlanPage } from './support/plan_page';
import { useStage } from './support/stage';

const stage = useStage();
const seed = {
  objectives: [
    { title: 'First', keyResults: [{ title: 'Alpha' }, { title: 'Beta', fields: { start: 0, target: 20, current: 5 } }, { title: 'Gamma' }] },
    { title: 'Second', keyResults: [{ title: 'Delta' }] },
    { title: 'Third' },
  ],
};
const [alpha, beta, gamma, delta] = ['o1-k1', 'o1-k2', 'o1-k3', 'o2-k1'] as const;

async function two(): Promise<{ li: PlanPage; tom: PlanPage; path: string }> {
  const path = await stage.plan(seed);
  const [first, second] = await Promise.all([stage.person({ name: 'Li Na' }), stage.person({ name: 'Tom' })]);
  return { li: await PlanPage.open(first, path), tom: await PlanPage.open(second, path), path };
}
// As somebody moves a row: with the caret in it and a key.
async function move(plan: PlanPage, id: string, keys: string): Promise<void> {
  await plan.caretTo(plan.title(id), 'end');
  await plan.page.keyboard.press(keys);
  await plan.saved();
}

// Each is a move that somebody else makes while the words in `beta` are composed, and the order in which both see the rows in the end.
const moves = [
  { words: 'the row itself', id: beta, keys: 'Alt+ArrowUp', first: [beta, alpha, gamma], second: [delta], objectives: ['o1', 'o2', 'o3'] },
  { words: 'the row above it', id: alpha, keys: 'Alt+ArrowDown', first: [beta, alpha, gamma], second: [delta], objectives: ['o1', 'o2', 'o3'] },
  { words: 'the row below it', id: gamma, keys: 'Alt+ArrowUp', first: [alpha, gamma, beta], second: [delta], objectives: ['o1', 'o2', 'o3'] },
  { words: 'its objective', id: 'o1', keys: 'Alt+ArrowDown', first: [alpha, beta, gamma], second: [delta], objectives: ['o2', 'o1', 'o3'] },
  { words: 'the objective below', id: 'o2', keys: 'Alt+ArrowUp', first: [alpha, beta, gamma], second: [delta], objectives: ['o2', 'o1', 'o3'] },
  { words: 'the row into another objective', id: beta, keys: 'Alt+ArrowRight', first: [alpha, gamma], second: [delta, beta], objectives: ['o1', 'o2', 'o3'] },
] as const;

describe('an input method composes in a row', () => {
  test.each(moves)('and somebody else moves $words: the words arrive, and so does what is typed on', async ({ id, keys, first, second, objectives }) => {
    const { li, tom } = await two();
    await li.caretTo(li.title(beta), 'end');
    const input = await InputMethod.on(li.page);
    for (const syllables of ['k', 'ku', 'kuai']) await input.compose(syllables);
    await expect.poll(() => li.titleText(beta)).toBe('Betakuai');
    await li.stateIs('saving');

    await move(tom, id, keys);
    await expect.poll(() => Promise.all([tom.order('o1'), tom.order('o2'), tom.order()])).toEqual([first, second, objectives]);
    await expect.poll(() => li.order()).toEqual(objectives);
    await input.compose('kuaisu');
    expect(await li.titleText(beta), 'the composition goes on').toBe('Betakuaisu');
    await input.choose('快速');
    await everybodySees([li, tom], beta, 'Beta快速');
    await li.page.keyboard.type(' now');
    await everybodySees([li, tom], beta, 'Beta快速 now');
    await li.saved();
    await expect.poll(() => Promise.all([li.order('o1'), li.order('o2'), li.order()])).toEqual([first, second, objectives]);
  });

  test('and the page never hears its end: the next key or the loss of the focus ends it, and nothing is held back under “Saved”', async () => {
    const { li, tom } = await two();
    await li.caretTo(li.title(beta), 'end');
    // The beginning is all that is told, as where the composed node is taken away.
    const begin = (): Promise<void> => li.title(beta).evaluate((it) => void it.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true })));
    await begin();
    await li.page.keyboard.insertText(' one');
    await li.stateIs('saving');
    await li.page.keyboard.type(' two');
    await everybodySees([li, tom], beta, 'Beta one two');
    await li.saved();

    await begin();
    await li.page.keyboard.insertText(' three');
    await li.stateIs('saving');
    await li.title(beta).evaluate((it) => it.blur());
    await everybodySees([li, tom], beta, 'Beta one two three');
    await li.saved();
  });

  test('and the page is reloaded: what was composed is there', async () => {
    const { li, tom } = await two();
    await li.caretTo(li.title(beta), 'end');
    const input = await InputMethod.on(li.page);
    await input.compose('kuai');
    await li.stateIs('saving');
    await li.page.reload();
    await li.ready();
    await everybodySees([li, tom], beta, 'Betakuai');
  });
});

describe('at the limit of a text', () => {
  const full = 'x'.repeat(499);
  const note = (plan: PlanPage): Locator => plan.titleBox('o1').locator('.left-over');
  async function one(): Promise<PlanPage> {
    return PlanPage.open(await stage.person(), await stage.plan({ objectives: [{ title: full }] }));
  }

  test('[OP12] composed words are cut to the room left, and the rest stands at the field until it is let go', async () => {
    const li = await one();
    await li.caretTo(li.title('o1'), 'end');
    const input = await InputMethod.on(li.page);
    await input.compose('kuaisu');
    await input.choose('快速');
    await expect.poll(() => li.titleText('o1')).toBe(`${full}快`);
    await note(li).getByText('速', { exact: true }).waitFor();
    expect(await note(li).locator('p').innerText()).toBe('The text is too long. 1 character is not in it:');
    await li.saved();
    await note(li).getByRole('button', { name: 'Discard' }).click();
    await note(li).waitFor({ state: 'detached' });
  });

  test('[OP12] keys in a text that is full stand at the field, all of them', async () => {
    const li = await one();
    await li.write('o1', 'end', 'a few words more');
    await expect.poll(() => li.titleText('o1')).toBe(`${full}a`);
    await note(li).getByText(' few words more', { exact: true }).waitFor();
  });

  test('[OP12] a paste of 8,489 characters is cut, and the rest can be copied', async () => {
    const li = await one();
    await li.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await li.caretTo(li.title('o1'), 'end');
    await li.title('o1').evaluate((it, words) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', words);
      it.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, `🚲${'y'.repeat(8488)}`);
    await expect.poll(() => li.titleText('o1')).toBe(`${full}🚲`);
    await note(li).getByText('8,488 characters are not in it:').waitFor();
    await li.saved();
    await li.page.reload();
    await li.ready();
    await note(li).getByText('8,488 characters are not in it:').waitFor();
    await note(li).getByRole('button', { name: 'Copy' }).click();
    await li.page.getByText('Copied').waitFor();
    expect(await li.page.evaluate(() => navigator.clipboard.readText())).toBe('y'.repeat(8488));
  });
});

describe('the server is put back to a backup', () => {
  test('[RB4] undo takes nothing of others, and what it has no more is offered to everybody and put back by one', async () => {
    const { li, tom } = await two();
    stage.expectOutage();
    const putBack = await stage.server.backup();
    await li.caretTo(li.title(alpha), 'end');
    await li.page.keyboard.insertText(' of Li');
    await li.saved();
    await everybodySees([li, tom], alpha, 'Alpha of Li');
    await putBack();
    await everybodySees([li, tom], alpha, 'Alpha');
    await tom.write(alpha, 'end', ' by Tom');
    await everybodySees([li, tom], alpha, 'Alpha by Tom');
    await li.caretTo(li.title(alpha), 'end');
    await li.page.keyboard.press('Control+z');
    await li.saved();
    await everybodySees([li, tom], alpha, 'Alpha by Tom');

    const offers = [li, tom].map((it) => it.page.getByRole('region', { name: 'The server was put back to an earlier state' }));
    for (const offer of offers) await offer.locator('.draft-words', { hasText: 'Alpha of Li' }).waitFor();
    await offers[0]?.getByRole('button', { name: 'Put everything back' }).click();
    await expect.poll(async () => (await Promise.all([li, tom].map((it) => it.titleText(alpha)))).every((it) => it.includes('of Li') && it.includes('by Tom'))).toBe(true);
    for (const offer of offers) await offer.waitFor({ state: 'detached' });
  });
});

describe('a value is typed while somebody else', () => {
  test.each(moves.filter((it) => it.id !== gamma))('moves $words: the digits after it arrive, too', async ({ id, keys, first, second, objectives }) => {
    const { li, tom } = await two();
    await li.number(beta, 'Now').click();
    await li.page.keyboard.press('Control+a');
    await li.page.keyboard.type('1');
    await move(tom, id, keys);
    await expect.poll(() => Promise.all([li.order('o1'), li.order('o2'), li.order()])).toEqual([first, second, objectives]);
    await li.page.keyboard.type('2');
    expect(await li.number(beta, 'Now').inputValue()).toBe('12');
    await li.page.keyboard.press('Enter');
    await expect.poll(() => Promise.all([li, tom].map((it) => it.number(beta, 'Now').inputValue()))).toEqual(['12', '12']);
  });

  test('changes it right after its row has come: the row does not keep showing the one it came with', async () => {
    const { li, tom } = await two();
    // Both in one turn of the page: the row is drawn, and its number changes before anything that counts has begun.
    await tom.page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => done())));
    await li.setNumber(beta, 'Now', '12');
    await li.row(beta).hover();
    await (await li.openDetails(beta)).getByRole('button', { name: 'Remove' }).click();
    await expect.poll(() => tom.order('o1')).toEqual([alpha, gamma]);
    await li.page.getByRole('region', { name: 'News' }).getByRole('button', { name: 'Undo' }).click();
    await li.setNumber(beta, 'Now', '17');
    await expect.poll(() => Promise.all([li, tom].map((it) => it.number(beta, 'Now').inputValue()))).toEqual(['17', '17']);
  });
});

describe('a row is dragged while somebody else', () => {
  async function lift(plan: PlanPage, id: string): Promise<void> {
    await plan.row(id).hover();
    const handle = await plan.row(id).locator('.handle').first().boundingBox();
    if (handle === null) throw new Error(`${id} is not on the page.`);
    await plan.page.mouse.move(handle.x + 6, handle.y + 6);
    await plan.page.mouse.down();
    await plan.page.mouse.move(handle.x + 6, handle.y - 40, { steps: 4 });
    await plan.page.locator('.drag-ghost').waitFor();
  }
  const nothingIsDragged = async (plan: PlanPage): Promise<void> => {
    await plan.page.locator('.drag-ghost').waitFor({ state: 'detached' });
    expect(await plan.page.locator('.drag-line, [data-dragging], [data-moving]').count()).toBe(0);
  };

  test('removes it: ghost, line and drag mode go with it', async () => {
    const { li, tom } = await two();
    await lift(li, beta);
    await (await tom.openDetails(beta)).getByRole('button', { name: 'Remove' }).click();
    await nothingIsDragged(li);
    await li.page.mouse.up();
    await expect.poll(() => li.order('o1')).toEqual([alpha, gamma]);
    await li.write(alpha, 'end', '!');
    await everybodySees([li, tom], alpha, 'Alpha!');
  });

  test('[OP6] moves it into another objective: the hand keeps it, and puts it where it lets go', async () => {
    const { li, tom } = await two();
    await lift(li, gamma);
    await move(tom, gamma, 'Alt+ArrowRight');
    await expect.poll(() => li.order('o2')).toEqual([delta, gamma]);
    const target = await li.row(alpha).boundingBox();
    if (target === null) throw new Error('The first row is not on the page.');
    await li.page.mouse.move(target.x + 40, target.y + 24, { steps: 3 });
    await li.page.mouse.move(target.x + 40, target.y + 4, { steps: 3 });
    await li.page.mouse.up();
    await nothingIsDragged(li);
    await expect.poll(() => Promise.all([li, tom].map((it) => it.order('o1')))).toEqual([[gamma, alpha, beta], [gamma, alpha, beta]]);
  });
});

describe('keys that come before the editor', () => {
  // The editor's chunk waits until it is let go.
  async function withoutEditor(page: Page): Promise<() => void> {
    let letGo = (): void => undefined;
    const gone = new Promise<void>((resolve) => (letGo = resolve));
    await page.route(/\/assets\/editing-[^/]*\.js/, async (route) => {
      await gone;
      await route.continue();
    });
    return letGo;
  }
  async function slow(): Promise<{ plan: PlanPage; letGo: () => void }> {
    const path = await stage.plan(seed);
    const person = await stage.person();
    const page = await person.context.newPage();
    const letGo = await withoutEditor(page);
    await page.goto(person.address(path));
    const plan = new PlanPage(page);
    await plan.ready();
    return { plan, letGo };
  }
  const plainText = (plan: PlanPage, id: string): Promise<string> => plan.titleBox(id).locator('textarea').inputValue();

  test('arrive in order, with their caret, and the editor goes on where they ended', async () => {
    const { plan, letGo } = await slow();
    await plan.titleBox(alpha).click();
    await plan.page.keyboard.press('End');
    await plan.page.keyboard.type(' grows in spring');
    await plan.page.keyboard.press('Home');
    await plan.page.keyboard.type('Our ');
    expect(await plainText(plan, alpha)).toBe('Our Alpha grows in spring');
    await plan.saved();
    letGo();
    await plan.titleBox(alpha).locator('.cm-content:focus').waitFor();
    await plan.page.keyboard.type('own ');
    await expect.poll(() => plan.titleText(alpha)).toBe('Our own Alpha grows in spring');
    await plan.saved();
  });

  test('of an input method, too: the editor waits for the words that are composed', async () => {
    const { plan, letGo } = await slow();
    await plan.titleBox(alpha).click();
    await plan.page.keyboard.press('End');
    const input = await InputMethod.on(plan.page);
    await input.compose('kuai');
    await plan.stateIs('saving');
    letGo();
    await input.compose('kuaisu');
    await input.choose('快速');
    await plan.titleBox(alpha).locator('.cm-content:focus').waitFor();
    await plan.page.keyboard.type('!');
    await expect.poll(() => plan.titleText(alpha)).toBe('Alpha快速!');
    await plan.saved();
  });

  test('in a new row: each is a letter of it, and a space adds no second one', async () => {
    const { plan, letGo } = await slow();
    await plan.row('o2').getByRole('button', { name: 'Add Key result' }).click();
    await plan.page.keyboard.type('a new row');
    await plan.page.keyboard.press('Enter');
    await plan.page.keyboard.type('and one more');
    letGo();
    await plan.page.locator('.cm-content:focus').waitFor();
    await expect.poll(() => plan.titles('o2')).toEqual(['Delta', 'a new row', 'and one more']);
  });

  test('meet what somebody else writes in the same text', async () => {
    const { plan } = await slow();
    const tom = await PlanPage.open(await stage.person({ name: 'Tom' }), new URL(plan.page.url()).pathname);
    await plan.titleBox(alpha).click();
    await plan.page.keyboard.press('End');
    await tom.write(alpha, 'start', 'Our ');
    await expect.poll(() => plainText(plan, alpha)).toBe('Our Alpha');
    await plan.page.keyboard.type('!');
    await everybodySees([tom], alpha, 'Our Alpha!');
  });

  test('go on in what somebody removes meanwhile', async () => {
    const { plan } = await slow();
    const tom = await PlanPage.open(await stage.person({ name: 'Tom' }), new URL(plan.page.url()).pathname);
    await plan.titleBox(alpha).click();
    await plan.page.keyboard.press('End');
    await plan.page.keyboard.type(' and');
    await everybodySees([tom], alpha, 'Alpha and');
    await (await tom.openDetails(alpha)).getByRole('button', { name: 'Remove', exact: true }).click();
    await plan.row(alpha).waitFor({ state: 'detached' });
    await plan.page.keyboard.type(' so on');
    expect(await plan.page.locator('.text-stays textarea').inputValue()).toBe('Alpha and so on');
    await plan.page.keyboard.press('Escape');
    await plan.page.locator('.text-stays').waitFor({ state: 'detached' });
    await plan.page.getByRole('region', { name: 'News' }).getByRole('button', { name: 'Bring it back' }).click();
    await everybodySees([plan, tom], alpha, 'Alpha and so on');
  });

  test('over a line of 400 kbit/s: whatever is shown takes them', async () => {
    const path = await stage.plan(seed);
    const person = await stage.person();
    const page = await person.context.newPage();
    const network = await person.context.newCDPSession(page);
    await network.send('Network.enable');
    await network.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 50_000, uploadThroughput: 50_000 });
    await page.goto(person.address(path));
    const plan = new PlanPage(page);
    await plan.titleBox(alpha).click();
    await page.keyboard.press('End');
    await page.keyboard.type(' grows in spring', { delay: 60 });
    await plan.titleBox(alpha).locator('.cm-content:focus').waitFor();
    await page.keyboard.type('!');
    await expect.poll(() => plan.titleText(alpha)).toBe('Alpha grows in spring!');
    await plan.saved();
  });
});

describe('the Enter that chooses words of an input method', () => {
  // As browsers tell it: a key that the input method has taken.
  async function chooseKey(page: Page, key: 'Enter' | 'Escape'): Promise<void> {
    await page.evaluate((name) => {
      const event = new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, isComposing: true });
      document.activeElement?.dispatchEvent(event);
    }, key);
  }

  test('adds no row, sends no number, closes nothing, picks nobody', async () => {
    const { li } = await two();
    await li.caretTo(li.title(alpha), 'end');
    await chooseKey(li.page, 'Enter');
    expect(await li.order('o1')).toEqual([alpha, beta, gamma]);

    await li.number(beta, 'Now').click();
    await li.page.keyboard.type('7');
    await chooseKey(li.page, 'Enter');
    await chooseKey(li.page, 'Escape');
    expect(await li.number(beta, 'Now').evaluate((it) => it === document.activeElement)).toBe(true);
    expect(await li.number(beta, 'Now').inputValue()).toBe('7');
    await li.page.keyboard.press('Escape');

    const details = await li.openDetails(beta);
    await li.caretTo(details.getByRole('textbox', { name: 'Title' }), 'end');
    await chooseKey(li.page, 'Escape');
    await details.waitFor();
    await li.row(beta).getByRole('button', { name: /^Owner/ }).click();
    await li.page.getByRole('combobox', { name: 'Find or add a person' }).fill('快速');
    await chooseKey(li.page, 'Enter');
    await chooseKey(li.page, 'Escape');
    await li.page.getByRole('option', { name: 'Add 快速' }).waitFor();
  });
});

describe('what is open is in the address', () => {
  test('Back closes the details on a phone, and Forward opens them again', async () => {
    const li = await PlanPage.open(await stage.person({ phone: true }), await stage.plan(seed));
    const address = li.page.url();
    await li.row(beta).getByRole('button', { name: /^Details of/ }).click();
    await li.details(beta).waitFor();
    await li.page.goBack();
    await li.details(beta).waitFor({ state: 'detached' });
    expect(li.page.url()).toBe(address);
    await li.page.goForward();
    await li.details(beta).waitFor();
    await li.page.getByRole('button', { name: 'Close', exact: true }).click();
    await li.details(beta).waitFor({ state: 'detached' });
    await expect.poll(() => li.page.url()).toBe(address);
  });

  test('a link to one key result can be sent: it opens there, and closing it stays on the plan', async () => {
    const { li, tom, path } = await two();
    await li.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const details = await li.openDetails(delta);
    await details.getByRole('button', { name: 'Copy the link' }).click();
    await li.page.getByText('Copied').waitFor();
    const link = await li.page.evaluate(() => navigator.clipboard.readText());
    expect(new URL(link).pathname).toBe(path);
    await tom.page.goto(link);
    await tom.details(delta).waitFor();
    expect(await tom.row(delta).isVisible()).toBe(true);
    await tom.page.getByRole('button', { name: 'Close', exact: true }).click();
    await tom.details(delta).waitFor({ state: 'detached' });
    await expect.poll(() => new URL(tom.page.url()).pathname + new URL(tom.page.url()).search).toBe(path);
  });
});
