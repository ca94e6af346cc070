import type { Stripe } from 'stripe';
import { ProviderError } from '../payment-errors.ts';
import { ask } from './stripe-client.ts';

const PAGE_SIZE = 100;
const MAX_PAGES = 20;

type Page<T> = { object: 'list'; data: T[]; has_more: boolean };

/** Which page is asked for. */
export type PageParams = { limit: number; starting_after?: string };

/** Turns the pages of one of Stripe's lists, the newest first, each vouched for by `ask`. Lists rather than searches: a
 *  list shows at once what was created, while the search index lags by up to an hour.
 *  @throws ProviderError `ambiguous` when there is more than is looked through: then nothing may be concluded. */
export async function* everyPage<T extends { id: string }>(
  call: string,
  list: (params: PageParams) => Promise<Stripe.Response<Page<T>>>,
): AsyncGenerator<T[], void, undefined> {
  let last: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const after = last === undefined ? {} : { starting_after: last };
    const page = await ask(call, 'list', list({ limit: PAGE_SIZE, ...after }));
    yield page.data;
    last = page.data.at(-1)?.id;
    if (!page.has_more || last === undefined) return;
  }
  throw ProviderError.unclear(call, `more than ${MAX_PAGES * PAGE_SIZE} to look through`);
}
