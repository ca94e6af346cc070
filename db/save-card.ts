import type { SuspensionReason } from '../domain/account-state.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Transaction } from './connect.ts';
import { lockAccountWallets } from './lock-wallets.ts';
import { markWakes } from './mark-wakes.ts';
import type { Card } from './read-account.ts';

/** Suspensions that end with a new card; the others take a person. */
const LIFTED_BY_CARD: readonly SuspensionReason[] = ['repeated_failures', 'hard_decline'];

/** Stores the card on file. Another one than before lifts a suspension that the old one caused, and is tried at
 *  once where a declined charge waits to be tried again. */
export async function saveCard(
  transaction: Transaction,
  accountId: AccountId,
  card: Card | null,
): Promise<{ suspensionLifted: boolean }> {
  if ((await lockAccountWallets(transaction, accountId)) === null) return { suspensionLifted: false };
  const hastened = card !== null && (await hastenRetries(transaction, accountId, card));
  await transaction`
    update accounts
    set payment_method_id = ${card?.paymentMethodId ?? null}, card_fingerprint = ${card?.fingerprint ?? null},
      card_brand = ${card?.brand ?? null}, card_last4 = ${card?.last4 ?? null},
      card_exp_month = ${card?.expMonth ?? null}, card_exp_year = ${card?.expYear ?? null}
    where account_id = ${accountId}`;
  const suspensionLifted = card !== null && (await liftSuspension(transaction, accountId, card));
  // Marked too, because the answer is lost if the caller crashes, and no second call would find it again.
  if (suspensionLifted) await markWakes(transaction, [{ accountId, refresh: 'customer', delayMs: 0 }]);
  if (hastened) await markWakes(transaction, [{ accountId, refresh: 'account', delayMs: 0 }]);
  return { suspensionLifted };
}

/** Before the account's row: top-ups are locked before accounts by every writer. The same card attached again is no
 *  other card. */
async function hastenRetries(
  transaction: Transaction,
  accountId: AccountId,
  { paymentMethodId, fingerprint }: Card,
): Promise<boolean> {
  const hastened = await transaction`
    update top_ups
    set next_attempt_at = now(), updated_at = now()
    from accounts
    where accounts.account_id = ${accountId} and top_ups.account_id = accounts.account_id
      and top_ups.state = 'retrying' and top_ups.next_attempt_at > now()
      and top_ups.payment_method_id is distinct from ${paymentMethodId}
      and coalesce(accounts.card_fingerprint, accounts.payment_method_id)
        is distinct from coalesce(${fingerprint}, ${paymentMethodId})`;
  return hastened.count > 0;
}

async function liftSuspension(
  transaction: Transaction,
  accountId: AccountId,
  { paymentMethodId, fingerprint }: Card,
): Promise<boolean> {
  const lifted = await transaction`
    update accounts
    set suspension_reason = null, suspended_at = null, suspended_fingerprint = null, failures_since = now(),
      updated_at = now()
    where account_id = ${accountId} and suspension_reason = any(${LIFTED_BY_CARD}::text[])
      and suspended_fingerprint is distinct from ${fingerprint ?? paymentMethodId}`;
  return lifted.count > 0;
}
