import type { Stripe } from 'stripe';
import { CURRENCY } from '../../domain/money.ts';
import { ProviderError } from '../payment-errors.ts';
import type { PaymentPages } from '../ports.ts';
import { ask } from './stripe-client.ts';

/** Among the customer's latest pages is the card page, unless it is long forgotten. */
const RECENT_PAGES = 100;

/** On the customer: the card page whose card has become the default. */
const PREFERRED = 'card_page';

type Pages = Pick<PaymentPages, 'openCardPage' | 'openProfilePage' | 'preferSavedCard'>;

/** The payment provider's pages for cards and the billing profile. Each call opens a new page, which costs nothing and
 *  changes nothing until a person acts on it. */
export function createStripePages(stripe: Stripe): Pages {
  return {
    async openCardPage(customer, { successUrl, cancelUrl }) {
      const created = stripe.checkout.sessions.create({
        mode: 'setup',
        customer,
        currency: CURRENCY.toLowerCase(),
        allowed_payment_method_types: ['card'],
        success_url: successUrl,
        cancel_url: cancelUrl,
      });
      const { url, expires_at: expiresAt } = await ask(
        'checkout.sessions.create',
        'checkout.session',
        created,
      );
      if (url === null) throw new Error('a new card page has no address');
      return { url, expiresAtMs: expiresAt * 1_000 };
    },

    async openProfilePage(customer, returnUrl) {
      const created = stripe.billingPortal.sessions.create({ customer, return_url: returnUrl });
      return { url: (await ask('billingPortal.sessions.create', 'billing_portal.session', created)).url };
    },

    async preferSavedCard(customerId) {
      const saved = await lastSavedCard(stripe, customerId);
      if (saved === null) return;
      const read = stripe.customers.retrieve(customerId);
      const customer = await ask('customers.retrieve', 'customer', read);
      if (customer.deleted === true || customer.metadata[PREFERRED] === saved.page) return;
      // Both in one call: a default that the customer chooses afterwards is never taken back.
      const preferred = stripe.customers.update(customerId, {
        invoice_settings: { default_payment_method: saved.card },
        metadata: { [PREFERRED]: saved.page },
      });
      try {
        await ask('customers.update', 'customer', preferred);
      } catch (error) {
        // Removed since it was listed; whoever reads the customer next sees what there is.
        if (!(error instanceof ProviderError && error.details.statusCode === 400)) throw error;
      }
    },
  };
}

/** @returns null when no card was saved on a card page, or it has been removed since. */
async function lastSavedCard(
  stripe: Stripe,
  customer: string,
): Promise<{ page: string; card: string } | null> {
  const listed = stripe.checkout.sessions.list({
    customer,
    status: 'complete',
    limit: RECENT_PAGES,
    expand: ['data.setup_intent.payment_method'],
  });
  const { data } = await ask('checkout.sessions.list', 'list', listed);
  const page = data.find(({ mode }) => mode === 'setup');
  const intent = page?.setup_intent;
  const card = typeof intent === 'object' ? intent?.payment_method : null;
  if (page === undefined || card === null || typeof card !== 'object') return null;
  return ownerOf(card) === customer ? { page: page.id, card: card.id } : null;
}

function ownerOf({ customer }: Stripe.PaymentMethod): string | null {
  return typeof customer === 'string' ? customer : (customer?.id ?? null);
}
