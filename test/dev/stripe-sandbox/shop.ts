import type { Stripe } from 'stripe';
import { control } from './recorder.ts';

/** A German customer with a saved card, as most tests need one. */
export interface Shopper {
  customer: string;
  card: string;
}

export async function newShopper(stripe: Stripe, token = 'pm_card_visa'): Promise<Shopper> {
  const customer = await stripe.customers.create({
    name: 'Acme GmbH',
    email: 'billing@acme.example',
    address: { country: 'DE', postal_code: '10115', city: 'Berlin', line1: 'Ring 1' },
  });
  const method = await stripe.paymentMethods.attach(token, { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } });
  return { customer: customer.id, card: method.id };
}

/** An open invoice over one line. */
export async function newOpenInvoice(
  stripe: Stripe,
  customer: string,
  amount = 1000,
): Promise<Stripe.Invoice> {
  const draft = await stripe.invoices.create({ customer, currency: 'eur', automatic_tax: { enabled: true } });
  await stripe.invoiceItems.create({
    customer,
    invoice: draft.id,
    amount,
    currency: 'eur',
    tax_behavior: 'exclusive',
  });
  return stripe.invoices.finalizeInvoice(draft.id, { expand: ['payments'] });
}

/** Turns a fault on until it has struck as often as it says. */
export async function fault(url: string, one: Record<string, unknown>): Promise<void> {
  await control(url, 'POST', '/sandbox/switches', one);
}

export async function succeededCharges(stripe: Stripe, customer: string): Promise<Stripe.Charge[]> {
  const { data } = await stripe.charges.list({ customer, limit: 100 });
  return data.filter((charge) => charge.status === 'succeeded');
}

export function errorOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  return call.then(
    () => {
      throw new Error('the call succeeded');
    },
    (error: unknown) => error as Stripe.errors.StripeError,
  );
}
