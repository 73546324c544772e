// Two people in one text at the same time.
import { describe, expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import { InputMethod } from './support/browser';
import { everybodySees } from './support/expectations';
import { PlanPage } from './support/plan_page';
import { useStage } from './support/stage';

const stage = useStage();
const typingPace = { delay: 12 };

async function two(title: string): Promise<{ li: PlanPage; tom: PlanPage }> {
  const path = await stage.plan({ objectives: [{ title }, { title: 'Another objective' }] });
  const [li, tom] = await Promise.all([stage.person({ name: 'Li Na' }), stage.person({ name: 'Tom Okafor' })]);
  const [first, second] = await Promise.all([PlanPage.open(li, path), PlanPage.open(tom, path)]);
  return { li: first, tom: second };
}

// Where on the screen the first `count` characters of a text of one line end.
function endOf(text: Locator, count: number): Promise<number> {
  return text.evaluate((element, wanted) => {
    const words = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
    const range = document.createRange();
    range.setStart(words ?? element, wanted);
    return range.getBoundingClientRect().left;
  }, count);
}
async function caretIsBehind(plan: PlanPage, words: string): Promise<boolean> {
  const caret = await plan.titleBox('o1').locator('.remote-caret').boundingBox();
  return caret !== null && Math.abs(caret.x - (await endOf(plan.title('o1'), words.length))) < 3;
}

describe('two people write in one title', () => {
  test('[TX3][RB1][CM3] at different places at the same time: both end with every character of both', async () => {
    const { li, tom } = await two(' in the middle ');
    await Promise.all([li.caretTo(li.title('o1'), 'start'), tom.caretTo(tom.title('o1'), 'end')]);
    const [front, back] = ['The quick brown fox jumps over the lazy dog', 'Pack my box with five dozen liquor jugs 汉字 🎉'];
    await Promise.all([li.page.keyboard.type(front, typingPace), tom.page.keyboard.type(back, typingPace)]);
    await everybodySees([li, tom], 'o1', `${front} in the middle ${back}`);
    await Promise.all([li.saved(), tom.saved()]);
  });

  test('[TX3] at the same place at the same time: both end equal, each word whole', async () => {
    const { li, tom } = await two('');
    await Promise.all([li.caretTo(li.title('o1'), 'end'), tom.caretTo(tom.title('o1'), 'end')]);
    await Promise.all([li.page.keyboard.type('aaaaaaaaaaaaaaaaaaaaaaaa', typingPace), tom.page.keyboard.type('bbbbbbbbbbbbbbbbbbbbbbbb', typingPace)]);
    await Promise.all([li.saved(), tom.saved()]);
    await expect.poll(async () => (await li.titleText('o1')) === (await tom.titleText('o1'))).toBe(true);
    expect(['a'.repeat(24) + 'b'.repeat(24), 'b'.repeat(24) + 'a'.repeat(24)]).toContain(await li.titleText('o1'));
  });

  test.each(['', 't', 'thir'])('[TX6] one over a selection, the other right behind it as soon as "%s" is there: both words come out whole', async (seen) => {
    const { li, tom } = await two('Grow by 20');
    await Promise.all([li.caretTo(li.title('o1'), 'end'), tom.caretTo(tom.title('o1'), 'end')]);
    await li.page.keyboard.press('Shift+ArrowLeft');
    await li.page.keyboard.press('Shift+ArrowLeft');
    const typeBehind = async (): Promise<void> => {
      await tom.page.waitForFunction(([element, words]) => element?.textContent.includes(words) === true, [await tom.title('o1').elementHandle(), `Grow by ${seen}`] as const);
      await tom.page.keyboard.type('% you', typingPace);
    };
    await Promise.all([li.page.keyboard.type('thirty', typingPace), typeBehind()]);
    await Promise.all([li.saved(), tom.saved()]);
    await expect.poll(async () => (await li.titleText('o1')) === (await tom.titleText('o1'))).toBe(true);
    expect(['Grow by thirty% you', 'Grow by % youthirty']).toContain(await li.titleText('o1'));
  });

  test('[PR1][PR2] each sees where the other writes, with the name, and both are among those who are here', async () => {
    const { li, tom } = await two('Riders feel at home');
    expect(await li.page.locator('.remote-caret').count()).toBe(0);
    await tom.caretTo(tom.title('o1'), 'end');
    await tom.page.keyboard.type(' now');
    await li.titleBox('o1').locator('.remote-flag:not(.remote-flag-rests)', { hasText: 'Tom Okafor' }).waitFor();
    await everybodySees([li, tom], 'o1', 'Riders feel at home now');
    await expect.poll(() => caretIsBehind(li, 'Riders feel at home now')).toBe(true);
    await li.page.locator('.presence-rail').getByRole('img', { name: 'Tom Okafor is editing this' }).waitFor();

    // Somebody writes in front of a caret: it goes along with its words.
    await li.write('o1', 'start', 'Our ');
    await everybodySees([li, tom], 'o1', 'Our Riders feel at home now');
    await expect.poll(() => caretIsBehind(li, 'Our Riders feel at home now')).toBe(true);
    await tom.titleBox('o1').locator('.remote-flag', { hasText: 'Li Na' }).waitFor();
    await expect.poll(() => caretIsBehind(tom, 'Our ')).toBe(true);

    // A selection is shown too, in the row where it is now.
    await tom.caretTo(tom.title('o2'), 'start');
    await tom.page.keyboard.press('Control+Shift+End');
    await li.titleBox('o2').locator('.remote-selection').waitFor();
    await li.titleBox('o1').locator('.remote-caret').waitFor({ state: 'detached' });

    expect((await li.faces()).sort()).toEqual(['Li Na (you)', 'Tom Okafor']);
    expect((await tom.faces()).sort()).toEqual(['Li Na', 'Tom Okafor (you)']);
    await tom.page.close();
    await expect.poll(() => li.faces()).toEqual(['Li Na (you)']);
    await li.page.locator('.remote-caret').waitFor({ state: 'detached' });
  });

  test('a caret stays with its words while others write before it', async () => {
    const { li, tom } = await two('stable');
    await li.caretTo(li.title('o1'), 'end');
    await tom.write('o1', 'start', 'very very very ');
    await everybodySees([li, tom], 'o1', 'very very very stable');
    await li.page.keyboard.type('!');
    await everybodySees([li, tom], 'o1', 'very very very stable!');
  });
});

describe('an input method composes', () => {
  test('[TX4] while somebody else writes before it in the same title: the composition stays intact, nothing of either is lost', async () => {
    const { li, tom } = await two('目标：');
    await li.caretTo(li.title('o1'), 'end');
    const input = await InputMethod.on(li.page);
    for (const syllables of ['n', 'ni', 'ni h', 'ni ha']) await input.compose(syllables);
    await expect.poll(() => li.titleText('o1')).toBe('目标：ni ha');

    await tom.write('o1', 'start', 'Remote ');
    await tom.saved();
    expect(await li.titleText('o1'), 'nothing moves under a composition').toBe('目标：ni ha');
    await input.compose('ni hao');
    expect(await li.titleText('o1')).toBe('目标：ni hao');
    expect(await tom.titleText('o1'), 'syllables are not words yet').toBe('Remote 目标：');

    await input.choose('你好');
    await everybodySees([li, tom], 'o1', 'Remote 目标：你好');
    await li.page.keyboard.type('!');
    await everybodySees([li, tom], 'o1', 'Remote 目标：你好!');
    await Promise.all([li.saved(), tom.saved()]);
  });

  test('[TX4] and somebody else deletes the words around it', async () => {
    const { li, tom } = await two('one two three');
    await li.caretTo(li.title('o1'), 'start');
    const input = await InputMethod.on(li.page);
    await input.compose('zhong');
    await tom.caretTo(tom.title('o1'), 'end');
    await tom.page.keyboard.press('Control+a');
    await tom.page.keyboard.press('Delete');
    await tom.saved();
    await input.choose('中文');
    await everybodySees([li, tom], 'o1', '中文');
  });
});
