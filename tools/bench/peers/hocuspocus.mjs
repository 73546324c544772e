// Hocuspocus with its Database extension on PostgreSQL, which stores the whole document: by default two seconds after the last
// change and at the latest after ten, with --store-every-change after each.
//
//   DATABASE_URL=postgres://… node hocuspocus.mjs PORT [--store-every-change]
import { Database } from '@hocuspocus/extension-database';
import { Server } from '@hocuspocus/server';
import pg from 'pg';

const [port, ...flags] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
await pool.query('CREATE TABLE IF NOT EXISTS documents (name text PRIMARY KEY, data bytea NOT NULL)');

const server = new Server({
  address: '127.0.0.1',
  port: Number(port),
  quiet: true,
  ...(flags.includes('--store-every-change') ? { debounce: 0 } : {}),
  extensions: [
    new Database({
      fetch: async ({ documentName }) => {
        const { rows } = await pool.query('SELECT data FROM documents WHERE name = $1', [documentName]);
        return rows[0]?.data ?? null;
      },
      store: async ({ documentName, state }) => {
        await pool.query('INSERT INTO documents (name, data) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET data = $2', [documentName, state]);
      },
    }),
  ],
});
await server.listen();
console.log(`listening on 127.0.0.1:${port}`);
