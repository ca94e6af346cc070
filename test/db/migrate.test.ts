import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { migrate } from '../../db/migrate.ts';

let admin: postgres.Sql;
let url: string;
beforeAll(async () => {
  const server = inject('postgres');
  if (server.status === 'failed') throw new Error(server.reason);
  const address = new URL(server.templateUrl);
  address.pathname = '/postgres';
  admin = postgres(address.href, { max: 1, onnotice: () => undefined });
  const name = `migrate_${randomBytes(6).toString('hex')}`;
  await admin`create database ${admin(name)}`;
  address.pathname = `/${name}`;
  url = address.href;
});
afterAll(async () => {
  await admin`drop database ${admin(new URL(url).pathname.slice(1))} with (force)`;
  await admin.end();
});

test('migrations started at the same time, and again later, are applied once', async () => {
  await Promise.all([migrate(url), migrate(url), migrate(url)]);
  await migrate(url);
  const sql = postgres(url, { max: 1 });
  const applied = await sql`select hash from drizzle.__drizzle_migrations`;
  const distinct = new Set(applied.map((row) => String(row['hash'])));
  expect(applied.length).toBe(distinct.size);
  const partitions = await sql`select 1 from pg_inherits where inhparent = 'ledger_entries'::regclass`;
  expect(partitions).toHaveLength(16);
  await sql.end();
});
