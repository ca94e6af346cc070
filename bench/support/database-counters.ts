import postgres from 'postgres';

/** What a database has come to; the difference of two readings is what was written in between. */
export type DatabaseCounters = {
  /** Tables with their indexes. */
  readonly ledgerBytes: number;
  readonly otherBytes: number;
  /** Of the whole server, so nothing else may write meanwhile. */
  readonly walBytes: number;
  readonly transactions: number;
};

/** Reads the counters of one database. */
export async function readCounters(databaseUrl: string): Promise<DatabaseCounters> {
  const sql = postgres(databaseUrl, { max: 1 });
  try {
    const [row] = await sql<Record<keyof DatabaseCounters, string>[]>`
      select
        (select sum(pg_total_relation_size(oid)) from pg_class
          where relkind = 'r' and relname like 'ledger_entries%') as "ledgerBytes",
        (select sum(pg_total_relation_size(oid)) from pg_class
          where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not like 'ledger_entries%'
        ) as "otherBytes",
        pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as "walBytes",
        (select xact_commit + xact_rollback from pg_stat_database where datname = current_database())
          as "transactions"`;
    if (row === undefined) throw new Error('PostgreSQL answered nothing');
    return {
      ledgerBytes: Number(row.ledgerBytes),
      otherBytes: Number(row.otherBytes),
      walBytes: Number(row.walBytes),
      transactions: Number(row.transactions),
    };
  } finally {
    await sql.end();
  }
}

/** Writes all that is pending to the data files, so that no round pays for the one before. */
export async function checkpoint(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1 });
  try {
    await sql`checkpoint`;
  } finally {
    await sql.end();
  }
}

/** How many accounts of a database have news that their workflow has not been told. */
export async function countUntold(databaseUrl: string): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1 });
  try {
    const [row] = await sql<{ untold: number }[]>`
      select count(*)::int as untold from account_wakes where dirty`;
    return row?.untold ?? 0;
  } finally {
    await sql.end();
  }
}

/** Marks every account as if something had happened to it just now: each workflow is started or told. */
export async function wakeEveryAccount(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1 });
  try {
    await sql`update account_wakes set dirty = true, version = version + 1, due_at = now()`;
  } finally {
    await sql.end();
  }
}
