import type { AccountId } from '../domain/ids.ts';
import type { WebhookVerdict } from '../domain/webhooks.ts';
import type { Database } from './connect.ts';

/** A message that one sender has in hand until its lease runs out. */
export type ClaimedWebhook = {
  accountId: AccountId;
  messageId: string;
  type: string;
  payload: string;
  /** 1 for the first; a claim counts, whatever becomes of it. */
  attempt: number;
};

export type WebhookOutbox = ReturnType<typeof createWebhookOutbox>;

/** The queue of webhooks to the platform. */
export function createWebhookOutbox({ sql }: Database) {
  return {
    /** Takes messages that are due, the longest waiting first, and pushes their next attempt behind the lease before
     *  anything is sent: should the sender die, they are due again then. */
    claim: async ({ limit, leaseMs }: { limit: number; leaseMs: number }): Promise<ClaimedWebhook[]> => [
      ...(await sql<ClaimedWebhook[]>`
        with due as (
          select account_id, message_id from webhook_deliveries
          where status = 'pending' and next_attempt_at <= now()
          order by next_attempt_at
          limit ${limit}
          for update skip locked
        )
        update webhook_deliveries delivery
        set attempts = attempts + 1, updated_at = now(),
          next_attempt_at = now() + ${leaseMs}::bigint * interval '1 millisecond'
        from due
        where delivery.account_id = due.account_id and delivery.message_id = due.message_id
        returning delivery.account_id, delivery.message_id, delivery.type, delivery.payload,
          delivery.attempts as attempt`),
    ],

    /** Stores what came of an attempt. A delivery always counts; a failure only while nobody else has begun another
     *  attempt, or an operator a replay. */
    settle: async (
      { accountId, messageId, attempt }: Pick<ClaimedWebhook, 'accountId' | 'messageId' | 'attempt'>,
      verdict: WebhookVerdict,
      { responseStatus, detail }: { responseStatus: number | null; detail: string },
    ): Promise<void> => {
      const retryInMs = verdict.status === 'pending' ? verdict.retryInMs : 0;
      await sql`
        update webhook_deliveries
        set status = ${verdict.status}, response_status = ${responseStatus}, detail = ${detail},
          next_attempt_at = now() + ${retryInMs}::bigint * interval '1 millisecond', updated_at = now()
        where account_id = ${accountId} and message_id = ${messageId}
          and (${verdict.status === 'delivered'} or (status = 'pending' and attempts = ${attempt}))`;
    },
  };
}
