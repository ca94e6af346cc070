import type { NoticeRequest } from '../domain/commands.ts';
import type { FailureReason } from '../domain/failures.ts';
import type { AccountId, TopUpId } from '../domain/ids.ts';
import { noticeCause, type Notice, type NoticeKind } from '../domain/notices.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { Transaction } from './connect.ts';

/** What a workflow that was lost may have been about to tell, or a new one was not there to see: top-ups that were
 *  credited, failed or refunded without a notice, a suspension by an operator or a dispute, and notices whose mail has
 *  not been handed over. All of the last 24 hours, oldest first: later than that it would confuse. Telling twice does
 *  no harm, because a notice is recorded once by its cause. */
export async function readUntold(transaction: Transaction, accountId: AccountId): Promise<NoticeRequest[]> {
  const [outcomes, refunds, unsent, suspensions] = await Promise.all([
    readUntoldOutcomes(transaction, accountId),
    readUntoldRefunds(transaction, accountId),
    readUnsent(transaction, accountId),
    readUntoldSuspension(transaction, accountId),
  ]);
  return [...outcomes, ...refunds, ...unsent, ...suspensions]
    .toSorted((one, other) => one.atMs - other.atMs)
    .map(({ request }) => request);
}

type Dated = { atMs: number; request: NoticeRequest };
type Outcome = { atMs: number; topUpId: TopUpId; attempt: number; credited: boolean; failure: FailureReason };

/** A failure was told when a notice says that there is no further attempt; one that promised another is no end. */
async function readUntoldOutcomes(transaction: Transaction, accountId: AccountId): Promise<Dated[]> {
  const outcomes = await transaction<Outcome[]>`
    select coalesce(top_up.credited_at, top_up.closed_at) as at_ms, top_up.top_up_id, top_up.attempt,
      top_up.credited_at is not null as credited, coalesce(top_up.failure, 'unknown') as failure
    from top_ups top_up
    where top_up.account_id = ${accountId}
      and (top_up.credited_at is not null or top_up.state = 'failed')
      and coalesce(top_up.credited_at, top_up.closed_at) > now() - interval '24 hours'
      and not exists (
        select 1 from notifications told
        where told.account_id = top_up.account_id and told.notice ->> 'topUpId' = top_up.top_up_id
          and case
            when top_up.credited_at is not null then told.kind = 'top_up.succeeded'
            else told.kind = 'top_up.failed' and told.notice ->> 'nextAttemptAtMs' is null
          end)`;
  return outcomes.map(({ atMs, topUpId, attempt, credited, failure }) => ({
    atMs,
    request: credited
      ? { kind: 'top_up.succeeded', topUpId }
      : { kind: 'top_up.failed', topUpId, attempt, reason: failure, nextAttemptAtMs: null },
  }));
}

async function readUntoldRefunds(transaction: Transaction, accountId: AccountId): Promise<Dated[]> {
  const refunds = await transaction<{ atMs: number; topUpId: TopUpId; refundId: string }[]>`
    select updated_at as at_ms, top_up_id, reversal_id as refund_id from reversals
    where account_id = ${accountId} and kind = 'refund' and status not in ('failed', 'canceled')
      and updated_at > now() - interval '24 hours'
      and not exists (
        select 1 from notifications told
        where told.account_id = reversals.account_id
          and told.cause = 'top_up.refunded:' || reversals.reversal_id)`;
  return refunds.map(({ atMs, ...refund }) => ({ atMs, request: { kind: 'top_up.refunded', ...refund } }));
}

/** Other suspensions are told by the workflow that caused them. */
async function readUntoldSuspension(transaction: Transaction, accountId: AccountId): Promise<Dated[]> {
  const [suspended] = await transaction<{ reason: 'operator' | 'dispute'; sinceMs: number }[]>`
    select suspension_reason as reason, suspended_at as since_ms from accounts
    where account_id = ${accountId} and suspension_reason in ('operator', 'dispute')
      and suspended_at > now() - interval '24 hours'`;
  if (suspended === undefined) return [];
  const { reason, sinceMs } = suspended;
  const cause = noticeCause({ kind: 'auto_top_up.suspended', sinceMs });
  const told = await transaction`
    select 1 from notifications where account_id = ${accountId} and cause = ${cause}`;
  if (told.count > 0) return [];
  return [{ atMs: sinceMs, request: { kind: 'auto_top_up.suspended', reason, sinceMs } }];
}

type Unsent = {
  atMs: number;
  kind: NoticeKind;
  wallet: Wallet | null;
  seq: number | null;
  alertVersion: number | null;
  notice: Notice;
};

async function readUnsent(transaction: Transaction, accountId: AccountId): Promise<Dated[]> {
  const unsent = await transaction<Unsent[]>`
    select notifications.created_at as at_ms, kind, wallet, seq, alert_version, notice
    from notifications
    join deliveries using (account_id, notification_id)
    where account_id = ${accountId} and notifications.created_at > now() - interval '24 hours'
      and deliveries.status in ('pending', 'sending')`;
  return unsent.flatMap((row) => {
    const request = requestBehind(row);
    return request === null ? [] : [{ atMs: row.atMs, request }];
  });
}

/** The request that a notice was recorded for, with the same cause.
 *  @returns null for a notice that the workflow does not ask for. */
function requestBehind({ seq, alertVersion, notice }: Unsent): NoticeRequest | null {
  switch (notice.kind) {
    case 'balance.alert': {
      const { kind, wallet, balance } = notice;
      return seq === null || alertVersion === null ? null : { kind, wallet, balance, seq, alertVersion };
    }
    case 'balance.depleted': {
      const { kind, wallet, balance } = notice;
      return seq === null ? null : { kind, wallet, balance, seq };
    }
    case 'top_up.succeeded':
      return { kind: notice.kind, topUpId: notice.topUpId };
    case 'top_up.failed': {
      const { kind, topUpId, attempt, reason, nextAttemptAtMs } = notice;
      return { kind, topUpId, attempt, reason, nextAttemptAtMs };
    }
    case 'top_up.action_required':
    case 'top_up.action_reminder':
      return { kind: notice.kind, topUpId: notice.topUpId, untilMs: notice.untilMs };
    case 'auto_top_up.suspended':
      return { kind: notice.kind, reason: notice.reason, sinceMs: notice.sinceMs };
    case 'auto_top_up.resumed':
      return { kind: notice.kind, sinceMs: notice.sinceMs };
    case 'top_up.refunded':
      return { kind: notice.kind, topUpId: notice.topUpId, refundId: notice.refundId };
  }
}
