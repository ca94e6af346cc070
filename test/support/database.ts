import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';

export type TestDatabase = { readonly url: string; drop(): Promise<void> };

/** Makes a migrated, empty database of the test's own on the shared PostgreSQL, in about 40 ms.
 *  `drop()` also ends connections that a test left open.
 *  @throws when the shared PostgreSQL or the migration failed, with the reason. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('postgres');
  if (server.status === 'failed') throw new Error(`PostgreSQL for tests: ${server.reason}`);
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(server.templateUrl, (sql) => sql`create database ${sql(name)} template app`);
  const url = new URL(server.templateUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: () =>
      administer(server.templateUrl, (sql) => sql`drop database if exists ${sql(name)} with (force)`),
  };
}

async function administer(
  templateUrl: string,
  statement: (sql: postgres.Sql) => Promise<unknown>,
): Promise<void> {
  // Not the template itself: a database with connections cannot be copied.
  const url = new URL(templateUrl);
  url.pathname = '/postgres';
  const sql = postgres(url.href, { max: 1, onnotice: () => undefined });
  try {
    await statement(sql);
  } finally {
    await sql.end();
  }
}
