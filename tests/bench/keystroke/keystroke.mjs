// From a key in one browser to pixels in another, on one machine: two Chromium processes, the real server, every edit synced to disk
// before the other browser hears of it.
//
//   node tests/bench/keystroke/keystroke.mjs [KEYSTROKES]      (tools/serve or tools/test has built what it needs)
//
// Begins at the time stamp of the `keydown` event in one page; both ends are read off the same monotonic clock. Two ends are told:
//   frame       the frame that shows the letter is laid out and painted (the first task after its animation frame)
//   next frame  the animation frame after that one has begun: by now the letter is on the screen
import { cpus } from 'node:os';
import { launchBrowser, OkraServer, Person, PlanPage, seedPlan } from '../../../web-client/tests/e2e/support/scripts.mjs';

const keystrokes = Number(process.argv[2] ?? 200);
const warmUp = 20;
const paceMs = [70, 170]; // somebody who types well; uneven, so that keys do not keep step with frames
const perTitle = 200; // keystrokes, far below a title's limit
const row = 'o1';

const server = await OkraServer.start();
const browsers = await Promise.all([launchBrowser(), launchBrowser()]);
try {
  const path = await seedPlan(server, 'keystroke', { objectives: [{ title: '', keyResults: [{ title: 'A key result' }] }] });
  const [writer, reader] = await Promise.all(
    browsers.map(async (browser, index) => PlanPage.open(await Person.in(browser, { url: server.url, name: index === 0 ? 'Writer' : 'Reader' }), path)),
  );
  await writer.caretTo(writer.title(row), 'end');
  await measure(writer, reader, warmUp);
  const times = [];
  while (times.length < keystrokes) times.push(...(await measure(writer, reader, Math.min(perTitle, keystrokes - times.length))));
  report(times);
} finally {
  await Promise.all(browsers.map((browser) => browser.close()));
  await server.dispose();
}

// Types letters one by one into an empty title and returns how long each took.
async function measure(writer, reader, count) {
  await clearTitle(writer, reader);
  await writer.page.evaluate(noteKeys);
  await reader.titleBox(row).evaluate(noteLetters);
  for (let index = 0; index < count; index += 1) {
    await writer.page.keyboard.press('abcdefghijklmnopqrstuvwxyz'[index % 26]);
    await new Promise((resolve) => setTimeout(resolve, paceMs[0] + Math.random() * (paceMs[1] - paceMs[0])));
  }
  await reader.page.waitForFunction((wanted) => window.okraShown.length >= wanted && window.okraShown.every((it) => it.nextFrame !== undefined), count);
  const [pressed, shown] = await Promise.all([writer.page.evaluate(() => window.okraPressed), reader.page.evaluate(() => window.okraShown)]);
  return pressed.slice(0, count).map((at, index) => ({ frame: shown[index].frame - at, nextFrame: shown[index].nextFrame - at }));
}

async function clearTitle(writer, reader) {
  await writer.page.keyboard.press('Control+a');
  await writer.page.keyboard.press('Delete');
  await writer.saved();
  await reader.page.waitForFunction((id) => document.querySelector(`[data-entity="${id}"] .objective-title [role="textbox"]`)?.textContent === '', row);
}

// In the writer's page.
function noteKeys() {
  window.okraPressed = [];
  if (window.okraListens) return;
  window.okraListens = true;
  addEventListener('keydown', (event) => window.okraPressed.push(performance.timeOrigin + event.timeStamp), { capture: true });
}

// In the reader's page: `okraShown[n]` belongs to the letter that made the title n + 1 letters long.
function noteLetters(box) {
  window.okraShown = [];
  window.okraObserver?.disconnect();
  const words = () => box.querySelector('[role="textbox"]')?.textContent.length ?? 0;
  const painted = (times) =>
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => (times.frame = performance.timeOrigin + performance.now());
      channel.port2.postMessage(null);
      requestAnimationFrame(() => (times.nextFrame = performance.timeOrigin + performance.now()));
    });
  window.okraObserver = new MutationObserver(() => {
    const length = words();
    while (window.okraShown.length < length) {
      const times = {};
      window.okraShown.push(times);
      painted(times);
    }
  });
  window.okraObserver.observe(box, { subtree: true, childList: true, characterData: true });
}

function report(times) {
  const line = (name, values) => {
    const sorted = values.toSorted((a, b) => a - b);
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1).padStart(7);
    console.log(`${name.padEnd(12)}${at(0.5)}  ${at(0.95)}  ${at(1)}`);
  };
  console.log(`${times.length} keystrokes, ${cpus().length} cores, ${cpus()[0]?.model.trim() ?? ''}`);
  console.log(`ms           median      p95      max`);
  line('frame', times.map((it) => it.frame));
  line('next frame', times.map((it) => it.nextFrame));
}
