#!/usr/bin/env bash
# Question: a form shows at each input event of an <input type=date> whether the day is fit, incomplete or empty. Is it right after each key?
# Usual belief: yes. What a person changes in a field fires input, and more so when value or validity change.
# Truth: only a change of value fires, and an incomplete day has the value '' as an empty one has. Who clears a day by keyboard, part by part, gets one
#   event, at the first part, when validity.badInput has become true; the last part makes the field truly empty (badInput false) in silence, and
#   leaving the field says nothing either. The form goes on saying "incomplete". Who begins to type into an empty field makes it incomplete in silence;
#   and while a year is typed there are events with other days: the years 2, 20 and 202.
# Versions: Chromium 156.0.8078.108 (Debian 12), playwright-core 1.65.1.
# Source: MultipleFieldsTemporalInputTypeView::EditControlValueChanged in Blink (core/html/forms) dispatches nothing when the value was empty and is
#   empty; ember-paper issue 1153 met it in Chrome 83.
# Output: as at the end of this file, which it is compared with.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts playwright-core@1.65.1 >npm.log

cat >find.mjs <<'END'
import { chromium } from 'playwright-core';

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium' });
console.error('Chromium', browser.version());
const page = await browser.newPage();
await page.setContent('<input type=date id=day value=2026-03-31><button id=other></button>');
await page.evaluate(() => {
  globalThis.told = { input: [], change: [] };
  for (const type of Object.keys(told)) day.addEventListener(type, () => told[type].push(day.value));
});
const tell = async (what) => {
  const [value, bad, input, change] = await page.evaluate(() => [day.value, day.validity.badInput, told.input.splice(0), told.change.splice(0)]);
  console.log(`${what}: value '${value}', bad ${bad}, input events ${JSON.stringify(input)}, change events ${change.length}`);
};
await page.focus('#day');
for (const part of ['first', 'second', 'last']) {
  await page.keyboard.press('Backspace');
  await tell(`${part} part cleared`);
  await page.keyboard.press('ArrowRight');
}
await page.focus('#other');
await tell('field left');
await page.focus('#day');
await page.keyboard.type('12');
await tell('month typed');
await page.keyboard.type('31');
await tell('day typed');
await page.keyboard.type('2026');
await tell('year typed');
await browser.close();
END
timeout 120 node find.mjs | tee seen
diff - seen <<'END'
first part cleared: value '', bad true, input events [""], change events 1
second part cleared: value '', bad true, input events [], change events 0
last part cleared: value '', bad false, input events [], change events 0
field left: value '', bad false, input events [], change events 0
month typed: value '', bad true, input events [], change events 0
day typed: value '', bad true, input events [], change events 0
year typed: value '2026-12-31', bad false, input events ["0002-12-31","0020-12-31","0202-12-31","2026-12-31"], change events 4
END
