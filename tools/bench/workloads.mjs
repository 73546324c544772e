// What is measured. `rounds`: how often, everybody in turn. `measure` gives one round's figures, `figures` the medians of all; both are
// plain data, which tools/bench/report.mjs makes a table of.
import { setTimeout as sleep } from 'node:timers/promises';
import { contenders } from './contenders.mjs';

const storesMs = 12_000; // by then everybody has stored what was typed: Hocuspocus waits up to ten seconds, LevelDB lags behind

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const medians = (rounds) => Object.fromEntries(Object.keys(rounds[0]).map((name) => [name, median(rounds.map((it) => it[name]))]));
const sum = (values) => values.reduce((a, b) => a + b, 0);

// One server for one run of okra-load. Killed at the end: nothing that it has not stored yet is of interest.
async function once(ground, name, options) {
  const server = await ground.start(ground.store(name));
  try {
    return await server.load(options.map((it) => (it === 'SERVER_PID' ? server.child.pid : it)));
  } finally {
    await ground.stop(server, 'SIGKILL');
  }
}

const faults = (step) => ({ lost: step.lost, duplicated: step.duplicated, refused: step.refused, disconnects: step.disconnects });
const latency = (step) => ({ p50_ms: step.to_peer.p50_ms, p99_ms: step.to_peer.p99_ms });

export const workloads = {
  // Whether the load is real: somebody with the server's own client joins afterwards, and must find every character that was typed.
  agree: {
    rounds: 1,
    who: (name) => contenders[name].dialect !== 'okra', // okra-load compares replicas of its own
    async measure(ground, name) {
      const server = await ground.start(ground.store(name));
      try {
        const [step, agreement] = await server.load(['--rooms', 1, '--clients-per-room', 5, '--rate', 10, '--warmup', 0, '--seconds', 2, '--replicas-per-room', 2]);
        const typed = step.submitted_per_s * step.seconds + (contenders[name].dialect === 'sharedb' ? 0 : 1); // one makes the document
        const found = await server.read(agreement.document);
        if (!agreement.equal || found !== Math.round(typed)) throw new Error(`${name}: ${typed} characters were typed, ${found} are there`);
        return { characters: found, ...faults(step) };
      } finally {
        await ground.stop(server);
      }
    },
    figures: medians,
  },

  typing: {
    rounds: 3,
    seconds: 10,
    async measure(ground, name, { seconds }) {
      const [step] = await once(ground, name, ['--rooms', 1, '--clients-per-room', 30, '--rate', 5, '--seconds', seconds, '--replicas-per-room', 0]);
      return { ...latency(step), ...faults(step) };
    },
    // What went wrong is added up, not lost in a median.
    figures: (rounds) => ({ ...medians(rounds), ...Object.fromEntries(Object.keys(faults({})).map((it) => [it, sum(rounds.map((round) => round[it]))])) }),
  },

  rooms: {
    rounds: 3,
    seconds: 3,
    async measure(ground, name, { seconds }) {
      const options = ['--rooms', 200, '--clients-per-room', 10, '--rate', contenders[name].rate, '--seconds', seconds, '--replicas-per-room', 0, '--ramp-rooms-rate'];
      const { result } = (await once(ground, name, options)).at(-1);
      return { operations_per_s: result.submitted_per_s, deliveries_per_s: result.deliveries_per_s, ...latency(result) };
    },
    figures: medians,
  },

  viewers: {
    rounds: 3,
    seconds: 3,
    async measure(ground, name, { seconds }) {
      const first = contenders[name].viewers;
      const options = ['--rooms', 1, '--clients-per-room', 2, '--rate', 10, '--seconds', seconds, '--replicas-per-room', 0, '--viewers-per-room', first, '--ramp-step', Math.min(first, 1000), '--ramp-viewers'];
      const steps = await once(ground, name, options);
      const { result } = steps.at(-1);
      return { viewers: result.viewers, ...latency(result) };
    },
    figures: medians,
  },

  screens: {
    rounds: 3,
    seconds: 3,
    async measure(ground, name, { seconds }) {
      const [step] = await once(ground, name, ['--rooms', 1, '--clients-per-room', 2, '--rate', 10, '--seconds', seconds, '--replicas-per-room', 0, '--viewers-per-room', 2000]);
      return latency(step);
    },
    figures: medians,
  },

  idle: {
    rounds: 1,
    seconds: 1,
    connections: 5000,
    async measure(ground, name, { seconds, connections }) {
      const [it] = await once(ground, name, ['--idle', connections, '--rooms', connections / 10, '--viewers-listed', '--seconds', seconds, '--server-pid', 'SERVER_PID']);
      return { bytes_each: it.bytes_each };
    },
    figures: medians,
  },

  join: {
    rounds: 1,
    who: (name) => name !== 'ceiling' && name !== 'hocuspocus-stored', // no document; the same server as without
    async measure(ground, name) {
      const [it] = await once(ground, name, ['--join']);
      return { one_ms: it.one_ms, last_of_100_ms: it.last_of_100_ms, bytes: it.bytes };
    },
    figures: medians,
  },

  start: {
    rounds: 1,
    starts: 5,
    who: (name) => contenders[name].keeps && name !== 'hocuspocus-stored',
    // The document is there already: the server starts, and the first who comes joins it.
    async measure(ground, name, { starts }) {
      const store = ground.store(name);
      const author = await ground.start(store);
      const [{ document, revision }] = await author.load(['--join']);
      await sleep(storesMs);
      await ground.stop(author);
      const seen = [];
      for (let run = 0; run < starts; run += 1) {
        const server = await ground.start(store);
        const [{ first_ms }] = await server.load(['--first-join', document, '--first-join-at', revision]);
        seen.push({ listening_ms: server.startedIn, first_ms, both_ms: server.startedIn + first_ms });
        await ground.stop(server);
      }
      return medians(seen);
    },
    figures: medians,
  },

  kill: {
    rounds: 3,
    seconds: 15,
    who: (name) => name !== 'ceiling',
    async measure(ground, name, { seconds }) {
      const store = ground.store(name);
      const server = await ground.start(store);
      let again;
      const options = ['--kill', '--server-pid', server.child.pid, '--rooms', 10, '--clients-per-room', 5, '--rate', 2, '--seconds', seconds, '--replicas-per-room', 0];
      const lines = await server.load(options, (line) => {
        if (line.killed) again = ground.stop(server, 'SIGKILL').then(() => ground.start(store, { port: server.port }));
      });
      await ground.stop(await again, 'SIGKILL');
      const { seen, gone } = lines.at(-1);
      return { seen, gone };
    },
    figures: (rounds) => ({ seen: sum(rounds.map((it) => it.seen)), gone: sum(rounds.map((it) => it.gone)) }),
  },
};
