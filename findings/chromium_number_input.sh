#!/usr/bin/env bash
# Question: what does <input type=number> make of a number that it cannot read as it stands: a decimal comma, a typographic minus, full-width digits?
# Usual belief: it shows what was typed, its value is '' and validity.badInput is true, so that a form can say so.
# Truth: Chromium drops each character that is not one of its own, typed or pasted, and reads what is left. So a value turns into another one and no
#   property tells: 1,5 is 15 (lang=de and a German Playwright locale change nothing), −5 with the minus of U+2212, which Intl and
#   spreadsheets of some languages write, is 5, (5) is 5, 3万 is 3, 1.2.3 is 1.23. Full-width digits do become digits. badInput is left for odd orders
#   of its own characters (5-3).
# Versions: Chromium 156.0.8078.108 (Debian 12), playwright-core 1.65.1.
# Source: NumberInputType::HandleBeforeTextInsertedEvent in Blink (core/html/forms/number_input_type.cc) filters the text before it is inserted.
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
const context = await browser.newContext({ locale: 'de-DE' });
const page = await context.newPage();
await page.setContent('<html lang=de><input type=text id=source><input type=number step=any id=number lang=de>');
const read = () => page.evaluate(() => `'${number.value}'${number.validity.badInput ? ' and bad' : ''}`);
for (const text of ['1,5', '1.234,5', '\u22125', '(5)', '１２', '3万', '45 %', '1.2.3', '1e3x', '5-3']) {
  await page.fill('#number', '');
  await page.focus('#number');
  await page.keyboard.type(text);
  const typed = await read();
  await page.fill('#number', '');
  await page.fill('#source', text);
  await page.focus('#source');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  await page.focus('#number');
  await page.keyboard.press('Control+v');
  console.log(`${text}: typed ${typed}, pasted ${await read()}`);
}
await browser.close();
END
timeout 120 node find.mjs | tee seen
diff - seen <<'END'
1,5: typed '15', pasted '15'
1.234,5: typed '1.2345', pasted '1.2345'
−5: typed '5', pasted '5'
(5): typed '5', pasted '5'
１２: typed '12', pasted '12'
3万: typed '3', pasted '3'
45 %: typed '45', pasted '45'
1.2.3: typed '1.23', pasted '1.23'
1e3x: typed '1e3', pasted '1e3'
5-3: typed '' and bad, pasted '' and bad
END
