import type { Database } from './connect.ts';

/** What is wanted because of a hold, and what is usual, is judged by younger ones (read-holds.ts). */
const KEPT_DAYS = 30;
const BATCH = 5_000;

/** Deletes holds that ended, or expired, more than 30 days ago, in short transactions.
 *  @returns how many. */
export async function purgeHolds(db: Database): Promise<number> {
  for (let purged = 0; ; ) {
    const { count } = await db.sql`
      delete from holds
      where (account_id, hold_id) in (
        select account_id, hold_id from holds
        where created_at < now() - ${KEPT_DAYS}::integer * interval '1 day'
          and coalesce(ended_at, expires_at) < now() - ${KEPT_DAYS}::integer * interval '1 day'
        order by created_at
        limit ${BATCH}
        for update skip locked)`;
    purged += count;
    if (count < BATCH) return purged;
  }
}
