import { v7 as uuid } from 'uuid';
import { topUpId as newTopUpId, type TopUpId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import type { RefreshReason } from '../domain/wakes.ts';
import type { Transaction } from './connect.ts';
import { lockTopUp, type LockedTopUp } from './lock-top-up.ts';
import { markWakes } from './mark-wakes.ts';
import { OperatorError } from './operator-error.ts';
import { recordIntent } from './record-intent.ts';

/** What a retry comes to: the next attempt is due now, the provider is asked how it stands, a new top-up takes the
 *  place of the old one, or nothing, because an attempt is running. */
export type RetryEffect = 'hastened' | 'looked_up' | 'new_top_up' | 'none';

/** Tries a top-up again without ever charging twice for it, whatever state the charge is really in: what is open is
 *  hastened or looked up by its workflow; what ended unpaid, its invoice void, is ordered anew once.
 *  @returns the top-up that goes on: the new one, or the same.
 *  @throws OperatorError, LedgerError `top_up_unknown` */
export async function retryTopUp(
  transaction: Transaction,
  topUpId: TopUpId,
  limits: Pick<Policy, 'dayMs' | 'maxTopUpsPerDay'>,
): Promise<{ effect: RetryEffect; topUpId: TopUpId }> {
  const { topUp } = await lockTopUp(transaction, topUpId);
  if (topUp.isCancelRequested && topUp.state !== 'canceled' && topUp.state !== 'failed') {
    throw new OperatorError('cancel_requested', 'The top-up is being canceled.');
  }
  switch (topUp.state) {
    case 'pending':
    case 'charging':
      return { effect: 'none', topUpId };
    case 'retrying':
      await transaction`
        update top_ups set next_attempt_at = now(), updated_at = now()
        where account_id = ${topUp.accountId} and top_up_id = ${topUpId}`;
      await wake(transaction, topUp, 'operator');
      return { effect: 'hastened', topUpId };
    case 'unknown':
    case 'action_required':
    case 'paid':
      await wake(transaction, topUp, 'payment');
      return { effect: 'looked_up', topUpId };
    case 'failed':
    case 'canceled':
      return { effect: 'new_top_up', topUpId: await orderAnew(transaction, topUp, limits) };
    case 'credited':
    case 'refunded':
    case 'disputed':
      throw new OperatorError('top_up_settled', `The top-up is ${topUp.state}.`);
  }
}

/** Each top-up is tried again by at most one other: a chain, of which only the last one may be tried again. */
async function orderAnew(
  transaction: Transaction,
  topUp: LockedTopUp,
  limits: Pick<Policy, 'dayMs' | 'maxTopUpsPerDay'>,
): Promise<TopUpId> {
  const { topUpId, accountId, wallet, amountCents, currency, units, quantity } = topUp;
  if (topUp.isPaid) throw new OperatorError('top_up_settled', 'The top-up was paid after it was closed.');
  const [fact] = await transaction<{ retriedBy: TopUpId | null; byCheckout: boolean }[]>`
    -- A page that was never made leaves no id: then it is known by its customer, who has named no card.
    select checkout_session_id is not null
        or (trigger = 'manual' and attempt = 0 and customer_id is not null and payment_method_id is null)
        as by_checkout,
      (
        select retry.top_up_id from top_ups retry
        where retry.account_id = top_up.account_id and retry.retry_of = top_up.top_up_id limit 1
      ) as retried_by
    from top_ups top_up
    where account_id = ${accountId} and top_up_id = ${topUpId}`;
  if (fact?.byCheckout === true) {
    const detail = 'It was a purchase on a payment page; only the customer can make it again.';
    throw new OperatorError('not_retryable', detail);
  }
  if (typeof fact?.retriedBy === 'string') {
    throw new OperatorError('already_retried', `It was tried again as ${fact.retriedBy}.`);
  }
  const order = {
    topUpId: newTopUpId(wallet, uuid()),
    trigger: 'operator' as const,
    warrant: null,
    accountId,
    wallet,
    amountCents,
    currency,
    units,
    quantity,
  };
  const intent = await recordIntent(transaction, order, limits);
  if (intent.status === 'not_needed') {
    throw new OperatorError('top_up_in_flight', 'Another top-up of the wallet is open.');
  }
  await transaction`
    update top_ups set retry_of = ${topUpId}
    where account_id = ${accountId} and top_up_id = ${order.topUpId}`;
  await wake(transaction, topUp, 'operator');
  return order.topUpId;
}

async function wake(
  transaction: Transaction,
  { accountId }: LockedTopUp,
  refresh: RefreshReason,
): Promise<void> {
  await markWakes(transaction, [{ accountId, refresh, delayMs: 0 }]);
}
