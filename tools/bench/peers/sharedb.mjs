// ShareDB over ws and websocket-json-stream, as its README has it: in memory, or on PostgreSQL if there is a DATABASE_URL, into which
// sharedb-postgres' structure.sql has been read.
//
//   [DATABASE_URL=postgres://…] node sharedb.mjs PORT
import { createServer } from 'node:http';
import WebSocketJSONStream from '@teamwork/websocket-json-stream';
import ShareDB from 'sharedb';
import ShareDBPostgres from 'sharedb-postgres';
import { WebSocketServer } from 'ws';

const [port] = process.argv.slice(2);
const connectionString = process.env.DATABASE_URL;
const backend = new ShareDB(connectionString === undefined ? {} : { db: new ShareDBPostgres({ connectionString }) });
const server = createServer();
new WebSocketServer({ server }).on('connection', (socket) => backend.listen(new WebSocketJSONStream(socket)));
server.listen(Number(port), '127.0.0.1', () => console.log(`listening on 127.0.0.1:${port}`));
