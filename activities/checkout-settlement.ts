import type { LookUpOutcome } from '../domain/account-state.ts';
import type { TopUp } from '../domain/top-up.ts';
import { isForOrder } from './as-ordered.ts';
import type { ActivityDependencies } from './create-activities.ts';
import { listedSinceMs } from './listed-since.ts';
import { ProviderError } from './payment-errors.ts';
import type { CheckoutReading, InvoiceReading } from './ports.ts';

type Dependencies = Pick<ActivityDependencies, 'topUps' | 'payments' | 'atStep'>;

/** Finds out how a purchase on the payment page stands, and records it when it was paid. A page that does not exist
 *  may be about to: then it is waited for. */
export async function lookUpCheckout(topUp: TopUp, dependencies: Dependencies): Promise<LookUpOutcome> {
  const page = await findPage(topUp, dependencies);
  dependencies.atStep('look_up.read');
  switch (page?.status) {
    case 'paid':
      await recordPaid(topUp, page.invoice, dependencies);
      return { status: 'paid' };
    case 'expired':
      return { status: 'closed' };
    case 'processing':
      return { status: 'open', processing: true };
    case 'open':
    case undefined:
      return { status: 'open', processing: false };
  }
}

/** Closes the payment page, so that nobody can pay on it any more; one that was never made needs nothing.
 *  @returns `paid` when the customer was quicker: that is recorded.
 *  @throws ProviderError `busy` while a payment is under way. */
export async function endCheckout(topUp: TopUp, dependencies: Dependencies): Promise<'paid' | 'closed'> {
  const found = await findPage(topUp, dependencies);
  if (found === null) return 'closed';
  const isOpen = found.status === 'open';
  const page = isOpen ? await dependencies.payments.expireCheckout(found.sessionId) : found;
  dependencies.atStep('close.page_expired');
  if (page.status === 'expired') return 'closed';
  if (page.status !== 'paid') throw underWay(page);
  await recordPaid(topUp, page.invoice, dependencies);
  return 'paid';
}

async function findPage(topUp: TopUp, { payments }: Dependencies): Promise<CheckoutReading | null> {
  const { checkoutSessionId, topUpId, customerId } = topUp;
  if (checkoutSessionId !== null) return payments.readCheckout(checkoutSessionId);
  if (customerId === null) return null;
  return payments.findCheckout(topUpId, customerId, listedSinceMs(topUp));
}

/** Money has moved. An invoice that is not what was ordered is neither credited nor forgotten: a person has to look.
 *  @throws ProviderError `ambiguous` for such an invoice. */
async function recordPaid(topUp: TopUp, invoice: InvoiceReading, { topUps }: Dependencies): Promise<void> {
  if (!isForOrder(invoice, topUp)) {
    throw ProviderError.unclear('checkout.sessions.retrieve', `${invoice.invoiceId} is not what was ordered`);
  }
  await topUps.markPaid(topUp.topUpId, invoice);
}

function underWay({ sessionId }: CheckoutReading): ProviderError {
  const details = { call: 'checkout.sessions.expire', requestId: null, statusCode: null, code: null };
  return new ProviderError('busy', `${sessionId} is being paid`, { ...details, replayed: false });
}
