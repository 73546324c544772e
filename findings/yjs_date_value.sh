#!/usr/bin/env bash
# Question: what does a colleague read where somebody has put a Date, or a BigInt, into a Y.Map?
# Usual belief: either it is refused (Yjs throws "Unexpected content type" for what it cannot carry), or the colleague gets the same value.
# Truth: set() takes both, and who set them reads them back whole. The update carries a Date as {}, and of a BigInt its lowest 64 bits. So the author
#   sees the due date and everybody else an empty object; with a reload (from the stored update) it is gone for the author too.
# Versions: yjs 13.6.33.
# Source: typeMapSet in yjs src/types/AbstractType.js lets Date and BigInt through as ContentAny; writeAny in lib0 src/encoding.js has no case for a
#   Date, writes it as a plain object (a Date has no keys of its own) and a BigInt with setBigInt64.
# Output: as at the end of this file, which it is compared with.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts yjs@13.6.33 >npm.log

cat >find.mjs <<'END'
import * as Y from 'yjs';

const author = new Y.Doc();
const colleague = new Y.Doc();
author.on('update', (update) => Y.applyUpdate(colleague, update));
const set = (name, value, show) => {
  author.getMap('key result').set(name, value);
  const [mine, theirs] = [author, colleague].map((doc) => show(doc.getMap('key result').get(name)));
  console.log(`${name}: the author reads ${mine}, the colleague ${theirs}`);
};
set('due', new Date('2026-03-31'), JSON.stringify);
set('milestone', { title: 'beta', due: new Date('2026-02-15') }, JSON.stringify);
set('number', 2n ** 64n + 5n, String);
set('text', '2026-03-31', JSON.stringify);
END
node find.mjs | tee seen
diff - seen <<'END'
due: the author reads "2026-03-31T00:00:00.000Z", the colleague {}
milestone: the author reads {"title":"beta","due":"2026-02-15T00:00:00.000Z"}, the colleague {"title":"beta","due":{}}
number: the author reads 18446744073709551621, the colleague 5
text: the author reads "2026-03-31", the colleague "2026-03-31"
END
