import type { Closing } from '../domain/account-state.ts';
import { isCheckout } from '../domain/checkout.ts';
import type { TopUpId } from '../domain/ids.ts';
import { isForOrder } from './as-ordered.ts';
import { endCheckout } from './checkout-settlement.ts';
import { settlementOf, type TopUp } from '../domain/top-up.ts';
import type { ActivityDependencies } from './create-activities.ts';
import { findInvoiceOf } from './find-invoice.ts';
import { ProviderError } from './payment-errors.ts';

type Dependencies = Pick<ActivityDependencies, 'topUps' | 'payments' | 'atStep'>;

/** Gives a top-up up: voids its invoice or closes its payment page, so that nobody can
 *  pay it any more, and only then closes it.
 *  @returns `paid` when the payment was quicker; then it has to be credited.
 *  @throws ProviderError when the provider does not answer: the top-up stays open until it is certain. */
export function createCloseTopUp({ topUps, payments, atStep }: Dependencies) {
  return async (input: { topUpId: TopUpId; closing: Closing }): Promise<{ status: 'paid' | 'closed' }> => {
    const { topUpId, closing } = input;
    const topUp = await topUps.read(topUpId);
    if (topUp === null) return { status: 'closed' };
    const end = isCheckout(topUp) ? endCheckout : endInvoice;
    if ((await end(topUp, { topUps, payments, atStep })) === 'paid') return { status: 'paid' };
    // It may have been taken away in the meantime; attached again, it is still the card that does not pay.
    const { paymentMethodId } = topUp;
    const isBlamed = closing.suspend !== null && paymentMethodId !== null;
    const fingerprint = isBlamed ? await payments.readFingerprint(paymentMethodId) : null;
    const closed = await topUps.close(topUpId, closing, {
      fingerprint,
      checkoutSessionId: topUp.checkoutSessionId,
    });
    atStep('close.recorded');
    const status = settlementOf(closed.state);
    // Its page was made in this very moment: it can be paid on until it is expired too.
    if (status === null) throw ProviderError.unclear('close', `${topUpId} has got a payment page meanwhile`);
    return { status };
  };
}

/** Voids the invoice, if there is one. */
async function endInvoice(
  topUp: TopUp,
  { topUps, payments, atStep }: Dependencies,
): Promise<'paid' | 'closed'> {
  const { topUpId } = topUp;
  const invoice = await findInvoiceOf(topUp, { topUps, payments });
  if (invoice === null) return 'closed';
  const isVoid = invoice.status === 'void';
  const afterwards = isVoid ? invoice : await payments.voidInvoice(topUpId, invoice.invoiceId);
  atStep('close.voided');
  if (afterwards.status !== 'paid' || !isForOrder(afterwards, topUp)) return 'closed';
  await topUps.markPaid(topUpId, afterwards);
  return 'paid';
}
