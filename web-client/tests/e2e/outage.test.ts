// The server dies, the network goes, tabs are closed: nothing that was typed is lost, nothing is there twice.
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Locator } from 'playwright-core';
import { everybodySees } from './support/expectations';
import { PlanPage } from './support/plan_page';
import { builtClient } from './support/server';
import { useStage } from './support/stage';

const stage = useStage();
const one = { objectives: [{ title: 'One', keyResults: [{ title: 'Measured', fields: { start: 0, target: 10 } }] }, { title: 'Two' }] };

// Between words people rest for a moment: on a slow disk a page that is typed into without a rest has never saved everything.
const restMs = 150;

// Types numbered words until told to stop.
function keepTyping(plan: PlanPage, letter: string): { typed: string[]; stop: () => Promise<void> } {
  const typed: string[] = [];
  let going = true;
  const run = async (): Promise<void> => {
    while (going) {
      const word = `${letter}${typed.length} `;
      typed.push(word);
      await plan.page.keyboard.type(word, { delay: 15 });
      await rest(restMs);
    }
  };
  const running = run();
  return {
    typed,
    stop: async () => {
      going = false;
      await running;
    },
  };
}

// Notes the text at every moment at which the page says that everything is saved.
async function noteWhatIsSaved(plan: PlanPage, text: Locator): Promise<() => Promise<string>> {
  await text.evaluate((element) => {
    const state = document.querySelector('.save-state');
    if (state === null) throw new Error('The page does not say what is saved.');
    const note = (): void => {
      if (state.getAttribute('data-state') === 'saved') document.documentElement.dataset['saved'] = element.textContent ?? '';
    };
    new MutationObserver(note).observe(state, { attributes: true, attributeFilter: ['data-state'] });
  });
  return () => plan.page.evaluate(() => document.documentElement.dataset['saved'] ?? '');
}

// A page that can be loaded while the server is away, as from a proxy in front of it: files from the disk, no socket.
async function withPagesOnly(port: number, during: () => Promise<void>): Promise<void> {
  const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.json': 'application/json', '.webmanifest': 'application/manifest+json' };
  const front = createServer((request, response) => {
    const path = request.url ?? '/';
    const type = types[extname(path)];
    response.setHeader('content-type', type ?? 'text/html');
    createReadStream(join(builtClient, type === undefined ? 'index.html' : path)).pipe(response);
  });
  front.on('upgrade', (_request, socket) => socket.destroy());
  front.listen(port, '127.0.0.1');
  await once(front, 'listening');
  try {
    await during();
  } finally {
    front.closeAllConnections();
    front.close();
    await once(front, 'close');
  }
}

describe('the server is killed', () => {
  test('[CM2][CH3][CH5][RC3] while two people type: what was shown as saved is on disk, and nothing typed by either is lost or doubled', async () => {
    const path = await stage.plan(one);
    const [mara, tom] = await Promise.all([stage.person(), stage.person({ name: 'Tom' })]);
    const plans = await Promise.all([PlanPage.open(mara, path), PlanPage.open(tom, path)]);
    const [first, second] = plans;
    const texts = await Promise.all(plans.map(async (plan) => (await plan.openDetails('o1')).getByRole('textbox', { name: 'Description' })));
    const [left, right] = texts as [Locator, Locator];
    await first.caretTo(left, 'start');
    await first.page.keyboard.type('|');
    await expect.poll(() => right.textContent()).toBe('|');
    await first.caretTo(left, 'start');
    await second.caretTo(right, 'end');
    const saved = await Promise.all([noteWhatIsSaved(first, left), noteWhatIsSaved(second, right)]);
    stage.expectOutage();

    const [a, b] = [keepTyping(first, 'a'), keepTyping(second, 'b')];
    await expect.poll(async () => (await Promise.all(saved.map((it) => it()))).every((it) => /a7 .*\|.*b7 /.test(it))).toBe(true);
    await stage.server.kill();
    await Promise.all([first.stateIs('waiting'), second.stateIs('waiting')]);
    const shownAsSaved = await Promise.all(saved.map((it) => it()));
    const wordsAtKill = [a.typed.length, b.typed.length];
    await expect.poll(() => a.typed.length > (wordsAtKill[0] ?? 0) + 5 && b.typed.length > (wordsAtKill[1] ?? 0) + 5).toBe(true);

    // Somebody who has never been here, at a server that has nothing but what the dead one left on its disk.
    const copy = await stage.server.startOnCopy();
    try {
      const visitor = await PlanPage.open(await stage.person({ url: copy.url }), path);
      const text = (await (await visitor.openDetails('o1')).getByRole('textbox', { name: 'Description' }).textContent()) ?? '';
      const [onDiskLeft = '', onDiskRight = ''] = text.split('|');
      for (const shown of shownAsSaved) {
        const [shownLeft = '', shownRight = ''] = shown.split('|');
        expect(onDiskLeft.startsWith(shownLeft), `on disk: ${onDiskLeft}\nshown as saved: ${shownLeft}`).toBe(true);
        expect(onDiskRight.startsWith(shownRight), `on disk: ${onDiskRight}\nshown as saved: ${shownRight}`).toBe(true);
      }
      await visitor.page.close();
    } finally {
      await copy.dispose();
    }

    await stage.server.start();
    await expect.poll(async () => (await Promise.all(saved.map((it) => it()))).every((it) => it.length > 0 && it !== shownAsSaved[0] && it !== shownAsSaved[1])).toBe(true);
    await Promise.all([a.stop(), b.stop()]);
    await Promise.all([first.saved(), second.saved()]);
    const whole = `${a.typed.join('')}|${b.typed.join('')}`;
    await expect.poll(() => Promise.all([left.textContent(), right.textContent()])).toEqual([whole, whole]);
    const third = await PlanPage.open(await stage.person({ name: 'Third' }), path);
    expect(await (await third.openDetails('o1')).getByRole('textbox', { name: 'Description' }).textContent()).toBe(whole);
  });
});

describe('figures', () => {
  test('[CM2] of what waits for a server that is away are not shown: no old progress beside a new number', async () => {
    const plan = await PlanPage.open(await stage.person(), await stage.plan({ objectives: [{ title: 'One', keyResults: [{ title: 'Riders', fields: { start: 0, target: 10, current: 2 } }, { title: 'Brakes', fields: { start: 0, target: 10, current: 5 } }] }] }));
    await expect.poll(() => plan.progress('o1-k1')).toBe('20%');
    stage.expectOutage();
    await stage.server.kill();
    await plan.stateIs('waiting');
    await plan.setNumber('o1-k1', 'Now', '9');
    await expect.poll(() => plan.row('o1-k1').locator('.status-line').innerText()).toContain('waits for the server');
    expect([await plan.progress('o1-k1'), await plan.progress('o1'), await plan.progress('o1-k2')]).toEqual(['—', '—', '50%']);
    await stage.server.start();
    await expect.poll(() => plan.progress('o1-k1')).toBe('90%');
    await expect.poll(() => plan.progress('o1')).toBe('70%');
  });
});

describe('somebody is offline', () => {
  test('and goes on: the page says so and how many edits wait, and sends them on return', async () => {
    const path = await stage.plan(one);
    const { person, line } = await stage.personOnLine();
    const away = await PlanPage.open(person, path);
    const here = await PlanPage.open(await stage.person({ name: 'Tom' }), path);
    stage.expectOutage();
    line.cut();
    await person.context.setOffline(true);
    await away.stateIs('offline');

    await away.write('o1', 'end', ' of many');
    await away.write('o2', 'end', ' of a kind');
    await away.setNumber('o1-k1', 'Now', '4');
    await expect.poll(() => away.saveWords()).toBe('Offline · 3 edits wait');
    await here.write('o1', 'start', 'Number ');
    await everybodySees([here], 'o1', 'Number One');

    line.mend();
    await person.context.setOffline(false);
    await away.saved();
    await everybodySees([away, here], 'o1', 'Number One of many');
    await everybodySees([away, here], 'o2', 'Two of a kind');
    await expect.poll(() => here.number('o1-k1', 'Now').inputValue()).toBe('4');
    expect(await away.page.locator('.faces [role="img"]').count()).toBe(2);
  });

  test('and reloads the page: what waits is shown again and sent on return', async () => {
    const path = await stage.plan(one);
    const person = await stage.person();
    const plan = await PlanPage.open(person, path);
    stage.expectOutage();
    await stage.server.kill();
    await plan.stateIs('waiting');
    await plan.write('o1', 'end', ' typed before the reload');
    await withPagesOnly(stage.server.port, async () => {
      await plan.page.reload();
      await plan.page.locator('.plan-body').waitFor();
      expect(await plan.titleText('o1')).toBe('One typed before the reload');
      await expect.poll(() => plan.saveWords()).toMatch(/1 edit waits$/);
      await plan.write('o1', 'end', ', and after');
      expect(await plan.titleText('o1')).toBe('One typed before the reload, and after');
    });
    await stage.server.start();
    await plan.saved();
    const other = await PlanPage.open(await stage.person({ name: 'Tom' }), path);
    await everybodySees([plan, other], 'o1', 'One typed before the reload, and after');
  });

  test('and closes the tab right after the last key: the next visit finds the words and saves them', async () => {
    const path = await stage.plan(one);
    const person = await stage.person();
    const plan = await PlanPage.open(person, path);
    stage.expectOutage();
    await stage.server.kill();
    await plan.write('o2', 'end', ' or three');
    await plan.page.close();

    await stage.server.start();
    const again = await PlanPage.open(person, path);
    expect(await again.titleText('o2')).toBe('Two or three');
    await again.saved();
    const other = await PlanPage.open(await stage.person({ name: 'Tom' }), path);
    expect(await other.titleText('o2')).toBe('Two or three');
  });
});

describe('the server is away', () => {
  // The worker has taken everything and is in charge of the page.
  const kept = (plan: PlanPage): Promise<unknown> => plan.page.evaluate(async () => void (await navigator.serviceWorker.ready));

  test('a page that was here before opens with the last copy, says so, takes edits, and sends them on return', async () => {
    const path = await stage.plan(one);
    const person = await stage.person({ keepsPage: true });
    const plan = await PlanPage.open(person, path);
    await kept(plan);
    await plan.stored();
    stage.expectOutage();
    await stage.server.kill();
    await plan.page.reload();
    await plan.page.locator('.plan-body').waitFor();
    await plan.page.getByText('You see the last copy on this device.').waitFor();
    await plan.write('o1', 'end', ' without a server');

    // A plan that this device has never seen: no bones for ever, but what is the matter, and what can be done.
    const other = await person.open(path.replace('quarter', 'another'));
    await other.getByRole('heading', { name: 'The server does not answer' }).waitFor();
    await other.getByText('There is no copy of this on this device yet.').waitFor();

    await stage.server.start();
    await other.getByRole('button', { name: 'Try now' }).click();
    await other.locator('.save-state[data-state="saved"]').waitFor();
    await plan.page.getByRole('button', { name: 'Try now' }).click({ timeout: 2000 }).catch(() => {}); // it may have come back by itself
    await plan.saved();
    const tom = await PlanPage.open(await stage.person({ name: 'Tom' }), path);
    await everybodySees([plan, tom], 'o1', 'One without a server');
  });

  test('a new build is taken with the next visit, whatever is kept', async () => {
    const path = await stage.plan(one);
    const person = await stage.person({ keepsPage: true });
    const plan = await PlanPage.open(person, path);
    await kept(plan);
    await person.context.route(/\/w\//, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: (await response.text()).replace('<html', '<html data-build="new"') });
    });
    await plan.page.reload();
    await plan.ready();
    expect(await plan.page.evaluate(() => document.documentElement.dataset['build'])).toBe('new');
  });

  test('the first page says that its list is missing, and has it as soon as there is an answer', async () => {
    await stage.plan(one);
    const person = await stage.person({ keepsPage: true });
    const page = await person.open('/');
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    stage.expectOutage();
    await stage.server.kill();
    await page.reload();
    await page.getByText('The server does not answer, so the list of workspaces is missing.').waitFor();
    await stage.server.start();
    await page.getByRole('link', { name: 'Kestrel' }).first().waitFor();
  });
});

describe('somebody comes back', () => {
  test('their old caret is nobody else, and what they send is signed with their name', async () => {
    const path = await stage.plan(one);
    const { person, line } = await stage.personOnLine({ name: 'Li Na', width: 1500 });
    const [li, tom] = [await PlanPage.open(person, path), await PlanPage.open(await stage.person({ name: 'Tom', width: 1500 }), path)];
    await li.write('o1', 'end', ' more');
    await tom.titleBox('o1').locator('.remote-caret').waitFor();
    stage.expectOutage();
    // The server does not know yet that this connection is dead.
    line.fallSilent();
    await li.write('o1', 'end', ' and more');
    line.mend();
    line.cut();
    line.mend();
    await everybodySees([li, tom], 'o1', 'One more and more');
    await li.saved();
    expect((await li.faces()).sort()).toEqual([expect.stringContaining('Li Na'), 'Tom']);
    expect(await li.page.locator('.remote-caret, .presence-here').count()).toBe(0);
    await expect.poll(() => tom.page.locator('.activity-row').first().innerText()).toContain('Li Na');
  });
});

describe('a disk that takes no checkpoint', () => {
  test('[RB4][TX3] does not misplace what was typed before the tab was closed, though somebody edited meanwhile', async () => {
    const path = await stage.plan(one);
    // A server that has just loaded the plan gives a snapshot of now, not an empty one with everything since.
    await stage.server.kill();
    await stage.server.start();
    const { person, line } = await stage.personOnLine();
    await person.context.addInitScript(() => {
      const transaction = Reflect.get(IDBDatabase.prototype, 'transaction');
      Reflect.set(IDBDatabase.prototype, 'transaction', function (this: IDBDatabase, ...how: unknown[]): unknown {
        if (how[1] === 'readwrite') throw new DOMException('no room', 'QuotaExceededError');
        return Reflect.apply(transaction, this, how);
      });
    });
    const away = await PlanPage.open(person, path);
    const here = await PlanPage.open(await stage.person({ name: 'Tom' }), path);
    await away.write('o1', 'end', ' of');
    await away.saved();
    await everybodySees([away, here], 'o1', 'One of');
    stage.expectOutage();
    line.cut();
    await away.stateIs('waiting');
    await away.write('o1', 'end', ' many');
    await away.page.close();
    await here.write('o1', 'start', 'Number ');
    await here.saved();

    line.mend();
    const again = await PlanPage.open(person, path);
    await again.saved();
    await everybodySees([again, here], 'o1', 'Number One of many');
  });
});

describe('two tabs of one browser', () => {
  test('are two clients that do not disturb each other', async () => {
    const path = await stage.plan(one);
    const person = await stage.person();
    const tabs = [await PlanPage.open(person, path), await PlanPage.open(person, path)] as const;
    const clients = await Promise.all(tabs.map((tab) => tab.page.evaluate(() => sessionStorage.getItem('okra.client'))));
    expect(new Set(clients).size).toBe(2);
    await tabs[0].caretTo(tabs[0].title('o1'), 'start');
    await tabs[1].caretTo(tabs[1].title('o1'), 'end');
    await Promise.all([tabs[0].page.keyboard.type('first tab ', { delay: 10 }), tabs[1].page.keyboard.type(' second tab', { delay: 10 })]);
    await everybodySees(tabs, 'o1', 'first tab One second tab');
    await Promise.all(tabs.map((tab) => tab.saved()));
    for (const tab of tabs) expect(await tab.page.getByRole('alert').count()).toBe(0);
  });

  test('[HS5] what a closed tab leaves unsent is delivered by the tab that stays', async () => {
    const path = await stage.plan(one);
    const person = await stage.person();
    const stays = await PlanPage.open(person, path);
    const leaves = await PlanPage.open(person, path);
    const other = await PlanPage.open(await stage.person({ name: 'Tom' }), path);
    stage.expectOutage();
    await stage.server.kill();
    await leaves.stateIs('waiting');
    await leaves.write('o1', 'end', ' left behind');
    await leaves.page.close();
    await stays.write('o2', 'end', ' kept');

    await stage.server.start();
    await Promise.all([stays.saved(), other.saved()]);
    await everybodySees([stays, other], 'o2', 'Two kept');
    // The courier looks when a page begins, and every minute: a reload is the short way to the next look.
    await stays.page.reload();
    await stays.ready();
    await everybodySees([stays, other], 'o1', 'One left behind');
  });
});
