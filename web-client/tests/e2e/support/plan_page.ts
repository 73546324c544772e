// A plan as a person sees and uses it.
import type { Locator, Page } from 'playwright-core';
import type { Person } from './browser';

export type SaveState = 'saved' | 'saving' | 'connecting' | 'waiting' | 'offline' | 'storage' | 'away';

export class PlanPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  // Resolves when the plan is shown, synced with the server, and ready to be written in.
  static async open(person: Person, path: string): Promise<PlanPage> {
    const plan = new PlanPage(await person.open(path));
    await plan.ready();
    return plan;
  }
  async ready(): Promise<void> {
    await this.page.locator('.plan-body').waitFor();
    await this.stateIs('saved');
  }

  row(id: string): Locator {
    return this.page.locator(`[data-glide][data-entity="${id}"]`);
  }
  // The box around a title: words or editor, and the carets of others.
  titleBox(id: string): Locator {
    return this.row(id).locator('.objective-title, .key-result-title').first();
  }
  title(id: string): Locator {
    return this.titleBox(id).getByRole('textbox');
  }
  async titleText(id: string): Promise<string> {
    return (await this.title(id).textContent()) ?? '';
  }
  // Of the objectives, or of the key results of one, from top to bottom.
  titles(objective?: string): Promise<string[]> {
    const boxes = objective === undefined ? this.page.locator('.objective-title') : this.row(objective).locator('.key-result-title');
    return boxes.getByRole('textbox').allTextContents();
  }
  number(id: string, label: 'Start' | 'Now' | 'Target'): Locator {
    return this.row(id).getByRole('textbox', { name: label, exact: true });
  }
  async setNumber(id: string, label: 'Start' | 'Now' | 'Target', value: string): Promise<void> {
    await this.number(id, label).click();
    await this.page.keyboard.press('Control+a');
    await this.page.keyboard.press('Delete');
    await this.page.keyboard.type(value);
    await this.page.keyboard.press('Enter');
  }
  // The server's progress of an objective or key result, as its label tells it: "50%", or "—".
  async progress(id: string): Promise<string> {
    const label = (await this.row(id).locator('[role="img"]:is(.ring, .bar)').first().getAttribute('aria-label')) ?? '';
    return /: ([^,·]*)/.exec(label)?.[1]?.trim().replace('\u00a0', '') ?? label;
  }
  details(id: string): Locator {
    return this.page.locator(`.details[data-entity="${id}"]`);
  }
  async openDetails(id: string): Promise<Locator> {
    if (!(await this.details(id).isVisible())) {
      await this.row(id).hover();
      await this.row(id).getByRole('button', { name: /^Details of/ }).first().click();
    }
    await this.details(id).waitFor();
    return this.details(id);
  }

  // Puts the caret into a text, as a hand does, and to one of its ends.
  async caretTo(text: Locator, end: 'start' | 'end'): Promise<void> {
    await text.click();
    await text.and(this.page.locator('.cm-content:focus')).waitFor();
    await this.page.keyboard.press(end === 'start' ? 'Control+Home' : 'Control+End');
  }
  async write(id: string, end: 'start' | 'end', words: string): Promise<void> {
    await this.caretTo(this.title(id), end);
    await this.page.keyboard.type(words);
  }

  // Ids of the objectives, or of the key results of one, from top to bottom.
  order(objective?: string): Promise<string[]> {
    const rows = objective === undefined ? this.page.locator('.objectives > [data-entity]') : this.row(objective).locator('.key-results > [data-entity]');
    return rows.evaluateAll((list) => list.map((it) => (it instanceof HTMLElement ? (it.dataset['entity'] ?? '') : '')));
  }
  // Rows have glided to their places.
  async settled(): Promise<void> {
    await this.page.waitForFunction(() => document.getAnimations().every((it) => !(it.effect instanceof KeyframeEffect) || it.effect.target?.matches('[data-glide]') !== true || it.playState === 'finished'));
  }
  faces(): Promise<string[]> {
    return this.page.locator('.faces [role="img"]').evaluateAll((list) => list.map((it) => it.getAttribute('aria-label') ?? ''));
  }

  async saveState(): Promise<SaveState> {
    return ((await this.page.locator('.save-state').getAttribute('data-state')) ?? 'connecting') as SaveState;
  }
  saveWords(): Promise<string> {
    return this.page.locator('.save-words').innerText();
  }
  async stateIs(state: SaveState): Promise<void> {
    await this.page.locator(`.save-state[data-state="${state}"]`).waitFor();
  }
  async saved(): Promise<void> {
    await this.stateIs('saved');
  }
  // Everything up to here is in the browser's database: the journal that bridges the time until then is empty again.
  async stored(): Promise<void> {
    await this.page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.startsWith('okra.journal')));
  }
}
