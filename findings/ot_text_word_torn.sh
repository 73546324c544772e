#!/usr/bin/env bash
# Question: somebody types "thirty" over a selected "20", key by key; a colleague has put "%" right behind the "20" meanwhile. Can the % end up within
#   the word?
# Usual belief: no. One person's keys follow one another, a rule for ties puts % in front of all of them or behind, whichever client is "left"; which of
#   the two forms of "replace" an operation has (first the insertion or first the deletion) makes no difference, as it makes none to the text.
# Truth: with the insertion first, which is the form that compose() and most editors write, the text ends as t%hirty on one of the two sides: the deleted
#   text stands between the first letter and the %, so the first key is no tie, and the second one is. With the deletion first the word stays whole on
#   either side. Typed in one operation it stays whole too, so a test that sends whole words does not meet it.
# Versions: ot-text-unicode 4.0.0.
# Source: README of ot-text-unicode (an operation's parts, and sides for ties); transform in its lib/type.js compares places in the old text only.
# Output: as at the end of this file, which it is compared with.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts ot-text-unicode@4.0.0 >npm.log

cat >find.mjs <<'END'
import ot from 'ot-text-unicode';

const { apply, compose, transform } = ot.type;
const other = { left: 'right', right: 'left' };

// The text on which both end, who has typed `keys` on `side` and the colleague.
function merge(keys, colleague, side) {
  let own = '20';
  let theirs = apply('20', colleague);
  for (const key of keys) {
    own = apply(own, key);
    theirs = apply(theirs, transform(key, colleague, side));
    colleague = transform(colleague, key, other[side]);
  }
  own = apply(own, colleague);
  return own === theirs ? own : `${own} and ${theirs}`;
}

const percent = [2, '%'];
const rest = [...'hirty'].map((letter, at) => [at + 1, letter]);
const forms = { 'insertion first': ['t', { d: 2 }], 'deletion first': [{ d: 2 }, 't'] };
for (const [form, first] of Object.entries(forms)) {
  for (const side of ['left', 'right']) {
    const word = rest.reduce(compose, first);
    console.log(`${form}, ${side}: by keys ${merge([first, ...rest], percent, side)}, in one ${merge([word], percent, side)}`);
  }
}
console.log('compose of a deletion and an insertion at its place:', JSON.stringify(compose([{ d: 2 }], ['t'])));
console.log('compose of an insertion and a deletion behind it:', JSON.stringify(compose(['t'], [1, { d: 2 }])));
END
node find.mjs | tee seen
diff - seen <<'END'
insertion first, left: by keys thirty%, in one thirty%
insertion first, right: by keys t%hirty, in one thirty%
deletion first, left: by keys thirty%, in one thirty%
deletion first, right: by keys %thirty, in one %thirty
compose of a deletion and an insertion at its place: ["t",{"d":2}]
compose of an insertion and a deletion behind it: ["t",{"d":2}]
END
