import type { Stripe } from 'stripe';
import { ProviderError } from '../payment-errors.ts';
import type { Payments } from '../ports.ts';
import { ask } from './stripe-client.ts';

/** The part of the payment provider that knows saved cards. */
export function createStripeCards(stripe: Stripe): Pick<Payments, 'readFingerprint'> {
  return {
    async readFingerprint(paymentMethodId) {
      const request = stripe.paymentMethods.retrieve(paymentMethodId);
      try {
        return (await ask('paymentMethods.retrieve', 'payment_method', request)).card?.fingerprint ?? null;
      } catch (error) {
        // A card that cannot be read is no reason to leave an invoice open.
        if (error instanceof ProviderError && error.kind === 'rejected') return null;
        throw error;
      }
    },
  };
}
