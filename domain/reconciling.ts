import type { AccountId, TopUpId } from './ids.ts';
import type { Cents } from './money.ts';
import type { TopUpState } from './top-up.ts';

/** A paid invoice that names one of our top-ups, as the provider lists it. */
export type ProviderPayment = {
  invoiceId: string;
  topUpId: TopUpId;
  netCents: Cents;
  totalCents: Cents;
  /** Upper case, as ours. */
  currency: string;
  lineCount: number;
  paidAtMs: number;
  /** All of it went back by a credit note. */
  isReturned: boolean;
};

/** A top-up as far as a comparison with the provider needs it. */
export type LedgerPayment = {
  topUpId: TopUpId;
  accountId: AccountId;
  state: TopUpState;
  amountCents: Cents;
  currency: string;
  invoiceId: string | null;
  isPaid: boolean;
  isCredited: boolean;
};

/** What follows from looking at one payment on both sides. */
export type PaymentVerdict =
  | { kind: 'agrees' }
  /** Too fresh to judge: whoever is at work on it is not late. */
  | { kind: 'wait' }
  /** Certainly paid and certainly ours, and not credited: nobody else will do it. */
  | { kind: 'repair' }
  | {
      kind: 'report';
      finding: 'payment_without_top_up' | 'payment_differs' | 'credit_without_payment';
      /** One sentence for the operator. */
      detail: string;
    };

/** Judges a payment of the provider's. Only what is certain is repaired: one line, the ordered amount and currency, an
 *  invoice that is not another one than the top-up's.
 *  @param topUp the one that the invoice names; null when there is none.
 *  @param patienceMs how long the account's workflow has to credit it by itself. */
export function judgePayment(
  payment: ProviderPayment,
  topUp: LedgerPayment | null,
  { nowMs, patienceMs }: { nowMs: number; patienceMs: number },
): PaymentVerdict {
  const { invoiceId, topUpId, netCents, totalCents, currency } = payment;
  // Stripe counts an invoice that was finalized empty as paid; no money has moved.
  if (totalCents === 0 || payment.isReturned) return { kind: 'agrees' };
  const isLate = nowMs - payment.paidAtMs >= patienceMs;
  if (topUp === null) {
    if (!isLate) return { kind: 'wait' };
    return report('payment_without_top_up', `${invoiceId} is paid and names ${topUpId}, which is unknown`);
  }
  if (topUp.invoiceId !== null && topUp.invoiceId !== invoiceId) {
    return report(
      'payment_differs',
      `${topUpId} has been paid with ${invoiceId}, but its invoice is ${topUp.invoiceId}`,
    );
  }
  if (payment.lineCount !== 1 || netCents !== topUp.amountCents || currency !== topUp.currency) {
    const paid = `${netCents} cents ${currency} net in ${payment.lineCount} line(s)`;
    return report(
      'payment_differs',
      `${invoiceId}: ${paid} paid, ${topUp.amountCents} ${topUp.currency} ordered by ${topUpId}`,
    );
  }
  if (topUp.isPaid && topUp.isCredited) return { kind: 'agrees' };
  return isLate ? { kind: 'repair' } : { kind: 'wait' };
}

/** Judges a payment of ours: what the ledger says is paid has to be paid at the provider.
 *  @param payment the top-up's invoice; null when the provider does not know it as paid. */
export function judgeCredit(topUp: LedgerPayment, payment: ProviderPayment | null): PaymentVerdict {
  const { topUpId, amountCents, currency, invoiceId } = topUp;
  if (payment === null) {
    return report(
      'credit_without_payment',
      `${topUpId} counts as paid, but its invoice ${invoiceId ?? '(none)'} is not`,
    );
  }
  if (payment.netCents === amountCents && payment.currency === currency) return { kind: 'agrees' };
  const paid = `${payment.netCents} cents ${payment.currency}`;
  return report(
    'credit_without_payment',
    `${topUpId} counts as paid with ${amountCents} ${currency}, but ${paid} were`,
  );
}

function report(
  finding: Extract<PaymentVerdict, { kind: 'report' }>['finding'],
  detail: string,
): PaymentVerdict {
  return { kind: 'report', finding, detail };
}

/** A refund or dispute as the provider lists it. */
export type ProviderReversal = {
  reversalId: string;
  kind: 'refund' | 'dispute';
  paymentIntentId: string | null;
  status: string;
  amountCents: Cents;
  createdAtMs: number;
};

/** What the ledger knows of it. */
export type LedgerReversal = {
  topUpId: TopUpId;
  accountId: AccountId;
  /** As last read from the provider; null when it has not been heard of. */
  status: string | null;
  amountCents: Cents | null;
};

/** Whether both sides know a refund or dispute alike. A refund that never took money has nothing to be known. */
export function agreesOnReversal(reversal: ProviderReversal, known: LedgerReversal): boolean {
  if (known.status === null) return reversal.kind === 'refund' && UNDONE.has(reversal.status);
  return known.status === reversal.status && known.amountCents === reversal.amountCents;
}

const UNDONE: ReadonlySet<string> = new Set(['failed', 'canceled']);
