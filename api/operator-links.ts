import { workflowIdOf, type AccountId } from '../domain/ids.ts';

type Settings = {
  STRIPE_SECRET_KEY: string;
  STRIPE_API_BASE: string;
  TEMPORAL_UI_URL?: string | undefined;
  TEMPORAL_NAMESPACE: string;
};

/** Pages of the parts outside this service. */
export type OperatorLinks = {
  stripeInvoice(invoiceId: string): string;
  stripePayment(paymentIntentId: string): string;
  stripeCustomer(customerId: string): string;
  /** null when the address of Temporal's web UI is not configured. */
  workflow(accountId: AccountId): string | null;
};

/** Links for operators: to Stripe's dashboard, in test mode by the key, or to the pages of another Stripe API such
 *  as the sandbox; and to the account's workflow in Temporal's web UI. */
export function createOperatorLinks(settings: Settings): OperatorLinks {
  const { STRIPE_SECRET_KEY, STRIPE_API_BASE, TEMPORAL_UI_URL, TEMPORAL_NAMESPACE } = settings;
  const isStripe = new URL(STRIPE_API_BASE).hostname === 'api.stripe.com';
  const mode = /^.k_live_/.test(STRIPE_SECRET_KEY) ? '' : '/test';
  const stripe = isStripe ? `https://dashboard.stripe.com${mode}` : withoutSlash(STRIPE_API_BASE);
  return {
    stripeInvoice: (invoiceId) => `${stripe}/invoices/${encodeURIComponent(invoiceId)}`,
    stripePayment: (paymentIntentId) =>
      // The sandbox shows a payment among its objects.
      `${stripe}/${isStripe ? 'payments' : 'objects'}/${encodeURIComponent(paymentIntentId)}`,
    stripeCustomer: (customerId) => `${stripe}/customers/${encodeURIComponent(customerId)}`,
    workflow: (accountId) => {
      if (TEMPORAL_UI_URL === undefined) return null;
      const namespace = encodeURIComponent(TEMPORAL_NAMESPACE);
      const workflow = encodeURIComponent(workflowIdOf(accountId));
      return `${withoutSlash(TEMPORAL_UI_URL)}/namespaces/${namespace}/workflows/${workflow}`;
    },
  };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
