import type { Stripe } from 'stripe';
import { providerKeys, type TopUpId } from '../../domain/ids.ts';
import { listedSinceMs } from '../listed-since.ts';
import { ProviderError } from '../payment-errors.ts';
import type { CheckoutReading, PaymentPages, Payments } from '../ports.ts';
import { checkoutParams } from './stripe-checkout-params.ts';
import { ask } from './stripe-client.ts';
import { everyPage } from './stripe-every-page.ts';
import { isStoredFailure, withSpareKeys } from './stripe-stored-failure.ts';

type Checkout = Pick<PaymentPages, 'createCheckout' | 'readCheckout' | 'findCheckout' | 'expireCheckout'>;

/** The payment pages of the payment provider. */
export function createStripeCheckout(stripe: Stripe, readInvoice: Payments['readInvoice']): Checkout {
  const readingOf = (session: Stripe.Checkout.Session) => readSession(session, readInvoice);
  const readCheckout = async (sessionId: string) => {
    const found = stripe.checkout.sessions.retrieve(sessionId);
    return readingOf(await ask('checkout.sessions.retrieve', 'checkout.session', found));
  };
  const findCheckout: Checkout['findCheckout'] = async (topUpId, customerId, createdAfterMs) => {
    const found = await findSession(stripe, topUpId, customerId, createdAfterMs);
    return found === null ? null : readingOf(found);
  };

  return {
    readCheckout,
    findCheckout,
    async createCheckout(topUp, customerId, pages) {
      const create = async (idempotencyKey: string) => {
        const params = checkoutParams(topUp, customerId, pages);
        const created = stripe.checkout.sessions.create(params, { idempotencyKey });
        const { id } = await ask('checkout.sessions.create', 'checkout.session', created);
        // A replayed answer is as old as its key: how the page stands is read.
        return readCheckout(id);
      };
      return withSpareKeys(providerKeys.checkout(topUp.topUpId), create, async (error) => {
        if (!isStoredFailure(error)) return null;
        return findCheckout(topUp.topUpId, customerId, listedSinceMs(topUp));
      });
    },

    async expireCheckout(sessionId) {
      // Without a key: the state has just been read, and a stored answer would only hide it.
      const expired = stripe.checkout.sessions.expire(sessionId);
      try {
        return await readingOf(await ask('checkout.sessions.expire', 'checkout.session', expired));
      } catch (error) {
        const isRefusal = error instanceof ProviderError && error.details.statusCode === 400;
        if (!isRefusal) throw error;
        const reading = await readCheckout(sessionId);
        if (reading.status === 'paid' || reading.status === 'expired') return reading;
        throw new ProviderError('busy', 'the page was not closed', error.details, { cause: error });
      }
    },
  };
}

/** @throws ProviderError for a status that this API version does not have: then nothing may be concluded. */
async function readSession(
  { id: sessionId, url, status, payment_status: payment, invoice }: Stripe.Checkout.Session,
  readInvoice: Payments['readInvoice'],
): Promise<CheckoutReading> {
  const page = { sessionId, url };
  if (status === 'open') return { ...page, status: 'open' };
  if (status === 'expired') return { ...page, status: 'expired' };
  if (status !== 'complete') {
    throw ProviderError.unclear(
      'checkout.sessions.retrieve',
      `${sessionId} has the status ${String(status)}`,
    );
  }
  const invoiceId = typeof invoice === 'string' ? invoice : invoice?.id;
  // Stripe makes the invoice of a page after its payment.
  if (payment === 'unpaid' || invoiceId === undefined) return { ...page, status: 'processing' };
  const reading = await readInvoice(invoiceId);
  return reading.status === 'paid'
    ? { ...page, status: 'paid', invoice: reading }
    : { ...page, status: 'processing' };
}

/** @throws ProviderError `ambiguous` when the customer has more pages than are looked through. */
async function findSession(
  stripe: Stripe,
  topUpId: TopUpId,
  customer: string,
  createdAfterMs: number,
): Promise<Stripe.Checkout.Session | null> {
  const created = { gte: Math.floor(createdAfterMs / 1_000) };
  const pages = everyPage<Stripe.Checkout.Session>('checkout.sessions.list', (params) =>
    stripe.checkout.sessions.list({ customer, created, ...params }),
  );
  for await (const sessions of pages) {
    const found = sessions.find(({ metadata }) => metadata?.['top_up_id'] === topUpId);
    if (found !== undefined) return found;
  }
  return null;
}
