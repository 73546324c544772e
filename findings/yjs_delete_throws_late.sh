#!/usr/bin/env bash
# Question: Y.Array.delete(index, length) reaches beyond the end of the array and throws. What has become of the array?
# Usual belief: nothing; a range error is raised before anything is touched. (insert() beyond the end does so.)
# Truth: all that the range covers has been deleted, and the deletion has gone out to everybody in an update, before the exception is thrown. Who
#   catches it, tells the person "failed" and tries again with the right length, deletes other items. Y.Text takes the same call without a word.
# Versions: yjs 13.6.33.
# Source: typeListDelete in yjs src/types/AbstractType.js walks and deletes first and looks afterwards whether some length is left over; a
#   transaction has no roll-back.
# Output: as at the end of this file, which it is compared with.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts yjs@13.6.33 >npm.log

cat >find.mjs <<'END'
import * as Y from 'yjs';

const attempt = (call, type, change) => {
  const author = new Y.Doc();
  const colleague = new Y.Doc();
  author.on('update', (update) => Y.applyUpdate(colleague, update));
  type(author).insert(0, type(author) instanceof Y.Text ? 'abc' : ['a', 'b', 'c']);
  let outcome = 'returns';
  try {
    change(type(author));
  } catch (error) {
    outcome = `throws "${error.message}"`;
  }
  console.log(`${call}: ${outcome}; the colleague has ${JSON.stringify(type(colleague).toJSON())}`);
};
attempt('array, delete(1, 5)', (doc) => doc.getArray('key results'), (array) => array.delete(1, 5));
attempt('array, insert(7)', (doc) => doc.getArray('key results'), (array) => array.insert(7, ['d']));
attempt('text, delete(1, 5)', (doc) => doc.getText('title'), (text) => text.delete(1, 5));
END
node find.mjs | tee seen
diff - seen <<'END'
array, delete(1, 5): throws "Length exceeded!"; the colleague has ["a"]
array, insert(7): throws "Length exceeded!"; the colleague has ["a","b","c"]
text, delete(1, 5): returns; the colleague has "a"
END
