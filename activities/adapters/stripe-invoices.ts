import type { Stripe } from 'stripe';
import { providerKeys } from '../../domain/ids.ts';
import { deletedDraft } from '../deleted-draft.ts';
import { listedSinceMs } from '../listed-since.ts';
import { ProviderError } from '../payment-errors.ts';
import type { InvoiceReading, PaymentPages, Payments } from '../ports.ts';
import { ask } from './stripe-client.ts';
import { findInvoiceId } from './stripe-find-invoice.ts';
import { isStoredFailure, withSpareKeys } from './stripe-stored-failure.ts';
import { invoiceParams, itemParams } from './stripe-invoice-params.ts';
import { createInvoiceReader, INVOICE_EXPANSION } from './stripe-invoice-reading.ts';
import { outcomeOfAnswer, outcomeOfRefusal } from './stripe-pay-outcome.ts';

/** The part of the payment provider that makes, collects and voids invoices. A refusal may only say that its step
 *  is behind us, for Stripe forgets keys after a day; the invoice is read before it counts as a fault. */
export function createStripeInvoices(
  stripe: Stripe,
): Omit<
  Payments,
  | 'ensureCustomer'
  | 'readCustomer'
  | 'readFingerprint'
  | 'readReversals'
  | 'refundInvoice'
  | keyof PaymentPages
> {
  const readingOf = createInvoiceReader(stripe);
  const expand = [...INVOICE_EXPANSION];
  const readInvoice = async (invoiceId: string) => {
    const request = stripe.invoices.retrieve(invoiceId, { expand });
    const found = await ask('invoices.retrieve', 'invoice', request);
    // Stripe may answer so, or 404, for a draft that was deleted.
    return 'deleted' in found ? deletedDraft(invoiceId, null) : readingOf(found);
  };

  return {
    readInvoice,
    async createInvoice(topUp, customerId) {
      const create = async (idempotencyKey: string) => {
        const created = stripe.invoices.create(invoiceParams(topUp, customerId), { idempotencyKey });
        return { invoiceId: (await ask('invoices.create', 'invoice', created)).id };
      };
      return withSpareKeys(providerKeys.invoice(topUp.topUpId), create, async (error) => {
        if (!isStoredFailure(error)) return null;
        const invoiceId = await findInvoiceId(stripe, topUp.topUpId, customerId, listedSinceMs(topUp));
        return invoiceId === null ? null : { invoiceId };
      });
    },

    async addInvoiceItem(topUp, customerId, invoiceId) {
      const create = async (idempotencyKey: string) => {
        const created = stripe.invoiceItems.create(itemParams(topUp, customerId, invoiceId), {
          idempotencyKey,
        });
        await ask('invoiceItems.create', 'invoiceitem', created);
        return 'added' as const;
      };
      await withSpareKeys(providerKeys.item(topUp.topUpId), create, async (error) => {
        const reading = await readInvoice(invoiceBehind(error, invoiceId));
        return reading.status !== 'draft' || (isStoredFailure(error) && reading.lineCount > 0)
          ? 'added'
          : null;
      });
    },

    async finalizeInvoice(topUp, invoiceId) {
      const finalize = async (idempotencyKey: string) => {
        const params = { auto_advance: false, expand };
        const finalized = stripe.invoices.finalizeInvoice(invoiceId, params, { idempotencyKey });
        return readingOf(await ask('invoices.finalizeInvoice', 'invoice', finalized));
      };
      return withSpareKeys(providerKeys.finalize(topUp.topUpId), finalize, async (error) => {
        const reading = await readInvoice(invoiceBehind(error, invoiceId));
        return reading.status === 'draft' ? null : reading;
      });
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

    async voidInvoice(_topUpId, invoiceId) {
      const reading = await readInvoice(invoiceId);
      switch (reading.status) {
        case 'paid':
        case 'void':
          return reading;
        case 'draft':
          return deleteDraft(stripe, reading);
        case 'open':
        case 'uncollectible':
          break;
      }
      // Without a key of our own: the state has just been read, and a stored answer would only hide it.
      const voided = stripe.invoices.voidInvoice(invoiceId, { expand });
      try {
        return await readingOf(await ask('invoices.voidInvoice', 'invoice', voided));
      } catch (error) {
        return notOpen(await readInvoice(refusedInvoice(error, invoiceId)), error);
      }
    },
  };
}

/** A draft cannot be voided; deleted, a late worker cannot finalize it any more.
 *  @returns the draft as if it had been voided.
 *  @throws ProviderError `busy` when it was finalized in the meantime: then it has to be voided. */
async function deleteDraft(stripe: Stripe, draft: InvoiceReading): Promise<InvoiceReading> {
  try {
    await ask('invoices.del', 'invoice', stripe.invoices.del(draft.invoiceId));
  } catch (error) {
    // Read a moment ago with the same key, so that it is gone rather than somebody else's.
    const isGone = error instanceof ProviderError && error.details.statusCode === 404;
    if (!isGone) {
      refusedInvoice(error, draft.invoiceId);
      throw asBusy('the draft was not deleted', error);
    }
  }
  return { ...draft, status: 'void' };
}

/** The invoice to look at after a refusal.
 *  @throws the error itself when it is anything but the 400 of a step that does not fit the invoice's state. */
function refusedInvoice(error: unknown, invoiceId: string): string {
  if (error instanceof ProviderError && error.details.statusCode === 400) return invoiceId;
  throw error;
}

/** The invoice to look at after a refusal, or after an answer that would be replayed for a day.
 *  @throws the error itself when it is anything else. */
function invoiceBehind(error: unknown, invoiceId: string): string {
  return isStoredFailure(error) ? invoiceId : refusedInvoice(error, invoiceId);
}

/** @throws ProviderError `busy` for an invoice that would not be voided though it is open: a payment of it may
 *  be under way, and then only time tells. */
function notOpen(reading: InvoiceReading, refusal: unknown): InvoiceReading {
  if (reading.status !== 'open') return reading;
  throw asBusy('the invoice is open and was not voided', refusal);
}

function asBusy(message: string, refusal: unknown): unknown {
  if (!(refusal instanceof ProviderError)) return refusal;
  return new ProviderError('busy', message, refusal.details, { cause: refusal });
}
