import type { LookUpOutcome } from '../domain/account-state.ts';
import { isCheckout } from '../domain/checkout.ts';
import type { TopUpId } from '../domain/ids.ts';
import { settlementOf, type TopUp } from '../domain/top-up.ts';
import { isForOrder } from './as-ordered.ts';
import { lookUpCheckout } from './checkout-settlement.ts';
import type { ActivityDependencies } from './create-activities.ts';
import { findInvoiceOf } from './find-invoice.ts';

type Dependencies = Pick<ActivityDependencies, 'topUps' | 'payments' | 'atStep'>;

/** Finds out at the provider how a top-up stands, and records it when it was paid. Charges nothing.
 *  @throws ProviderError when the provider does not answer. */
export function createLookUpTopUp(dependencies: Dependencies) {
  return async ({ topUpId }: { topUpId: TopUpId }): Promise<LookUpOutcome> => {
    const topUp = await dependencies.topUps.read(topUpId);
    if (topUp === null) return { status: 'closed' };
    const settlement = settlementOf(topUp.state);
    return settlement === null ? lookUp(topUp, dependencies) : { status: settlement };
  };
}

async function lookUp(topUp: TopUp, dependencies: Dependencies): Promise<LookUpOutcome> {
  const { topUps, atStep } = dependencies;
  if (isCheckout(topUp)) return lookUpCheckout(topUp, dependencies);
  const invoice = await findInvoiceOf(topUp, dependencies);
  atStep('look_up.read');
  if (invoice === null) return { status: 'open', processing: false };
  switch (invoice.status) {
    case 'paid':
      if (!isForOrder(invoice, topUp)) return { status: 'closed' };
      await topUps.markPaid(topUp.topUpId, invoice);
      return { status: 'paid' };
    case 'void':
    case 'uncollectible':
      return { status: 'closed' };
    case 'draft':
    case 'open':
      return invoice.authenticationPending
        ? { status: 'action_required', actionUrl: invoice.hostedUrl }
        : { status: 'open', processing: invoice.paymentProcessing };
  }
}
