import type { ChargeOutcome } from '../domain/account-state.ts';
import type { TopUpId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { isOpenTopUp } from './read-top-ups.ts';
import type { Transaction } from './connect.ts';
import { LedgerError } from './ledger-error.ts';
import { lockTopUp, type LockedTopUp } from './lock-top-up.ts';
import { hasRecovered } from './record-intent.ts';

type Attempt = { outcome: ChargeOutcome | null };

/** Commits that an attempt is going to be made, before the payment is asked for. The same attempt may begin any
 *  number of times while its outcome is not established: it is the same request to the provider.
 *  @returns null when the payment may be asked for; otherwise how the attempt, or the top-up, has ended:
 *  `recovered` when an automatic charge has lost its reason before this attempt, or an operator wants none.
 *  @throws LedgerError `attempt_out_of_order` for an attempt before the last one: a number may be skipped, when an
 *  attempt never came as far as this, but never taken up again. */
export async function beginAttempt(
  transaction: Transaction,
  topUpId: TopUpId,
  attempt: number,
  paymentMethodId: string,
  policy: Pick<Policy, 'dayMs'>,
): Promise<ChargeOutcome | null> {
  const { topUp, wallets } = await lockTopUp(transaction, topUpId);
  const begun = await readAttempt(transaction, topUp, attempt);
  if (begun !== null && begun.outcome !== null) return begun.outcome;
  if (topUp.isPaid) return { status: 'paid' };
  if (!isOpenTopUp(topUp)) {
    const { seq } = wallets[topUp.wallet];
    return {
      status: 'not_needed',
      reason: 'closed',
      seq,
      settingsVersion: topUp.warrant?.settingsVersion ?? 0,
    };
  }
  if (begun !== null) return null;
  if (attempt <= topUp.attempt) {
    throw new LedgerError('attempt_out_of_order', `${topUpId}: ${attempt} after ${topUp.attempt}`);
  }
  if (topUp.isCancelRequested) return { status: 'recovered' };
  if (await hasRecovered(transaction, topUp, wallets[topUp.wallet], policy)) return { status: 'recovered' };
  const { accountId } = topUp;
  await Promise.all([
    transaction`
      insert into charge_attempts (account_id, top_up_id, attempt, payment_method_id)
      values (${accountId}, ${topUpId}, ${attempt}, ${paymentMethodId})`,
    transaction`
      update top_ups
      set state = 'charging', attempt = ${attempt}, payment_method_id = ${paymentMethodId}, action_url = null,
        next_attempt_at = null, unknown_since = null, updated_at = now()
      where account_id = ${accountId} and top_up_id = ${topUpId}`,
  ]);
  return null;
}

/** Stores how an attempt ended, once. What a declined one waits for is stored with `markWaiting`. */
export async function finishAttempt(
  transaction: Transaction,
  topUpId: TopUpId,
  attempt: number,
  outcome: ChargeOutcome,
): Promise<void> {
  const { topUp } = await lockTopUp(transaction, topUpId);
  if (outcome.status === 'unknown') return markUnknown(transaction, topUp);
  const { accountId } = topUp;
  const finished = await transaction`
    update charge_attempts
    set outcome = ${JSON.stringify(outcome)}::text::jsonb, finished_at = now()
    where account_id = ${accountId} and top_up_id = ${topUpId} and attempt = ${attempt} and outcome is null`;
  if (finished.count === 0 || topUp.isPaid || !isOpenTopUp(topUp)) return;
  if (outcome.status === 'declined') {
    // Still `charging`: what follows from the decline is decided by the workflow, and stored by `markWaiting`. A
    // workflow that was lost in between asks for the same attempt again and hears the same decline.
    await transaction`
      update top_ups set failure = ${outcome.decline.reason}, updated_at = now()
      where account_id = ${accountId} and top_up_id = ${topUpId}`;
  } else if (outcome.status === 'action_required') {
    await transaction`
      update top_ups
      set state = 'action_required', action_url = ${outcome.actionUrl}, failure = 'authentication_required',
        unknown_since = null, updated_at = now()
      where account_id = ${accountId} and top_up_id = ${topUpId}`;
  }
}

/** The outcome of the running attempt is not established. Since when that is so is kept through repetitions. */
export async function markUnknown(transaction: Transaction, topUp: LockedTopUp): Promise<void> {
  if (topUp.isPaid || !isOpenTopUp(topUp)) return;
  await transaction`
    update top_ups
    set state = 'unknown', unknown_since = coalesce(unknown_since, now()), updated_at = now()
    where account_id = ${topUp.accountId} and top_up_id = ${topUp.topUpId}`;
}

async function readAttempt(
  transaction: Transaction,
  { accountId, topUpId }: LockedTopUp,
  attempt: number,
): Promise<Attempt | null> {
  const [row] = await transaction<Attempt[]>`
    select outcome from charge_attempts
    where account_id = ${accountId} and top_up_id = ${topUpId} and attempt = ${attempt}`;
  return row ?? null;
}
