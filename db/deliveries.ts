import type { AccountId } from '../domain/ids.ts';
import type { Notice } from '../domain/notices.ts';
import type { Runner } from './connect.ts';
import type { DeliveryStatus } from './schema.ts';

/** One email of the outbox. */
export type EmailDelivery = {
  deliveryId: string;
  accountId: AccountId;
  status: DeliveryStatus;
  attempts: number;
  /** Age of the last hand-over, by the database's clock; null before the first. */
  sendingForMs: number | null;
  notice: Notice;
  /** The account's address of now. */
  to: string;
};

export type SendingResult =
  | { status: 'sent'; messageId: string; ambiguous: boolean }
  | { status: 'rejected' | 'dead'; detail: string };

/** @returns null when there is no such delivery. */
export async function readDelivery(sql: Runner, deliveryId: string): Promise<EmailDelivery | null> {
  const [delivery] = await sql<EmailDelivery[]>`
    select delivery.delivery_id, delivery.account_id, delivery.status, delivery.attempts,
      (extract(epoch from clock_timestamp() - delivery.sending_since) * 1000)::bigint as sending_for_ms,
      notifications.notice, accounts.email as "to"
    from deliveries delivery
    join notifications on notifications.account_id = delivery.account_id
      and notifications.notification_id = delivery.notification_id
    join accounts on accounts.account_id = delivery.account_id
    where delivery.delivery_id = ${deliveryId}`;
  return delivery ?? null;
}

/** Commits `sending` before the mail is handed over, for one of those who want to: a worker that was believed dead
 *  may still be at it. A mail that was being sent already was handed over without an answer, so it may arrive twice
 *  from here on, and the delivery says so.
 *  @param attempt one more than the attempts that the caller has read.
 *  @returns false when somebody else has begun this attempt. */
export async function beginSending(sql: Runner, deliveryId: string, attempt: number): Promise<boolean> {
  const begun = await sql`
    update deliveries
    set status = 'sending', attempts = ${attempt}, ambiguous = ambiguous or status = 'sending',
      sending_since = clock_timestamp(), updated_at = now()
    where delivery_id = ${deliveryId} and status in ('pending', 'sending') and attempts = ${attempt - 1}`;
  return begun.count > 0;
}

/** Back to `pending`: this attempt certainly sent nothing. */
export async function notSent(sql: Runner, deliveryId: string, attempt: number): Promise<void> {
  await sql`
    update deliveries set status = 'pending', sending_since = null, updated_at = now()
    where delivery_id = ${deliveryId} and status = 'sending' and attempts = ${attempt}`;
}

/** Stores how sending ended. What the provider has reported of it by then, such as a bounce, is left. */
export async function finishSending(sql: Runner, deliveryId: string, result: SendingResult): Promise<void> {
  const messageId = result.status === 'sent' ? result.messageId : null;
  const detail = result.status === 'sent' ? null : result.detail;
  const ambiguous = result.status === 'sent' && result.ambiguous;
  await sql`
    update deliveries
    set status = case when status in ('pending', 'sending') then ${result.status} else status end,
      provider_message_id = coalesce(${messageId}, provider_message_id), detail = coalesce(${detail}, detail),
      ambiguous = ambiguous or ${ambiguous}, updated_at = now()
    where delivery_id = ${deliveryId}`;
}
