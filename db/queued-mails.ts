import type { Database } from './connect.ts';
import { QUEUED_BY_OPERATOR } from './operator-mails.ts';

/** An operator who waits sees within minutes that a mail is dead again. */
const MAX_ATTEMPTS = 40;

/** The acts that put a mail in line; their target is its delivery. */
const QUEUEING_ACTS = ['mail.replay', 'account.test_alert'];

/** Mails that operators have put in line and that are due: new ones at once, others half a minute after their last
 *  attempt. One that was tried too often is a dead letter again. They are found by the audit of the last week, because
 *  it is short and sorted by time, and there are far more mails than acts.
 *  @returns ids of their deliveries, oldest first. */
export async function takeQueuedMails(db: Database, limit: number): Promise<string[]> {
  const acts = await db.sql<{ deliveryId: string }[]>`
    select distinct target as delivery_id from audit
    where at > now() - interval '7 days' and action = any(${QUEUEING_ACTS}::text[]) and target is not null`;
  if (acts.length === 0) return [];
  const queued = acts.map(({ deliveryId }) => deliveryId);
  await db.sql`
    update deliveries set status = 'dead', detail = 'not accepted after a replay', updated_at = now()
    where delivery_id = any(${queued}::text[]) and status = 'pending' and detail = ${QUEUED_BY_OPERATOR}
      and attempts >= ${MAX_ATTEMPTS}`;
  const due = await db.sql<{ deliveryId: string }[]>`
    select delivery_id from deliveries
    where delivery_id = any(${queued}::text[]) and status in ('pending', 'sending')
      and detail = ${QUEUED_BY_OPERATOR} and (attempts = 0 or updated_at < now() - interval '30 seconds')
    order by delivery_id
    limit ${limit}`;
  return due.map(({ deliveryId }) => deliveryId);
}
