import { FORECAST_DAYS } from '../domain/forecast.ts';
import type { AccountId } from '../domain/ids.ts';
import { addQuantity, NO_QUANTITY, type Quantity } from '../domain/quantities.ts';
import type { TopUpTrigger } from '../domain/top-up.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { Database, Transaction } from './connect.ts';
import { readBalanceBefore, seqAt } from './seq-at.ts';

export type BalancePoint = {
  /** The end of the bucket. */
  atMs: number;
  balance: Quantity;
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
const MOST_MARKS = 200;
/** Each divides a day, so that days are whole buckets. */
const BUCKETS_MS = [10, 30, 60, 120, 240, 360, 720, 1_440].map((minutes) => minutes * MINUTE_MS);

/** Reads how a balance went in the last days, in at most 200 buckets that end now, all at one moment.
 *  @returns null when there is no such wallet. */
export async function readBalanceHistory(
  db: Database,
  accountId: AccountId,
  wallet: Wallet,
  days: number,
): Promise<BalanceHistory | null> {
  return db.reading(async (transaction) => {
    const [now] = await transaction<{ toMs: number; madeMs: number }[]>`
      select date_trunc('milliseconds', now()) as to_ms, created_at as made_ms
      from accounts where account_id = ${accountId}`;
    if (now === undefined) return null;
    const { toMs, madeMs } = now;
    const fromMs = toMs - days * DAY_MS;
    const bucketMs = BUCKETS_MS.find((ms) => (days * DAY_MS) / ms <= MOST_BUCKETS) ?? DAY_MS;
    const readFromMs = Math.min(fromMs, toMs - FORECAST_DAYS * DAY_MS);
    const firstSeq = await seqAt(transaction, accountId, wallet, readFromMs);
    const [read, before, marks] = await Promise.all([
      readPoints(transaction, { accountId, wallet, firstSeq, toMs, bucketMs }),
      readBalanceBefore(transaction, accountId, wallet, firstSeq),
      readMarks(transaction, accountId, wallet, fromMs),
    ]);
    const earlier = read.findLast(({ atMs }) => atMs <= fromMs);
    return {
      fromMs,
      toMs,
      bucketMs,
      points: read.filter(({ atMs }) => atMs > fromMs),
      balanceBefore: earlier?.balance ?? before,
      marks,
      usedPerDay: usedPerDay(read, toMs, madeMs),
    };
  });
}

/** One pass over the entries of the time, by the primary key; the balance of each bucket's end is looked up. */
async function readPoints(
  transaction: Transaction,
  key: { accountId: AccountId; wallet: Wallet; firstSeq: number; toMs: number; bucketMs: number },
): Promise<BalancePoint[]> {
  const { accountId, wallet, firstSeq, toMs, bucketMs } = key;
  const width = transaction`${bucketMs}::bigint * interval '1 millisecond'`;
  const points = await transaction<BalancePoint[]>`
    with bucket as (
      -- What was booked while this is read counts as booked before.
      select date_bin(${width}, least(created_at, ${toMs - 1}::timestamptz), ${toMs}::timestamptz) as starts_at,
        max(seq) as last_seq, min(balance_after) as lowest,
        coalesce(-sum(quantity) filter (where kind = 'usage'), 0)::bigint as used
      from ledger_entries
      where account_id = ${accountId} and wallet = ${wallet} and seq >= ${firstSeq}
      group by 1
    )
    select starts_at + ${width} as at_ms, lowest, used, (
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

function usedPerDay(points: readonly BalancePoint[], toMs: number, madeMs: number): Quantity[] {
  const lived = Math.min(FORECAST_DAYS, Math.floor((toMs - madeMs) / DAY_MS));
  return Array.from({ length: Math.max(0, lived) }, (_, at) => {
    const endsMs = toMs - (lived - 1 - at) * DAY_MS;
    return points
      .filter(({ atMs }) => atMs <= endsMs && atMs > endsMs - DAY_MS)
      .reduce((sum, { used }) => addQuantity(sum, used), NO_QUANTITY);
  });
}
