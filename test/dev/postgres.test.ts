import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePorts } from '../../dev/ports.ts';
import { startPostgres } from '../../dev/postgres.ts';
import type { RunningPostgres } from '../../dev/postgres.ts';
import { createTestDatabase } from '../support/database.ts';

let folder: string;
let port: number;
const running: RunningPostgres[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auto-top-up-postgres-'));
  [port = 0] = await freePorts(1);
});

afterEach(async () => {
  const servers = running.splice(0);
  await Promise.all(servers.map((server) => server.stop()));
  for (const { dataDir } of servers) await rm(dataDir, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<RunningPostgres> {
  const server = await startPostgres({
    port,
    // Below a folder of mode 0700, which is what mkdtemp makes: root's PostgreSQL cannot enter it.
    dataDir: join(folder, 'data'),
    durability: 'full',
  });
  running.push(server);
  return server;
}

async function ask<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

test('what was committed is there after a stop and a second start', async () => {
  const first = await start();
  await ask(first.url, (sql) => sql`create table kept as select 'still here' as text`);
  await first.stop();
  const second = await start();
  const rows = await ask(second.url, (sql) => sql`select text from kept`);
  expect(rows).toEqual([{ text: 'still here' }]);
});

test('full durability leaves every safeguard of PostgreSQL on', async () => {
  const { url } = await start();
  const [settings] = await ask(
    url,
    (sql) => sql`
      select current_setting('fsync') as fsync,
             current_setting('synchronous_commit') as commit,
             current_setting('full_page_writes') as pages`,
  );
  expect(settings).toEqual({ fsync: 'on', commit: 'on', pages: 'on' });
});

test('the database is UTF-8 and counts in UTC on every machine', async () => {
  const { url } = await start();
  const [settings] = await ask(
    url,
    (sql) => sql`select current_setting('server_encoding') as encoding, current_setting('timezone') as zone`,
  );
  expect(settings).toEqual({ encoding: 'UTF8', zone: 'UTC' });
});

test('a lock whose number belongs to another program by now does not keep it from starting', async () => {
  const first = await start();
  const lock = join(first.dataDir, 'postmaster.pid');
  const content = await readFile(lock, 'utf8');
  await first.stop();
  await writeFile(lock, content.replace(/^\d+/, String(process.pid)));
  const second = await start();
  expect(await ask(second.url, (sql) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
});

test('a second start on the same folder says which process has it', async () => {
  const first = await start();
  const pid = (await readFile(join(first.dataDir, 'postmaster.pid'), 'utf8')).split('\n')[0];
  const [otherPort = 0] = await freePorts(1);
  await expect(
    startPostgres({ port: otherPort, dataDir: join(folder, 'data'), durability: 'full' }),
  ).rejects.toThrow(`process ${pid}`);
});

test('a port in use is named', async () => {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  try {
    await expect(start()).rejects.toThrow(`Port ${port} is in use, so PostgreSQL cannot start`);
  } finally {
    server.close();
  }
});

test('databases of tests are migrated, and do not see each other', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  try {
    await ask(one.url, (sql) => sql`create table only_here ()`);
    const tables = (url: string) =>
      ask(url, (sql) => sql`select table_name from information_schema.tables where table_schema = 'public'`);
    const names = (await tables(other.url)).map((row) => String(row['table_name']));
    expect(names).toContain('accounts');
    expect(names).not.toContain('only_here');
  } finally {
    await Promise.all([one.drop(), other.drop()]);
  }
});
