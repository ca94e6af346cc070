import { SUSPENSION_REASONS, type Suspension, type SuspensionReason } from '../domain/account-state.ts';
import type { AccountId } from '../domain/ids.ts';
import { AccountError } from './account-error.ts';
import type { Transaction } from './connect.ts';
import { lockAccountWallets } from './lock-wallets.ts';
import { markWakes } from './mark-wakes.ts';
import { OperatorError } from './operator-error.ts';
import { readAccount } from './read-account.ts';

/** How an act changed an account's suspension; the same twice when it did not. */
export type SuspensionChange = { before: Suspension | null; after: Suspension | null };

/** What customers may lift themselves: their own card's failures. A person or a dispute takes a person. */
const LIFTED_BY_CUSTOMER: readonly SuspensionReason[] = ['repeated_failures', 'hard_decline'];

/** Suspends automatic top-ups until an operator resumes them: a reason that stands is replaced, because a new card
 *  would lift it.
 *  @throws AccountError `account_unknown` */
export async function suspendAccount(
  transaction: Transaction,
  accountId: AccountId,
): Promise<SuspensionChange> {
  const before = await readSuspension(transaction, accountId);
  if (before?.reason === 'operator') return { before, after: before };
  await transaction`
    update accounts
    set suspension_reason = 'operator', suspended_at = now(), suspended_fingerprint = null, updated_at = now()
    where account_id = ${accountId}`;
  return wakeAndRead(transaction, accountId, before);
}

/** Lifts a suspension, whatever its reason, and forgives the failures before; nothing changes without one.
 *  @throws AccountError `account_unknown` */
export function resumeAccount(transaction: Transaction, accountId: AccountId): Promise<SuspensionChange> {
  return lift(transaction, accountId, SUSPENSION_REASONS);
}

/** The same, as far as a customer may.
 *  @throws AccountError `account_unknown`; OperatorError `not_resumable` */
export function resumeAccountAsCustomer(
  transaction: Transaction,
  accountId: AccountId,
): Promise<SuspensionChange> {
  return lift(transaction, accountId, LIFTED_BY_CUSTOMER);
}

async function lift(
  transaction: Transaction,
  accountId: AccountId,
  liftable: readonly SuspensionReason[],
): Promise<SuspensionChange> {
  const before = await readSuspension(transaction, accountId);
  if (before === null) return { before, after: null };
  if (!liftable.includes(before.reason)) {
    throw new OperatorError('not_resumable', 'Only an operator can lift this suspension.');
  }
  await transaction`
    update accounts
    set suspension_reason = null, suspended_at = null, suspended_fingerprint = null, failures_since = now(),
      updated_at = now()
    where account_id = ${accountId}`;
  return wakeAndRead(transaction, accountId, before);
}

/** Under the wallets' lock, so that no charge is decided on the suspension that changes here. */
async function readSuspension(transaction: Transaction, accountId: AccountId): Promise<Suspension | null> {
  if ((await lockAccountWallets(transaction, accountId)) === null) {
    throw new AccountError('account_unknown', accountId);
  }
  return (await readAccount(transaction, accountId))?.suspension ?? null;
}

async function wakeAndRead(
  transaction: Transaction,
  accountId: AccountId,
  before: Suspension | null,
): Promise<SuspensionChange> {
  const after = (await readAccount(transaction, accountId))?.suspension ?? null;
  await markWakes(transaction, [{ accountId, refresh: 'operator', delayMs: 0 }]);
  return { before, after };
}
