import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as runMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';

/** Any number that nothing else on the database uses: it keeps two migrations apart. */
const MIGRATION_LOCK = 4_781_220_306;

/** Brings the database to the schema of this build. Runs as the owner of the tables, waits for a migration that
 *  is running elsewhere, and does nothing when there is nothing to do.
 *  @throws after 10 s when a table is locked: waiting longer would hold up every other statement behind it. */
export async function migrate(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, {
    max: 1,
    onnotice: () => undefined,
    connection: { application_name: 'auto-top-up migrate', lock_timeout: 10_000 },
  });
  try {
    await acquireMigrationLock(sql);
    await runMigrations(drizzle(sql), {
      migrationsFolder: fileURLToPath(new URL('./migrations', import.meta.url)),
    });
  } finally {
    // Ends the session, and with it the lock.
    await sql.end();
  }
}

/** The lock has its own patience: another migration may rightly take minutes. */
async function acquireMigrationLock(sql: postgres.Sql): Promise<void> {
  await sql`set lock_timeout = 0`;
  await sql`select pg_advisory_lock(${MIGRATION_LOCK})`;
  await sql`reset lock_timeout`;
}
