import type { BlockReason } from '../domain/account-state.ts';
import type { CustomerStanding } from './ports.ts';

/** Why a customer cannot be charged now, or null. A customer balance at the provider would change what an
 *  invoice collects, so that the card would no longer pay what was ordered. */
export function blockedBy({ card, taxLocationKnown, balanceCents }: CustomerStanding): BlockReason | null {
  if (card === null) return 'no_payment_method';
  if (!taxLocationKnown) return 'tax_location_unknown';
  if (balanceCents !== 0) return 'customer_balance_not_zero';
  return null;
}
