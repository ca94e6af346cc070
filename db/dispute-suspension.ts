import type { AccountId } from '../domain/ids.ts';
import type { Transaction } from './connect.ts';

/** Suspends automatic top-up when a dispute has been opened. A suspension that a new card would lift gives way to it;
 *  an operator's stays.
 *  @returns whether the account was changed. */
export async function suspendForDisputes(
  transaction: Transaction,
  accountId: AccountId,
  isOpened: boolean,
): Promise<boolean> {
  if (!isOpened) return false;
  const suspended = await transaction`
    update accounts
    set suspension_reason = 'dispute', suspended_at = now(), suspended_fingerprint = null, updated_at = now()
    where account_id = ${accountId} and coalesce(suspension_reason, '') not in ('operator', 'dispute')`;
  return suspended.count > 0;
}

/** Lifts the suspension by disputes once none of the account's is open or lost.
 *  @returns whether the account was changed. */
export async function resumeAfterDisputes(transaction: Transaction, accountId: AccountId): Promise<boolean> {
  const resumed = await transaction`
    update accounts
    set suspension_reason = null, suspended_at = null, suspended_fingerprint = null, failures_since = now(),
      updated_at = now()
    where account_id = ${accountId} and suspension_reason = 'dispute'
      and not exists (
        select 1 from reversals
        where reversals.account_id = accounts.account_id and reversals.kind = 'dispute'
          and reversals.status not in ('won', 'prevented') and not starts_with(reversals.status, 'warning_'))`;
  return resumed.count > 0;
}
