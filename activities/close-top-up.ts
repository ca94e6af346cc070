import type { Closing } from '../domain/account-state.ts';
import type { TopUpId } from '../domain/ids.ts';
import { isForOrder } from './as-ordered.ts';
import { settlementOf } from '../domain/top-up.ts';
import type { ActivityDependencies } from './create-activities.ts';
import { findInvoiceOf } from './find-invoice.ts';

type Dependencies = Pick<ActivityDependencies, 'topUps' | 'payments' | 'atStep'>;

/** Gives a top-up up: voids its invoice, so that nobody can pay it any more, and only then closes it.
 *  @returns `paid` when the payment was quicker; then it has to be credited.
 *  @throws ProviderError when the provider does not answer: the top-up stays open until it is certain. */
export function createCloseTopUp({ topUps, payments, atStep }: Dependencies) {
  return async (input: { topUpId: TopUpId; closing: Closing }): Promise<{ status: 'paid' | 'closed' }> => {
    const { topUpId, closing } = input;
    const topUp = await topUps.read(topUpId);
    if (topUp === null) return { status: 'closed' };
    const invoice = await findInvoiceOf(topUp, { topUps, payments });
    if (invoice !== null) {
      const isVoid = invoice.status === 'void';
      const afterwards = isVoid ? invoice : await payments.voidInvoice(topUpId, invoice.invoiceId);
      atStep('close.voided');
      if (afterwards.status === 'paid' && isForOrder(afterwards, topUp)) {
        await topUps.markPaid(topUpId, afterwards);
        return { status: 'paid' };
      }
    }
    const closed = await topUps.close(topUpId, closing);
    atStep('close.recorded');
    return { status: settlementOf(closed.state) ?? 'closed' };
  };
}
