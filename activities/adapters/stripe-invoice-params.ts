import type { Stripe } from 'stripe';
import type { TopUp, TopUpOrder } from '../../domain/top-up.ts';

/** "Software as a service (SaaS) - business use": calls and replies are part of an assistant rented as a service.
 *  It decides the rate that Stripe Tax takes; the seller's tax adviser has to agree (docs/stripe.md). */
export const TAX_CODE = 'txcd_10103001';

/** Parameters of the invoice. They follow from the frozen top-up and its frozen customer alone: Stripe refuses a
 *  key that comes again with others. Whoever changes them breaks retries that cross the deployment. */
export function invoiceParams(topUp: TopUp, customerId: string): Stripe.InvoiceCreateParams {
  return {
    customer: customerId,
    currency: topUp.currency.toLowerCase(),
    collection_method: 'charge_automatically',
    auto_advance: false,
    pending_invoice_items_behavior: 'exclude',
    automatic_tax: { enabled: true },
    metadata: metadataOf(topUp),
    payment_settings: { payment_method_types: ['card'] },
  };
}

/** Parameters of the invoice's only line; frozen in the same way. */
export function itemParams(
  topUp: TopUp,
  customerId: string,
  invoiceId: string,
): Stripe.InvoiceItemCreateParams {
  return {
    customer: customerId,
    invoice: invoiceId,
    amount: topUp.amountCents,
    currency: topUp.currency.toLowerCase(),
    description: descriptionOf(topUp),
    tax_behavior: 'exclusive',
    tax_code: TAX_CODE,
    metadata: metadataOf(topUp),
  };
}

/** What the customer bought, in both languages: the language of the account may change between two tries under
 *  one key. Digits are not grouped, because a comma and a point mean the opposite in the two. */
export function descriptionOf({ wallet, units }: TopUpOrder): string {
  switch (wallet) {
    case 'call_minutes':
      return `${units} call minutes / Gesprächsminuten`;
    case 'chat_credits':
      return `${units} chat credits / Chat-Guthaben`;
  }
}

export function metadataOf({ topUpId, accountId }: TopUpOrder): Stripe.MetadataParam {
  return { top_up_id: topUpId, account_id: accountId };
}
