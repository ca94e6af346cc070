import type { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { failure, openInvoice, type Stage } from './steps.ts';

/** Invoices: the shape of a top-up and the states it can be in. */
export function invoiceContract(stage: () => Stage): void {
  describe('invoices', () => {
    it('a top-up is an invoice of one line whose net amount and VAT are known before it is paid', async () => {
      const invoice = await openInvoice(stage().stripe, stage().germany.id, 5000);
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
      const invoice = await openInvoice(stage().stripe, stage().germany.id, 5000);
      const paid = await stage().stripe.invoices.pay(invoice.id, {
        off_session: true,
        payment_method: stage().card.id,
        expand: ['payments.data.payment.payment_intent'],
      });
      const intent = paid.payments?.data[0]?.payment.payment_intent as Stripe.PaymentIntent;
      expect(paid).toMatchObject({ status: 'paid', amount_paid: 5950, amount_remaining: 0 });
      expect(intent).toMatchObject({ status: 'succeeded', amount_received: 5950 });
      const charge = await stage().stripe.charges.retrieve(intent.latest_charge as string, {
        expand: ['balance_transaction'],
      });
      expect(charge).toMatchObject({
        paid: true,
        amount: 5950,
        customer: stage().germany.id,
        disputed: false,
      });
      const payments = await stage().stripe.invoicePayments.list({ invoice: invoice.id });
      expect(payments.data).toMatchObject([{ status: 'paid', amount_paid: 5950 }]);
    });

    it('a paid invoice cannot be paid again, voided or edited', async () => {
      const invoice = await openInvoice(stage().stripe, stage().germany.id, 1000);
      await stage().stripe.invoices.pay(invoice.id, { payment_method: stage().card.id });
      expect(await failure(stage().stripe.invoices.pay(invoice.id))).toMatchObject({
        statusCode: 400,
        message: 'Invoice is already paid',
      });
      expect(await failure(stage().stripe.invoices.voidInvoice(invoice.id))).toMatchObject({
        statusCode: 400,
      });
      expect(await failure(stage().stripe.invoices.update(invoice.id, { description: 'x' }))).toMatchObject({
        statusCode: 400,
      });
    });

    it('an open invoice can be voided, after which it cannot be paid', async () => {
      const invoice = await openInvoice(stage().stripe, stage().germany.id, 1000);
      const voided = await stage().stripe.invoices.voidInvoice(invoice.id);
      expect(voided.status).toBe('void');
      expect(voided.status_transitions.voided_at).toEqual(expect.any(Number));
      expect(await failure(stage().stripe.invoices.pay(invoice.id))).toMatchObject({ statusCode: 400 });
    });

    it('a draft can be changed and deleted, an open one can be written off', async () => {
      const draft = await stage().stripe.invoices.create({ customer: stage().germany.id, currency: 'eur' });
      const changed = await stage().stripe.invoices.update(draft.id, {
        description: 'Top-up',
        metadata: { a: '1' },
      });
      expect(changed).toMatchObject({ description: 'Top-up', metadata: { a: '1' }, status: 'draft' });
      expect(await stage().stripe.invoices.del(draft.id)).toMatchObject({ deleted: true });
      const open = await openInvoice(stage().stripe, stage().germany.id, 1000);
      expect(await stage().stripe.invoices.markUncollectible(open.id)).toMatchObject({
        status: 'uncollectible',
      });
    });

    it('an item can be taken off a draft again, and the totals follow', async () => {
      const draft = await stage().stripe.invoices.create({ customer: stage().germany.id, currency: 'eur' });
      const item = await stage().stripe.invoiceItems.create({
        customer: stage().germany.id,
        invoice: draft.id,
        amount: 700,
        currency: 'eur',
      });
      expect(await stage().stripe.invoices.retrieve(draft.id)).toMatchObject({ total: 700 });
      expect(await stage().stripe.invoiceItems.retrieve(item.id)).toMatchObject({
        amount: 700,
        invoice: draft.id,
      });
      expect(await stage().stripe.invoiceItems.del(item.id)).toMatchObject({ deleted: true });
      expect(await stage().stripe.invoices.retrieve(draft.id)).toMatchObject({ total: 0 });
    });

    it('an invoice is found again by customer, time and metadata, without search', async () => {
      const invoice = await openInvoice(stage().stripe, stage().germany.id, 1000);
      const wanted = invoice.metadata?.['top_up_id'];
      const page = await stage().stripe.invoices.list({
        customer: stage().germany.id,
        created: { gte: invoice.created - 5 },
        limit: 100,
      });
      expect(page.data.filter((one) => one.metadata?.['top_up_id'] === wanted)).toHaveLength(1);
    });

    it('invoices are listed by status and time, whoever their customer is', async () => {
      const { stripe, germany, card } = stage();
      const open = await openInvoice(stripe, germany.id, 1000);
      const paid = await openInvoice(stripe, germany.id, 1000);
      await stripe.invoices.pay(paid.id, { payment_method: card.id });
      const since = { gte: open.created - 1 };
      const idsOf = async (status: Stripe.InvoiceListParams.Status): Promise<string[]> =>
        (await stripe.invoices.list({ status, created: since, limit: 100 })).data.map(({ id }) => id);
      expect(await idsOf('paid')).toContain(paid.id);
      expect(await idsOf('paid')).not.toContain(open.id);
      expect(await idsOf('open')).toContain(open.id);
      const later = await stripe.invoices.list({ created: { gt: paid.created + 3600 }, limit: 100 });
      expect(later.data).toEqual([]);
    });

    it('lists turn pages without gap or repetition', async () => {
      const all = await stage().stripe.invoices.list({ customer: stage().germany.id, limit: 100 });
      const walked: string[] = [];
      for await (const invoice of stage().stripe.invoices.list({ customer: stage().germany.id, limit: 2 }))
        walked.push(invoice.id);
      expect(walked).toEqual(all.data.map((one) => one.id));
      const second = await stage().stripe.invoices.list({
        customer: stage().germany.id,
        limit: 1,
        starting_after: walked[0]!,
      });
      expect(second.data[0]?.id).toBe(walked[1]);
      const first = await stage().stripe.invoices.list({
        customer: stage().germany.id,
        limit: 1,
        ending_before: walked[1]!,
      });
      expect(first.data[0]?.id).toBe(walked[0]);
    });
  });
}
