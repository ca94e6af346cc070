import type { Stripe } from 'stripe';
import { checkoutExpiresAtMs } from '../../domain/checkout.ts';
import type { TopUp } from '../../domain/top-up.ts';
import type { ReturnPages } from '../ports.ts';
import { descriptionOf, metadataOf, TAX_CODE } from './stripe-invoice-params.ts';

/** Parameters of a top-up's payment page. They follow from the frozen top-up, its frozen customer and the request
 *  that it was bought by, because Stripe refuses a key that comes again with others. */
export function checkoutParams(
  topUp: TopUp,
  customerId: string,
  { successUrl, cancelUrl }: ReturnPages,
): Stripe.Checkout.SessionCreateParams {
  const metadata = metadataOf(topUp);
  return {
    mode: 'payment',
    customer: customerId,
    line_items: [{ quantity: 1, price_data: priceOf(topUp) }],
    // A card is charged at once: nothing is left open for days, and the card can be charged again.
    allowed_payment_method_types: ['card'],
    // The invoice is in euros, as everything that is credited by it.
    adaptive_pricing: { enabled: false },
    automatic_tax: { enabled: true },
    tax_id_collection: { enabled: true },
    // The address decides the VAT; it is kept for the invoices to come.
    customer_update: { address: 'auto', name: 'auto' },
    billing_address_collection: 'required',
    invoice_creation: { enabled: true, invoice_data: { metadata } },
    payment_intent_data: { setup_future_usage: 'off_session', metadata },
    metadata,
    success_url: successUrl,
    cancel_url: cancelUrl,
    expires_at: Math.floor(checkoutExpiresAtMs(topUp) / 1_000),
  };
}

function priceOf(topUp: TopUp): Stripe.Checkout.SessionCreateParams.LineItem.PriceData {
  return {
    currency: topUp.currency.toLowerCase(),
    unit_amount: topUp.amountCents,
    tax_behavior: 'exclusive',
    product_data: { name: descriptionOf(topUp), tax_code: TAX_CODE },
  };
}
