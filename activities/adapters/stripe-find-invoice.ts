import type { Stripe } from 'stripe';
import type { TopUpId } from '../../domain/ids.ts';
import { everyPage } from './stripe-every-page.ts';

/** The id of a top-up's invoice.
 *  @param createdAfterMs by Stripe's clock, to the second: the caller allows for the difference of the clocks.
 *  @throws ProviderError `ambiguous` when the customer has more invoices than are looked through. */
export async function findInvoiceId(
  stripe: Stripe,
  topUpId: TopUpId,
  customer: string,
  createdAfterMs: number,
): Promise<string | null> {
  const created = { gte: Math.floor(createdAfterMs / 1_000) };
  const found: Stripe.Invoice[] = [];
  const pages = everyPage<Stripe.Invoice>('invoices.list', (params) =>
    stripe.invoices.list({ customer, created, ...params }),
  );
  for await (const invoices of pages) {
    found.push(...invoices.filter((invoice) => invoice.metadata?.['top_up_id'] === topUpId));
  }
  return mostTelling(found)?.id ?? null;
}

/** Should there be two, the paid one decides, then the one that can still be paid. */
function mostTelling(invoices: readonly Stripe.Invoice[]): Stripe.Invoice | undefined {
  return (
    invoices.find(({ status }) => status === 'paid') ??
    invoices.find(({ status }) => status === 'open') ??
    invoices[0]
  );
}
