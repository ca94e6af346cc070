import { newId } from './ids.ts';
import { type BalanceTransaction, type Charge, newBalanceTransaction } from './objects/payment.ts';
import { type Dispute, type DisputeStatus, newDispute } from './objects/reversal.ts';
import type { Scope } from './scope.ts';

/** Stripe's fee for a chargeback in euros, in cents. */
const DISPUTE_FEE = 2000;

/** A card holder disputes a charge. A chargeback withdraws the money at once; an inquiry (`warning_…`) does not. */
export function openDispute(scope: Scope, charge: Charge, status: DisputeStatus, reason: string): Dispute {
  const dispute = newDispute(newId('du'), scope.now(), charge, status, reason);
  const isChargeback = !status.startsWith('warning');
  if (isChargeback) dispute.balance_transactions = [withdraw(scope, dispute, -charge.amount, DISPUTE_FEE)];
  scope.store.put(dispute, { customer: charge.customer, parent: charge.id });
  scope.store.put({ ...charge, disputed: true });
  scope.events.emit('charge.dispute.created', dispute);
  if (isChargeback) scope.events.emit('charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

/** The bank decides. Won: the money comes back. Lost: it stays with the card holder. An inquiry that is lost becomes no
 *  chargeback here, it closes. */
export function closeDispute(scope: Scope, dispute: Dispute, outcome: 'won' | 'lost'): Dispute {
  const wasInquiry = dispute.status.startsWith('warning');
  const status: DisputeStatus = wasInquiry ? 'warning_closed' : outcome;
  const closed: Dispute = {
    ...dispute,
    evidence_details: { ...dispute.evidence_details, due_by: null },
    is_charge_refundable: wasInquiry,
    status,
  };
  if (status === 'won') {
    closed.balance_transactions = [
      ...dispute.balance_transactions,
      withdraw(scope, dispute, dispute.amount, 0),
    ];
  }
  scope.store.put(closed);
  if (status === 'won') scope.events.emit('charge.dispute.funds_reinstated', closed);
  scope.events.emit('charge.dispute.closed', closed, { status: dispute.status });
  return closed;
}

function withdraw(scope: Scope, dispute: Dispute, amount: number, fee: number): BalanceTransaction {
  const movement = newBalanceTransaction(newId('txn'), scope.now(), {
    amount,
    fee,
    currency: dispute.currency,
    source: dispute.id,
    type: 'adjustment',
    category: amount < 0 ? 'dispute' : 'dispute_reversal',
    description: `Chargeback ${amount < 0 ? 'withdrawal' : 'reversal'} for ${dispute.charge}`,
  });
  scope.store.put(movement);
  return movement;
}
