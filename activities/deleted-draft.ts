import type { TopUpId } from '../domain/ids.ts';
import { NO_CENTS } from '../domain/money.ts';
import type { InvoiceReading } from './ports.ts';

/** How an invoice reads that was deleted: as void. Only drafts can be deleted, so nothing was ever collected by it,
 *  and nothing ever will be.
 *  @param topUpId null when the provider does not say any more whose it was. */
export function deletedDraft(invoiceId: string, topUpId: TopUpId | null): InvoiceReading {
  return {
    invoiceId,
    status: 'void',
    topUpId,
    lineCount: 0,
    netCents: NO_CENTS,
    vatCents: NO_CENTS,
    totalCents: NO_CENTS,
    amountDueCents: NO_CENTS,
    vatRate: null,
    reverseCharge: false,
    taxComplete: false,
    number: null,
    hostedUrl: null,
    pdfUrl: null,
    paymentIntentId: null,
    paymentProcessing: false,
    authenticationPending: false,
  };
}
