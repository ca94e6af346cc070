import type { Database } from './connect.ts';
import { purgeHolds } from './purge-holds.ts';

/** Removed well within a statement's time-out. */
const ROWS_PER_PURGE = 10_000;

/** Tables of which old rows are of no use any more, and for how long they are: nothing here is money, nor the record of
 *  who did what, which are kept. Dead letters and open findings stay until a person has dealt with them. */
const KEPT = [
  // Operators look up what the platform was told while a complaint is fresh.
  { table: 'webhook_deliveries', days: 90, where: "status = 'delivered'", at: 'updated_at' },
  // A client repeats a request within hours; Stripe forgets its own keys after thirty days.
  { table: 'idempotent_requests', days: 30, where: 'true', at: 'created_at' },
  { table: 'findings', days: 365, where: 'resolved_at is not null', at: 'resolved_at' },
  { table: 'reconciliations', days: 90, where: 'finished_at is not null', at: 'started_at' },
] as const;

/** Removes what is no longer of use, in short transactions.
 *  @returns how many rows were removed. */
export async function purge(db: Database): Promise<number> {
  let removed = await purgeHolds(db);
  for (const kept of KEPT) removed += await purgeTable(db, kept);
  return removed;
}

async function purgeTable(
  { sql }: Database,
  { table, days, where, at }: (typeof KEPT)[number],
): Promise<number> {
  for (let removed = 0; ; ) {
    const { count } = await sql`
      delete from ${sql(table)}
      where ctid = any(array(
        select ctid from ${sql(table)}
        where ${sql.unsafe(where)} and ${sql(at)} < now() - ${days}::integer * interval '1 day'
        limit ${ROWS_PER_PURGE}))`;
    removed += count;
    if (count < ROWS_PER_PURGE) return removed;
  }
}
