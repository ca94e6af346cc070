import type { AccountId, TopUpId } from '../domain/ids.ts';
import type { TopUp } from '../domain/top-up.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { Transaction } from './connect.ts';
import { LedgerError } from './ledger-error.ts';
import { lockAccountWallets, type LockedWallet } from './lock-wallets.ts';
import { topUpColumns } from './read-top-ups.ts';

export type LockedTopUp = TopUp & {
  /** Whether a succeeded payment is recorded. */
  isPaid: boolean;
  /** Whether an operator wants it closed. */
  isCancelRequested: boolean;
};

/** Locks a top-up until the transaction ends, its account's wallets before it, as every writer does.
 *  @throws LedgerError `top_up_unknown` when no intent was recorded. */
export async function lockTopUp(
  transaction: Transaction,
  topUpId: TopUpId,
): Promise<{ topUp: LockedTopUp; wallets: Record<Wallet, LockedWallet> }> {
  const [owner] = await transaction<{ accountId: AccountId }[]>`
    select account_id from top_ups where top_up_id = ${topUpId}`;
  const wallets = owner === undefined ? null : await lockAccountWallets(transaction, owner.accountId);
  if (owner === undefined || wallets === null) throw new LedgerError('top_up_unknown', topUpId);
  const [topUp] = await transaction<LockedTopUp[]>`
    select ${topUpColumns(transaction)}, paid_at is not null as is_paid,
      cancel_requested_at is not null as is_cancel_requested
    from top_ups
    where account_id = ${owner.accountId} and top_up_id = ${topUpId}
    for no key update`;
  if (topUp === undefined) throw new LedgerError('top_up_unknown', topUpId);
  return { topUp, wallets };
}
