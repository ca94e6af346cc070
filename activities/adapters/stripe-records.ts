import type { Stripe } from 'stripe';
import type { TopUpId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import type { ProviderPayment, ProviderReversal } from '../../domain/reconciling.ts';
import { ProviderError } from '../payment-errors.ts';
import type { ProviderPage, ProviderRecords } from '../ports.ts';
import { ask, createStripeClient, type StripeOptions } from './stripe-client.ts';

/** The most that Stripe lists at once. */
const PAGE_SIZE = 100;
const NOT_FOUND = 404;

/** Reads what Stripe has on record of payments, refunds and disputes, one page a call. Nothing is expanded, so that a
 *  page is one light request. Lists are consistent at once, unlike Stripe's search. */
export function createStripeRecords(options: StripeOptions): ProviderRecords {
  const stripe = createStripeClient(options);
  return {
    async listPayments({ fromMs, toMs, cursor }) {
      const created = { gte: toSeconds(fromMs), ...(toMs === null ? {} : { lte: toSeconds(toMs) }) };
      const list = stripe.invoices.list({ status: 'paid', created, ...pageAfter(cursor) });
      const page = await ask('invoices.list', 'list', list);
      const items = page.data.map(paymentOf).filter((payment) => payment !== null);
      return { items, next: nextOf(page) };
    },
    readPayment: (invoiceId) => readPayment(stripe, invoiceId),
    listReversals: (kind, { fromMs, cursor }) => {
      const range = { created: { gte: toSeconds(fromMs) }, ...pageAfter(cursor) };
      return kind === 'refund' ? listRefunds(stripe, range) : listDisputes(stripe, range);
    },
  };
}

type Range = { created: { gte: number }; limit: number; starting_after?: string };

async function readPayment(stripe: Stripe, invoiceId: string): Promise<ProviderPayment | null> {
  try {
    const invoice = await ask('invoices.retrieve', 'invoice', stripe.invoices.retrieve(invoiceId));
    return invoice.status === 'paid' ? paymentOf(invoice) : null;
  } catch (error) {
    if (error instanceof ProviderError && error.details.statusCode === NOT_FOUND) return null;
    throw error;
  }
}

async function listRefunds(stripe: Stripe, range: Range): Promise<ProviderPage<ProviderReversal>> {
  const page = await ask('refunds.list', 'list', stripe.refunds.list(range));
  const items = page.data.map(
    (refund): ProviderReversal => ({
      ...amountAndTime(refund),
      kind: 'refund',
      // Null for refunds that Stripe makes up by itself: they belong to no payment of ours.
      status: refund.status ?? 'unknown',
    }),
  );
  return { items, next: nextOf(page) };
}

async function listDisputes(stripe: Stripe, range: Range): Promise<ProviderPage<ProviderReversal>> {
  const page = await ask('disputes.list', 'list', stripe.disputes.list(range));
  const items = page.data.map(
    (dispute): ProviderReversal => ({ ...amountAndTime(dispute), kind: 'dispute', status: dispute.status }),
  );
  return { items, next: nextOf(page) };
}

function amountAndTime(reversal: Stripe.Refund | Stripe.Dispute) {
  const { id, amount, created, payment_intent: intent } = reversal;
  return {
    reversalId: id,
    amountCents: cents(amount),
    createdAtMs: created * 1_000,
    paymentIntentId: typeof intent === 'string' ? intent : (intent?.id ?? null),
  };
}

/** @returns null for invoices of other business in the same Stripe account. */
function paymentOf(invoice: Stripe.Invoice): ProviderPayment | null {
  const topUpId = invoice.metadata?.['top_up_id'];
  if (topUpId === undefined || topUpId === '') return null;
  const vat = (invoice.total_taxes ?? []).reduce((sum, tax) => sum + tax.amount, 0);
  const { total } = invoice;
  return {
    invoiceId: invoice.id,
    topUpId: topUpId as TopUpId,
    netCents: cents(invoice.total_excluding_tax ?? total - vat),
    totalCents: cents(total),
    currency: invoice.currency.toUpperCase(),
    lineCount: invoice.lines.data.length,
    paidAtMs: (invoice.status_transitions.paid_at ?? invoice.created) * 1_000,
    isReturned: total > 0 && invoice.post_payment_credit_notes_amount >= total,
  };
}

function pageAfter(cursor: string | null): { limit: number; starting_after?: string } {
  return { limit: PAGE_SIZE, ...(cursor === null ? {} : { starting_after: cursor }) };
}

function nextOf(page: { has_more: boolean; data: readonly { id: string }[] }): string | null {
  return page.has_more ? (page.data.at(-1)?.id ?? null) : null;
}

function toSeconds(atMs: number): number {
  return Math.floor(atMs / 1_000);
}
