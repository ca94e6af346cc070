import type { List } from '../list.ts';
import { ACCOUNT, type Address, type Metadata, SELF } from './account.ts';
import type { TaxExempt } from './customer.ts';

export type Invoice = ReturnType<typeof newInvoice>;
export type InvoiceLine = ReturnType<typeof newInvoiceLine>;
export type InvoicePayment = ReturnType<typeof newInvoicePayment>;
export type InvoiceStatus = 'draft' | 'open' | 'paid' | 'uncollectible' | 'void';
export type CollectionMethod = 'charge_automatically' | 'send_invoice';
export type TaxStatus = 'complete' | 'failed' | 'requires_location_inputs';
export type TaxOffReason = 'finalization_requires_location_inputs' | 'finalization_system_error';

/** One tax on a line, or the sum of one rate on an invoice. */
export interface Tax {
  amount: number;
  tax_behavior: 'exclusive' | 'inclusive';
  tax_rate_details: { tax_rate: string } | null;
  taxability_reason: string;
  taxable_amount: number | null;
  type: 'tax_rate_details';
}

/** What Stripe has on an invoice and this product never uses. */
const UNUSED_BY_INVOICES = {
  account_tax_ids: null,
  application: null,
  automatically_finalizes_at: null,
  customer_account: null,
  default_source: null,
  default_tax_rates: [],
  discounts: [],
  from_invoice: null,
  latest_revision: null,
  on_behalf_of: null,
  parent: null,
  receipt_number: null,
  rendering: null,
  shipping_cost: null,
  shipping_details: null,
  test_clock: null,
} as const;

export function newInvoice(id: string, created: number, customer: string, currency: string) {
  return {
    id,
    object: 'invoice' as const,
    ...UNUSED_BY_INVOICES,
    account_country: ACCOUNT.country as string,
    account_name: ACCOUNT.name as string,
    amount_due: 0,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_paid_off_stripe: 0,
    amount_remaining: 0,
    amount_shipping: 0,
    attempt_count: 0,
    attempted: false,
    auto_advance: false,
    automatic_tax: {
      disabled_reason: null as TaxOffReason | null,
      enabled: false,
      liability: null as typeof SELF | null,
      provider: null as string | null,
      status: null as TaxStatus | null,
    },
    billing_reason: 'manual' as const,
    collection_method: 'charge_automatically' as CollectionMethod,
    created,
    currency,
    custom_fields: null as { name: string; value: string }[] | null,
    customer,
    customer_address: null as Address | null,
    customer_email: null as string | null,
    customer_name: null as string | null,
    customer_phone: null as string | null,
    customer_shipping: null as object | null,
    customer_tax_exempt: 'none' as TaxExempt,
    customer_tax_ids: [] as { type: string; value: string }[],
    default_payment_method: null as string | null,
    description: null as string | null,
    due_date: null as number | null,
    effective_at: null as number | null,
    ending_balance: null as number | null,
    footer: null as string | null,
    hosted_invoice_url: null as string | null,
    invoice_pdf: null as string | null,
    issuer: SELF,
    last_finalization_error: null as object | null,
    lines: {
      object: 'list',
      data: [],
      has_more: false,
      url: `/v1/invoices/${id}/lines`,
    } as List<InvoiceLine>,
    livemode: false,
    metadata: {} as Metadata,
    next_payment_attempt: null as number | null,
    number: null as string | null,
    payment_settings: {
      default_mandate: null,
      payment_method_options: null as object | null,
      payment_method_types: null as string[] | null,
    },
    period_end: created,
    period_start: created,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    starting_balance: 0,
    statement_descriptor: null as string | null,
    status: 'draft' as InvoiceStatus,
    status_transitions: {
      finalized_at: null as number | null,
      marked_uncollectible_at: null as number | null,
      paid_at: null as number | null,
      voided_at: null as number | null,
    },
    subtotal: 0,
    subtotal_excluding_tax: 0,
    total: 0,
    total_discount_amounts: [],
    total_excluding_tax: 0,
    total_pretax_credit_amounts: [],
    total_taxes: [] as Tax[],
    webhooks_delivered_at: null as number | null,
  };
}

export interface LineSource {
  invoice: string;
  item: string;
  amount: number;
  currency: string;
  description: string | null;
  metadata: Metadata;
  period: { end: number; start: number };
  pricing: { price: string; product: string; unitAmount: string };
  quantity: number;
}

export function newInvoiceLine(id: string, source: LineSource) {
  return {
    id,
    object: 'line_item' as const,
    amount: source.amount,
    currency: source.currency,
    description: source.description,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice: source.invoice,
    livemode: false,
    metadata: source.metadata,
    parent: {
      invoice_item_details: {
        invoice_item: source.item,
        proration: false,
        proration_details: { credited_items: null },
        subscription: null,
      },
      subscription_item_details: null,
      type: 'invoice_item_details' as const,
    },
    period: source.period,
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: source.pricing.price, product: source.pricing.product },
      type: 'price_details' as const,
      unit_amount_decimal: source.pricing.unitAmount,
    },
    quantity: source.quantity,
    quantity_decimal: String(source.quantity),
    subscription: null,
    subtotal: source.amount,
    taxes: [] as Tax[],
  };
}

export function newInvoicePayment(id: string, created: number, invoice: Invoice, intent: string) {
  return {
    id,
    object: 'invoice_payment' as const,
    amount_paid: null as number | null,
    amount_requested: invoice.amount_due,
    created,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent, type: 'payment_intent' as const },
    status: 'open' as 'open' | 'paid' | 'canceled',
    status_transitions: { canceled_at: null as number | null, paid_at: null as number | null },
  };
}
