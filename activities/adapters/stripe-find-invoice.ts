import type { Stripe } from 'stripe';
import type { TopUpId } from '../../domain/ids.ts';
import { ProviderError } from '../payment-errors.ts';
import { ask } from './stripe-client.ts';

const PAGE_SIZE = 100;
const MAX_PAGES = 20;

/** The id of a top-up's invoice. Lists rather than searches: a list shows at once what was created, while the
 *  search index lags by up to an hour.
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
  let last: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const after = last === undefined ? {} : { starting_after: last };
    const listed = stripe.invoices.list({ customer, created, limit: PAGE_SIZE, ...after });
    const page = await ask('invoices.list', 'list', listed);
    found.push(...page.data.filter((invoice) => invoice.metadata?.['top_up_id'] === topUpId));
    last = page.data.at(-1)?.id;
    if (!page.has_more || last === undefined) return mostTelling(found)?.id ?? null;
  }
  throw ProviderError.unclear('invoices.list', `more than ${MAX_PAGES * PAGE_SIZE} invoices to look through`);
}

/** Should there be two, the paid one decides, then the one that can still be paid. */
function mostTelling(invoices: readonly Stripe.Invoice[]): Stripe.Invoice | undefined {
  return (
    invoices.find(({ status }) => status === 'paid') ??
    invoices.find(({ status }) => status === 'open') ??
    invoices[0]
  );
}
