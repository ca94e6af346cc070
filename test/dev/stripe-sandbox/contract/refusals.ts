import type { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { failure, openInvoice, saveCard, type Stage } from './steps.ts';

/** How declines, demands for authentication and mistakes of ours arrive. */
export function refusalContract(stage: () => Stage): void {
  describe('refusals', () => {
    it('a card that attaches and then declines answers 402 with code, advice and payment intent', async () => {
      const declining = await saveCard(stage().stripe, stage().germany.id, 'pm_card_chargeCustomerFail');
      const invoice = await openInvoice(stage().stripe, stage().germany.id, 1000);
      const error = await failure(
        stage().stripe.invoices.pay(invoice.id, { off_session: true, payment_method: declining.id }),
      );
      expect(error).toMatchObject({ type: 'StripeCardError', statusCode: 402, code: 'card_declined' });
      expect(error.decline_code).toEqual(expect.any(String));
      expect(error.payment_intent).toMatchObject({
        object: 'payment_intent',
        status: 'requires_payment_method',
      });
      expect(await stage().stripe.invoices.retrieve(invoice.id)).toMatchObject({
        status: 'open',
        attempted: true,
      });
    });

    it('a card that wants its owner leaves the invoice open and names the code', async () => {
      const asking = await saveCard(stage().stripe, stage().germany.id, 'pm_card_authenticationRequired');
      const invoice = await openInvoice(stage().stripe, stage().germany.id, 1000);
      const error = await failure(
        stage().stripe.invoices.pay(invoice.id, { off_session: true, payment_method: asking.id }),
      );
      expect(['authentication_required', 'invoice_payment_intent_requires_action']).toContain(error.code);
      expect(await stage().stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'open' });
    });

    it('a stolen card cannot even be saved', async () => {
      const attempt = stage().stripe.paymentMethods.attach('pm_card_visa_chargeDeclinedStolenCard', {
        customer: stage().germany.id,
      });
      expect(await failure(attempt)).toMatchObject({ statusCode: 402, code: 'card_declined' });
    });

    it('an object that does not exist is 404 in the path and 400 in a parameter', async () => {
      expect(await failure(stage().stripe.invoices.retrieve('in_none'))).toMatchObject({
        statusCode: 404,
        code: 'resource_missing',
      });
      const attempt = stage().stripe.invoices.create({ customer: 'cus_none' });
      expect(await failure(attempt)).toMatchObject({
        statusCode: 400,
        code: 'resource_missing',
        param: 'customer',
      });
    });

    it('an unknown parameter, a missing one and a wrong expansion are refused by name', async () => {
      const unknown = stage().stripe.customers.create({ nonsense: 'x' } as Stripe.CustomerCreateParams);
      expect(await failure(unknown)).toMatchObject({ code: 'parameter_unknown', param: 'nonsense' });
      const missing = stage().stripe.invoiceItems.create({ customer: stage().germany.id, currency: 'eur' });
      expect(await failure(missing)).toMatchObject({ statusCode: 400 });
      const expansion = stage().stripe.customers.retrieve(stage().germany.id, { expand: ['nonsense'] });
      expect(await failure(expansion)).toMatchObject({ statusCode: 400 });
    });
  });
}
