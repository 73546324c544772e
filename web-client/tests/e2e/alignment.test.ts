// What a plan is aligned to in other plans: names, however many plans there are.
import { describe, expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { limits } from '../../src/protocol/schema';
import type { Person } from './support/browser';
import { PlanPage } from './support/plan_page';
import { useStage } from './support/stage';

const stage = useStage();
const teams = Array.from({ length: 30 }, (_, index) => index + 1);
const seed = {
  objectives: [...teams.map((it) => ({ title: `Ours ${it}`, fields: { aligned_to: [`t${it}/quarter/o1`] } })), { title: 'Free' }],
  others: [...teams.map((it) => ({ team: `Team ${it}`, objectives: [{ title: `Theirs ${it}`, keyResults: [{ title: `Deep ${it}` }] }] })), { team: 'Idle', objectives: [] }],
};
const nameOf = (team: number, title = `Theirs ${team}`): string => `${title} · Team ${team}`;
const facts = (page: Page): Promise<string[]> => page.locator('.fact-aligned').allInnerTexts();

// How many documents a page has open at the server, at most, and what was refused.
function watchDocuments(person: Person): { most: number; refused: string[] } {
  const seen: { most: number; refused: string[] } = { most: 0, refused: [] };
  person.context.on('page', (page) =>
    page.on('websocket', (socket) => {
      const open = new Set<string>();
      socket.on('framesent', ({ payload }) => {
        const said: { type: string; document?: string } = JSON.parse(String(payload));
        if (said.type === 'open') open.add(said.document ?? '');
        if (said.type === 'close') open.delete(said.document ?? '');
        seen.most = Math.max(seen.most, open.size);
      });
      socket.on('framereceived', ({ payload }) => {
        if (String(payload).includes('too_many_documents')) seen.refused.push(String(payload));
      });
    }),
  );
  return seen;
}

async function pick(details: Locator): Promise<Locator> {
  await details.getByRole('button', { name: 'Align with an objective or key result' }).click();
  const picker = details.page().locator('.align-picker');
  await picker.waitFor();
  return picker;
}

describe('alignment to other plans', () => {
  test('thirty plans are named, with no more documents open than a session may have', async () => {
    const path = await stage.plan(seed);
    const person = await stage.person({ name: 'Ada Byron' });
    const documents = watchDocuments(person);
    const ada = await PlanPage.open(person, path);
    await expect.poll(() => facts(ada.page)).toEqual(teams.map((it) => nameOf(it)));

    // The details have them too, and all of them at once.
    const details = await ada.openDetails('o30');
    expect(await details.locator('.aligned-row').innerText()).toBe('Theirs 30\nTeam 30');
    expect(documents.refused).toEqual([]);
    expect(documents.most).toBeLessThanOrEqual(limits.open_documents_per_session);
    expect(documents.most).toBeGreaterThan(8);
  });

  test('names follow when others rename, plan by plan', async () => {
    const path = await stage.plan(seed);
    const ada = await PlanPage.open(await stage.person({ name: 'Ada Byron' }), path);
    await expect.poll(() => facts(ada.page)).toEqual(teams.map((it) => nameOf(it)));
    const tom = await stage.person({ name: 'Tom' });
    for (const team of [1, 30]) {
      const theirs = await PlanPage.open(tom, path.replace('bikes', `t${team}`));
      await theirs.write('o1', 'end', '!');
      await theirs.stateIs('saved');
    }
    await expect.poll(async () => (await facts(ada.page))[29], { timeout: 60_000 }).toBe(nameOf(30, 'Theirs 30!'));
    await expect.poll(async () => (await facts(ada.page))[0], { timeout: 60_000 }).toBe(nameOf(1, 'Theirs 1!'));
  });

  test('the picker reads any plan at once, and says so of an empty one only', async () => {
    const path = await stage.plan(seed);
    const person = await stage.person({ name: 'Ada Byron' });
    const documents = watchDocuments(person);
    const ada = await PlanPage.open(person, path);
    const picker = await pick(await ada.openDetails('o31'));
    const none = picker.getByText('Nothing in this plan yet.');
    for (const team of teams) {
      await picker.getByRole('combobox', { name: 'Plan of' }).selectOption({ label: `Team ${team}` });
      await picker.getByRole('button', { name: `Deep ${team}`, exact: true }).waitFor();
      expect(await none.count()).toBe(0);
    }
    await picker.getByRole('button', { name: 'Deep 30', exact: true }).click();
    await expect.poll(async () => (await facts(ada.page)).at(-1)).toBe(nameOf(30, 'Deep 30'));
    await picker.getByRole('combobox', { name: 'Plan of' }).selectOption({ label: 'Idle' });
    await none.waitFor();
    expect(documents.refused).toEqual([]);
    expect(documents.most).toBeLessThanOrEqual(limits.open_documents_per_session);
  });

  test('a plan that was not read is said to be that in the picker, and is read when the server is back', async () => {
    const path = await stage.plan({ ...seed, others: seed.others.slice(0, 2), objectives: [{ title: 'Ours' }] });
    const { person, line } = await stage.personOnLine({ name: 'Ada Byron' });
    const ada = await PlanPage.open(person, path);
    const details = await ada.openDetails('o1');
    const picker = await pick(details);
    stage.expectOutage();
    line.cut();
    await ada.stateIs('waiting');
    await picker.getByRole('combobox', { name: 'Plan of' }).selectOption({ label: 'Team 2' });
    await picker.getByText('This plan has not been read: the server cannot be reached.').waitFor();
    expect(await picker.getByText('Nothing in this plan yet.').count()).toBe(0);
    line.mend();
    await picker.getByRole('button', { name: 'Theirs 2', exact: true }).waitFor();
  });

  test('the way to what is named leads to a plan to write in, and back', async () => {
    const path = await stage.plan(seed);
    const ada = await PlanPage.open(await stage.person({ name: 'Ada Byron' }), path);
    await expect.poll(() => facts(ada.page)).toContain(nameOf(2));
    await ada.page.locator('.fact-aligned', { hasText: 'Theirs 2' }).first().click();
    await ada.page.waitForURL(/\/t2\/quarter/);
    await expect.poll(() => ada.titles()).toEqual(['Theirs 2']);
    await ada.stateIs('saved');
    await ada.write('o1', 'end', ' now');
    await ada.stateIs('saved');
    const tom = await PlanPage.open(await stage.person({ name: 'Tom' }), path.replace('bikes', 't2'));
    expect(await tom.titleText('o1')).toBe('Theirs 2 now');
    await expect.poll(() => tom.faces()).toEqual(expect.arrayContaining([expect.stringContaining('Ada')]));
    await ada.page.goBack();
    await expect.poll(async () => (await facts(ada.page))[1]).toBe(nameOf(2, 'Theirs 2 now'));
    // A reader of names is not present there.
    await expect.poll(async () => (await tom.faces()).join()).not.toContain('Ada');
  });
});
