import type { Metadata } from './account.ts';
import type { BillingDetails, LastError, NextAction, PaymentMethod } from './payment-method.ts';

export type PaymentIntent = ReturnType<typeof newPaymentIntent>;
export type Charge = ReturnType<typeof newCharge>;
export type BalanceTransaction = ReturnType<typeof newBalanceTransaction>;
export type PaymentIntentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'processing'
  | 'succeeded'
  | 'canceled';

export function newPaymentIntent(
  id: string,
  created: number,
  money: { amount: number; currency: string },
  clientSecret: string,
) {
  return {
    id,
    object: 'payment_intent' as const,
    amount: money.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null as { enabled: boolean; allow_redirects?: 'always' | 'never' } | null,
    canceled_at: null as number | null,
    cancellation_reason: null as string | null,
    capture_method: 'automatic' as const,
    client_secret: clientSecret,
    confirmation_method: 'automatic' as const,
    created,
    currency: money.currency,
    customer: null as string | null,
    customer_account: null,
    description: null as string | null,
    excluded_payment_method_types: null,
    last_payment_error: null as LastError | null,
    latest_charge: null as string | null,
    livemode: false,
    metadata: {} as Metadata,
    next_action: null as NextAction | null,
    on_behalf_of: null,
    payment_details: { customer_reference: null, order_reference: null as string | null },
    payment_method: null as string | null,
    payment_method_configuration_details: null,
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    payment_method_types: ['card'],
    processing: null,
    receipt_email: null as string | null,
    review: null,
    setup_future_usage: null as 'on_session' | 'off_session' | null,
    shipping: null as object | null,
    statement_descriptor: null as string | null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method' as PaymentIntentStatus,
    transfer_data: null,
    transfer_group: null,
  };
}

export interface ChargeOutcome {
  advice_code: string | null;
  network_advice_code: string | null;
  network_decline_code: string | null;
  network_status: string;
  reason: string | null;
  risk_level: string;
  risk_score: number;
  seller_message: string;
  type: string;
}

export function newCharge(id: string, created: number, intent: PaymentIntent, method: PaymentMethod) {
  return {
    id,
    object: 'charge' as const,
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null as string | null,
    billing_details: method.billing_details satisfies BillingDetails,
    calculated_statement_descriptor: 'AUTO TOP-UP SANDBOX',
    captured: false,
    created,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null as string | null,
    failure_message: null as string | null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: null as ChargeOutcome | null,
    paid: false,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: cardDetails(intent, method),
    radar_options: {},
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null as string | null,
    refunded: false,
    review: null,
    shipping: intent.shipping,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: null,
    status: 'failed' as 'failed' | 'pending' | 'succeeded',
    transfer_data: null,
    transfer_group: null,
  };
}

function cardDetails(intent: PaymentIntent, method: PaymentMethod) {
  return {
    card: {
      amount_authorized: null as number | null,
      authorization_code: null as string | null,
      brand: method.card.brand,
      checks: method.card.checks,
      country: method.card.country,
      exp_month: method.card.exp_month,
      exp_year: method.card.exp_year,
      extended_authorization: { status: 'disabled' as const },
      fingerprint: method.card.fingerprint,
      funding: method.card.funding,
      incremental_authorization: { status: 'unavailable' as const },
      installments: null,
      last4: method.card.last4,
      mandate: null,
      multicapture: { status: 'unavailable' as const },
      network: method.card.brand,
      network_token: { used: false },
      network_transaction_id: null as string | null,
      overcapture: { maximum_amount_capturable: intent.amount, status: 'unavailable' as const },
      regulated_status: 'unregulated' as const,
      three_d_secure: null as object | null,
      wallet: null,
    },
    type: 'card',
  };
}

export interface Movement {
  amount: number;
  fee: number;
  currency: string;
  source: string;
  type: 'charge' | 'refund' | 'adjustment';
  category: string;
  description: string | null;
}

export function newBalanceTransaction(id: string, created: number, movement: Movement) {
  const fees = [
    {
      amount: movement.fee,
      application: null,
      currency: movement.currency,
      description: 'Stripe processing fees',
      type: 'stripe_fee',
    },
  ];
  return {
    id,
    object: 'balance_transaction' as const,
    amount: movement.amount,
    available_on: created + 7 * 24 * 3600,
    balance_type: 'payments' as const,
    created,
    currency: movement.currency,
    description: movement.description,
    exchange_rate: null,
    fee: movement.fee,
    fee_details: movement.fee === 0 ? [] : fees,
    net: movement.amount - movement.fee,
    reporting_category: movement.category,
    source: movement.source,
    status: 'pending',
    type: movement.type,
  };
}
