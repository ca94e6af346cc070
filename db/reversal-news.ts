import type { AccountId, TopUpId } from '../domain/ids.ts';
import { noticeCause } from '../domain/notices.ts';
import type { ReversalNews } from '../domain/reversals.ts';
import type { Transaction } from './connect.ts';

/** What of a top-up's reversals the customer has not been told. Read rather than remembered, so that a crash between
 *  the booking and the notice loses nothing. */
export async function readReversalNews(
  transaction: Transaction,
  accountId: AccountId,
  topUpId: TopUpId,
): Promise<ReversalNews> {
  const refunds = await transaction<{ reversalId: string }[]>`
    select reversal_id from reversals
    where account_id = ${accountId} and top_up_id = ${topUpId} and kind = 'refund'
      and status not in ('failed', 'canceled')
      and not exists (
        select 1 from notifications told
        where told.account_id = ${accountId} and told.cause = 'top_up.refunded:' || reversals.reversal_id)
    order by created_at, reversal_id`;
  const suspension = await readSuspensionNews(transaction, accountId, topUpId);
  return { refundIds: refunds.map(({ reversalId }) => reversalId), ...suspension };
}

type Standing = { reason: string | null; suspendedAtMs: number | null };
type Told = { kind: string; reason: string | null; sinceMs: number };

/** A dispute of this top-up has suspended the account, or has been settled since that was told. */
async function readSuspensionNews(
  transaction: Transaction,
  accountId: AccountId,
  topUpId: TopUpId,
): Promise<Omit<ReversalNews, 'refundIds'>> {
  const none = { suspendedSinceMs: null, resumedSinceMs: null };
  const [account] = await transaction<Standing[]>`
    select suspension_reason as reason, suspended_at as suspended_at_ms
    from accounts
    where account_id = ${accountId} and exists (
      select 1 from reversals
      where reversals.account_id = ${accountId} and reversals.top_up_id = ${topUpId} and kind = 'dispute')`;
  if (account === undefined) return none;
  const { reason, suspendedAtMs } = account;
  if (reason === 'dispute' && suspendedAtMs !== null) {
    const cause = noticeCause({ kind: 'auto_top_up.suspended', sinceMs: suspendedAtMs });
    const told = await transaction`
      select 1 from notifications where account_id = ${accountId} and cause = ${cause}`;
    return told.count > 0 ? none : { ...none, suspendedSinceMs: suspendedAtMs };
  }
  if (reason !== null) return none;
  const [last] = await transaction<Told[]>`
    select kind, notice ->> 'reason' as reason, (notice ->> 'sinceMs')::bigint as since_ms from notifications
    where account_id = ${accountId} and kind in ('auto_top_up.suspended', 'auto_top_up.resumed')
    order by created_at desc, notification_id desc limit 1`;
  const isToBeTold = last?.kind === 'auto_top_up.suspended' && last.reason === 'dispute';
  // Named by the suspension that has ended, as the workflow names it: told twice, it is recorded once.
  return isToBeTold ? { ...none, resumedSinceMs: last.sinceMs } : none;
}
