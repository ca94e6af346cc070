import { randomUUID } from 'node:crypto';
import Stripe from 'stripe';
import { beforeAll, describe, expect, it } from 'vitest';

type Failure = Stripe.errors.StripeError;

/** What this product relies on at Stripe, said with its SDK. Runs against the sandbox and, with a key, against Stripe's
 *  test mode; so it uses only what both have: the API, no page and no switch. */
export function contractSuite(client: () => Stripe): void {
  let stripe: Stripe;
  let germany: Stripe.Customer;
  let card: Stripe.PaymentMethod;

  beforeAll(async () => {
    stripe = client();
    germany = await customerIn(stripe, 'DE', { postal_code: '10115', city: 'Berlin' });
    card = await saveCard(stripe, germany.id, 'pm_card_visa');
  });

  describe('invoices', () => {
    it('a top-up is an invoice of one line whose net amount and VAT are known before it is paid', async () => {
      const invoice = await openInvoice(stripe, germany.id, 5000);
      expect(invoice).toMatchObject({
        status: 'open',
        total_excluding_tax: 5000,
        total: 5950,
        amount_due: 5950,
      });
      expect(invoice.lines.data).toHaveLength(1);
      expect(invoice.automatic_tax).toMatchObject({
        enabled: true,
        status: 'complete',
        disabled_reason: null,
      });
      expect(invoice.total_taxes).toMatchObject([{ amount: 950, taxability_reason: 'standard_rated' }]);
      expect(invoice.confirmation_secret?.client_secret).toContain('_secret_');
      expect(invoice.payments?.data).toMatchObject([{ status: 'open', amount_requested: 5950 }]);
      expect(invoice.number).not.toBeNull();
      expect(invoice.hosted_invoice_url).toMatch(/^https?:/);
      expect(invoice.metadata).toMatchObject({ top_up_id: expect.any(String) });
    });

    it('paying charges the saved card once and shows the payment intent under payments', async () => {
      const invoice = await openInvoice(stripe, germany.id, 5000);
      const paid = await stripe.invoices.pay(invoice.id, {
        off_session: true,
        payment_method: card.id,
        expand: ['payments.data.payment.payment_intent'],
      });
      const intent = paid.payments?.data[0]?.payment.payment_intent as Stripe.PaymentIntent;
      expect(paid).toMatchObject({ status: 'paid', amount_paid: 5950, amount_remaining: 0 });
      expect(intent).toMatchObject({ status: 'succeeded', amount_received: 5950 });
      const charge = await stripe.charges.retrieve(intent.latest_charge as string, {
        expand: ['balance_transaction'],
      });
      expect(charge).toMatchObject({ paid: true, amount: 5950, customer: germany.id, disputed: false });
      const payments = await stripe.invoicePayments.list({ invoice: invoice.id });
      expect(payments.data).toMatchObject([{ status: 'paid', amount_paid: 5950 }]);
    });

    it('a paid invoice cannot be paid again, voided or edited', async () => {
      const invoice = await openInvoice(stripe, germany.id, 1000);
      await stripe.invoices.pay(invoice.id, { payment_method: card.id });
      expect(await failure(stripe.invoices.pay(invoice.id))).toMatchObject({
        statusCode: 400,
        message: 'Invoice is already paid',
      });
      expect(await failure(stripe.invoices.voidInvoice(invoice.id))).toMatchObject({ statusCode: 400 });
      expect(await failure(stripe.invoices.update(invoice.id, { description: 'x' }))).toMatchObject({
        statusCode: 400,
      });
    });

    it('an open invoice can be voided, after which it cannot be paid', async () => {
      const invoice = await openInvoice(stripe, germany.id, 1000);
      const voided = await stripe.invoices.voidInvoice(invoice.id);
      expect(voided.status).toBe('void');
      expect(voided.status_transitions.voided_at).toEqual(expect.any(Number));
      expect(await failure(stripe.invoices.pay(invoice.id))).toMatchObject({ statusCode: 400 });
    });

    it('a draft can be changed and deleted, an open one can be written off', async () => {
      const draft = await stripe.invoices.create({ customer: germany.id, currency: 'eur' });
      const changed = await stripe.invoices.update(draft.id, { description: 'Top-up', metadata: { a: '1' } });
      expect(changed).toMatchObject({ description: 'Top-up', metadata: { a: '1' }, status: 'draft' });
      expect(await stripe.invoices.del(draft.id)).toMatchObject({ deleted: true });
      const open = await openInvoice(stripe, germany.id, 1000);
      expect(await stripe.invoices.markUncollectible(open.id)).toMatchObject({ status: 'uncollectible' });
    });

    it('an item can be taken off a draft again, and the totals follow', async () => {
      const draft = await stripe.invoices.create({ customer: germany.id, currency: 'eur' });
      const item = await stripe.invoiceItems.create({
        customer: germany.id,
        invoice: draft.id,
        amount: 700,
        currency: 'eur',
      });
      expect(await stripe.invoices.retrieve(draft.id)).toMatchObject({ total: 700 });
      expect(await stripe.invoiceItems.retrieve(item.id)).toMatchObject({ amount: 700, invoice: draft.id });
      expect(await stripe.invoiceItems.del(item.id)).toMatchObject({ deleted: true });
      expect(await stripe.invoices.retrieve(draft.id)).toMatchObject({ total: 0 });
    });

    it('an invoice is found again by customer, time and metadata, without search', async () => {
      const invoice = await openInvoice(stripe, germany.id, 1000);
      const wanted = invoice.metadata?.['top_up_id'];
      const page = await stripe.invoices.list({
        customer: germany.id,
        created: { gte: invoice.created - 5 },
        limit: 100,
      });
      expect(page.data.filter((one) => one.metadata?.['top_up_id'] === wanted)).toHaveLength(1);
    });

    it('lists turn pages without gap or repetition', async () => {
      const all = await stripe.invoices.list({ customer: germany.id, limit: 100 });
      const walked: string[] = [];
      for await (const invoice of stripe.invoices.list({ customer: germany.id, limit: 2 }))
        walked.push(invoice.id);
      expect(walked).toEqual(all.data.map((one) => one.id));
      const second = await stripe.invoices.list({
        customer: germany.id,
        limit: 1,
        starting_after: walked[0]!,
      });
      expect(second.data[0]?.id).toBe(walked[1]);
      const first = await stripe.invoices.list({ customer: germany.id, limit: 1, ending_before: walked[1]! });
      expect(first.data[0]?.id).toBe(walked[0]);
    });
  });

  describe('VAT', () => {
    it('a consumer in another member state pays the rate of that state', async () => {
      const austria = await customerIn(stripe, 'AT', { postal_code: '1010', city: 'Wien' });
      expect(await openInvoice(stripe, austria.id, 1000)).toMatchObject({
        total: 1200,
        total_excluding_tax: 1000,
      });
    });

    it('a business in another member state with a VAT id is reverse charged', async () => {
      const business = await customerIn(stripe, 'AT', { postal_code: '1010', city: 'Wien' });
      const taxId = await stripe.customers.createTaxId(business.id, { type: 'eu_vat', value: 'ATU12345678' });
      const invoice = await openInvoice(stripe, business.id, 1000);
      expect(invoice).toMatchObject({
        total: 1000,
        total_taxes: [{ amount: 0, taxability_reason: 'reverse_charge' }],
      });
      expect(invoice.customer_tax_ids).toMatchObject([{ type: 'eu_vat', value: 'ATU12345678' }]);
      expect((await stripe.customers.listTaxIds(business.id)).data).toHaveLength(1);
      expect(await stripe.customers.deleteTaxId(business.id, taxId.id)).toMatchObject({ deleted: true });
    });

    it('a VAT id of no known shape is refused', async () => {
      const attempt = stripe.customers.createTaxId(germany.id, { type: 'eu_vat', value: 'NOPE' });
      expect(await failure(attempt)).toMatchObject({ statusCode: 400, code: 'tax_id_invalid' });
    });

    it('nothing is collected outside the Union', async () => {
      const swiss = await customerIn(stripe, 'CH', { postal_code: '8001', city: 'Zürich' });
      expect(await openInvoice(stripe, swiss.id, 1000)).toMatchObject({ total: 1000 });
    });

    it('a customer says whether tax can be worked out for them', async () => {
      const somewhere = await stripe.customers.create({ name: 'Somewhere', expand: ['tax'] });
      expect(somewhere.tax?.automatic_tax).toBe('unrecognized_location');
      const known = await stripe.customers.retrieve(germany.id, { expand: ['tax', 'tax_ids'] });
      expect(known).toMatchObject({ tax: { automatic_tax: 'supported' } });
    });
  });

  describe('refusals', () => {
    it('a card that attaches and then declines answers 402 with code, advice and payment intent', async () => {
      const declining = await saveCard(stripe, germany.id, 'pm_card_chargeCustomerFail');
      const invoice = await openInvoice(stripe, germany.id, 1000);
      const error = await failure(
        stripe.invoices.pay(invoice.id, { off_session: true, payment_method: declining.id }),
      );
      expect(error).toMatchObject({ type: 'StripeCardError', statusCode: 402, code: 'card_declined' });
      expect(error.decline_code).toEqual(expect.any(String));
      expect(error.payment_intent).toMatchObject({
        object: 'payment_intent',
        status: 'requires_payment_method',
      });
      expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'open', attempted: true });
    });

    it('a card that wants its owner leaves the invoice open and names the code', async () => {
      const asking = await saveCard(stripe, germany.id, 'pm_card_authenticationRequired');
      const invoice = await openInvoice(stripe, germany.id, 1000);
      const error = await failure(
        stripe.invoices.pay(invoice.id, { off_session: true, payment_method: asking.id }),
      );
      expect(['authentication_required', 'invoice_payment_intent_requires_action']).toContain(error.code);
      expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'open' });
    });

    it('a stolen card cannot even be saved', async () => {
      const attempt = stripe.paymentMethods.attach('pm_card_visa_chargeDeclinedStolenCard', {
        customer: germany.id,
      });
      expect(await failure(attempt)).toMatchObject({ statusCode: 402, code: 'card_declined' });
    });

    it('an object that does not exist is 404 in the path and 400 in a parameter', async () => {
      expect(await failure(stripe.invoices.retrieve('in_none'))).toMatchObject({
        statusCode: 404,
        code: 'resource_missing',
      });
      const attempt = stripe.invoices.create({ customer: 'cus_none' });
      expect(await failure(attempt)).toMatchObject({
        statusCode: 400,
        code: 'resource_missing',
        param: 'customer',
      });
    });

    it('an unknown parameter, a missing one and a wrong expansion are refused by name', async () => {
      const unknown = stripe.customers.create({ nonsense: 'x' } as Stripe.CustomerCreateParams);
      expect(await failure(unknown)).toMatchObject({ code: 'parameter_unknown', param: 'nonsense' });
      const missing = stripe.invoiceItems.create({ customer: germany.id, currency: 'eur' });
      expect(await failure(missing)).toMatchObject({ statusCode: 400 });
      const expansion = stripe.customers.retrieve(germany.id, { expand: ['nonsense'] });
      expect(await failure(expansion)).toMatchObject({ statusCode: 400 });
    });
  });

  describe('idempotency', () => {
    it('the same key and parameters answer the first result and change nothing', async () => {
      const options = { idempotencyKey: randomUUID() };
      const invoice = await openInvoice(stripe, germany.id, 1000);
      const first = await stripe.invoices.pay(invoice.id, { payment_method: card.id }, options);
      const second = await stripe.invoices.pay(invoice.id, { payment_method: card.id }, options);
      expect(isReplayed(second)).toBe(true);
      expect(isReplayed(first)).toBe(false);
      expect(second.status_transitions.paid_at).toBe(first.status_transitions.paid_at);
    });

    it('a decline is replayed under its key', async () => {
      const options = { idempotencyKey: randomUUID() };
      const declining = await saveCard(stripe, germany.id, 'pm_card_chargeCustomerFail');
      const invoice = await openInvoice(stripe, germany.id, 1000);
      const pay = (): Promise<Failure> =>
        failure(stripe.invoices.pay(invoice.id, { payment_method: declining.id }, options));
      const [first, second] = [await pay(), await pay()];
      expect(second.payment_intent?.latest_charge).toBe(first.payment_intent?.latest_charge);
      expect(second.headers?.['idempotent-replayed']).toBe('true');
    });

    it('the same key with other parameters is an error of its own kind', async () => {
      const options = { idempotencyKey: randomUUID() };
      await stripe.customers.create({ name: 'A' }, options);
      expect(await failure(stripe.customers.create({ name: 'B' }, options))).toMatchObject({
        type: 'StripeIdempotencyError',
        statusCode: 400,
      });
    });

    it('a request that was refused for its parameters can be mended under the same key', async () => {
      const options = { idempotencyKey: randomUUID() };
      await failure(stripe.customers.create({ nonsense: 'x' } as Stripe.CustomerCreateParams, options));
      expect(await stripe.customers.create({ name: 'Mended' }, options)).toMatchObject({ name: 'Mended' });
    });
  });

  describe('reversal', () => {
    it('a credit note refunds a paid invoice in parts that add up exactly', async () => {
      const invoice = await openInvoice(stripe, germany.id, 1001);
      await stripe.invoices.pay(invoice.id, { payment_method: card.id });
      const notes = [];
      for (const amount of [397, 397, invoice.total - 794]) {
        notes.push(await stripe.creditNotes.create({ invoice: invoice.id, amount, refund_amount: amount }));
      }
      expect(notes.reduce((sum, note) => sum + note.total, 0)).toBe(invoice.total);
      expect(notes.reduce((sum, note) => sum + (note.total_excluding_tax ?? 0), 0)).toBe(1001);
      expect(notes[0]).toMatchObject({
        status: 'issued',
        type: 'post_payment',
        refunds: [{ amount_refunded: 397 }],
      });
      const more = stripe.creditNotes.create({ invoice: invoice.id, amount: 1, refund_amount: 1 });
      expect(await failure(more)).toMatchObject({ statusCode: 400 });
      expect((await stripe.creditNotes.list({ invoice: invoice.id })).data).toHaveLength(3);
    });

    it('a charge is refunded at most in full', async () => {
      const invoice = await openInvoice(stripe, germany.id, 1000);
      await stripe.invoices.pay(invoice.id, { payment_method: card.id });
      const [payment] = (await stripe.invoicePayments.list({ invoice: invoice.id })).data;
      const intent = payment!.payment.payment_intent as string;
      const refund = await stripe.refunds.create({
        payment_intent: intent,
        amount: 190,
        reason: 'requested_by_customer',
      });
      expect(refund).toMatchObject({ amount: 190, status: 'succeeded' });
      expect(await failure(stripe.refunds.create({ payment_intent: intent, amount: 5000 }))).toMatchObject({
        statusCode: 400,
      });
      await stripe.refunds.create({ payment_intent: intent });
      const again = await failure(stripe.refunds.create({ payment_intent: intent }));
      expect(again.code).toBe('charge_already_refunded');
      const [charge] = (await stripe.charges.list({ payment_intent: intent })).data;
      expect(charge).toMatchObject({ refunded: true, amount_refunded: 1190 });
      expect((await stripe.refunds.list({ payment_intent: intent })).data).toHaveLength(2);
    });
  });

  describe('cards and customers', () => {
    it('the same card saved twice has one fingerprint', async () => {
      const again = await saveCard(stripe, germany.id, 'pm_card_visa');
      expect(again.id).not.toBe(card.id);
      expect(again.card?.fingerprint).toBe(card.card?.fingerprint);
      expect(again.card?.last4).toBe('4242');
    });

    it('a detached card is gone from the customer and no longer the default', async () => {
      const customer = await customerIn(stripe, 'DE', { postal_code: '10115', city: 'Berlin' });
      const saved = await saveCard(stripe, customer.id, 'pm_card_mastercard');
      expect((await stripe.customers.listPaymentMethods(customer.id)).data).toHaveLength(1);
      await stripe.paymentMethods.detach(saved.id);
      expect((await stripe.paymentMethods.list({ customer: customer.id, type: 'card' })).data).toHaveLength(
        0,
      );
      const after = (await stripe.customers.retrieve(customer.id)) as Stripe.Customer;
      expect(after.invoice_settings.default_payment_method).toBeNull();
    });

    it('a setup intent saves a card for later', async () => {
      const customer = await customerIn(stripe, 'DE', { postal_code: '10115', city: 'Berlin' });
      const intent = await stripe.setupIntents.create({
        customer: customer.id,
        payment_method: 'pm_card_visa',
        confirm: true,
        usage: 'off_session',
        automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      });
      expect(intent.status).toBe('succeeded');
      expect((await stripe.customers.listPaymentMethods(customer.id)).data).toHaveLength(1);
    });

    it('metadata is merged, and an empty value removes its key', async () => {
      const customer = await stripe.customers.create({
        metadata: { a: '1', b: '2' },
        preferred_locales: ['de'],
      });
      const after = await stripe.customers.update(customer.id, { metadata: { a: '', c: '3' }, name: 'New' });
      expect(after.metadata).toEqual({ b: '2', c: '3' });
      expect(after).toMatchObject({ name: 'New', preferred_locales: ['de'] });
      expect(await stripe.customers.del(customer.id)).toMatchObject({ deleted: true });
      expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true });
    });

    it('a payment intent outside an invoice is confirmed at once', async () => {
      const intent = await stripe.paymentIntents.create({
        amount: 2000,
        currency: 'eur',
        customer: germany.id,
        payment_method: card.id,
        confirm: true,
        off_session: true,
      });
      expect(intent).toMatchObject({ status: 'succeeded', amount_received: 2000 });
      expect(await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] })).toMatchObject({
        latest_charge: { paid: true },
      });
    });
  });

  describe('pages and events', () => {
    it('a checkout session has a page and can be expired', async () => {
      const session = await stripe.checkout.sessions.create({
        mode: 'payment',
        customer: germany.id,
        line_items: [
          {
            quantity: 1,
            price_data: {
              currency: 'eur',
              unit_amount: 5000,
              tax_behavior: 'exclusive',
              product_data: { name: '454 call minutes', tax_code: 'txcd_10000000' },
            },
          },
        ],
        automatic_tax: { enabled: true },
        invoice_creation: { enabled: true, invoice_data: { metadata: { top_up_id: 't1' } } },
        tax_id_collection: { enabled: true },
        customer_update: { address: 'auto', name: 'auto' },
        payment_intent_data: { setup_future_usage: 'off_session', metadata: { top_up_id: 't1' } },
        success_url: 'https://example.com/ok?session={CHECKOUT_SESSION_ID}',
        cancel_url: 'https://example.com/back',
        metadata: { top_up_id: 't1' },
      });
      expect(session).toMatchObject({
        status: 'open',
        payment_status: 'unpaid',
        amount_subtotal: 5000,
        amount_total: 5950,
      });
      expect(session.url).toMatch(/^https?:/);
      expect((await stripe.checkout.sessions.listLineItems(session.id)).data).toHaveLength(1);
      expect(await stripe.checkout.sessions.expire(session.id)).toMatchObject({ status: 'expired' });
      expect(await failure(stripe.checkout.sessions.expire(session.id))).toMatchObject({ statusCode: 400 });
    });

    it('a session that limits its payment methods to cards is accepted', async () => {
      const session = await stripe.checkout.sessions.create({
        mode: 'setup',
        customer: germany.id,
        currency: 'eur',
        allowed_payment_method_types: ['card'],
        success_url: 'https://example.com/ok',
      });
      expect(session).toMatchObject({ mode: 'setup', status: 'open' });
      expect(session.setup_intent).toMatch(/^seti_/);
    });

    it('the events of a payment can be listed and read again', async () => {
      const invoice = await openInvoice(stripe, germany.id, 1000);
      await stripe.invoices.pay(invoice.id, { payment_method: card.id });
      const event = await eventAbout(stripe, 'invoice.paid', invoice.id);
      expect(event.data.object).toMatchObject({ id: invoice.id, status: 'paid' });
      expect(await stripe.events.retrieve(event.id)).toMatchObject({ id: event.id, type: 'invoice.paid' });
    });
  });
}

/** The error of a call that has to fail. */
async function failure(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('the call succeeded');
}

function isReplayed({ lastResponse }: Stripe.Response<unknown>): boolean {
  // The fetch client hands out Headers where the Node client hands out a plain object.
  const headers = lastResponse.headers as Record<string, string> | Headers;
  return (
    (headers instanceof Headers ? headers.get('idempotent-replayed') : headers['idempotent-replayed']) ===
    'true'
  );
}

async function customerIn(
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

async function saveCard(stripe: Stripe, customer: string, token: string): Promise<Stripe.PaymentMethod> {
  const method = await stripe.paymentMethods.attach(token, { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method.id } });
  return method;
}

/** The steps of a top-up up to the payment, as the product takes them. */
async function openInvoice(stripe: Stripe, customer: string, amount: number): Promise<Stripe.Invoice> {
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

async function eventAbout(stripe: Stripe, type: string, id: string): Promise<Stripe.Event> {
  const { data } = await stripe.events.list({ type, limit: 20 });
  const found = data.find((event) => (event.data.object as { id?: string }).id === id);
  if (found === undefined) throw new Error(`no ${type} for ${id}`);
  return found;
}
