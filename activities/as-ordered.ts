import type { TopUp } from '../domain/top-up.ts';
import type { InvoiceReading } from './ports.ts';

/** Whether an invoice is for what was ordered: one line, and the net amount. An invoice that is not (one that was
 *  finalized empty counts as paid at once) neither may be paid nor proves a payment. */
export function isForOrder(invoice: InvoiceReading, topUp: TopUp): boolean {
  return invoice.lineCount === 1 && invoice.netCents === topUp.amountCents;
}

/** The last look before money moves: VAT is worked out, and nothing of a customer's balance is mixed in. */
export function isPayable(invoice: InvoiceReading, topUp: TopUp): boolean {
  return (
    isForOrder(invoice, topUp) &&
    invoice.status === 'open' &&
    invoice.amountDueCents === invoice.totalCents &&
    invoice.taxComplete
  );
}
