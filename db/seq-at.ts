import type { AccountId } from '../domain/ids.ts';
import { NO_QUANTITY, type Quantity } from '../domain/quantities.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { Runner } from './connect.ts';

/** Finds a wallet's first entry that was booked at or after an instant, by halving: entries are numbered in the order
 *  in which they are booked, so no index on the instant is needed. Entries in archives are not looked at.
 *  @returns one more than the last entry when there is none. */
export async function seqAt(
  sql: Runner,
  accountId: AccountId,
  wallet: Wallet,
  atMs: number,
): Promise<number> {
  const [found] = await sql<{ seq: number }[]>`
    with recursive search (low, high) as (
      select coalesce(checkpoint.seq, 0) + 1, wallets.seq + 1
      from wallets
      left join ledger_checkpoints checkpoint using (account_id, wallet)
      where wallets.account_id = ${accountId} and wallets.wallet = ${wallet}
      union all
      select case when entry.created_at < ${atMs}::timestamptz then middle.seq + 1 else low end,
        case when entry.created_at < ${atMs}::timestamptz then high else middle.seq end
      from search
      cross join lateral (select (low + high) / 2 as seq) middle
      left join ledger_entries entry
        on entry.account_id = ${accountId} and entry.wallet = ${wallet} and entry.seq = middle.seq
      where low < high
    )
    select low as seq from search where low >= high`;
  return found?.seq ?? 1;
}

/** The balance that an entry was booked upon: that of the entry before, which may be in an archive. */
export async function readBalanceBefore(
  sql: Runner,
  accountId: AccountId,
  wallet: Wallet,
  seq: number,
): Promise<Quantity> {
  const [before] = await sql<{ balance: Quantity }[]>`
    select balance_after as balance from ledger_entries
    where account_id = ${accountId} and wallet = ${wallet} and seq = ${seq - 1}
    union all
    select balance_after from ledger_checkpoints
    where account_id = ${accountId} and wallet = ${wallet} and seq = ${seq - 1}
    limit 1`;
  return before?.balance ?? NO_QUANTITY;
}
