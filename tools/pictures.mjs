// Takes the README's picture anew: two browsers side by side, two people in one plan.
//
//   node tools/pictures.mjs       (tools/serve or tools/test has built what it needs)
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launchBrowser, OkraServer, Person, PlanPage, projectRoot } from '../web-client/tests/e2e/support/scripts.mjs';

const width = 1120;
const height = 800;
const bytesMax = 400 * 1024;
const out = join(projectRoot, 'docs/pictures/two-browsers.png');

const server = await OkraServer.start();
const browser = await launchBrowser();
try {
  const address = await openSample();
  const [left, right] = await Promise.all([
    window_(address, { name: 'Mara Lindqvist', theme: 'light' }),
    window_(address, { name: 'Tom Okafor', theme: 'dark' }),
  ]);
  const [objective, keyResult] = await left.page.locator('.objective, .key-result').evaluateAll((rows) => rows.slice(0, 2).map((row) => row.dataset.entity));
  await left.write(objective, 'end', ' again');
  await right.write(keyResult, 'end', ', every week');
  // Both caught at the moment at which each has just seen the other write: name flags rest after two seconds.
  await Promise.all([
    left.titleBox(keyResult).locator('.remote-flag:not(.remote-flag-rests)').waitFor(),
    right.titleBox(objective).locator('.remote-caret').waitFor(),
  ]);
  await left.page.keyboard.type('.');
  await right.titleBox(objective).locator('.remote-flag:not(.remote-flag-rests)').waitFor();
  const pictures = await Promise.all([left, right].map((it) => it.page.screenshot({ animations: 'disabled', caret: 'initial' })));
  const picture = await sideBySide(pictures);
  if (picture.length > bytesMax) throw new Error(`The picture has ${picture.length} bytes; ${bytesMax} are allowed.`);
  await writeFile(out, picture);
  console.log(`${out}: ${Math.round(picture.length / 1024)} KB`);
} finally {
  await browser.close();
  await server.dispose();
}

async function openSample() {
  const person = await Person.in(browser, { url: server.url });
  const page = await person.open('/');
  await page.getByRole('button', { name: 'Kestrel Bikes' }).click();
  await new PlanPage(page).ready();
  const { pathname } = new URL(page.url());
  await person.context.close();
  return pathname;
}

async function window_(address, options) {
  const person = await Person.in(browser, { url: server.url, width, ...options });
  const plan = await PlanPage.open(person, address);
  await plan.page.setViewportSize({ width, height });
  return plan;
}

// Two windows on paper, with the frame that a browser has.
async function sideBySide(pictures) {
  const page = await browser.newPage({ viewport: { width: 2 * width + 96, height: height + 100 } });
  const window = (picture) => `<figure><header><i></i><i></i><i></i></header><img src="data:image/png;base64,${picture.toString('base64')}"></figure>`;
  await page.setContent(`<style>
    body { margin: 0; padding: 32px; display: flex; gap: 32px; background: #e8e6df; }
    figure { margin: 0; border-radius: 12px; overflow: hidden; box-shadow: 0 12px 40px #1d242033, 0 0 0 1px #1d242018; }
    header { display: flex; gap: 7px; padding: 12px 14px; background: #f4f2ec; }
    figure + figure header { background: #1f2522; }
    i { width: 11px; height: 11px; border-radius: 50%; background: #1d242026; }
    figure + figure i { background: #e9ede930; }
    img { display: block; width: ${width}px; height: ${height}px; }
  </style>${pictures.map(window).join('')}`);
  await page.waitForFunction(() => [...document.images].every((it) => it.complete));
  return page.screenshot({ fullPage: true });
}
