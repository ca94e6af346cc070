import { randomUUID } from 'node:crypto';
import { Stripe } from 'stripe';

export type Failure = Stripe.errors.StripeError;

/** What each part of the contract starts from: a German customer with a saved card. */
export interface Stage {
  stripe: Stripe;
  germany: Stripe.Customer;
  card: Stripe.PaymentMethod;
}

/** The error of a call that has to fail. */
export async function failure(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('the call succeeded');
}

export function isReplayed({ lastResponse }: Stripe.Response<unknown>): boolean {
  // The fetch client hands out Headers where the Node client hands out a plain object.
  const headers = lastResponse.headers as Record<string, string> | Headers;
  return (
    (headers instanceof Headers ? headers.get('idempotent-replayed') : headers['idempotent-replayed']) ===
    'true'
  );
}

export async function customerIn(
  stripe: Stripe,
  country: string,
  town: { postal_code: string; city: string },
): Promise<Stripe.Customer> {
  return stripe.customers.create({
    name: 'Contract GmbH',
    email: 'contract@example.com',
    address: { country, line1: 'Ring 1', ...town },
    metadata: { suite: 'contract' },
  });
}

export async function saveCard(
  stripe: Stripe,
  customer: string,
  token: string,
): Promise<Stripe.PaymentMethod> {
  const method = await stripe.paymentMethods.attach(token, { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method.id } });
  return method;
}

/** The steps of a top-up up to the payment, as the product takes them. */
export async function openInvoice(stripe: Stripe, customer: string, amount: number): Promise<Stripe.Invoice> {
  const topUpId = randomUUID();
  const draft = await stripe.invoices.create(
    {
      customer,
      currency: 'eur',
      collection_method: 'charge_automatically',
      auto_advance: false,
      pending_invoice_items_behavior: 'exclude',
      automatic_tax: { enabled: true },
      metadata: { top_up_id: topUpId },
      payment_settings: { payment_method_types: ['card'] },
    },
    { idempotencyKey: `topup:${topUpId}:invoice` },
  );
  await stripe.invoiceItems.create(
    {
      customer,
      invoice: draft.id,
      amount,
      currency: 'eur',
      tax_behavior: 'exclusive',
      tax_code: 'txcd_10000000',
      description: '454 call minutes',
    },
    { idempotencyKey: `topup:${topUpId}:item` },
  );
  return stripe.invoices.finalizeInvoice(
    draft.id,
    { auto_advance: false, expand: ['payments', 'confirmation_secret'] },
    { idempotencyKey: `topup:${topUpId}:finalize` },
  );
}

export async function eventAbout(stripe: Stripe, type: string, id: string): Promise<Stripe.Event> {
  const { data } = await stripe.events.list({ type, limit: 20 });
  const found = data.find((event) => (event.data.object as { id?: string }).id === id);
  if (found === undefined) throw new Error(`no ${type} for ${id}`);
  return found;
}
