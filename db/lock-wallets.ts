import type { AccountId } from '../domain/ids.ts';
import type { Quantity } from '../domain/quantities.ts';
import { WALLETS, type Wallet } from '../domain/wallet.ts';
import type { Runner, Transaction } from './connect.ts';

export type LockedWallet = {
  accountId: AccountId;
  wallet: Wallet;
  balance: Quantity;
  seq: number;
  campaignSeq: number;
};

/** Locks the wallets of the accounts until the transaction ends, and reads them. Unknown accounts are missing
 *  from the result.
 *
 *  Every transaction that books entries or records top-ups begins with this one statement, and both wallets of an
 *  account are locked together, because causes are unique in the account. It takes the rows in the order of their
 *  key, so two transactions can wait for one another but never in a circle; rows of `account_wakes` come last. */
export async function lockWallets(
  transaction: Transaction,
  accountIds: readonly AccountId[],
): Promise<LockedWallet[]> {
  return transaction<LockedWallet[]>`
    select account_id, wallet, balance, seq, campaign_seq
    from wallets
    where account_id = any(${accountIds}::text[])
    order by account_id, wallet
    for no key update`;
}

/** Locks the wallets of one account and gives each by its name; null when there is no such account. */
export async function lockAccountWallets(
  transaction: Transaction,
  accountId: AccountId,
): Promise<Record<Wallet, LockedWallet> | null> {
  const locked = await lockWallets(transaction, [accountId]);
  if (locked.length !== WALLETS.length) return null;
  return Object.fromEntries(locked.map((wallet) => [wallet.wallet, wallet])) as Record<Wallet, LockedWallet>;
}

/** Lets the transaction wait no longer than this for any lock. Sent together with the statement that locks, it costs no
 *  round trip. */
export async function limitLockWait(transaction: Transaction, timeoutMs: number): Promise<void> {
  await transaction`select set_config('lock_timeout', ${`${timeoutMs}ms`}, true)`;
}

/** Of these accounts, those with a wallet that somebody has locked at this moment who waits for no lock himself: whoever
 *  does is behind another one. Waits for nobody. */
export async function findLockedAccounts(
  sql: Runner,
  accountIds: readonly AccountId[],
): Promise<AccountId[]> {
  const rows = await sql<{ accountId: AccountId }[]>`
    with free as (
      select account_id, wallet from wallets
      where account_id = any(${accountIds}::text[])
      order by account_id, wallet
      for no key update skip locked
    )
    select distinct account_id from wallets
    where account_id = any(${accountIds}::text[])
      and not exists (
        select 1 from free where free.account_id = wallets.account_id and free.wallet = wallets.wallet)
      and not exists (
        select 1 from pg_locks holds join pg_locks waits using (pid)
        where holds.locktype = 'transactionid' and holds.granted and holds.transactionid = wallets.xmax
          and not waits.granted)`;
  return rows.map(({ accountId }) => accountId);
}
