import { describe, expect, it } from 'vitest';
import { eventAbout, failure, openInvoice, type Stage } from './steps.ts';

/** Checkout sessions and events. */
export function pageContract(stage: () => Stage): void {
  describe('pages and events', () => {
    it('a checkout session has a page and can be expired', async () => {
      const session = await stage().stripe.checkout.sessions.create({
        mode: 'payment',
        customer: stage().germany.id,
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
      expect((await stage().stripe.checkout.sessions.listLineItems(session.id)).data).toHaveLength(1);
      expect(await stage().stripe.checkout.sessions.expire(session.id)).toMatchObject({ status: 'expired' });
      expect(await failure(stage().stripe.checkout.sessions.expire(session.id))).toMatchObject({
        statusCode: 400,
      });
    });

    it('a session that limits its payment methods to cards is accepted', async () => {
      const session = await stage().stripe.checkout.sessions.create({
        mode: 'setup',
        customer: stage().germany.id,
        currency: 'eur',
        allowed_payment_method_types: ['card'],
        success_url: 'https://example.com/ok',
      });
      expect(session).toMatchObject({ mode: 'setup', status: 'open' });
      expect(session.setup_intent).toMatch(/^seti_/);
    });

    it('the events of a payment can be listed and read again', async () => {
      const invoice = await openInvoice(stage().stripe, stage().germany.id, 1000);
      await stage().stripe.invoices.pay(invoice.id, { payment_method: stage().card.id });
      const event = await eventAbout(stage().stripe, 'invoice.paid', invoice.id);
      expect(event.data.object).toMatchObject({ id: invoice.id, status: 'paid' });
      expect(await stage().stripe.events.retrieve(event.id)).toMatchObject({
        id: event.id,
        type: 'invoice.paid',
      });
    });
  });
}
