import { randomUUID } from 'node:crypto';
import type { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { failure, type Failure, isReplayed, openInvoice, saveCard, type Stage } from './steps.ts';

/** Idempotency keys, without which nothing is charged exactly once. */
export function idempotencyContract(stage: () => Stage): void {
  describe('idempotency', () => {
    it('the same key and parameters answer the first result and change nothing', async () => {
      const options = { idempotencyKey: randomUUID() };
      const invoice = await openInvoice(stage().stripe, stage().germany.id, 1000);
      const first = await stage().stripe.invoices.pay(
        invoice.id,
        { payment_method: stage().card.id },
        options,
      );
      const second = await stage().stripe.invoices.pay(
        invoice.id,
        { payment_method: stage().card.id },
        options,
      );
      expect(isReplayed(second)).toBe(true);
      expect(isReplayed(first)).toBe(false);
      expect(second.status_transitions.paid_at).toBe(first.status_transitions.paid_at);
    });

    it('a decline is replayed under its key', async () => {
      const options = { idempotencyKey: randomUUID() };
      const declining = await saveCard(stage().stripe, stage().germany.id, 'pm_card_chargeCustomerFail');
      const invoice = await openInvoice(stage().stripe, stage().germany.id, 1000);
      const pay = (): Promise<Failure> =>
        failure(stage().stripe.invoices.pay(invoice.id, { payment_method: declining.id }, options));
      const [first, second] = [await pay(), await pay()];
      expect(second.payment_intent?.latest_charge).toBe(first.payment_intent?.latest_charge);
      expect(second.headers?.['idempotent-replayed']).toBe('true');
    });

    it('the same key with other parameters is an error of its own kind', async () => {
      const options = { idempotencyKey: randomUUID() };
      await stage().stripe.customers.create({ name: 'A' }, options);
      expect(await failure(stage().stripe.customers.create({ name: 'B' }, options))).toMatchObject({
        type: 'StripeIdempotencyError',
        statusCode: 400,
      });
    });

    it('a request that was refused for its parameters can be mended under the same key', async () => {
      const options = { idempotencyKey: randomUUID() };
      await failure(
        stage().stripe.customers.create({ nonsense: 'x' } as Stripe.CustomerCreateParams, options),
      );
      expect(await stage().stripe.customers.create({ name: 'Mended' }, options)).toMatchObject({
        name: 'Mended',
      });
    });
  });
}
