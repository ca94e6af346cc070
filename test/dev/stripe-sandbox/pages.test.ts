import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStripeSandbox, type StripeSandbox } from '../../../dev/stripe-sandbox/server.ts';
import { checker, checkerIsMissing, needChecker } from './checker.ts';
import { distinct, StripeSchemas } from './openapi.ts';
import { control, plainClient } from './recorder.ts';
import { errorOf, newOpenInvoice, newShopper, succeededCharges } from './shop.ts';

const VIENNA = { name: 'Wiener AG', line1: 'Ring 1', postal_code: '1010', city: 'Wien', country: 'AT' };
const BERLIN = {
  name: 'Berliner GmbH',
  line1: 'Ring 1',
  postal_code: '10115',
  city: 'Berlin',
  country: 'DE',
};
const VISA = { number: '4242 4242 4242 4242', expiry: '12 / 34', cvc: '123' };

describe('the pages for people', () => {
  let sandbox: StripeSandbox;
  let stripe: Stripe;

  beforeAll(async () => {
    sandbox = await startStripeSandbox({ port: 0 });
    stripe = plainClient(sandbox);
  });
  afterAll(() => sandbox.stop());

  const absolute = (path: string): string => new URL(path, sandbox.url).href;
  const read = async (path: string): Promise<string> => (await fetch(absolute(path))).text();
  const submit = async (
    path: string,
    fields: Record<string, string>,
  ): Promise<{ goTo: string; alert: string }> => {
    const body = new URLSearchParams(fields);
    const response = await fetch(absolute(path), { method: 'POST', body, redirect: 'manual' });
    const text = await response.text();
    return {
      goTo: response.headers.get('location') ?? '',
      alert: /role="alert">([^<]*)/.exec(text)?.[1] ?? '',
    };
  };

  describe('Checkout', () => {
    const open = (customer: string): Promise<Stripe.Checkout.Session> =>
      stripe.checkout.sessions.create({
        mode: 'payment',
        customer,
        line_items: [
          {
            quantity: 1,
            price_data: {
              currency: 'eur',
              unit_amount: 5000,
              tax_behavior: 'exclusive',
              product_data: { name: '454 call minutes' },
            },
          },
        ],
        invoice_creation: { enabled: true, invoice_data: { metadata: { top_up_id: 't1' } } },
        automatic_tax: { enabled: true },
        tax_id_collection: { enabled: true },
        customer_update: { address: 'auto', name: 'auto' },
        payment_intent_data: { setup_future_usage: 'off_session', metadata: { top_up_id: 't1' } },
        success_url: 'http://shop.example/ok?session={CHECKOUT_SESSION_ID}',
        cancel_url: 'http://shop.example/back',
      });

    it('a business abroad pays without VAT, gets an invoice, and its card is saved', async () => {
      const customer = await stripe.customers.create({ email: 'a@b.example' });
      const session = await open(customer.id);
      expect(session).toMatchObject({
        amount_total: 5000,
        automatic_tax: { status: 'requires_location_inputs' },
      });
      expect(await read(session.url!)).toContain('454 call minutes');
      const paid = await submit(session.url!, { ...VIENNA, ...VISA, tax_id: 'ATU12345678' });
      expect(paid.goTo).toBe(`http://shop.example/ok?session=${session.id}`);
      const done = await stripe.checkout.sessions.retrieve(session.id, {
        expand: ['invoice', 'payment_intent'],
      });
      expect(done).toMatchObject({
        status: 'complete',
        payment_status: 'paid',
        amount_total: 5000,
        customer_details: {
          name: 'Wiener AG',
          address: { country: 'AT' },
          tax_ids: [{ value: 'ATU12345678' }],
        },
        invoice: {
          status: 'paid',
          metadata: { top_up_id: 't1' },
          total_taxes: [{ taxability_reason: 'reverse_charge' }],
        },
        payment_intent: { status: 'succeeded', metadata: { top_up_id: 't1' } },
      });
      expect((await stripe.paymentMethods.list({ customer: customer.id })).data).toHaveLength(1);
      expect(await errorOf(stripe.checkout.sessions.expire(session.id))).toMatchObject({ statusCode: 400 });
      expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('complete');
    });

    it('VAT follows the address that was typed', async () => {
      const customer = await stripe.customers.create({});
      const session = await open(customer.id);
      await submit(session.url!, { ...BERLIN, ...VISA });
      expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
        amount_total: 5950,
        total_details: { amount_tax: 950 },
      });
    });

    it('a declined card leaves the session open for another one', async () => {
      const customer = await stripe.customers.create({});
      const session = await open(customer.id);
      const refused = await submit(session.url!, { ...BERLIN, ...VISA, number: '4000000000009995' });
      expect(refused.alert).toBe('Your card has insufficient funds.');
      expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('open');
      await submit(session.url!, { ...BERLIN, ...VISA });
      expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('complete');
      expect(await succeededCharges(stripe, customer.id)).toHaveLength(1);
    });

    it('a form that was sent twice pays once', async () => {
      const customer = await stripe.customers.create({});
      const session = await open(customer.id);
      await Promise.all([
        submit(session.url!, { ...BERLIN, ...VISA }),
        submit(session.url!, { ...BERLIN, ...VISA }),
      ]);
      expect(await succeededCharges(stripe, customer.id)).toHaveLength(1);
    });

    it('3-D Secure can be refused and then completed', async () => {
      const customer = await stripe.customers.create({});
      const session = await open(customer.id);
      const asked = await submit(session.url!, { ...BERLIN, ...VISA, number: '4000002760003184' });
      expect(asked.goTo).toMatch(/^\/3d-secure\/pi_/);
      expect(await read(asked.goTo)).toContain('€59.50');
      await submit(asked.goTo, { outcome: 'fail' });
      expect(await read(session.url!)).toContain('unable to authenticate');
      await submit(session.url!, { ...BERLIN, ...VISA, number: '4000002760003184' });
      await submit(asked.goTo, { outcome: 'complete' });
      expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
        status: 'complete',
        payment_status: 'paid',
      });
    });

    it('a setup session saves a card that then pays while its owner is away', async () => {
      const customer = await stripe.customers.create({ address: { country: 'DE' } });
      const session = await stripe.checkout.sessions.create({
        mode: 'setup',
        customer: customer.id,
        currency: 'eur',
        success_url: 'http://shop.example/saved',
      });
      const asked = await submit(session.url!, { ...BERLIN, ...VISA, number: '4000002500003155' });
      await submit(asked.goTo, { outcome: 'complete' });
      const intent = await stripe.setupIntents.retrieve(session.setup_intent as string);
      expect(intent.status).toBe('succeeded');
      const invoice = await newOpenInvoice(stripe, customer.id);
      const paid = await stripe.invoices.pay(invoice.id, {
        off_session: true,
        payment_method: intent.payment_method as string,
      });
      expect(paid.status).toBe('paid');
    });

    it('a session ends with its time, and tells', async () => {
      const customer = await stripe.customers.create({});
      const session = await open(customer.id);
      await control(sandbox.url, 'POST', '/sandbox/clock', { advanceSeconds: 25 * 3600 });
      expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('expired');
      expect(await read(`/checkout/${session.id}`)).toContain('expired');
      const { data } = await stripe.events.list({ type: 'checkout.session.expired' });
      expect(data.map((event) => (event.data.object as { id: string }).id)).toContain(session.id);
    });
  });

  describe('the hosted invoice', () => {
    it('shows net, VAT and total, and has a PDF', async () => {
      const { customer } = await newShopper(stripe);
      const invoice = await newOpenInvoice(stripe, customer, 5000);
      const page = await read(invoice.hosted_invoice_url!);
      for (const text of ['€50.00', 'VAT 19 %', '€9.50', '€59.50']) expect(page).toContain(text);
      const pdf = Buffer.from(await (await fetch(invoice.invoice_pdf!)).arrayBuffer());
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      expect(pdf.length).toBeGreaterThan(1000);
    });

    it('lets the owner confirm a payment that was asked for while they were away', async () => {
      const { customer } = await newShopper(stripe, 'pm_card_authenticationRequired');
      const invoice = await newOpenInvoice(stripe, customer);
      const error = await errorOf(stripe.invoices.pay(invoice.id));
      expect(error.code).toBe('invoice_payment_intent_requires_action');
      const link = /href="(\/3d-secure\/[^"]+)"/.exec(await read(invoice.hosted_invoice_url!))?.[1];
      await submit(link!, { outcome: 'complete' });
      expect((await stripe.invoices.retrieve(invoice.id)).status).toBe('paid');
      expect(await succeededCharges(stripe, customer)).toHaveLength(1);
    });

    it('takes another card after a decline', async () => {
      const { customer } = await newShopper(stripe, 'pm_card_chargeCustomerFail');
      const invoice = await newOpenInvoice(stripe, customer);
      await errorOf(stripe.invoices.pay(invoice.id, { off_session: true }));
      await submit(invoice.hosted_invoice_url!, VISA);
      expect((await stripe.invoices.retrieve(invoice.id)).status).toBe('paid');
    });

    it('a card may authenticate and still have no funds', async () => {
      const { customer } = await newShopper(stripe);
      const invoice = await newOpenInvoice(stripe, customer);
      const asked = await submit(invoice.hosted_invoice_url!, { ...VISA, number: '4000008260003178' });
      await submit(asked.goTo, { outcome: 'complete' });
      const [charge] = (await stripe.charges.list({ customer })).data;
      expect(charge).toMatchObject({ status: 'failed', outcome: { reason: 'insufficient_funds' } });
    });
  });

  describe('the portal', () => {
    it('changes the card, the address and the VAT id, and goes back', async () => {
      const { customer } = await newShopper(stripe);
      const session = await stripe.billingPortal.sessions.create({
        customer,
        return_url: 'http://shop.example/credits',
        flow_data: {
          type: 'payment_method_update',
          after_completion: { type: 'redirect', redirect: { return_url: 'http://shop.example/done' } },
        },
      });
      expect(await read(session.url)).toContain('ending in 4242');
      const saved = await submit(`${session.url}/card`, { ...VISA, number: '5555555555554444' });
      expect(saved.goTo).toBe('http://shop.example/done');
      await submit(`${session.url}/profile`, { ...VIENNA, email: 'new@b.example' });
      await submit(`${session.url}/tax-id`, { tax_id: 'ATU12345678' });
      expect((await submit(`${session.url}/tax-id`, { tax_id: 'nonsense' })).alert).toContain(
        'Invalid value',
      );
      const after = (await stripe.customers.retrieve(customer, {
        expand: ['invoice_settings.default_payment_method', 'tax_ids'],
      })) as Stripe.Customer;
      expect(after).toMatchObject({
        address: { country: 'AT' },
        email: 'new@b.example',
        invoice_settings: { default_payment_method: { card: { last4: '4444' } } },
        tax_ids: { data: [{ value: 'ATU12345678' }] },
      });
    });

    it('a card that is removed is no one’s default', async () => {
      const { customer, card } = await newShopper(stripe);
      const session = await stripe.billingPortal.sessions.create({ customer });
      await submit(`${session.url}/remove`, { id: card });
      expect(await stripe.customers.retrieve(customer)).toMatchObject({
        invoice_settings: { default_payment_method: null },
      });
    });

    it('no one reaches the card of someone else', async () => {
      const mine = await newShopper(stripe);
      const theirs = await newShopper(stripe);
      const session = await stripe.billingPortal.sessions.create({ customer: mine.customer });
      expect((await submit(`${session.url}/remove`, { id: theirs.card })).alert).not.toBe('');
      expect((await stripe.paymentMethods.retrieve(theirs.card)).customer).toBe(theirs.customer);
    });
  });

  it('the dashboard shows customers, invoices with VAT, payments and events, and escapes what people type', async () => {
    const { customer } = await newShopper(stripe);
    await stripe.customers.update(customer, { name: '<script>alert(1)</script>' });
    const invoice = await newOpenInvoice(stripe, customer);
    await stripe.invoices.pay(invoice.id);
    const page = await read('/');
    for (const text of [invoice.number!, '€1.90', 'VAT 19 %', 'invoice.paid']) expect(page).toContain(text);
    expect(page).toContain(`<td>invoice.paid</td><td><a href="/objects/${invoice.id}">`);
    expect(page).not.toContain('<script>alert');
    expect(await read(`/customers/${customer}`)).toContain(invoice.number);
  });

  it('a page that does not exist says so', async () => {
    for (const path of ['/checkout/cs_none', '/portal/none', '/invoices/in_none', '/3d-secure/pi_none']) {
      expect((await fetch(absolute(path))).status).toBe(404);
    }
  });

  it.skipIf(checkerIsMissing)(
    'every object that the pages made is what Stripe’s OpenAPI document allows',
    async () => {
      const schemas = new StripeSchemas(needChecker(checker).spec);
      const problems: string[] = [];
      for await (const event of stripe.events.list({ limit: 100 })) problems.push(...schemas.problems(event));
      const state = (await control(sandbox.url, 'GET', '/sandbox/state')) as Record<string, unknown[]>;
      const objects = Object.values(state).flatMap((list) => (Array.isArray(list) ? list : []));
      expect(objects.length).toBeGreaterThan(200);
      expect(distinct([...problems, ...objects.flatMap((object) => schemas.problems(object))])).toEqual([]);
    },
  );
});
