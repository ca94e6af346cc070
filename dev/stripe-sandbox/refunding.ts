import { invalidRequest } from './errors.ts';
import { newId } from './ids.ts';
import { type Charge, newBalanceTransaction } from './objects/payment.ts';
import { newRefund, type Refund, type RefundReason } from './objects/reversal.ts';
import type { Scope } from './scope.ts';

/** Gives money back by the card it came from, in full or in part.
 *  @throws ApiError when the charge was not paid, is disputed, or has less left than that. */
export function refundCharge(
  scope: Scope,
  charge: Charge,
  facts: { amount: number | undefined; reason: RefundReason | null; metadata: Record<string, string> },
): Refund {
  const left = charge.amount - charge.amount_refunded;
  const amount = facts.amount ?? left;
  assertRefundable(charge, amount, left);
  const refund: Refund = {
    ...newRefund(newId('re'), scope.now(), charge, amount),
    balance_transaction: newId('txn'),
    metadata: facts.metadata,
    reason: facts.reason,
  };
  const occasion = { path: 'refunds', customer: charge.customer ?? undefined };
  if (scope.switches.take('refund_fails', occasion) !== undefined) return failRefund(scope, refund, charge);
  const movement = newBalanceTransaction(refund.balance_transaction ?? '', scope.now(), {
    amount: -amount,
    fee: 0,
    currency: charge.currency,
    source: refund.id,
    type: 'refund',
    category: 'refund',
    description: `REFUND FOR CHARGE (${charge.description ?? charge.id})`,
  });
  const after: Charge = {
    ...charge,
    amount_refunded: charge.amount_refunded + amount,
    refunded: amount === left,
  };
  scope.store.put(movement);
  scope.store.put(refund, { customer: charge.customer, parent: charge.id });
  scope.store.put(after);
  scope.events.emit('refund.created', refund);
  scope.events.emit('charge.refunded', after, {
    amount_refunded: charge.amount_refunded,
    refunded: charge.refunded,
  });
  return refund;
}

/** Accepted at first, then sent back by the bank: the money stays, and an event tells it. */
function failRefund(scope: Scope, refund: Refund, charge: Charge): Refund {
  const pending: Refund = { ...refund, balance_transaction: null, status: 'pending' };
  const failed: Refund = { ...pending, failure_reason: 'lost_or_stolen_card', status: 'failed' };
  scope.events.emit('refund.created', pending);
  scope.store.put(failed, { customer: charge.customer, parent: charge.id });
  scope.events.emit('refund.failed', failed);
  return pending;
}

function assertRefundable(charge: Charge, amount: number, left: number): void {
  if (!charge.paid) {
    throw invalidRequest(`Charge ${charge.id} was not paid and cannot be refunded.`, {
      code: 'charge_not_refundable',
    });
  }
  if (charge.refunded) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    });
  }
  if (charge.disputed) {
    throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
    });
  }
  if (amount < 1)
    throw invalidRequest('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount' });
  if (amount <= left) return;
  throw invalidRequest(
    `Refund amount (${inUnits(amount)}) is greater than unrefunded amount on charge (${inUnits(left)})`,
    { param: 'amount' },
  );
}

function inUnits(cents: number): string {
  return `€${(cents / 100).toFixed(2)}`;
}
