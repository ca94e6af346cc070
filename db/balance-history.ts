import { FORECAST_DAYS } from '../domain/forecast.ts';
import type { AccountId } from '../domain/ids.ts';
import { NO_QUANTITY, type Quantity } from '../domain/quantities.ts';
import type { TopUpTrigger } from '../domain/top-up.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { Database, Transaction } from './connect.ts';
import { readBalanceBefore, seqAt } from './seq-at.ts';

export type BalancePoint = {
  /** The end of the bucket. */
  atMs: number;
  balance: Quantity;
  /** Of what was booked in the bucket. */
  lowest: Quantity;
  used: Quantity;
};

export type BalanceMark =
  | { kind: 'top_up'; atMs: number; units: number; trigger: TopUpTrigger }
  | { kind: 'balance.alert' | 'balance.depleted'; atMs: number };

export type BalanceHistory = {
  fromMs: number;
  toMs: number;
  bucketMs: number;
  /** Oldest first; buckets in which nothing was booked are left out. */
  points: BalancePoint[];
  /** Before the first point. */
  balanceBefore: Quantity;
  marks: BalanceMark[];
  /** Of each of the last days that the wallet has lived, oldest first; a day ends now. */
  usedPerDay: Quantity[];
};

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const MOST_BUCKETS = 200;
/** A calendar day that is begun at either end, and an hour that a change of clocks adds, have buckets of their own. */
const SPARE_BUCKETS = 8;
const MOST_MARKS = 200;
/** Each divides an hour or a day, so that days are whole buckets. */
const BUCKETS_MS = [0.5, 1, 5, 10, 30, 60, 120, 240, 360, 720, 1_440].map((minutes) => minutes * MINUTE_MS);

/** Reads how a balance went in the last time, in at most 200 buckets of which none lies in two calendar days of the
 *  account, all at one moment.
 *  @param spanMs back from now.
 *  @returns null when there is no such wallet. */
export async function readBalanceHistory(
  db: Database,
  accountId: AccountId,
  wallet: Wallet,
  spanMs: number,
): Promise<BalanceHistory | null> {
  return db.reading(async (transaction) => {
    const [now] = await transaction<{ toMs: number; madeMs: number; timeZone: string }[]>`
      select date_trunc('milliseconds', now()) as to_ms, created_at as made_ms, time_zone
      from accounts where account_id = ${accountId}`;
    if (now === undefined) return null;
    const { toMs, madeMs, timeZone } = now;
    const fromMs = toMs - spanMs;
    const bucketMs = BUCKETS_MS.find((ms) => spanMs / ms <= MOST_BUCKETS - SPARE_BUCKETS) ?? DAY_MS;
    const key = { accountId, wallet, toMs };
    const firstSeq = await seqAt(transaction, accountId, wallet, fromMs);
    const [points, balanceBefore, marks, used] = await Promise.all([
      readPoints(transaction, { ...key, firstSeq, bucketMs, timeZone }),
      readBalanceBefore(transaction, accountId, wallet, firstSeq),
      readMarks(transaction, accountId, wallet, fromMs),
      readUsedPerDay(transaction, key, madeMs),
    ]);
    return { fromMs, toMs, bucketMs, points, balanceBefore, marks, usedPerDay: used };
  });
}

type Key = { accountId: AccountId; wallet: Wallet; toMs: number };

/** One pass over the entries of the time, by the primary key; the balance of each bucket's end is looked up. */
async function readPoints(
  transaction: Transaction,
  key: Key & { firstSeq: number; bucketMs: number; timeZone: string },
): Promise<BalancePoint[]> {
  const { accountId, wallet, toMs, firstSeq, bucketMs, timeZone } = key;
  const width = transaction`${bucketMs}::bigint * interval '1 millisecond'`;
  const to = transaction`${toMs}::timestamptz`;
  const points = await transaction<BalancePoint[]>`
    with entry as (
      -- What was booked while this is read counts as booked before.
      select seq, kind, quantity, balance_after, least(created_at, ${toMs - 1}::timestamptz) as booked_at
      from ledger_entries
      where account_id = ${accountId} and wallet = ${wallet} and seq >= ${firstSeq}
    ), bucket as (
      select day_starts_at, date_bin(${width}, booked_at, day_starts_at) as starts_at, max(seq) as last_seq,
        min(balance_after) as lowest, coalesce(-sum(quantity) filter (where kind = 'usage'), 0)::bigint as used
      from entry
      cross join lateral (select date_trunc('day', booked_at, ${timeZone}) as day_starts_at) day
      group by 1, 2
    )
    select lowest, used,
      -- A day has 23 to 25 hours; its last bucket ends with it.
      least(starts_at + ${width}, date_trunc('day', day_starts_at + interval '26 hours', ${timeZone}), ${to}) as at_ms,
      (
        select balance_after from ledger_entries
        where account_id = ${accountId} and wallet = ${wallet} and seq = bucket.last_seq
      ) as balance
    from bucket
    order by starts_at`;
  return [...points];
}

async function readMarks(
  transaction: Transaction,
  accountId: AccountId,
  wallet: Wallet,
  fromMs: number,
): Promise<BalanceMark[]> {
  const marks = await transaction<BalanceMark[]>`
    select * from (
      select 'top_up' as kind, credited_at as at_ms, units, trigger from top_ups
      where account_id = ${accountId} and wallet = ${wallet} and credited_at >= ${fromMs}::timestamptz
      union all
      select kind, created_at, null, null from notifications
      where account_id = ${accountId} and wallet = ${wallet} and created_at >= ${fromMs}::timestamptz
        and kind in ('balance.alert', 'balance.depleted')
        -- A test of an operator tells of no crossing.
        and notice -> 'test' is null
    ) mark
    order by at_ms desc
    limit ${MOST_MARKS}`;
  return marks.toReversed();
}

/** What was used in each of the last days, counted back from now, that the wallet has lived. */
async function readUsedPerDay(
  transaction: Transaction,
  { accountId, wallet, toMs }: Key,
  madeMs: number,
): Promise<Quantity[]> {
  const lived = Math.min(FORECAST_DAYS, Math.floor((toMs - madeMs) / DAY_MS));
  if (lived < 1) return [];
  const firstSeq = await seqAt(transaction, accountId, wallet, toMs - lived * DAY_MS);
  const days = await transaction<{ startsMs: number; used: Quantity }[]>`
    select date_bin('1 day', least(created_at, ${toMs - 1}::timestamptz), ${toMs}::timestamptz) as starts_ms,
      (-sum(quantity))::bigint as used
    from ledger_entries
    where account_id = ${accountId} and wallet = ${wallet} and seq >= ${firstSeq} and kind = 'usage'
    group by 1`;
  const usedFrom = new Map(days.map(({ startsMs, used }) => [startsMs, used]));
  return Array.from({ length: lived }, (_, at) => usedFrom.get(toMs - (lived - at) * DAY_MS) ?? NO_QUANTITY);
}
