// How people leave: by a link, with the browser's cache of pages switched on, and by a browser that is killed.
import { afterEach, describe, expect, test } from 'vitest';
import { OwnBrowser } from './support/own_browser';
import { PlanPage } from './support/plan_page';
import { useStage } from './support/stage';

const stage = useStage();
const one = { objectives: [{ title: 'One' }] };
const browsers: OwnBrowser[] = [];
afterEach(async () => {
  await Promise.all(browsers.splice(0).map((it) => it.dispose()));
});
async function ownBrowser(): Promise<OwnBrowser> {
  const own = await OwnBrowser.start();
  browsers.push(own);
  return own;
}
const introduce = (page: { evaluate(act: () => void): Promise<void> }): Promise<void> => page.evaluate(() => localStorage.setItem('okra.name', 'Guest'));

describe('somebody follows a link away, and the browser puts the page aside whole', () => {
  test('face and caret go; with the way back the page is there again and goes on', async () => {
    const path = await stage.plan(one);
    const tom = await PlanPage.open(await stage.person({ name: 'Tom' }), path);
    const own = await ownBrowser();
    const page = await own.open(`${stage.server.url}/`);
    await introduce(page);
    await page.goto(stage.server.url + path);
    const guest = new PlanPage(page);
    await guest.ready();
    await guest.caretTo(guest.title('o1'), 'end');
    await tom.titleBox('o1').locator('.remote-caret').waitFor();
    await page.evaluate(() => addEventListener('pagehide', (event) => sessionStorage.setItem('put-aside', String(event.persisted))));

    await page.goto(`${stage.server.url}/okra.svg`);
    expect(await page.evaluate(() => sessionStorage.getItem('put-aside')), 'the cache is on').toBe('true');
    await expect.poll(() => tom.faces()).toEqual(['Tom (you)']);
    expect(await tom.titleBox('o1').locator('.remote-caret').count()).toBe(0);

    await page.goBack({ waitUntil: 'commit' });
    await expect.poll(() => tom.faces().then((all) => all.length)).toBe(2);
    await guest.ready();
    await guest.write('o1', 'end', ' and back');
    await expect.poll(() => tom.titleText('o1')).toBe('One and back');
  });
});

describe('the browser is killed', () => {
  test('[CH3] what was typed since the last checkpoint is there again, once', async () => {
    const path = await stage.plan(one);
    const own = await ownBrowser();
    const page = await own.open(`${stage.server.url}/`);
    await introduce(page);
    await page.goto(stage.server.url + path);
    const guest = new PlanPage(page);
    await guest.ready();
    await guest.stored();
    // From here on no checkpoint is written: what is typed is in the journal only, as it always is for a moment.
    await page.evaluate(() => {
      const transaction = Reflect.get(IDBDatabase.prototype, 'transaction');
      Reflect.set(IDBDatabase.prototype, 'transaction', function (this: IDBDatabase, names: string | string[], ...how: unknown[]): unknown {
        if (how[0] === 'readwrite' && [names].flat().includes('states')) throw new DOMException('no room', 'QuotaExceededError');
        return Reflect.apply(transaction, this, [names, ...how]);
      });
    });
    stage.expectOutage();
    await stage.server.kill();
    await guest.stateIs('waiting');
    await guest.write('o1', 'end', ' of many');
    await own.kill();

    await stage.server.start();
    await own.start();
    const next = await own.open(`${stage.server.url}/`);
    await introduce(next); // the name may be among what the browser has lost
    await next.goto(stage.server.url + path);
    const again = new PlanPage(next);
    await again.ready();
    await expect.poll(() => again.titleText('o1')).toBe('One of many');
    const tom = await PlanPage.open(await stage.person({ name: 'Tom' }), path);
    expect(await tom.titleText('o1')).toBe('One of many');
  });
});
