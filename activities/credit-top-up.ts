import type { TopUpId } from '../domain/ids.ts';
import type { Quantity } from '../domain/quantities.ts';
import type { ActivityDependencies } from './create-activities.ts';

/** Credits a paid top-up to its wallet, once however often it is called.
 *  @throws LedgerError `top_up_unknown` or `top_up_unpaid`: a credit without a payment is a bug. */
export function createCreditTopUp({ ledger, atStep }: Pick<ActivityDependencies, 'ledger' | 'atStep'>) {
  return async ({ topUpId }: { topUpId: TopUpId }): Promise<{ seq: number; balance: Quantity }> => {
    const { seq, balance } = await ledger.creditTopUp(topUpId);
    atStep('credit.booked');
    return { seq, balance };
  };
}
