import postgres from 'postgres';
import type { AccountId } from '../domain/ids.ts';
import { PRICES, type Plan } from '../domain/prices.ts';
import type { ReplayHistory } from '../domain/replay.ts';
import type { ReplayStep, StartedTopUp } from '../domain/replay-account.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { Database, Transaction } from './connect.ts';
import { readBalanceBefore, seqAt } from './seq-at.ts';

/** Up to this many entries are replayed one by one; more of them minute by minute. */
const ENTRIES_ONE_BY_ONE = 5_000;
const STATEMENT_TIMEOUT = '5s';
const QUERY_CANCELED = '57014';

export type ReadReplayHistory = ReplayHistory & {
  /** How finely it was read: a minute tells its sum, its lowest and its highest balance. */
  resolution: 'entry' | 'minute';
};

/** Reads what a wallet went through in the last days, all at one moment, as if nothing had been topped up without a
 *  person: top-ups that began since then and were not bought by hand are taken out, with what was refunded of them.
 *  @returns null when there is no such account, or reading takes longer than a page may wait. */
export async function readReplayHistory(
  db: Database,
  { dayMs }: { dayMs: number },
  accountId: AccountId,
  wallet: Wallet,
  days: number,
): Promise<ReadReplayHistory | null> {
  try {
    return await db.reading(async (transaction) => {
      await transaction`select set_config('statement_timeout', ${STATEMENT_TIMEOUT}, true)`;
      return readHistory(transaction, { accountId, wallet, days, dayMs });
    });
  } catch (error) {
    if (error instanceof postgres.PostgresError && error.code === QUERY_CANCELED) return null;
    throw error;
  }
}

async function readHistory(
  transaction: Transaction,
  { accountId, wallet, days, dayMs }: { accountId: AccountId; wallet: Wallet; days: number; dayMs: number },
): Promise<ReadReplayHistory | null> {
  const [now] = await transaction<{ plan: Plan; fromMs: number; toMs: number; seq: number }[]>`
    select accounts.plan, now() - ${days}::bigint * interval '24 hours' as from_ms, now() as to_ms, wallets.seq
    from accounts
    join wallets on wallets.account_id = accounts.account_id and wallets.wallet = ${wallet}
    where accounts.account_id = ${accountId}`;
  if (now === undefined) return null;
  const { plan, fromMs, toMs } = now;
  const firstSeq = await seqAt(transaction, accountId, wallet, fromMs);
  const resolution = now.seq - firstSeq < ENTRIES_ONE_BY_ONE ? 'entry' : 'minute';
  const [balance, monthStartsMs, started, takenOut] = await Promise.all([
    readBalanceBefore(transaction, accountId, wallet, firstSeq),
    readMonthStarts(transaction, accountId, fromMs),
    readStarted(transaction, accountId, wallet, { fromMs, dayMs }),
    readTakenOut(transaction, accountId, wallet, fromMs),
  ]);
  const steps = await readSteps(transaction, { accountId, wallet, firstSeq, takenOut, resolution });
  const prices = PRICES[plan];
  // One that an automatic top-up filled was there before, and empty.
  const isNew = firstSeq === 1 && takenOut[0]?.seq !== 1;
  return { wallet, prices, fromMs, toMs, isNew, balance, monthStartsMs, started, steps, resolution };
}

async function readMonthStarts(
  transaction: Transaction,
  accountId: AccountId,
  fromMs: number,
): Promise<number[]> {
  const months = await transaction<{ startsAtMs: number }[]>`
    select month at time zone time_zone as starts_at_ms
    from accounts
    cross join lateral generate_series(
      date_trunc('month', ${fromMs}::timestamptz at time zone time_zone),
      date_trunc('month', now() at time zone time_zone) + interval '1 month',
      interval '1 month'
    ) month
    where account_id = ${accountId}
    order by month`;
  return months.map(({ startsAtMs }) => startsAtMs);
}

/** Failed ones count as starts of the day, but cost nothing. */
async function readStarted(
  transaction: Transaction,
  accountId: AccountId,
  wallet: Wallet,
  { fromMs, dayMs }: { fromMs: number; dayMs: number },
): Promise<StartedTopUp[]> {
  const started = await transaction<StartedTopUp[]>`
    select top_up.created_at as at_ms,
      case when top_up.state in ('failed', 'canceled') then 0 else top_up.amount_cents end as amount_cents
    from accounts
    join top_ups top_up on top_up.account_id = accounts.account_id
    where accounts.account_id = ${accountId} and top_up.wallet = ${wallet} and top_up.trigger = 'auto'
      and top_up.created_at < ${fromMs}::timestamptz
      and top_up.created_at >= least(
        ${fromMs - dayMs}::timestamptz,
        date_trunc('month', ${fromMs}::timestamptz at time zone time_zone) at time zone time_zone
      )
    order by top_up.created_at`;
  return [...started];
}

type TakenOut = { seq: number; quantity: number };

/** The entries that would not be there without automatic top-ups. What is booked again of a reversal has a number behind
 *  its cause. */
async function readTakenOut(
  transaction: Transaction,
  accountId: AccountId,
  wallet: Wallet,
  fromMs: number,
): Promise<TakenOut[]> {
  const entries = await transaction<TakenOut[]>`
    with automatic as (
      select top_up_id from top_ups
      where account_id = ${accountId} and wallet = ${wallet} and trigger <> 'manual'
        and created_at >= ${fromMs}::timestamptz
    ),
    reversed as (
      select reversals.kind || ':' || reversals.reversal_id as cause
      from automatic join reversals using (top_up_id) where reversals.account_id = ${accountId}
    ),
    taken_out as (
      select 'top_up:' || top_up_id as cause from automatic
      union all
      select cause from reversed
      union all
      select cause || ':' || number from reversed, generate_series(2, ${MOST_BOOKINGS}::int) number
    )
    select seq, quantity from taken_out
    join ledger_entries using (cause)
    where ledger_entries.account_id = ${accountId} and ledger_entries.wallet = ${wallet}
    order by seq`;
  return [...entries];
}

/** Bookings of one refund or dispute: one for each time that its amount has changed. */
const MOST_BOOKINGS = 50;

/** Campaign holds stand between the entries, at the balance that they found. */
async function readSteps(
  transaction: Transaction,
  key: {
    accountId: AccountId;
    wallet: Wallet;
    firstSeq: number;
    takenOut: readonly TakenOut[];
    resolution: 'entry' | 'minute';
  },
): Promise<ReplayStep[]> {
  const { accountId, wallet, firstSeq, takenOut, resolution } = key;
  const seqs = takenOut.map(({ seq }) => seq);
  /** What is taken out in all, before the first of them, after the first, and so on. */
  const sums = [0];
  for (const { quantity } of takenOut) sums.push((sums.at(-1) ?? 0) + quantity);
  const steps = await transaction<ReplayStep[]>`
    with happening as (
      select seq, 0 as place, created_at, quantity, source = 'campaign' as of_campaign, null::bigint as refused_required,
        balance_after - (${sums}::bigint[])[1 + width_bucket(seq, ${seqs}::bigint[])] as balance,
        seq = any(${seqs}::bigint[]) as taken_out
      from ledger_entries
      where account_id = ${accountId} and wallet = ${wallet} and seq >= ${firstSeq}
      union all
      select seq, 1, created_at, 0, true, case when state = 'refused' then quantity + balance - available end,
        balance - (${sums}::bigint[])[1 + width_bucket(seq, ${seqs}::bigint[])], false
      from holds
      where account_id = ${accountId} and wallet = ${wallet} and source = 'campaign' and seq >= ${firstSeq}
    )
    select max(created_at) as at_ms, coalesce(sum(quantity) filter (where not taken_out), 0)::bigint as change,
      min(balance) as lowest, max(balance) as highest,
      min(balance) filter (where of_campaign) as campaign_lowest, max(refused_required) as refused_required
    from happening
    group by ${
      resolution === 'entry'
        ? transaction`seq, place, created_at`
        : transaction`date_bin('1 minute', created_at, 'epoch'::timestamptz)`
    }
    having not bool_and(taken_out)
    order by min(seq), min(place), max(created_at)`;
  return [...steps];
}
