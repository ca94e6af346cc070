import { v7 as uuid } from 'uuid';
import type { NoticeRequest } from '../domain/commands.ts';
import { isMuted } from '../domain/email-preferences.ts';
import type { AccountId } from '../domain/ids.ts';
import { noticeCause, type Notice } from '../domain/notices.ts';
import type { WebhookMessage } from '../domain/webhooks.ts';
import { AccountError } from './account-error.ts';
import type { Transaction } from './connect.ts';
import { readMutedEmails } from './email-preferences.ts';
import { lockAccountWallets } from './lock-wallets.ts';
import type { DeliveryStatus } from './schema.ts';
import { readAlertValue } from './settings.ts';

/** What a notice says, on the dashboard and to the platform. */
export type NoticeText = {
  title: string;
  body: string;
  /** null or absent when the platform does not hear of it. */
  webhook?: WebhookMessage | null;
};

type BalanceRequest = Extract<NoticeRequest, { wallet: unknown }>;

/** Records a notification with its email, and the webhook if there is one, in one transaction, once.
 *
 *  Two requests of one crossing may name different entries, because a workflow that was restarted sees the
 *  crossing in another slice. Under the wallets' lock a balance notice is therefore compared with the one before:
 *  it tells of a new crossing only if the balance was at or above the value in between and fell again.
 *  @returns the delivery to send; null when this crossing has been told already, or the customer wants no mail of it.
 *  @throws AccountError `account_unknown` */
export async function recordNotice(
  transaction: Transaction,
  accountId: AccountId,
  request: NoticeRequest,
  notice: Notice,
  text: NoticeText,
): Promise<{ deliveryId: string } | null> {
  const locked = await lockAccountWallets(transaction, accountId);
  if (locked === null) throw new AccountError('account_unknown', accountId);
  const cause = noticeCause(request);
  const [earlier] = await transaction<{ deliveryId: string; status: DeliveryStatus }[]>`
    select delivery_id, status from deliveries
    join notifications using (account_id, notification_id)
    where account_id = ${accountId} and cause = ${cause} and channel = 'email'`;
  if (earlier !== undefined) return toSend(earlier);
  if ('wallet' in request && (await isToldAlready(transaction, accountId, request))) return null;
  const [notificationId, deliveryId] = [uuid(), uuid()];
  const seq = 'seq' in request ? request.seq : null;
  const alertVersion = 'alertVersion' in request ? request.alertVersion : null;
  await transaction`
    insert into notifications
      (account_id, notification_id, kind, wallet, cause, notice, title, body, seq, alert_version)
    values (${accountId}, ${notificationId}, ${request.kind}, ${notice.wallet}, ${cause},
      ${JSON.stringify(notice)}::text::jsonb, ${text.title}, ${text.body}, ${seq}, ${alertVersion})`;
  const muted = isMuted(request.kind, await readMutedEmails(transaction, accountId));
  const status = muted ? 'muted' : 'pending';
  await transaction`
    insert into deliveries (account_id, delivery_id, notification_id, channel, status)
    values (${accountId}, ${deliveryId}, ${notificationId}, 'email', ${status})`;
  if (text.webhook) await queueWebhook(transaction, accountId, notificationId, text.webhook);
  return toSend({ deliveryId, status });
}

/** A muted mail is on record, so that the dashboard can say so; nobody is asked to send it. */
function toSend({ deliveryId, status }: { deliveryId: string; status: DeliveryStatus }) {
  return status === 'muted' ? null : { deliveryId };
}

async function queueWebhook(
  transaction: Transaction,
  accountId: AccountId,
  notificationId: string,
  { type, payload }: WebhookMessage,
): Promise<void> {
  await transaction`
    insert into webhook_deliveries (account_id, message_id, notification_id, type, payload, status)
    values (${accountId}, ${`msg_${uuid()}`}, ${notificationId}, ${type}, ${payload}, 'pending')`;
}

async function isToldAlready(
  transaction: Transaction,
  accountId: AccountId,
  request: BalanceRequest,
): Promise<boolean> {
  const { kind, wallet, seq } = request;
  const alertVersion = kind === 'balance.alert' ? request.alertVersion : null;
  const rearmedFrom = await rearmingBalance(transaction, accountId, request);
  const [told] = await transaction`
    select 1 from notifications told
    where told.account_id = ${accountId} and told.wallet = ${wallet} and told.kind = ${kind}
      and told.alert_version is not distinct from ${alertVersion}::bigint
      and not exists (
        select 1 from ledger_entries dip
        where dip.account_id = ${accountId} and dip.wallet = ${wallet}
          and dip.seq between least(told.seq, ${seq}::bigint) and greatest(told.seq, ${seq}::bigint)
          and dip.balance_after < ${rearmedFrom}
          and dip.seq > (
            select min(entry.seq) from ledger_entries entry
            where entry.account_id = ${accountId} and entry.wallet = ${wallet}
              and entry.seq between least(told.seq, ${seq}::bigint) and greatest(told.seq, ${seq}::bigint)
              and entry.balance_after >= ${rearmedFrom}
          )
      )
    limit 1`;
  return told !== undefined;
}

/** The lowest balance that arms a notice again: the alert value of the settings that it was armed by, or the
 *  least that is more than nothing. */
async function rearmingBalance(
  transaction: Transaction,
  accountId: AccountId,
  request: BalanceRequest,
): Promise<number> {
  if (request.kind === 'balance.depleted') return 1;
  return readAlertValue(transaction, accountId, request.wallet, request.alertVersion);
}
