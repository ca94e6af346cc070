import type { AccountId } from '../domain/ids.ts';
import type { Quantity } from '../domain/quantities.ts';
import { WALLETS, type Wallet } from '../domain/wallet.ts';
import type { Transaction } from './connect.ts';

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
