import type { Stripe } from 'stripe';
import type { TopUpId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import { ProviderError } from '../payment-errors.ts';
import type { InvoiceReading } from '../ports.ts';
import { ask } from './stripe-client.ts';

/** What every call that answers an invoice has to expand for it to be read here. A parameter like any other: a
 *  key that was used with another list is refused. */
export const INVOICE_EXPANSION: readonly string[] = ['payments.data.payment.payment_intent'];

const INVOICE_STATUSES = ['draft', 'open', 'paid', 'void', 'uncollectible'] as const;

/** Rates there are: one for each country and kind of tax that was ever charged. */
const MAX_KNOWN_RATES = 1_000;

/** Reads invoices of Stripe into our words. */
export function createInvoiceReader(stripe: Stripe): (invoice: Stripe.Invoice) => Promise<InvoiceReading> {
  // A tax rate's percentage never changes at Stripe, so that one look at it is enough.
  const percentages = new Map<string, number>();
  return async (invoice) => {
    const charged = taxesOf(invoice).filter((tax) => tax.amount !== 0);
    const rates = new Set(charged.flatMap((tax) => tax.tax_rate_details?.tax_rate ?? []));
    let percentage = 0;
    for (const rate of rates) percentage += await percentageOf(stripe, percentages, rate);
    return { ...figuresOf(invoice), vatRate: charged.length === 0 ? null : asText(percentage) };
  };
}

async function percentageOf(stripe: Stripe, known: Map<string, number>, id: string): Promise<number> {
  const before = known.get(id);
  if (before !== undefined) return before;
  const rate = await ask('taxRates.retrieve', 'tax_rate', stripe.taxRates.retrieve(id));
  if (known.size >= MAX_KNOWN_RATES) known.clear();
  known.set(id, rate.percentage);
  return rate.percentage;
}

function figuresOf(invoice: Stripe.Invoice): Omit<InvoiceReading, 'vatRate'> {
  const taxes = taxesOf(invoice);
  const vat = taxes.reduce((sum, tax) => sum + tax.amount, 0);
  const intent = paymentIntentOf(invoice);
  return {
    invoiceId: invoice.id,
    status: statusOf(invoice),
    topUpId: (invoice.metadata?.['top_up_id'] ?? null) as TopUpId | null,
    lineCount: invoice.lines.data.length,
    netCents: cents(invoice.total_excluding_tax ?? invoice.total - vat),
    vatCents: cents(vat),
    totalCents: cents(invoice.total),
    amountDueCents: cents(invoice.amount_due),
    reverseCharge: taxes.some((tax) => tax.taxability_reason === 'reverse_charge'),
    taxComplete: invoice.automatic_tax.enabled && invoice.automatic_tax.status === 'complete',
    number: invoice.number,
    hostedUrl: invoice.hosted_invoice_url ?? null,
    pdfUrl: invoice.invoice_pdf ?? null,
    paymentIntentId: intent?.id ?? null,
    paymentProcessing: intent?.status === 'processing',
    authenticationPending: isAuthenticationPending(intent),
  };
}

/** The intent that collects the invoice; it keeps being the same one through every attempt.
 *  @returns null for a draft, and for an intent that was not expanded. */
export function paymentIntentOf(invoice: Stripe.Invoice): Stripe.PaymentIntent | null {
  const payments = invoice.payments?.data ?? [];
  const chosen = payments.find((payment) => payment.is_default) ?? payments[0];
  const intent = chosen?.payment.payment_intent;
  return typeof intent === 'object' ? intent : null;
}

/** The bank asked for the customer, on the spot or by declining the charge that was made without them. */
export function isAuthenticationPending(intent: Stripe.PaymentIntent | null): boolean {
  if (intent === null) return false;
  if (intent.status === 'requires_action') return true;
  const error = intent.last_payment_error;
  const isRefused = intent.status === 'requires_payment_method' && error !== null;
  return isRefused && [error.code, error.decline_code].includes('authentication_required');
}

/** @throws ProviderError for a status that this API version does not have: then nothing may be concluded. */
function statusOf({ status, id }: Stripe.Invoice): InvoiceReading['status'] {
  const known = INVOICE_STATUSES.find((one) => one === status);
  if (known !== undefined) return known;
  throw ProviderError.unclear('invoices.retrieve', `invoice ${id} has the status ${String(status)}`);
}

function taxesOf(invoice: Stripe.Invoice): Stripe.Invoice.TotalTax[] {
  return invoice.total_taxes ?? [];
}

/** A percentage as decimal text with at least one decimal: `19.0`, `8.1`, `9.975`. */
function asText(percentage: number): string {
  const rounded = Math.round(percentage * 10_000) / 10_000;
  return Number.isInteger(rounded) ? rounded.toFixed(1) : String(rounded);
}
