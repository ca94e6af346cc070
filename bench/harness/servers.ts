import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { migrate } from '../../db/migrate.ts';
import { freePorts } from '../../dev/ports.ts';
import { startPostgres } from '../../dev/postgres.ts';
import { SEARCH_ATTRIBUTE_TYPES, startTemporal } from '../../dev/temporal.ts';
import type { BenchContext } from '../bench.ts';

export type BenchServers = Pick<BenchContext, 'createDatabase' | 'temporal' | 'processes'> & {
  /** Of the migrated database that the benches' own are copied from. */
  readonly databaseUrl: string;
  /** Ends both and removes what they kept. */
  stop(): Promise<void>;
};

const NAMESPACE = 'default';

/** Starts one PostgreSQL and one Temporal for all benches, both on disk with the durability of production, in a
 *  folder that is removed at the end. */
export async function startServers(say: (text: string) => void): Promise<BenchServers> {
  const [postgresPort = 0, temporalPort = 0, uiPort = 0] = await freePorts(3);
  const folder = await mkdtemp(join(tmpdir(), 'auto-top-up-bench-'));
  const database = await startPostgres({
    port: postgresPort,
    // Beside the folder, which only its owner may enter: PostgreSQL may have to run as another user.
    dataDir: `${folder}-postgres`,
    durability: 'full',
  });
  const stopDatabase = async () => {
    await database.stop();
    await rm(database.dataDir, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await migrate(database.url);
    const temporal = await startTemporal({
      port: temporalPort,
      uiPort,
      dbFile: join(folder, 'temporal.db'),
      namespace: NAMESPACE,
      searchAttributes: SEARCH_ATTRIBUTE_TYPES,
      onProgress: say,
    });
    return {
      databaseUrl: database.url,
      createDatabase: () => createDatabase(database.url),
      temporal: { address: temporal.address, namespace: NAMESPACE },
      processes: { postgres: database.pid, temporal: temporal.pid },
      async stop() {
        await temporal.stop();
        await stopDatabase();
      },
    };
  } catch (error) {
    await stopDatabase();
    throw error;
  }
}

async function createDatabase(templateUrl: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `bench_${randomBytes(6).toString('hex')}`;
  const template = new URL(templateUrl).pathname.slice(1);
  await administer(templateUrl, (sql) => sql`create database ${sql(name)} template ${sql(template)}`);
  const url = new URL(templateUrl);
  url.pathname = `/${name}`;
  const drop = () => administer(templateUrl, (sql) => sql`drop database if exists ${sql(name)} with (force)`);
  return { url: url.href, drop };
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
