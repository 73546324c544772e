#!/usr/bin/env bash
# Question: luxon's week of a day by the locale's rules (localWeekNumber, startOf('week', { useLocaleWeeks: true })), for the same day, locale and version
#   of luxon: is it the same on the server and in the browser?
# Usual belief: yes. A locale's rule comes from CLDR, and two copies of it differ by an update at most.
# Truth: Node 20 and a current Chromium differ for en-US, zh-CN, pt-BR and all others whose week 1 is the one with 1 January. 4 January 2026 is in week 2
#   of en-US in Node and in week 1 in Chromium, 1 January 2027 in week 1 and in week 52 of 2026. minimalDays was taken out of Intl's week info, and where
#   it is not there luxon takes the 4 of ISO with the locale's first day: weeks from Sunday with four days in the year, as epidemiologists count
#   them and no calendar of these countries. So a report's "week 1" is another week than the page's.
# Versions: luxon 3.7.2; Node 20.20.2 (ICU 78.2), Chromium 156.0.8078.108 (Debian 12), playwright-core 1.65.1.
# Source: fallbackWeekSettings and getWeekSettings in luxon src/impl/locale.js; tc39/proposal-intl-locale-info issue 86.
# Output: as at the end of this file, which it is compared with.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts luxon@3.7.2 playwright-core@1.65.1 >npm.log

cat >find.mjs <<'END'
import { chromium } from 'playwright-core';
import * as luxon from 'luxon';

const weeks = ({ DateTime }) =>
  ['en-US', 'zh-CN', 'pt-BR', 'de'].flatMap((locale) =>
    ['2026-01-04', '2027-01-01'].map((day) => {
      const date = DateTime.fromISO(day, { locale });
      return `${locale} ${day}: week ${date.localWeekNumber} of ${date.localWeekYear}`;
    }),
  );
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium' });
console.error('Node', process.versions.node, 'with ICU', process.versions.icu, 'and Chromium', browser.version());
const page = await browser.newPage();
await page.addScriptTag({ path: 'node_modules/luxon/build/global/luxon.js' });
const there = await page.evaluate(`(${weeks})(luxon)`);
for (const [at, here] of weeks(luxon).entries()) {
  console.log(here === there[at] ? `${here} in both` : `${here} in Node,${there[at].split(':')[1]} in Chromium`);
}
await browser.close();
END
TZ=UTC timeout 120 node find.mjs | tee seen
diff - seen <<'END'
en-US 2026-01-04: week 2 of 2026 in Node, week 1 of 2026 in Chromium
en-US 2027-01-01: week 1 of 2027 in Node, week 52 of 2026 in Chromium
zh-CN 2026-01-04: week 1 of 2026 in both
zh-CN 2027-01-01: week 1 of 2027 in Node, week 53 of 2026 in Chromium
pt-BR 2026-01-04: week 2 of 2026 in Node, week 1 of 2026 in Chromium
pt-BR 2027-01-01: week 1 of 2027 in Node, week 52 of 2026 in Chromium
de 2026-01-04: week 1 of 2026 in both
de 2027-01-01: week 53 of 2026 in both
END
