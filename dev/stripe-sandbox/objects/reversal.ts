import type { List } from '../list.ts';
import type { Metadata } from './account.ts';
import type { Tax } from './invoice.ts';
import type { BalanceTransaction, Charge } from './payment.ts';

export type Refund = ReturnType<typeof newRefund> & { failure_reason?: string };
export type CreditNote = ReturnType<typeof newCreditNote>;
export type CreditNoteLine = ReturnType<typeof newCreditNoteLine>;
export type Dispute = ReturnType<typeof newDispute>;
export type RefundReason = 'duplicate' | 'fraudulent' | 'requested_by_customer';
export type CreditNoteReason = 'duplicate' | 'fraudulent' | 'order_change' | 'product_unsatisfactory';
export type DisputeStatus =
  | 'warning_needs_response'
  | 'warning_under_review'
  | 'warning_closed'
  | 'needs_response'
  | 'under_review'
  | 'won'
  | 'lost';

export function newRefund(id: string, created: number, charge: Charge, amount: number) {
  return {
    id,
    object: 'refund' as const,
    amount,
    balance_transaction: null as string | null,
    charge: charge.id,
    created,
    currency: charge.currency,
    destination_details: {
      card: {
        reference_status: 'pending',
        reference_type: 'acquirer_reference_number',
        type: 'refund' as const,
      },
      type: 'card',
    },
    metadata: {} as Metadata,
    payment_intent: charge.payment_intent as string | null,
    reason: null as RefundReason | null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded' as 'pending' | 'succeeded' | 'failed' | 'canceled',
    transfer_reversal: null,
  };
}

export interface CreditNoteFacts {
  invoice: string;
  customer: string;
  currency: string;
  number: string;
  pdf: string;
  total: number;
  totalExcludingTax: number;
  totalTaxes: Tax[];
  lines: CreditNoteLine[];
  prePaymentAmount: number;
  postPaymentAmount: number;
}

export function newCreditNote(id: string, created: number, facts: CreditNoteFacts) {
  return {
    id,
    object: 'credit_note' as const,
    amount: facts.total,
    amount_shipping: 0,
    created,
    currency: facts.currency,
    customer: facts.customer,
    customer_account: null,
    customer_balance_transaction: null as string | null,
    discount_amount: 0,
    discount_amounts: [],
    effective_at: created,
    invoice: facts.invoice,
    lines: {
      object: 'list',
      data: facts.lines,
      has_more: false,
      url: `/v1/credit_notes/${id}/lines`,
    } as List<CreditNoteLine>,
    livemode: false,
    memo: null as string | null,
    metadata: {} as Metadata,
    number: facts.number,
    out_of_band_amount: null as number | null,
    pdf: facts.pdf,
    post_payment_amount: facts.postPaymentAmount,
    pre_payment_amount: facts.prePaymentAmount,
    pretax_credit_amounts: [],
    reason: null as CreditNoteReason | null,
    refunds: [] as { amount_refunded: number; payment_record_refund: null; refund: string; type: 'refund' }[],
    shipping_cost: null,
    status: 'issued' as 'issued' | 'void',
    subtotal: facts.totalExcludingTax,
    subtotal_excluding_tax: facts.totalExcludingTax,
    total: facts.total,
    total_excluding_tax: facts.totalExcludingTax,
    total_taxes: facts.totalTaxes,
    type: facts.postPaymentAmount > 0 ? ('post_payment' as const) : ('pre_payment' as const),
    voided_at: null as number | null,
  };
}

export interface CreditNoteLineFacts {
  amount: number;
  description: string | null;
  invoiceLine: string | undefined;
  quantity: number | null;
  taxes: Tax[];
}

export function newCreditNoteLine(id: string, facts: CreditNoteLineFacts) {
  return {
    id,
    object: 'credit_note_line_item' as const,
    amount: facts.amount,
    description: facts.description,
    discount_amount: 0,
    discount_amounts: [],
    ...(facts.invoiceLine === undefined ? {} : { invoice_line_item: facts.invoiceLine }),
    livemode: false,
    pretax_credit_amounts: [],
    quantity: facts.quantity,
    tax_rates: [],
    taxes: facts.taxes,
    type: facts.invoiceLine === undefined ? ('custom_line_item' as const) : ('invoice_line_item' as const),
    unit_amount: null,
    unit_amount_decimal: null,
  };
}

export function newDispute(
  id: string,
  created: number,
  charge: Charge,
  status: DisputeStatus,
  reason: string,
) {
  return {
    id,
    object: 'dispute' as const,
    amount: charge.amount,
    balance_transactions: [] as BalanceTransaction[],
    charge: charge.id,
    created,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence(),
    evidence_details: {
      due_by: (created + 9 * 24 * 3600) as number | null,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'manual',
    },
    intended_submission_method: null,
    is_charge_refundable: status.startsWith('warning'),
    livemode: false,
    metadata: {} as Metadata,
    payment_intent: charge.payment_intent as string | null,
    payment_method_details: {
      card: {
        brand: charge.payment_method_details.card.brand,
        case_type: status.startsWith('warning') ? ('inquiry' as const) : ('chargeback' as const),
        network: charge.payment_method_details.card.brand,
        network_reason_code: '10',
      },
      type: 'card' as const,
    },
    reason,
    status,
  };
}

function noEvidence() {
  return {
    access_activity_log: null,
    billing_address: null,
    cancellation_policy: null,
    cancellation_policy_disclosure: null,
    cancellation_rebuttal: null,
    customer_communication: null,
    customer_email_address: null,
    customer_name: null,
    customer_purchase_ip: null,
    customer_signature: null,
    duplicate_charge_documentation: null,
    duplicate_charge_explanation: null,
    duplicate_charge_id: null,
    enhanced_evidence: {},
    product_description: null as string | null,
    receipt: null,
    refund_policy: null,
    refund_policy_disclosure: null,
    refund_refusal_explanation: null,
    service_date: null,
    service_documentation: null,
    shipping_address: null,
    shipping_carrier: null,
    shipping_date: null,
    shipping_documentation: null,
    shipping_tracking_number: null,
    uncategorized_file: null,
    uncategorized_text: null as string | null,
  };
}
