import type { FastifyBaseLogger } from 'fastify';
import type { AccountRow } from '../db/read-account.ts';
import type { ApiDeps } from './deps.ts';
import { Problem } from './problems.ts';

/** Where a page of the payment provider sends the customer afterwards: the address that the request names, or the
 *  credits page.
 *  @throws Problem `invalid_request` for an address elsewhere, which would make this service a way to lure people. */
export function returnUrlOf(publicUrl: string, returnUrl: string | undefined): string {
  const base = new URL(publicUrl);
  if (returnUrl === undefined) {
    base.pathname = `${base.pathname.replace(/\/$/, '')}/credits`;
    return base.href;
  }
  const url = new URL(returnUrl);
  if (url.origin === base.origin) return url.href;
  throw new Problem('invalid_request', {
    errors: [{ path: 'returnUrl', detail: `has to be an address of ${base.origin}` }],
  });
}

/** What a customer comes back from, as the page that is shown then finds it in its address. */
export const FINISHED = ['payment', 'card', 'billing', 'canceled'] as const;

/** The address to come back to with the mark of what was finished, so that the page can say so before any webhook has
 *  arrived. It is a word to the customer: nothing is ever booked by it.
 *  @param topUpId the purchase that was paid. */
export function finishedUrl(back: string, what: (typeof FINISHED)[number], topUpId?: string): string {
  const url = new URL(back);
  url.searchParams.set('done', what);
  if (topUpId !== undefined) url.searchParams.set('topUp', topUpId);
  return url.href;
}

/** The provider's customer of an account, made when it is not there yet.
 *  @throws Problem `provider_unavailable` */
export async function customerOf(
  account: AccountRow,
  { accounts, customers }: Pick<ApiDeps, 'accounts' | 'customers'>,
  log: FastifyBaseLogger,
): Promise<string> {
  if (account.customerId !== null) return account.customerId;
  const { customerId } = await atProvider(() => customers.ensureCustomer(account), log);
  await accounts.saveCustomer(account.accountId, customerId);
  return customerId;
}

/** Asks the provider; whatever goes wrong there means the same to the caller.
 *  @throws Problem `provider_unavailable` */
export async function atProvider<T>(ask: () => Promise<T>, log: FastifyBaseLogger): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    log.warn({ err: error }, 'the payment provider did not do what was asked');
    throw new Problem('provider_unavailable', {
      detail: 'Send the same request again; nothing is bought twice.',
      headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
      cause: error,
    });
  }
}

const RETRY_AFTER_SECONDS = 2;
