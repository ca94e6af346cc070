import type { Stripe } from 'stripe';
import { describe, expect, it, vi } from 'vitest';
import { customerIn, failure, openInvoice, saveCard, type Stage } from './steps.ts';

const DISPUTE_DEADLINE_MS = 30_000;

/** Credit notes, refunds and disputes. */
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

    it('a credit note keeps its metadata, and its refund is found by the payment intent', async () => {
      const { stripe } = stage();
      const invoice = await paidInvoice(stage(), 1000);
      const request = { invoice: invoice.id, amount: 595, refund_amount: 595, metadata: { refund_id: 'r1' } };
      const options = { idempotencyKey: `refund:${invoice.id}:1` };
      const note = await stripe.creditNotes.create({ ...request, memo: 'Goodwill' }, options);
      const again = await stripe.creditNotes.create({ ...request, memo: 'Goodwill' }, options);
      expect(again.id).toBe(note.id);
      expect(note).toMatchObject({ metadata: { refund_id: 'r1' }, total: 595, total_excluding_tax: 500 });
      const listed = await stripe.creditNotes.list({ invoice: invoice.id });
      expect(listed.data.map((one) => one.metadata)).toEqual([{ refund_id: 'r1' }]);
      const refunds = await stripe.refunds.list({ payment_intent: await intentOf(stripe, invoice) });
      expect(refunds.data).toMatchObject([{ id: note.refunds[0]?.refund, amount: 595, status: 'succeeded' }]);
      const refund = await stripe.refunds.retrieve(refunds.data[0]!.id, {
        expand: ['charge', 'payment_intent'],
      });
      expect(refund.charge).toMatchObject({ amount_refunded: 595, refunded: false });
    });

    it('a credit note whose refund does not cover it is refused, and nothing is refunded', async () => {
      const { stripe } = stage();
      const invoice = await paidInvoice(stage(), 1000);
      const short = stripe.creditNotes.create({ invoice: invoice.id, amount: 595, refund_amount: 500 });
      expect(await failure(short)).toMatchObject({ statusCode: 400 });
      expect((await stripe.creditNotes.list({ invoice: invoice.id })).data).toEqual([]);
      const refunds = await stripe.refunds.list({ payment_intent: await intentOf(stripe, invoice) });
      expect(refunds.data).toEqual([]);
    });

    it('a refund made in Stripe, without a credit note, leaves the invoice as it is', async () => {
      const { stripe } = stage();
      const invoice = await paidInvoice(stage(), 1000);
      await stripe.refunds.create({ payment_intent: await intentOf(stripe, invoice), amount: 595 });
      expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({
        status: 'paid',
        amount_paid: 1190,
        post_payment_credit_notes_amount: 0,
      });
      expect((await stripe.creditNotes.list({ invoice: invoice.id })).data).toEqual([]);
    });

    it('a dispute is found by the payment intent, with the sum that was withdrawn', async () => {
      const { stripe } = stage();
      const customer = await customerIn(stripe, 'DE', { postal_code: '10115', city: 'Berlin' });
      const card = await saveCard(stripe, customer.id, 'pm_card_createDispute');
      const invoice = await openInvoice(stripe, customer.id, 1000);
      await stripe.invoices.pay(invoice.id, { payment_method: card.id });
      const dispute = await disputeOf(stripe, await intentOf(stripe, invoice));
      expect(dispute).toMatchObject({ amount: 1190, currency: 'eur', status: 'needs_response' });
      expect(await stripe.disputes.retrieve(dispute.id, { expand: ['charge'] })).toMatchObject({
        charge: { disputed: true, amount: 1190 },
      });
    });
  });
}

async function paidInvoice({ stripe, germany, card }: Stage, amount: number): Promise<Stripe.Invoice> {
  const invoice = await openInvoice(stripe, germany.id, amount);
  return stripe.invoices.pay(invoice.id, { off_session: true, payment_method: card.id });
}

async function intentOf(stripe: Stripe, { id }: Stripe.Invoice): Promise<string> {
  const [payment] = (await stripe.invoicePayments.list({ invoice: id })).data;
  return payment!.payment.payment_intent as string;
}

/** At Stripe the bank takes a moment to dispute. */
function disputeOf(stripe: Stripe, intent: string): Promise<Stripe.Dispute> {
  return vi.waitFor(
    async () => {
      const [dispute] = (await stripe.disputes.list({ payment_intent: intent })).data;
      if (dispute === undefined) throw new Error('not disputed yet');
      return dispute;
    },
    { timeout: DISPUTE_DEADLINE_MS, interval: 500 },
  );
}
