import type { AccountId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { OPEN_TOP_UP_STATES } from '../domain/top-up.ts';
import type { Wallet } from '../domain/wallet.ts';
import { askedByHolds } from './campaign-holds.ts';
import type { Runner } from './connect.ts';

export type Forgotten = { accountId: AccountId; wallet: Wallet };

type Limits = Pick<Policy, 'dayMs' | 'maxTopUpsPerDay' | 'forgottenAfterMs' | 'softDeclineDelaysMs'>;

/** Accounts whose ids are above `after` and not above `upto`; null has no end. */
export type AccountRange = { after: string; upto: string | null };

const EVERY_ACCOUNT: AccountRange = { after: '', upto: null };

/** Wallets that break the liveness invariant: for `forgottenAfterMs` an automatic top-up has been wanted, nothing
 *  stood in its way (a pause after a failure does), and there is none. Call minutes want one when a campaign went below
 *  the value since it was last reached and since the settings were saved, or a call of its was refused that would be
 *  refused again. */
export async function findMissingTopUps(
  sql: Runner,
  limits: Limits,
  range: AccountRange = EVERY_ACCOUNT,
): Promise<Forgotten[]> {
  const { dayMs, maxTopUpsPerDay, forgottenAfterMs, softDeclineDelaysMs } = limits;
  const longestPauseMs = Math.max(0, ...softDeclineDelaysMs);
  const rows = await sql<Forgotten[]>`
    select wallets.account_id, wallets.wallet
    from wallets
    join settings on settings.account_id = wallets.account_id and settings.wallet = wallets.wallet
      and ${isWithin(sql, sql`settings.account_id`, range)}
    join accounts on accounts.account_id = wallets.account_id
    cross join lateral (select now() - ${forgottenAfterMs}::bigint * interval '1 millisecond' as at) long_ago
    left join lateral (${askedByHolds(sql, {
      fromSeq: sql`0::bigint`,
      toSeq: sql`wallets.seq`,
      before: sql`long_ago.at`,
    })}) asked on wallets.wallet = 'call_minutes'
    where ${isWithin(sql, sql`wallets.account_id`, range)} and settings.enabled
      and accounts.suspension_reason is null and accounts.block_reason is null
      and greatest(settings.updated_at, accounts.updated_at) < long_ago.at
      and (asked.refused_required is not null or (
        wallets.balance < settings.top_up_below and ${balanceThen(sql)} < settings.top_up_below
        and (wallets.wallet = 'chat_credits' or asked.campaign_lowest is not null or (
          wallets.campaign_seq > settings.saved_seq
          and not exists (
            select 1 from ledger_entries entry
            where entry.account_id = wallets.account_id and entry.wallet = wallets.wallet
              and entry.seq >= wallets.campaign_seq and entry.balance_after >= settings.top_up_below)))))
      and not exists (
        select 1 from top_ups top_up
        where top_up.account_id = wallets.account_id and top_up.wallet = wallets.wallet
          and (top_up.state = any(${OPEN_TOP_UP_STATES}::text[]) or top_up.updated_at > long_ago.at
            or top_up.state = 'failed'
              and top_up.closed_at > now() - ${longestPauseMs}::bigint * interval '1 millisecond'))
      and (settings.monthly_cap_cents is null or settings.amount_cents <= settings.monthly_cap_cents - (
        select coalesce(sum(top_up.amount_cents), 0) from top_ups top_up
        where top_up.account_id = wallets.account_id and top_up.wallet = wallets.wallet
          and top_up.trigger = 'auto' and top_up.state not in ('failed', 'canceled')
          and top_up.created_at
            >= date_trunc('month', now() at time zone accounts.time_zone) at time zone accounts.time_zone))
      and ${maxTopUpsPerDay} > (
        select count(*) from top_ups top_up
        where top_up.account_id = wallets.account_id and top_up.wallet = wallets.wallet
          and top_up.trigger = 'auto'
          and top_up.created_at > now() - ${dayMs}::bigint * interval '1 millisecond')
    order by 1, 2`;
  return [...rows];
}

/** Top-ups whose next step is overdue by `forgottenAfterMs`. */
export async function findOverdueTopUps(
  sql: Runner,
  { forgottenAfterMs }: Pick<Limits, 'forgottenAfterMs'>,
): Promise<Forgotten[]> {
  const rows = await sql<Forgotten[]>`
    select account_id, wallet from top_ups
    where state = any(${OPEN_TOP_UP_STATES}::text[])
      and coalesce(next_attempt_at, updated_at)
        < now() - ${forgottenAfterMs}::bigint * interval '1 millisecond'
    order by 1, 2`;
  return [...rows];
}

/** Paid top-ups with news of refunds or disputes that nobody has acted on for `forgottenAfterMs`. */
export async function findForgottenReversals(
  sql: Runner,
  { forgottenAfterMs }: Pick<Limits, 'forgottenAfterMs'>,
): Promise<Forgotten[]> {
  const rows = await sql<Forgotten[]>`
    select account_id, wallet from top_ups
    where reversal_mark > reversal_seen and paid_at is not null
      and updated_at < now() - ${forgottenAfterMs}::bigint * interval '1 millisecond'
    order by 1, 2`;
  return [...rows];
}

/** Wallets below their alert value, or empty, for `forgottenAfterMs` without a notice that tells so. A wallet that
 *  never held anything has not run out of it. */
export async function findUntoldBalances(
  sql: Runner,
  { forgottenAfterMs }: Pick<Limits, 'forgottenAfterMs'>,
  range: AccountRange = EVERY_ACCOUNT,
): Promise<Forgotten[]> {
  const rows = await sql<Forgotten[]>`
    select wallets.account_id, wallets.wallet
    from wallets
    left join settings on settings.account_id = wallets.account_id and settings.wallet = wallets.wallet
      and ${isWithin(sql, sql`settings.account_id`, range)}
    cross join lateral (select now() - ${forgottenAfterMs}::bigint * interval '1 millisecond' as at) long_ago
    where ${isWithin(sql, sql`wallets.account_id`, range)} and (
      (settings.enabled and wallets.balance < settings.alert_below
        and ${balanceThen(sql)} < settings.alert_below and settings.updated_at < long_ago.at
        and not exists (
          select 1 from notifications notice
          where notice.account_id = wallets.account_id and notice.wallet = wallets.wallet
            and notice.kind = 'balance.alert' and notice.alert_version = settings.alert_version
            and ${isStanding(sql, sql`settings.alert_below`)}))
      or (wallets.balance <= 0 and ${balanceThen(sql)} <= 0
        and exists (
          select 1 from ledger_entries entry
          where entry.account_id = wallets.account_id and entry.wallet = wallets.wallet
            and entry.balance_after > 0)
        and not exists (
          select 1 from notifications notice
          where notice.account_id = wallets.account_id and notice.wallet = wallets.wallet
            and notice.kind = 'balance.depleted' and ${isStanding(sql, sql`1`)})))
    order by 1, 2`;
  return [...rows];
}

/** Said of each table by itself, because the planner does not conclude a range of one from that of another. */
function isWithin(sql: Runner, column: ReturnType<Runner>, { after, upto }: AccountRange) {
  const isAbove = sql`${column} > ${after}`;
  return upto === null ? isAbove : sql`${isAbove} and ${column} <= ${upto}`;
}

/** The balance at `long_ago`: the last entry before is found after those of the time since. */
function balanceThen(sql: Runner) {
  return sql`coalesce((
    select entry.balance_after from ledger_entries entry
    where entry.account_id = wallets.account_id and entry.wallet = wallets.wallet
      and entry.created_at <= long_ago.at
    order by entry.seq desc limit 1), 0)`;
}

/** A notice stands until the balance has reached the value again. */
function isStanding(sql: Runner, value: ReturnType<Runner>) {
  return sql`not exists (
    select 1 from ledger_entries entry
    where entry.account_id = wallets.account_id and entry.wallet = wallets.wallet
      and entry.seq >= notice.seq and entry.balance_after >= ${value})`;
}
