import type { Stripe } from 'stripe';
import { providerKeys } from '../../domain/ids.ts';
import { ProviderError } from '../payment-errors.ts';
import type { InvoiceReading, Payments } from '../ports.ts';
import { ask } from './stripe-client.ts';
import { findInvoiceId } from './stripe-find-invoice.ts';
import { invoiceParams, itemParams } from './stripe-invoice-params.ts';
import { createInvoiceReader, INVOICE_EXPANSION } from './stripe-invoice-reading.ts';
import { outcomeOfAnswer, outcomeOfRefusal } from './stripe-pay-outcome.ts';

/** The part of the payment provider that makes, collects and voids invoices. A refusal may only say that its step
 *  is behind us, for Stripe forgets keys after a day; the invoice is read before it counts as a fault. */
export function createStripeInvoices(stripe: Stripe): Omit<Payments, 'ensureCustomer' | 'readCustomer'> {
  const readingOf = createInvoiceReader(stripe);
  const expand = [...INVOICE_EXPANSION];
  const readInvoice = async (invoiceId: string) =>
    readingOf(await ask('invoices.retrieve', 'invoice', stripe.invoices.retrieve(invoiceId, { expand })));

  return {
    readInvoice,
    async createInvoice(topUp, customerId) {
      const idempotencyKey = providerKeys.invoice(topUp.topUpId);
      const created = stripe.invoices.create(invoiceParams(topUp, customerId), { idempotencyKey });
      return { invoiceId: (await ask('invoices.create', 'invoice', created)).id };
    },

    async addInvoiceItem(topUp, customerId, invoiceId) {
      const idempotencyKey = providerKeys.item(topUp.topUpId);
      const created = stripe.invoiceItems.create(itemParams(topUp, customerId, invoiceId), {
        idempotencyKey,
      });
      try {
        await ask('invoiceItems.create', 'invoiceitem', created);
      } catch (error) {
        const reading = await readInvoice(refusedInvoice(error, invoiceId));
        if (reading.status === 'draft') throw error;
      }
    },

    async finalizeInvoice(topUp, invoiceId) {
      const idempotencyKey = providerKeys.finalize(topUp.topUpId);
      const params = { auto_advance: false, expand };
      const finalized = stripe.invoices.finalizeInvoice(invoiceId, params, { idempotencyKey });
      try {
        return await readingOf(await ask('invoices.finalizeInvoice', 'invoice', finalized));
      } catch (error) {
        const reading = await readInvoice(refusedInvoice(error, invoiceId));
        if (reading.status === 'draft') throw error;
        return reading;
      }
    },

    async payInvoice(topUp, invoiceId, attempt, paymentMethodId) {
      const idempotencyKey = providerKeys.pay(topUp.topUpId, attempt);
      const params = { off_session: true, payment_method: paymentMethodId, expand };
      const paid = stripe.invoices.pay(invoiceId, params, { idempotencyKey });
      try {
        return outcomeOfAnswer(await ask('invoices.pay', 'invoice', paid));
      } catch (error) {
        const outcome = outcomeOfRefusal(error);
        if (outcome !== null) return outcome;
        const reading = await readInvoice(refusedInvoice(error, invoiceId));
        if (reading.status !== 'paid') throw error;
        return { status: 'already_paid' };
      }
    },

    async findInvoice(topUpId, customerId, createdAfterMs) {
      const found = await findInvoiceId(stripe, topUpId, customerId, createdAfterMs);
      return found === null ? null : readInvoice(found);
    },

    /** A draft cannot be voided and is left as it is: with `auto_advance: false` nothing ever collects it. */
    async voidInvoice(topUpId, invoiceId) {
      const idempotencyKey = providerKeys.void(topUpId);
      const voided = stripe.invoices.voidInvoice(invoiceId, { expand }, { idempotencyKey });
      try {
        return await readingOf(await ask('invoices.voidInvoice', 'invoice', voided));
      } catch (error) {
        return notOpen(await readInvoice(refusedInvoice(error, invoiceId)), error);
      }
    },
  };
}

/** The invoice to look at after a refusal.
 *  @throws the error itself when it is anything but the 400 of a step that does not fit the invoice's state. */
function refusedInvoice(error: unknown, invoiceId: string): string {
  if (error instanceof ProviderError && error.details.statusCode === 400) return invoiceId;
  throw error;
}

/** @throws ProviderError `busy` for an invoice that would not be voided though it is open: a payment of it may
 *  be under way, and then only time tells. */
function notOpen(reading: InvoiceReading, refusal: unknown): InvoiceReading {
  if (reading.status !== 'open' || !(refusal instanceof ProviderError)) return reading;
  throw new ProviderError('busy', 'the invoice is open and was not voided', refusal.details, {
    cause: refusal,
  });
}
