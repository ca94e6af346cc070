import type { Address, Metadata } from './account.ts';

export type PaymentMethod = ReturnType<typeof newPaymentMethod>;
export type SetupIntent = ReturnType<typeof newSetupIntent>;
export type SetupIntentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'succeeded'
  | 'canceled';

/** What the owner of a card has to do next. */
export interface NextAction {
  type: 'redirect_to_url' | 'use_stripe_sdk';
  redirect_to_url?: { return_url: string | null; url: string };
  use_stripe_sdk?: Record<string, string>;
}

/** Why the last try failed, in the shape of an error body. */
export interface LastError {
  type: string;
  message: string;
  code?: string;
  [field: string]: unknown;
}

export interface BillingDetails {
  address: Address | null;
  email: string | null;
  name: string | null;
  phone: string | null;
  tax_id: string | null;
}

export interface CardFacts {
  brand: string;
  country: string;
  expMonth: number;
  expYear: number;
  fingerprint: string;
  last4: string;
}

export function newPaymentMethod(id: string, created: number, card: CardFacts, billing: BillingDetails) {
  return {
    id,
    object: 'payment_method' as const,
    allow_redisplay: 'unspecified' as const,
    billing_details: billing,
    card: {
      brand: card.brand,
      checks: {
        address_line1_check: null,
        address_postal_code_check: null,
        cvc_check: 'pass' as string | null,
      },
      country: card.country,
      display_brand: card.brand,
      exp_month: card.expMonth,
      exp_year: card.expYear,
      fingerprint: card.fingerprint,
      funding: 'credit',
      generated_from: null,
      last4: card.last4,
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated' as const,
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created,
    customer: null as string | null,
    customer_account: null,
    livemode: false,
    metadata: {} as Metadata,
    type: 'card' as const,
  };
}

export function newSetupIntent(id: string, created: number, clientSecret: string) {
  return {
    id,
    object: 'setup_intent' as const,
    application: null,
    automatic_payment_methods: null as { enabled: boolean; allow_redirects?: 'always' | 'never' } | null,
    cancellation_reason: null as string | null,
    client_secret: clientSecret,
    created,
    customer: null as string | null,
    customer_account: null,
    description: null as string | null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null as LastError | null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: {} as Metadata,
    next_action: null as NextAction | null,
    on_behalf_of: null,
    payment_method: null as string | null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card'],
    single_use_mandate: null,
    status: 'requires_payment_method' as SetupIntentStatus,
    usage: 'off_session' as string,
  };
}
