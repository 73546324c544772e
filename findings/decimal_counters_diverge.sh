#!/usr/bin/env bash
# Question: several people add decimals to one number at the same time (0.7 + 0.1 + 0.2). Do the replicas end with the same number?
# Usual belief: yes. "Addition commutes", so a counter needs no more: convergence is what these types are sold for.
# Truth: no, in two widely used ones. Addition of doubles does not associate, and each replica adds in the order in which the changes came. In ShareDB
#   (json0, the default type; op "na") a client keeps a number that the server does not have, at the same version, with nothing pending,
#   for good. In Loro two documents with the same version and the same changes disagree; a counter that is shown by a threshold ("reached") can
#   stand on both sides of it.
# Versions: sharedb 7.0.0 (ot-json0 1.1.0), loro-crdt 1.17.1.
# Source: transformComponent in ot-json0 lib/json0.js lets two "na" pass one another unchanged; Loro's counter is an f64 that import adds to
#   (crates/loro-internal/src/state/counter_state.rs).
# Output: as at the end of this file, which it is compared with.

set -euo pipefail
sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts sharedb@7.0.0 loro-crdt@1.17.1 >npm.log

cat >find.mjs <<'END'
import ShareDB from 'sharedb';
import { LoroDoc } from 'loro-crdt';

const done = (start) => new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())));
const backend = new ShareDB();
const open = () => backend.connect().get('key results', '1');
const [anna, ben, later] = [open(), open(), open()];
await done((then) => anna.create({ current: 0.7 }, then));
await Promise.all([anna, ben].map((doc) => done((then) => doc.subscribe(then))));
await Promise.all([done((then) => anna.submitOp([{ p: ['current'], na: 0.1 }], then)), done((then) => ben.submitOp([{ p: ['current'], na: 0.2 }], then))]);
await Promise.all([anna, ben].map((doc) => done((then) => doc.whenNothingPending(then))));
await done((then) => anna.fetch(then));
await done((then) => later.fetch(then));
for (const [who, doc] of Object.entries({ anna, ben, 'who opens it later': later })) {
  console.log(`ShareDB, ${who}: ${doc.data.current} at version ${doc.version}, pending ${doc.hasPending()}`);
}

const changes = [0.7, 0.1, 0.2].map((amount, peer) => {
  const doc = new LoroDoc();
  doc.setPeerId(peer + 1);
  doc.getCounter('current').increment(amount);
  doc.commit();
  return doc.export({ mode: 'update' });
});
const versions = new Set();
for (const order of [[0, 1, 2], [0, 2, 1], [2, 1, 0]]) {
  const doc = new LoroDoc();
  for (const change of order) doc.import(changes[change]);
  versions.add(JSON.stringify([...doc.version().toJSON()].sort()));
  console.log(`Loro, in the order ${order}: ${doc.getCounter('current').value}`);
}
console.log(`Loro, versions that differ: ${versions.size - 1}`);
process.exit();
END
node find.mjs | tee seen
diff - seen <<'END'
ShareDB, anna: 1 at version 3, pending false
ShareDB, ben: 0.9999999999999999 at version 3, pending false
ShareDB, who opens it later: 1 at version 3, pending false
Loro, in the order 0,1,2: 1
Loro, in the order 0,2,1: 0.9999999999999999
Loro, in the order 2,1,0: 1
Loro, versions that differ: 0
END
