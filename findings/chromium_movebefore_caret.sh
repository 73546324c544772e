#!/usr/bin/env bash
# Question: a list is sorted anew with moveBefore(), which keeps an element's state, while somebody writes in one of its rows. Where is the caret?
# Usual belief: where it was. The row keeps its focus, an <input> in it keeps its caret, and that is what moveBefore() was made for.
# Truth: an editable row keeps the focus and loses the caret. The selection goes to the list, where the row stood, as with a removal; the next key writes
#   at the row's start, and a selected passage is not selected any more. No blur and no focus fires. An <input> is spared. If the
#   neighbours are moved around the row instead, its caret stays.
# Versions: Chromium 156.0.8078.108 (Debian 12), playwright-core 1.65.1.
# Source: the DOM Standard's algorithm "move" runs the live range pre-remove steps, as "remove" does; the focus is kept by a rule of its own.
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
const attempt = async (what, row, put, move, read) => {
  await page.setContent(`<ul id=list><li id=first>first<li id=own>${row}<li id=last>last</ul>`);
  await page.evaluate(put);
  await page.evaluate(() => {
    globalThis.told = [];
    for (const type of ['blur', 'focus']) addEventListener(type, () => told.push(type), true);
  });
  await page.evaluate(move);
  const [focused, events] = await page.evaluate(() => [document.activeElement === field, told]);
  await page.keyboard.type('+');
  console.log(`${what}: focus ${focused ? 'kept' : 'lost'}, events [${events}], a key makes "${await page.evaluate(read)}"`);
};
const editable = '<span id=field contenteditable>close deals</span>';
const caret = () => {
  field.focus();
  getSelection().collapse(field.firstChild, 5);
};
const passage = () => {
  field.focus();
  getSelection().setBaseAndExtent(field.firstChild, 0, field.firstChild, 5);
};
const text = () => field.textContent;
await attempt('the row moves, caret behind "close"', editable, caret, () => list.moveBefore(own, null), text);
await attempt('the row moves, "close" selected', editable, passage, () => list.moveBefore(own, null), text);
await attempt('its neighbour moves', editable, caret, () => list.moveBefore(last, own), text);
await attempt(
  'the row moves, an <input>',
  '<input id=field value="close deals">',
  () => {
    field.focus();
    field.setSelectionRange(5, 5);
  },
  () => list.moveBefore(own, null),
  () => field.value,
);
await browser.close();
END
timeout 120 node find.mjs | tee seen
diff - seen <<'END'
the row moves, caret behind "close": focus kept, events [], a key makes "+close deals"
the row moves, "close" selected: focus kept, events [], a key makes "+close deals"
its neighbour moves: focus kept, events [], a key makes "close+ deals"
the row moves, an <input>: focus kept, events [], a key makes "close+ deals"
END
