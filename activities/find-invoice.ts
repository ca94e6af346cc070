import type { TopUp } from '../domain/top-up.ts';
import type { ActivityDependencies } from './create-activities.ts';
import type { InvoiceReading } from './ports.ts';

/** Clocks of the provider and of the database may differ by this. */
const CLOCK_TOLERANCE_MS = 60 * 60 * 1_000;

/** The invoice of a top-up as the provider has it now, also when its id was lost on the way here.
 *  @returns null when none was ever made. */
export async function findInvoiceOf(
  topUp: TopUp,
  { payments, topUps }: Pick<ActivityDependencies, 'payments' | 'topUps'>,
): Promise<InvoiceReading | null> {
  if (topUp.invoiceId !== null) return payments.readInvoice(topUp.invoiceId);
  if (topUp.customerId === null) return null;
  const since = topUp.createdAtMs - CLOCK_TOLERANCE_MS;
  const found = await payments.findInvoice(topUp.topUpId, topUp.customerId, since);
  if (found !== null) await topUps.saveInvoice(topUp.topUpId, found);
  return found;
}
