// What starting a server needs.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

// The first line that matches; everything after it is let through unread.
export function lineOf(stream, pattern) {
  return new Promise((resolve, reject) => {
    const seen = [];
    const lines = createInterface({ input: stream });
    lines.on('line', (line) => {
      const found = pattern.exec(line);
      if (found === null) return seen.push(line);
      lines.removeAllListeners();
      stream.resume();
      resolve(found);
    });
    lines.on('close', () => reject(new Error(`It ended before it was ready.\n${seen.join('\n')}`)));
  });
}
