import type { TopUp } from './top-up.ts';

/** How long a payment page stays open. Stripe wants at least 30 minutes from the call that makes it, which may have to
 *  be repeated with the same instant. */
const CHECKOUT_LIFE_MS = 45 * 60_000;

/** When the payment page of a top-up closes: from its creation alone, so that every try asks for the same. */
export function checkoutExpiresAtMs({ createdAtMs }: Pick<TopUp, 'createdAtMs'>): number {
  return createdAtMs + CHECKOUT_LIFE_MS;
}

/** Whether a top-up is bought on the provider's payment page. One whose page is not made yet is told by this: it waits
 *  for its customer without an attempt, while a charge that waits for them has made one. */
export function isCheckout({ trigger, state, attempt, checkoutSessionId }: TopUp): boolean {
  if (checkoutSessionId !== null) return true;
  return trigger === 'manual' && state === 'action_required' && attempt === 0;
}
