import type { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { customerIn, saveCard, type Stage } from './steps.ts';

/** Saved cards, customers and payments without an invoice. */
export function cardContract(stage: () => Stage): void {
  describe('cards and customers', () => {
    it('the same card saved twice has one fingerprint', async () => {
      const again = await saveCard(stage().stripe, stage().germany.id, 'pm_card_visa');
      expect(again.id).not.toBe(stage().card.id);
      expect(again.card?.fingerprint).toBe(stage().card.card?.fingerprint);
      expect(again.card?.last4).toBe('4242');
    });

    it('a detached card is gone from the customer and no longer the default', async () => {
      const customer = await customerIn(stage().stripe, 'DE', { postal_code: '10115', city: 'Berlin' });
      const saved = await saveCard(stage().stripe, customer.id, 'pm_card_mastercard');
      expect((await stage().stripe.customers.listPaymentMethods(customer.id)).data).toHaveLength(1);
      await stage().stripe.paymentMethods.detach(saved.id);
      expect(
        (await stage().stripe.paymentMethods.list({ customer: customer.id, type: 'card' })).data,
      ).toHaveLength(0);
      const after = (await stage().stripe.customers.retrieve(customer.id)) as Stripe.Customer;
      expect(after.invoice_settings.default_payment_method).toBeNull();
    });

    it('a setup intent saves a card for later', async () => {
      const customer = await customerIn(stage().stripe, 'DE', { postal_code: '10115', city: 'Berlin' });
      const intent = await stage().stripe.setupIntents.create({
        customer: customer.id,
        payment_method: 'pm_card_visa',
        confirm: true,
        usage: 'off_session',
        automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      });
      expect(intent.status).toBe('succeeded');
      expect((await stage().stripe.customers.listPaymentMethods(customer.id)).data).toHaveLength(1);
    });

    it('metadata is merged, and an empty value removes its key', async () => {
      const customer = await stage().stripe.customers.create({
        metadata: { a: '1', b: '2' },
        preferred_locales: ['de'],
      });
      const after = await stage().stripe.customers.update(customer.id, {
        metadata: { a: '', c: '3' },
        name: 'New',
      });
      expect(after.metadata).toEqual({ b: '2', c: '3' });
      expect(after).toMatchObject({ name: 'New', preferred_locales: ['de'] });
      expect(await stage().stripe.customers.del(customer.id)).toMatchObject({ deleted: true });
      expect(await stage().stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true });
    });

    it('a payment intent outside an invoice is confirmed at once', async () => {
      const intent = await stage().stripe.paymentIntents.create({
        amount: 2000,
        currency: 'eur',
        customer: stage().germany.id,
        payment_method: stage().card.id,
        confirm: true,
        off_session: true,
      });
      expect(intent).toMatchObject({ status: 'succeeded', amount_received: 2000 });
      expect(
        await stage().stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] }),
      ).toMatchObject({
        latest_charge: { paid: true },
      });
    });
  });
}
