#!/usr/bin/env bash
# Question: Anna sets a key result's owner, and Ben, who sees that, sets it to somebody else. Then Anna presses undo. What becomes of Ben's choice?
# Usual belief: it stands. Undo for several people takes back one's own changes only; Anna's is overwritten already, so there is nothing left to take
#   back. (Yjs does that by default, and its undo then has no effect.)
# Truth: Loro's UndoManager writes back what was there before Anna's change, over Ben's later one, for everybody: in a map, in a movable list and in a
#   movable tree, where the undo of a move carries off what Ben has moved elsewhere since; and the undo of a creation deletes the node
#   with the children that Ben has put into it. canUndo() says nothing of it. The documentation says that remote edits are not reverted.
# Versions: loro-crdt 1.17.1, yjs 13.6.33.
# Source: documentation of Loro's UndoManager ("local-only … does not revert remote edits"); yjs issue 390 and its option ignoreRemoteMapChanges, which
#   turns Loro's behaviour on.
# Output: as at the end of this file, which it is compared with.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts loro-crdt@1.17.1 yjs@13.6.33 >npm.log

cat >find.mjs <<'END'
import { LoroDoc, UndoManager } from 'loro-crdt';
import * as Y from 'yjs';

function loro(what, { prepare, byAnna, byBen, show }) {
  const [anna, ben] = [1, 2].map((peer) => {
    const doc = new LoroDoc();
    doc.setPeerId(peer);
    return doc;
  });
  const exchange = () => {
    for (const [from, to] of [[anna, ben], [ben, anna]]) {
      from.commit();
      to.import(from.export({ mode: 'update' }));
    }
  };
  const place = prepare(anna);
  exchange();
  const undo = new UndoManager(anna, { mergeInterval: 0 });
  const made = byAnna(anna, place);
  exchange();
  byBen(ben, place, made);
  exchange();
  const before = show(ben, place, made);
  undo.undo();
  exchange();
  console.log(`Loro, ${what}: Ben sees ${before}, after Anna's undo ${show(ben, place, made)}`);
}

loro('map', {
  prepare: (doc) => doc.getMap('key result').set('owner', 'nobody'),
  byAnna: (doc) => doc.getMap('key result').set('owner', 'Anna'),
  byBen: (doc) => doc.getMap('key result').set('owner', 'Ben'),
  show: (doc) => doc.getMap('key result').get('owner'),
});
loro('movable list', {
  prepare: (doc) => doc.getMovableList('owners').push('nobody'),
  byAnna: (doc) => doc.getMovableList('owners').set(0, 'Anna'),
  byBen: (doc) => doc.getMovableList('owners').set(0, 'Ben'),
  show: (doc) => doc.getMovableList('owners').get(0),
});
const named = (doc, title, parent) => {
  const node = doc.getTree('plan').createNode(parent);
  node.data.set('title', title);
  return node.id;
};
loro('tree, a move', {
  prepare: (doc) => {
    const [first, second, third] = ['first objective', 'second objective', 'third objective'].map((title) => named(doc, title));
    return { keyResult: named(doc, 'key result', first), second, third };
  },
  byAnna: (doc, { keyResult, second }) => doc.getTree('plan').move(keyResult, second),
  byBen: (doc, { keyResult, third }) => doc.getTree('plan').move(keyResult, third),
  show: (doc, { keyResult }) => `it under the ${doc.getTree('plan').getNodeByID(keyResult).parent().data.get('title')}`,
});
loro('tree, a creation', {
  prepare: () => {},
  byAnna: (doc) => named(doc, 'objective of Anna'),
  byBen: (doc, _, objective) => named(doc, 'key result of Ben', objective),
  show: (doc) => JSON.stringify(doc.getTree('plan').getNodes({ withDeleted: false }).map((node) => node.data.get('title'))),
});

const anna = new Y.Doc();
const ben = new Y.Doc();
anna.on('update', (update) => Y.applyUpdate(ben, update, 'other'));
ben.on('update', (update) => Y.applyUpdate(anna, update, 'other'));
const owner = (doc) => doc.getMap('key result');
owner(anna).set('owner', 'nobody');
const undo = new Y.UndoManager(owner(anna), { captureTimeout: 0 });
owner(anna).set('owner', 'Anna');
owner(ben).set('owner', 'Ben');
undo.undo();
console.log(`Yjs, map: after Anna's undo Ben sees ${owner(ben).get('owner')}`);
END
node find.mjs | tee seen
diff - seen <<'END'
Loro, map: Ben sees Ben, after Anna's undo nobody
Loro, movable list: Ben sees Ben, after Anna's undo nobody
Loro, tree, a move: Ben sees it under the third objective, after Anna's undo it under the first objective
Loro, tree, a creation: Ben sees ["objective of Anna","key result of Ben"], after Anna's undo []
Yjs, map: after Anna's undo Ben sees Ben
END
