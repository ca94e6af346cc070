import type { TopUp } from '../domain/top-up.ts';
import type { ActivityDependencies } from './create-activities.ts';
import { deletedDraft } from './deleted-draft.ts';
import { listedSinceMs } from './listed-since.ts';
import { ProviderError } from './payment-errors.ts';
import type { InvoiceReading } from './ports.ts';

/** The invoice of a top-up as the provider has it now, also when its id was lost on the way here. A draft that was
 *  deleted reads as void.
 *  @returns null when none was ever made. */
export async function findInvoiceOf(
  topUp: TopUp,
  dependencies: Pick<ActivityDependencies, 'payments' | 'topUps'>,
): Promise<InvoiceReading | null> {
  const { payments, topUps } = dependencies;
  const { invoiceId } = topUp;
  if (invoiceId === null) {
    const found = await listedInvoice(topUp, dependencies);
    if (found !== null) await topUps.saveInvoice(topUp.topUpId, found);
    return found;
  }
  try {
    return await payments.readInvoice(invoiceId);
  } catch (error) {
    const isMissing = error instanceof ProviderError && error.details.statusCode === 404;
    if (!isMissing || topUp.customerId === null) throw error;
    // Missing is also what the key of another account sees. That one does not know the customer either, so that
    // listing fails, and nothing is concluded.
    return (await listedInvoice(topUp, dependencies)) ?? deletedDraft(invoiceId, topUp.topUpId);
  }
}

async function listedInvoice(
  topUp: TopUp,
  { payments }: Pick<ActivityDependencies, 'payments'>,
): Promise<InvoiceReading | null> {
  const { topUpId, customerId } = topUp;
  if (customerId === null) return null;
  return payments.findInvoice(topUpId, customerId, listedSinceMs(topUp));
}
