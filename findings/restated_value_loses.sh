#!/usr/bin/env bash
# Question: one person looks at a key result's confidence, finds 0.7 still right and sets it to 0.7 again; at the same time another sets it to 0.3.
#   Which value stands after the merge, and is the disagreement seen?
# Usual belief: both have written, so a last-writer rule decides between the two, for either of them, and Automerge lists both as a conflict.
# Truth: in Automerge and in Loro a value that is set to what it is already is no change at all. Nothing is recorded, sent, or found in the history; the
#   other's value always wins, and Automerge's getConflicts is undefined. "I have checked it, it stays" cannot be said with an
#   assignment. Yjs records the same call and lets the ids decide.
# Versions: @automerge/automerge 3.5.0, loro-crdt 1.17.1, yjs 13.6.33.
# Source: automerge pull request 246 (since then set gives no operation for what it would not change) and its open issue 889; the map handler's
#   insert in loro crates/loro-internal/src/handler.rs returns before it makes an operation.
# Output: as at the end of this file, which it is compared with.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @automerge/automerge@3.5.0 loro-crdt@1.17.1 yjs@13.6.33 >npm.log

cat >find.mjs <<'END'
import * as automerge from '@automerge/automerge';
import { LoroDoc } from 'loro-crdt';
import * as Y from 'yjs';

const libraries = {
  Automerge([keeper, changer]) {
    const start = automerge.from({ confidence: 0.7 }, '00');
    const set = (actor, value) => automerge.change(automerge.clone(start, `0${actor}`), (doc) => void (doc.confidence = value));
    const kept = set(keeper, 0.7);
    const changes = automerge.getAllChanges(kept).length - automerge.getAllChanges(start).length;
    const merged = automerge.merge(kept, set(changer, 0.3));
    const conflict = automerge.getConflicts(merged, 'confidence') === undefined ? 'no conflict' : 'a conflict';
    return `${merged.confidence}, ${changes} changes by who kept it, ${conflict}`;
  },
  Loro([keeper, changer]) {
    const start = new LoroDoc();
    start.setPeerId(9);
    start.getMap('key result').set('confidence', 0.7);
    start.commit();
    const set = (peer, value) => {
      const doc = new LoroDoc();
      doc.setPeerId(peer);
      doc.import(start.export({ mode: 'update' }));
      doc.getMap('key result').set('confidence', value);
      doc.commit();
      return doc;
    };
    const kept = set(keeper, 0.7);
    const changes = kept.changeCount() - start.changeCount();
    kept.import(set(changer, 0.3).export({ mode: 'update' }));
    return `${kept.toJSON()['key result'].confidence}, ${changes} changes by who kept it`;
  },
  Yjs([keeper, changer]) {
    const start = new Y.Doc();
    start.getMap('key result').set('confidence', 0.7);
    const set = (id, value) => {
      const doc = new Y.Doc();
      doc.clientID = id;
      Y.applyUpdate(doc, Y.encodeStateAsUpdate(start));
      doc.getMap('key result').set('confidence', value);
      return doc;
    };
    const kept = set(keeper, 0.7);
    const changes = Y.getState(kept.store, keeper);
    Y.applyUpdate(kept, Y.encodeStateAsUpdate(set(changer, 0.3)));
    return `${kept.getMap('key result').get('confidence')}, ${changes} changes by who kept it`;
  },
};
for (const [name, merge] of Object.entries(libraries)) {
  console.log(`${name}, who keeps has the smaller id: ${merge([1, 2])}`);
  console.log(`${name}, who keeps has the greater id: ${merge([2, 1])}`);
}
END
node find.mjs | tee seen
diff - seen <<'END'
Automerge, who keeps has the smaller id: 0.3, 0 changes by who kept it, no conflict
Automerge, who keeps has the greater id: 0.3, 0 changes by who kept it, no conflict
Loro, who keeps has the smaller id: 0.3, 0 changes by who kept it
Loro, who keeps has the greater id: 0.3, 0 changes by who kept it
Yjs, who keeps has the smaller id: 0.3, 1 changes by who kept it
Yjs, who keeps has the greater id: 0.7, 1 changes by who kept it
END
