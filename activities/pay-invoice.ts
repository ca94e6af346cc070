import type { ChargeOutcome } from '../domain/account-state.ts';
import type { TopUp } from '../domain/top-up.ts';
import type { ChargeDependencies } from './charge-top-up.ts';
import { ProviderError } from './payment-errors.ts';
import type { InvoiceReading, PayOutcome } from './ports.ts';

export type Payment = { topUp: TopUp; invoice: InvoiceReading; attempt: number; paymentMethodId: string };

/** The step that moves money: one attempt to pay one invoice, under a key made of both.
 *  @throws ProviderError; an ambiguous one is marked `unknown` first, so that nobody charges under another key. */
export async function payInvoice(payment: Payment, dependencies: ChargeDependencies): Promise<ChargeOutcome> {
  const { topUps, payments, atStep } = dependencies;
  const { topUp, invoice, attempt } = payment;
  const { topUpId } = topUp;
  const wasUnknown = topUp.state === 'unknown' && topUp.attempt === attempt;
  if (wasUnknown && invoice.paymentProcessing) return { status: 'unknown' };
  const known = await topUps.beginAttempt(topUpId, attempt, payment.paymentMethodId);
  if (known !== null) return known;
  atStep('charge.attempt_begun');
  // An attempt that was begun before keeps its card: the same key has to carry the same parameters.
  const begun = (await topUps.read(topUpId)) ?? topUp;
  const paymentMethodId = begun.paymentMethodId ?? payment.paymentMethodId;
  let answer: PayOutcome;
  try {
    answer = await payments.payInvoice(begun, invoice.invoiceId, attempt, paymentMethodId);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'ambiguous') throw error;
    await topUps.markUnknown(topUpId);
    // A server error is stored under its key and would be replayed for ever: from here on, only look-ups.
    if (wasUnknown && (error.details.statusCode ?? 0) >= 500) return { status: 'unknown' };
    throw error;
  }
  return settle(answer, payment, dependencies);
}

async function settle(
  answer: PayOutcome,
  { topUp: { topUpId }, invoice: { invoiceId }, attempt }: Payment,
  { topUps, payments, atStep }: ChargeDependencies,
): Promise<ChargeOutcome> {
  switch (answer.status) {
    case 'paid':
    case 'already_paid': {
      atStep('charge.paid');
      const paid = await payments.readInvoice(invoiceId);
      if (paid.status !== 'paid') {
        await topUps.markUnknown(topUpId);
        return { status: 'unknown' };
      }
      await topUps.markPaid(topUpId, paid);
      atStep('charge.paid_recorded');
      return finished({ status: 'paid' });
    }
    case 'declined':
      return finished(answer);
    case 'authentication_required': {
      const { hostedUrl } = await payments.readInvoice(invoiceId);
      return finished({ status: 'action_required', actionUrl: hostedUrl });
    }
  }

  async function finished(outcome: ChargeOutcome): Promise<ChargeOutcome> {
    await topUps.finishAttempt(topUpId, attempt, outcome);
    return outcome;
  }
}
