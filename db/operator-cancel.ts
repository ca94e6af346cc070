import type { TopUpId } from '../domain/ids.ts';
import type { Transaction } from './connect.ts';
import { lockTopUp } from './lock-top-up.ts';
import { markWakes } from './mark-wakes.ts';
import { OperatorError } from './operator-error.ts';
import { isOpenTopUp } from './read-top-ups.ts';

/** Asks for a top-up to be closed: its workflow voids the invoice first, and credits it if the payment was quicker.
 *  One that has ended unpaid stays as it is.
 *  @throws OperatorError `top_up_settled` when it was paid; LedgerError `top_up_unknown` */
export async function cancelTopUp(
  transaction: Transaction,
  topUpId: TopUpId,
): Promise<{ effect: 'cancel_requested' | 'none' }> {
  const { topUp } = await lockTopUp(transaction, topUpId);
  const { accountId } = topUp;
  if (topUp.isPaid) throw new OperatorError('top_up_settled', 'The top-up has been paid.');
  if (!isOpenTopUp(topUp)) {
    if (topUp.state === 'failed' || topUp.state === 'canceled') return { effect: 'none' };
    throw new OperatorError('top_up_settled', `The top-up is ${topUp.state}.`);
  }
  await transaction`
    update top_ups set cancel_requested_at = coalesce(cancel_requested_at, now()), updated_at = now()
    where account_id = ${accountId} and top_up_id = ${topUpId}`;
  await markWakes(transaction, [{ accountId, refresh: 'operator', delayMs: 0 }]);
  return { effect: 'cancel_requested' };
}
