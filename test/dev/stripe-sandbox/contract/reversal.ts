import { describe, expect, it } from 'vitest';
import { failure, openInvoice, type Stage } from './steps.ts';

/** Credit notes and refunds. */
export function reversalContract(stage: () => Stage): void {
  describe('reversal', () => {
    it('a credit note refunds a paid invoice in parts that add up exactly', async () => {
      const invoice = await openInvoice(stage().stripe, stage().germany.id, 1001);
      await stage().stripe.invoices.pay(invoice.id, { payment_method: stage().card.id });
      const notes = [];
      for (const amount of [397, 397, invoice.total - 794]) {
        notes.push(
          await stage().stripe.creditNotes.create({ invoice: invoice.id, amount, refund_amount: amount }),
        );
      }
      expect(notes.reduce((sum, note) => sum + note.total, 0)).toBe(invoice.total);
      expect(notes.reduce((sum, note) => sum + (note.total_excluding_tax ?? 0), 0)).toBe(1001);
      expect(notes[0]).toMatchObject({
        status: 'issued',
        type: 'post_payment',
        refunds: [{ amount_refunded: 397 }],
      });
      const more = stage().stripe.creditNotes.create({ invoice: invoice.id, amount: 1, refund_amount: 1 });
      expect(await failure(more)).toMatchObject({ statusCode: 400 });
      expect((await stage().stripe.creditNotes.list({ invoice: invoice.id })).data).toHaveLength(3);
    });

    it('a charge is refunded at most in full', async () => {
      const invoice = await openInvoice(stage().stripe, stage().germany.id, 1000);
      await stage().stripe.invoices.pay(invoice.id, { payment_method: stage().card.id });
      const [payment] = (await stage().stripe.invoicePayments.list({ invoice: invoice.id })).data;
      const intent = payment!.payment.payment_intent as string;
      const refund = await stage().stripe.refunds.create({
        payment_intent: intent,
        amount: 190,
        reason: 'requested_by_customer',
      });
      expect(refund).toMatchObject({ amount: 190, status: 'succeeded' });
      expect(
        await failure(stage().stripe.refunds.create({ payment_intent: intent, amount: 5000 })),
      ).toMatchObject({
        statusCode: 400,
      });
      await stage().stripe.refunds.create({ payment_intent: intent });
      const again = await failure(stage().stripe.refunds.create({ payment_intent: intent }));
      expect(again.code).toBe('charge_already_refunded');
      const [charge] = (await stage().stripe.charges.list({ payment_intent: intent })).data;
      expect(charge).toMatchObject({ refunded: true, amount_refunded: 1190 });
      expect((await stage().stripe.refunds.list({ payment_intent: intent })).data).toHaveLength(2);
    });
  });
}
