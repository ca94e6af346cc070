import { type Address, type Metadata, type SELF } from './account.ts';
import type { TaxExempt } from './customer.ts';
import type { TaxStatus } from './invoice.ts';

export type CheckoutSession = ReturnType<typeof newCheckoutSession>;
export type PortalSession = ReturnType<typeof newPortalSession>;

export interface CustomerDetails {
  address: Address | null;
  business_name: string | null;
  email: string | null;
  individual_name: string | null;
  name: string | null;
  phone: string | null;
  tax_exempt: TaxExempt;
  tax_ids: { type: string; value: string }[];
}

/** What Stripe has on a session and this product never uses. */
const UNUSED_BY_SESSIONS = {
  after_expiration: null,
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [],
  customer_account: null,
  origin_context: null,
  payment_link: null,
  payment_method_configuration_details: null,
  permissions: null,
  recovered_from: null,
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [],
  subscription: null,
  wallet_options: null,
} as const;

export function newCheckoutSession(id: string, created: number, mode: 'payment' | 'setup', url: string) {
  return {
    id,
    object: 'checkout.session' as const,
    ...UNUSED_BY_SESSIONS,
    adaptive_pricing: null as { enabled: boolean } | null,
    allow_promotion_codes: null as boolean | null,
    amount_subtotal: null as number | null,
    amount_total: null as number | null,
    automatic_tax: {
      enabled: false,
      liability: null as typeof SELF | null,
      provider: null as string | null,
      status: null as TaxStatus | null,
    },
    billing_address_collection: null as 'auto' | 'required' | null,
    cancel_url: null as string | null,
    client_reference_id: null as string | null,
    created,
    currency: null as string | null,
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null as { message: string } | null,
      terms_of_service_acceptance: null,
    },
    customer: null as string | null,
    customer_creation: null as 'always' | 'if_required' | null,
    customer_details: null as CustomerDetails | null,
    customer_email: null as string | null,
    discounts: mode === 'payment' ? [] : null,
    expires_at: created + 24 * 3600,
    invoice: null as string | null,
    invoice_creation: null as {
      enabled: boolean;
      invoice_data: {
        account_tax_ids: null;
        custom_fields: null;
        description: string | null;
        footer: string | null;
        issuer: null;
        metadata: Metadata;
        rendering_options: null;
      };
    } | null,
    livemode: false,
    locale: null as string | null,
    metadata: {} as Metadata,
    mode,
    payment_intent: null as string | null,
    payment_method_collection: 'always' as const,
    payment_method_options: { card: { request_three_d_secure: 'automatic' } },
    payment_method_types: ['card'],
    payment_status: (mode === 'payment' ? 'unpaid' : 'no_payment_required') as
      | 'paid'
      | 'unpaid'
      | 'no_payment_required',
    phone_number_collection: { enabled: false },
    saved_payment_method_options: null as object | null,
    setup_intent: null as string | null,
    status: 'open' as 'open' | 'complete' | 'expired',
    submit_type: null as string | null,
    success_url: null as string | null,
    tax_id_collection: { enabled: false, required: 'never' as 'never' | 'if_supported' },
    total_details: null as {
      amount_discount: number;
      amount_shipping: number | null;
      amount_tax: number;
    } | null,
    ui_mode: 'hosted_page' as const,
    url: url as string | null,
  };
}

export interface PortalFlow {
  after_completion: {
    hosted_confirmation: { custom_message: string | null } | null;
    redirect: { return_url: string } | null;
    type: string;
  };
  customer_update: null;
  subscription_cancel: null;
  subscription_update: null;
  subscription_update_confirm: null;
  type: 'payment_method_update' | 'customer_update';
}

export function newPortalSession(id: string, created: number, customer: string, url: string) {
  return {
    id,
    object: 'billing_portal.session' as const,
    configuration: 'bpc_1SandboxDefault',
    created,
    customer,
    customer_account: null,
    flow: null as PortalFlow | null,
    livemode: false,
    locale: null as string | null,
    on_behalf_of: null,
    return_url: null as string | null,
    url,
  };
}
