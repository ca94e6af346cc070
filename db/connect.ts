import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import * as schema from './schema.ts';

/** What runs statements: the pool, or the transaction that a statement has to be part of. */
export type Runner = postgres.ISql;
export type Transaction = postgres.TransactionSql;

/** Columns arrive in camel case, bigints as numbers, instants as milliseconds since the epoch. */
export type Database = {
  readonly sql: postgres.Sql;
  readonly orm: PostgresJsDatabase<typeof schema>;
  /** Commits what `work` wrote once it resolves, and rolls back when it rejects. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Like `transaction`, but reads only, and every statement sees the same moment. */
  reading<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  end(): Promise<void>;
};

export type ConnectOptions = {
  /** The most connections at once. */
  max: number;
  applicationName: string;
  log: { warn(details: Record<string, unknown>, message: string): void };
};

/** The role that migrations make: it can read and add ledger entries, never change or remove one. */
export const SERVICE_ROLE = 'auto_top_up_service';

const CONNECT_TIMEOUT_SECONDS = 5;
const STATEMENT_TIMEOUT_MS = 15_000;
const LOCK_TIMEOUT_MS = 10_000;
const IDLE_TRANSACTION_TIMEOUT_MS = 15_000;
const END_TIMEOUT_SECONDS = 5;

/** Drops every connection and goes on; missing from the library's types. */
type Closable = postgres.Sql & { close(): Promise<void> };

/** PostgreSQL's code for a write on a server that only reads: it was the primary until a failover. */
const READ_ONLY_TRANSACTION = '25006';
const OID = { bigint: 20, timestamptz: 1184, timestamptzArray: 1185 } as const;

const UNPATCHED =
  'The PostgreSQL driver has not been patched, so a lost connection could end the process: run `npx patch-package`.';

/** Opens a pool; connections are made when they are needed and again after they were lost. A transaction whose
 *  connection is lost ends with that error, and what it still does is refused.
 *  @throws when the driver is not the patched one (docs/adr/0007-patched-postgresql-driver.md). */
export function connect(databaseUrl: string, { max, applicationName, log }: ConnectOptions): Database {
  if (!('survivesLostConnections' in postgres)) throw new Error(UNPATCHED);
  const sql = postgres(databaseUrl, {
    max,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    connection: {
      application_name: applicationName,
      role: SERVICE_ROLE,
      TimeZone: 'UTC',
      // An acknowledged event survives a crash, whatever the server's default is.
      synchronous_commit: 'on',
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
    },
    transform: { column: { from: postgres.toCamel } },
    onnotice: ({ message, code }) => log.warn({ notice: message, code }, 'notice from PostgreSQL'),
  });
  const orm = drizzle(sql, { schema, casing: 'snake_case' });
  readNumbersExactly(sql);
  const dropStaleConnections = async (error: unknown): Promise<never> => {
    if (error instanceof postgres.PostgresError && error.code === READ_ONLY_TRANSACTION) {
      log.warn({ code: error.code }, 'connected to a server that only reads: connecting again');
      await (sql as Closable).close();
    }
    throw error;
  };
  return {
    sql,
    orm,
    transaction: <T>(work: (transaction: Transaction) => Promise<T>) =>
      (sql.begin(work) as Promise<T>).catch(dropStaleConnections),
    reading: <T>(work: (transaction: Transaction) => Promise<T>) =>
      sql.begin('isolation level repeatable read read only', work) as Promise<T>,
    end: () => sql.end({ timeout: END_TIMEOUT_SECONDS }),
  };
}

/** After Drizzle, which sets parsers of its own. Bigints are within the safe integers by check constraints. */
function readNumbersExactly(sql: postgres.Sql): void {
  const { parsers, serializers } = sql.options;
  parsers[OID.bigint] = Number;
  parsers[OID.timestamptz] = (text: string) => Date.parse(text);
  serializers[OID.timestamptz] = (ms: number) => new Date(ms).toISOString();
  // Made anew from those of the single value when the first connection is opened.
  Reflect.deleteProperty(parsers, OID.timestamptzArray);
  Reflect.deleteProperty(serializers, OID.timestamptzArray);
}
