import type { ChargeOutcome } from '../domain/account-state.ts';
import type { TopUp } from '../domain/top-up.ts';
import { isForOrder, isPayable } from './as-ordered.ts';
import type { ChargeDependencies } from './charge-top-up.ts';
import { findInvoiceOf } from './find-invoice.ts';
import type { InvoiceReading } from './ports.ts';

const NOT_AS_EXPECTED: { outcome: ChargeOutcome } = {
  outcome: { status: 'invalid', reason: 'invoice_not_as_expected' },
};

/** Brings the top-up's invoice to `open`, whatever a run before this one had reached.
 *  @returns the invoice, ready to be paid; or an outcome when there is nothing left to pay. */
export async function openInvoice(
  topUp: TopUp,
  dependencies: ChargeDependencies,
): Promise<{ invoice: InvoiceReading } | { outcome: ChargeOutcome }> {
  const { payments, topUps, atStep } = dependencies;
  let invoice = await foundOrCreated(topUp, dependencies);
  if (invoice.status === 'draft') {
    if (invoice.lineCount === 0) await payments.addInvoiceItem(topUp, customerOf(topUp), invoice.invoiceId);
    atStep('charge.item_added');
    invoice = await payments.finalizeInvoice(topUp, invoice.invoiceId);
    atStep('charge.finalized');
  }
  switch (invoice.status) {
    case 'paid':
      if (!isForOrder(invoice, topUp)) return NOT_AS_EXPECTED;
      await topUps.markPaid(topUp.topUpId, invoice);
      return { outcome: { status: 'paid' } };
    case 'void':
    case 'uncollectible':
      return NOT_AS_EXPECTED;
    case 'draft':
    case 'open':
      if (!isPayable(invoice, topUp)) return NOT_AS_EXPECTED;
      await topUps.saveFigures(topUp.topUpId, invoice);
      // Before anybody can pay: a refund or a dispute that is heard of first finds its top-up by this.
      await topUps.saveInvoice(topUp.topUpId, invoice);
      return { invoice };
  }
}

async function foundOrCreated(topUp: TopUp, dependencies: ChargeDependencies): Promise<InvoiceReading> {
  const { payments, topUps, atStep } = dependencies;
  const found = await findInvoiceOf(topUp, dependencies);
  if (found !== null) return found;
  const { invoiceId } = await payments.createInvoice(topUp, customerOf(topUp));
  atStep('charge.invoice_created');
  await topUps.saveInvoice(topUp.topUpId, { invoiceId });
  atStep('charge.invoice_saved');
  return payments.readInvoice(invoiceId);
}

function customerOf({ topUpId, customerId }: TopUp): string {
  if (customerId === null) throw new Error(`${topUpId} has no customer, which is stored before any invoice`);
  return customerId;
}
