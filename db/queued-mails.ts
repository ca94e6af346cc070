import type { Database } from './connect.ts';
import { QUEUED_BY_OPERATOR } from './operator-mails.ts';

/** An operator who waits sees within minutes that a mail is dead again. */
const MAX_ATTEMPTS = 40;

/** Mails that operators have put in line and that are due: new ones at once, others half a minute after their last
 *  attempt. One that was tried too often is a dead letter again.
 *  @returns ids of their deliveries, oldest first. */
export async function takeQueuedMails(db: Database, limit: number): Promise<string[]> {
  await db.sql`
    update deliveries set status = 'dead', detail = 'not accepted after a replay', updated_at = now()
    where status = 'pending' and detail = ${QUEUED_BY_OPERATOR} and attempts >= ${MAX_ATTEMPTS}`;
  const due = await db.sql<{ deliveryId: string }[]>`
    select delivery_id from deliveries
    where status in ('pending', 'sending') and detail = ${QUEUED_BY_OPERATOR}
      and (attempts = 0 or updated_at < now() - interval '30 seconds')
    order by delivery_id
    limit ${limit}`;
  return due.map(({ deliveryId }) => deliveryId);
}
