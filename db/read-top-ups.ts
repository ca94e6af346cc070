import type { OpenTopUp } from '../domain/account-state.ts';
import { isCheckout } from '../domain/checkout.ts';
import type { FailedTopUp } from '../domain/explain.ts';
import type { FailureReason } from '../domain/failures.ts';
import type { AccountId, TopUpId } from '../domain/ids.ts';
import type { Cents } from '../domain/money.ts';
import { OPEN_TOP_UP_STATES, type OpenTopUpState, type TopUp, type TopUpState } from '../domain/top-up.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { Runner } from './connect.ts';

/** The columns of a `TopUp`, named as in code. */
export function topUpColumns(sql: Runner) {
  return sql`top_up_id, account_id, wallet, trigger, amount_cents, currency, units, quantity, warrant, state,
    attempt, declines, invoice_id, checkout_session_id, customer_id, payment_method_id, failure, action_url,
    next_attempt_at as next_attempt_at_ms, created_at as created_at_ms`;
}

/** @returns null when no intent was recorded. */
export async function readTopUp(sql: Runner, topUpId: TopUpId): Promise<TopUp | null> {
  const [topUp] = await sql<TopUp[]>`select ${topUpColumns(sql)} from top_ups where top_up_id = ${topUpId}`;
  return topUp ?? null;
}

/** Whether a top-up takes its wallet's single flight. */
export function isOpenTopUp<T extends TopUp>(topUp: T): topUp is T & { state: OpenTopUpState } {
  const open: readonly TopUpState[] = OPEN_TOP_UP_STATES;
  return open.includes(topUp.state);
}

/** The top-ups that take the single flights of an account's wallets. */
export async function readOpenTopUps(
  sql: Runner,
  accountId: AccountId,
): Promise<Partial<Record<Wallet, OpenTopUp>>> {
  const rows = await sql<(TopUp & { isCancelRequested: boolean })[]>`
    select ${topUpColumns(sql)}, cancel_requested_at is not null as is_cancel_requested
    from top_ups
    where account_id = ${accountId} and state = any(${OPEN_TOP_UP_STATES}::text[])`;
  const open: Partial<Record<Wallet, OpenTopUp>> = {};
  for (const topUp of rows) {
    if (isOpenTopUp(topUp)) open[topUp.wallet] = toOpenTopUp(topUp);
  }
  return open;
}

/** How much automatic top-ups have used of the limits of each wallet. */
export type Spending = {
  /** Net cents of this month, those in flight included, failed and canceled ones not. */
  spentThisMonthCents: Cents;
  /** The calendar month is that of the account's time zone. */
  monthEndsAtMs: number;
  /** Every start of the last day, whatever became of it; oldest first. */
  recentTopUpsAtMs: number[];
};

/** Reads the spending of both wallets by the database's clock; `dayMs` is the length of a "day". */
export async function readSpending(
  sql: Runner,
  accountId: AccountId,
  dayMs: number,
): Promise<Record<Wallet, Spending>> {
  const rows = await sql<(Spending & { wallet: Wallet })[]>`
    select wallets.wallet, month.ends_at as month_ends_at_ms,
      coalesce(sum(top_up.amount_cents) filter (
        where top_up.created_at >= month.starts_at and top_up.state not in ('failed', 'canceled')
      ), 0)::bigint as spent_this_month_cents,
      coalesce(array_agg(top_up.created_at order by top_up.created_at) filter (
        where top_up.created_at > day.starts_at
      ), '{}') as recent_top_ups_at_ms
    from accounts
    cross join lateral (
      select date_trunc('month', now() at time zone time_zone) at time zone time_zone as starts_at,
        (date_trunc('month', now() at time zone time_zone) + interval '1 month') at time zone time_zone as ends_at
    ) month
    cross join lateral (select now() - ${dayMs}::bigint * interval '1 millisecond' as starts_at) day
    join wallets on wallets.account_id = accounts.account_id
    left join top_ups top_up on top_up.account_id = wallets.account_id and top_up.wallet = wallets.wallet
      and top_up.trigger = 'auto' and top_up.created_at >= least(month.starts_at, day.starts_at)
    where accounts.account_id = ${accountId}
    group by wallets.wallet, month.ends_at`;
  return Object.fromEntries(rows.map(({ wallet, ...spending }) => [wallet, spending])) as Record<
    Wallet,
    Spending
  >;
}

/** Failures that say nothing of the customer's card: an outage is no decline. */
const NOT_OF_THE_CARD: readonly FailureReason[] = ['invoice_not_as_expected', 'provider_unavailable'];

/** Automatic top-ups that failed by the customer's card since the last one that was paid, or since the
 *  resumption. */
export async function readFailuresInRow(sql: Runner, accountId: AccountId): Promise<number> {
  const [row] = await sql<{ failures: number }[]>`
    select count(*) as failures
    from accounts
    join top_ups top_up on top_up.account_id = accounts.account_id
    where accounts.account_id = ${accountId} and top_up.trigger = 'auto' and top_up.state = 'failed'
      and coalesce(top_up.failure, 'unknown') <> all(${NOT_OF_THE_CARD}::text[])
      and top_up.closed_at > greatest(accounts.failures_since, (
        select max(paid_at) from top_ups where account_id = ${accountId} and trigger = 'auto'
      ))`;
  return row?.failures ?? 0;
}

/** Each wallet's last automatic top-up, if it has failed and no resumption came after it. */
export async function readLastFailed(
  sql: Runner,
  accountId: AccountId,
): Promise<Partial<Record<Wallet, FailedTopUp>>> {
  const rows = await sql<(FailedTopUp & { wallet: Wallet })[]>`
    select last.wallet, last.failure, last.closed_at as closed_at_ms,
      (select count(*) from top_ups earlier
        where earlier.account_id = ${accountId} and earlier.trigger = 'auto' and earlier.state = 'failed'
          and coalesce(earlier.failure, 'unknown') <> all(${NOT_OF_THE_CARD}::text[])
          and earlier.closed_at < last.closed_at
          and earlier.closed_at > greatest(accounts.failures_since, (
            select max(paid_at) from top_ups
            where account_id = ${accountId} and trigger = 'auto' and paid_at < last.closed_at
          ))) as failures_before
    from accounts
    join wallets on wallets.account_id = accounts.account_id
    cross join lateral (
      select wallet, state, failure, closed_at from top_ups
      where account_id = ${accountId} and top_ups.wallet = wallets.wallet and trigger = 'auto'
      order by created_at desc, top_up_id desc
      limit 1
    ) last
    where accounts.account_id = ${accountId} and last.state = 'failed' and last.closed_at > accounts.failures_since`;
  return Object.fromEntries(rows.map(({ wallet, ...failed }) => [wallet, failed]));
}

function toOpenTopUp(topUp: TopUp & { state: OpenTopUpState; isCancelRequested: boolean }): OpenTopUp {
  const { topUpId, accountId, wallet, trigger, amountCents, currency, units, quantity, warrant } = topUp;
  return {
    order: { topUpId, accountId, wallet, trigger, amountCents, currency, units, quantity, warrant },
    state: topUp.state,
    attempt: topUp.attempt,
    declines: topUp.declines,
    failure: topUp.failure,
    nextAttemptAtMs: topUp.nextAttemptAtMs,
    ...(topUp.isCancelRequested ? { cancelRequested: true } : {}),
    ...(isCheckout(topUp) ? { checkout: true } : {}),
  };
}
