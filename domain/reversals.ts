import { cents, NO_CENTS, type Cents } from './money.ts';
import { NO_QUANTITY, quantity, subtractQuantity, type Quantity } from './quantities.ts';

/** What the provider says of a refund. Source: https://docs.stripe.com/api/refunds/object#refund_object-status */
export const REFUND_STATUSES = ['pending', 'requires_action', 'succeeded', 'failed', 'canceled'] as const;
export type RefundStatus = (typeof REFUND_STATUSES)[number];

/** How a dispute stands for us. An inquiry moves no money, so nothing follows from it; an open dispute has moved the
 *  money for the time being. */
export type DisputeStanding = 'inquiry' | 'open' | 'lost' | 'won';

export type RefundReading = {
  refundId: string;
  status: RefundStatus;
  /** Gross. */
  amountCents: Cents;
  createdAtMs: number;
  /** Null for a refund that was made without a credit note. */
  creditNoteNumber: string | null;
  creditNotePdfUrl: string | null;
};

export type DisputeReading = {
  disputeId: string;
  /** The provider's word. */
  status: string;
  standing: DisputeStanding;
  amountCents: Cents;
  createdAtMs: number;
};

/** All that went back of one payment, as the provider has it now. */
export type ReversalsReading = { refunds: readonly RefundReading[]; disputes: readonly DisputeReading[] };

/** Whether a refund's money has left us: the provider takes it as soon as the refund is made, and gives it back when
 *  the refund fails or is canceled. */
export function isLiveRefund(status: RefundStatus): boolean {
  switch (status) {
    case 'pending':
    case 'requires_action':
    case 'succeeded':
      return true;
    case 'failed':
    case 'canceled':
      return false;
  }
}

/** The units to be taken back in total when this much of the payment went back: in proportion, cut to the customer's
 *  favour, and all of them once everything went back. Never more than were bought, nor fewer than none. */
export function takenBack(bought: Quantity, reversedCents: Cents, totalCents: Cents): Quantity {
  if (totalCents <= 0) throw new RangeError(`nothing was paid: ${totalCents}`);
  const reversed = Math.min(Math.max(reversedCents, 0), totalCents);
  return quantity(Number((BigInt(bought) * BigInt(reversed)) / BigInt(totalCents)));
}

/** A reversal that may count: a live refund or a lost dispute does, others do not. */
export type Reversal = { reversalId: string; amountCents: Cents; counts: boolean; createdAtMs: number };

/** What each reversal takes back: the difference that it makes to the total, oldest first. So parts add up exactly, and
 *  the same reversals give the same shares in whatever order they were heard of. */
export function sharesOf(
  bought: Quantity,
  totalCents: Cents,
  reversals: readonly Reversal[],
): Map<string, Quantity> {
  const shares = new Map<string, Quantity>();
  let reversed = NO_CENTS;
  let taken = NO_QUANTITY;
  for (const { reversalId, amountCents, counts } of reversals.toSorted(byAge)) {
    if (counts) reversed = cents(Math.min(reversed + amountCents, totalCents));
    const total = takenBack(bought, reversed, totalCents);
    shares.set(reversalId, subtractQuantity(total, taken));
    taken = total;
  }
  return shares;
}

/** The state that a credited top-up has by what went back of it. */
export function reversedState(
  reading: ReversalsReading,
  totalCents: Cents,
): 'credited' | 'refunded' | 'disputed' {
  if (reading.disputes.some(({ standing }) => standing === 'open' || standing === 'lost')) return 'disputed';
  const live = reading.refunds.filter(({ status }) => isLiveRefund(status));
  const refunded = live.reduce((sum, { amountCents }) => sum + amountCents, 0);
  return refunded >= totalCents ? 'refunded' : 'credited';
}

/** What the activity that brings a top-up in line with its reversals has to tell. */
export type ReversalNews = {
  /** Refunds of which the customer has not been told. */
  refundIds: string[];
  /** Since when a dispute suspends automatic top-up, when the customer has not been told. */
  suspendedSinceMs: number | null;
  /** Since when it is no longer suspended, when the customer has not been told. */
  resumedSinceMs: number | null;
};

function byAge(one: Reversal, other: Reversal): number {
  if (one.createdAtMs !== other.createdAtMs) return one.createdAtMs - other.createdAtMs;
  return one.reversalId < other.reversalId ? -1 : 1;
}
