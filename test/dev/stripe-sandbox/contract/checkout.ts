import type { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { customerIn, failure, type Stage } from './steps.ts';

const RETURN = { success_url: 'https://example.com/ok', cancel_url: 'https://example.com/back' };

/** What "Add credits", "save a card" and "billing profile" ask of Checkout and the portal. */
export function checkoutContract(stage: () => Stage): void {
  describe('checkout and portal', () => {
    it('a purchase by card only is one open page, found again by its customer', async () => {
      const { stripe } = stage();
      const customer = await customerIn(stripe, 'DE', { postal_code: '10115', city: 'Berlin' });
      const options = { idempotencyKey: `checkout:${customer.id}` };
      const session = await stripe.checkout.sessions.create(purchaseBy(customer.id), options);
      const again = await stripe.checkout.sessions.create(purchaseBy(customer.id), options);
      expect(again.id).toBe(session.id);
      const { data } = await stripe.checkout.sessions.list({ customer: customer.id, limit: 100 });
      expect(data.map(({ id }) => id)).toEqual([session.id]);
      const open = await stripe.checkout.sessions.list({ customer: customer.id, status: 'open' });
      expect(open.data).toHaveLength(1);
    });

    it('a page that nobody has paid on has neither invoice nor payment to expand', async () => {
      const { stripe, germany } = stage();
      const { id } = await stripe.checkout.sessions.create(purchaseBy(germany.id));
      const session = await stripe.checkout.sessions.retrieve(id, {
        expand: ['invoice', 'payment_intent', 'line_items', 'customer'],
      });
      expect(session).toMatchObject({
        invoice: null,
        payment_intent: null,
        status: 'open',
        payment_status: 'unpaid',
        metadata: { top_up_id: 't2' },
        client_reference_id: 'acc_1',
        customer: { id: germany.id },
        line_items: { data: [{ amount_subtotal: 5000 }] },
      });
    });

    it('an expired page has no address any longer and cannot be expired again', async () => {
      const { stripe, germany } = stage();
      const { id } = await stripe.checkout.sessions.create(purchaseBy(germany.id));
      expect(await stripe.checkout.sessions.expire(id)).toMatchObject({ status: 'expired', url: null });
      expect(await failure(stripe.checkout.sessions.expire(id))).toMatchObject({ statusCode: 400 });
      expect(await stripe.checkout.sessions.retrieve(id)).toMatchObject({ status: 'expired' });
    });

    it('a customer without an address may buy only where the page may keep the address', async () => {
      const { stripe } = stage();
      const nowhere = await stripe.customers.create({ name: 'Nowhere' });
      const { customer_update: _kept, tax_id_collection: _asked, ...bare } = purchaseBy(nowhere.id);
      expect(await failure(stripe.checkout.sessions.create(bare))).toMatchObject({ statusCode: 400 });
      expect(await stripe.checkout.sessions.create(purchaseBy(nowhere.id))).toMatchObject({
        status: 'open',
        amount_subtotal: 5000,
      });
    });

    it('VAT ids of a known customer are asked for only where their name may be kept', async () => {
      const { stripe, germany } = stage();
      const { customer_update: _kept, ...rest } = purchaseBy(germany.id);
      expect(await failure(stripe.checkout.sessions.create(rest))).toMatchObject({ statusCode: 400 });
    });

    it('a page to save a card carries its metadata on to the setup intent', async () => {
      const { stripe, germany } = stage();
      const session = await stripe.checkout.sessions.create({
        ...RETURN,
        mode: 'setup',
        customer: germany.id,
        currency: 'eur',
        metadata: { account_id: 'acc_1' },
        setup_intent_data: { metadata: { account_id: 'acc_1' } },
      });
      expect(session).toMatchObject({ mode: 'setup', payment_status: 'no_payment_required' });
      const whole = await stripe.checkout.sessions.retrieve(session.id, { expand: ['setup_intent'] });
      expect(whole.setup_intent).toMatchObject({ metadata: { account_id: 'acc_1' }, customer: germany.id });
    });

    it('the portal opens for a customer, also right at the card', async () => {
      const { stripe, germany } = stage();
      const opened = await stripe.billingPortal.sessions.create({
        customer: germany.id,
        return_url: RETURN.success_url,
        locale: 'de',
      });
      expect(opened).toMatchObject({ customer: germany.id, return_url: RETURN.success_url });
      expect(opened.url).toMatch(/^https?:/);
      const atTheCard = await stripe.billingPortal.sessions.create({
        customer: germany.id,
        flow_data: {
          type: 'payment_method_update',
          after_completion: { type: 'redirect', redirect: { return_url: RETURN.success_url } },
        },
      });
      expect(atTheCard.flow).toMatchObject({ type: 'payment_method_update' });
      const unknown = stripe.billingPortal.sessions.create({ customer: 'cus_none' });
      expect(await failure(unknown)).toMatchObject({ code: 'resource_missing', param: 'customer' });
    });
  });
}

/** A top-up of 50 € net, as the product sells it. */
function purchaseBy(customer: string): Stripe.Checkout.SessionCreateParams {
  return {
    ...RETURN,
    mode: 'payment',
    customer,
    client_reference_id: 'acc_1',
    locale: 'de',
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: 'eur',
          unit_amount: 5000,
          tax_behavior: 'exclusive',
          product_data: { name: '454 call minutes', tax_code: 'txcd_10103001' },
        },
      },
    ],
    allowed_payment_method_types: ['card'],
    automatic_tax: { enabled: true },
    billing_address_collection: 'required',
    invoice_creation: { enabled: true, invoice_data: { metadata: { top_up_id: 't2' } } },
    tax_id_collection: { enabled: true },
    customer_update: { address: 'auto', name: 'auto' },
    payment_intent_data: { setup_future_usage: 'off_session', metadata: { top_up_id: 't2' } },
    metadata: { top_up_id: 't2' },
  };
}
