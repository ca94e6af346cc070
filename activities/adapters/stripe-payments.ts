import type { Payments } from '../ports.ts';
import { createStripeCheckout } from './stripe-checkout.ts';
import { createStripeCards } from './stripe-cards.ts';
import { createStripeClient, type StripeOptions } from './stripe-client.ts';
import { createStripeCustomers } from './stripe-customers.ts';
import { createStripeInvoices } from './stripe-invoices.ts';
import { createStripePages } from './stripe-pages.ts';
import { createStripeReversals } from './stripe-reversals.ts';

/** Charges by one-off invoices at Stripe: they bring VAT, the PDF and the page for 3-D Secure, and can be paid
 *  only once. Every call is one request; every writing one has its key and parameters that follow from the
 *  frozen top-up alone, so that calling again has no second effect. */
export function createStripePayments(options: StripeOptions): Payments {
  const stripe = createStripeClient(options);
  const invoices = createStripeInvoices(stripe);
  return {
    ...createStripeCustomers(stripe),
    ...createStripeCards(stripe),
    ...invoices,
    ...createStripeCheckout(stripe, invoices.readInvoice),
    ...createStripePages(stripe),
    ...createStripeReversals(stripe),
  };
}
