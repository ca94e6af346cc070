import { Stripe } from 'stripe';
import { classifyDecline } from '../../domain/failures.ts';
import { ProviderError } from '../payment-errors.ts';
import type { PayOutcome } from '../ports.ts';
import { isAuthenticationPending, paymentIntentOf } from './stripe-invoice-reading.ts';

/** Stripe has no one class for these; the code tells. A failed authentication may be tried again on the invoice's
 *  page, so that it is not a decline. */
const AUTHENTICATION_CODES: ReadonlySet<string> = new Set([
  'authentication_required',
  'invoice_payment_intent_requires_action',
  'payment_intent_action_required',
  'payment_intent_authentication_failure',
]);

/** What an answered payment came to.
 *  @throws ProviderError `ambiguous` when the answer does not say. */
export function outcomeOfAnswer(invoice: Stripe.Invoice): PayOutcome {
  if (invoice.status === 'paid') return { status: 'paid' };
  if (isAuthenticationPending(paymentIntentOf(invoice))) return { status: 'authentication_required' };
  throw ProviderError.unclear('invoices.pay', `the invoice is ${String(invoice.status)} after its payment`);
}

/** The business outcome behind a refused payment.
 *  @returns null when it is a fault. */
export function outcomeOfRefusal(error: unknown): PayOutcome | null {
  const refusal = error instanceof ProviderError ? error.cause : null;
  if (!(refusal instanceof Stripe.errors.StripeError)) return null;
  const { code, decline_code: declineCode, advice_code: adviceCode } = refusal;
  if (asksForCustomer(code) || asksForCustomer(declineCode)) return { status: 'authentication_required' };
  if (refusal instanceof Stripe.errors.StripeCardError) {
    return declined(declineCode || code || 'card_declined', adviceCode);
  }
  return isCardGone(refusal) ? declined(code || 'payment_method_unusable', adviceCode) : null;
}

function declined(code: string, adviceCode: string | undefined): PayOutcome {
  return { status: 'declined', decline: classifyDecline(code, adviceCode ?? null) };
}

function asksForCustomer(code: string | undefined): boolean {
  return code !== undefined && AUTHENTICATION_CODES.has(code);
}

/** The customer took the card away after it was frozen into the attempt: nobody's bug, and the next attempt has
 *  another card or none. */
function isCardGone(error: Stripe.errors.StripeError): boolean {
  const isRefused = error instanceof Stripe.errors.StripeInvalidRequestError;
  return isRefused && error.param === 'payment_method' && !error.code?.startsWith('parameter_');
}
