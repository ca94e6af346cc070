import type { Stripe } from 'stripe';
import { providerKeys } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import {
  REFUND_STATUSES,
  type DisputeReading,
  type DisputeStanding,
  type RefundReading,
  type RefundStatus,
} from '../../domain/reversals.ts';
import { ProviderError } from '../payment-errors.ts';
import type { Payments, RefundOutcome } from '../ports.ts';
import { ask } from './stripe-client.ts';
import { everyPage } from './stripe-every-page.ts';

/** The part of the payment provider that gives money back, and reads what went back. */
export function createStripeReversals(stripe: Stripe): Pick<Payments, 'readReversals' | 'refundInvoice'> {
  const listNotes = (invoice: string) =>
    everyOne<Stripe.CreditNote>('creditNotes.list', (params) =>
      stripe.creditNotes.list({ invoice, ...params }),
    );
  return {
    async readReversals({ invoiceId, paymentIntentId }) {
      const [notes, refunds, disputes] = await Promise.all([
        invoiceId === null ? [] : listNotes(invoiceId),
        everyOne<Stripe.Refund>('refunds.list', (params) =>
          stripe.refunds.list({ payment_intent: paymentIntentId, ...params }),
        ),
        everyOne<Stripe.Dispute>('disputes.list', (params) =>
          stripe.disputes.list({ payment_intent: paymentIntentId, ...params }),
        ),
      ]);
      return {
        refunds: refunds.map((refund) => readRefund(refund, notes)),
        disputes: disputes.map(readDispute),
      };
    },

    async refundInvoice({ topUpId, invoiceId, refundRequestId, amountCents }): Promise<RefundOutcome> {
      // Looked for first, because Stripe forgets keys after a day.
      const earlier = (await listNotes(invoiceId)).find(
        ({ metadata }) => metadata?.['refund_request_id'] === refundRequestId,
      );
      if (earlier !== undefined) return { status: 'refunded' };
      const created = stripe.creditNotes.create(
        {
          invoice: invoiceId,
          amount: amountCents,
          // Back to the card; a credit to the customer's balance would discount the next invoice instead.
          refund_amount: amountCents,
          metadata: { refund_request_id: refundRequestId, top_up_id: topUpId },
        },
        { idempotencyKey: providerKeys.refund(refundRequestId) },
      );
      try {
        await ask('creditNotes.create', 'credit_note', created);
        return { status: 'refunded' };
      } catch (error) {
        const isRefused = error instanceof ProviderError && error.details.statusCode === 400;
        if (!isRefused) throw error;
        return { status: 'refused', detail: error.message };
      }
    },
  };
}

function readRefund(refund: Stripe.Refund, notes: readonly Stripe.CreditNote[]): RefundReading {
  const note = notes.find(({ refunds }) => refunds.some(({ refund: named }) => idOf(named) === refund.id));
  return {
    refundId: refund.id,
    status: statusOf(refund),
    amountCents: cents(refund.amount),
    createdAtMs: refund.created * 1_000,
    creditNoteNumber: note?.number ?? null,
    creditNotePdfUrl: note?.pdf ?? null,
  };
}

/** @throws ProviderError for a status that this API version does not have: then nothing may be concluded. */
function statusOf({ id, status }: Stripe.Refund): RefundStatus {
  const known = REFUND_STATUSES.find((one) => one === status);
  if (known !== undefined) return known;
  throw ProviderError.unclear('refunds.list', `refund ${id} has the status ${String(status)}`);
}

function readDispute({ id, status, amount, created }: Stripe.Dispute): DisputeReading {
  const standing = standingOf(status);
  return { disputeId: id, status, standing, amountCents: cents(amount), createdAtMs: created * 1_000 };
}

/** A prevented dispute was settled before it became one; its refund, if any, is among the refunds. A status that nobody
 *  here knows counts as open: nothing is taken back, and a person looks at it. */
function standingOf(status: Stripe.Dispute['status']): DisputeStanding {
  switch (status) {
    case 'warning_needs_response':
    case 'warning_under_review':
    case 'warning_closed':
    case 'prevented':
      return 'inquiry';
    case 'won':
      return 'won';
    case 'lost':
      return 'lost';
    case 'needs_response':
    case 'under_review':
    case 'appeal_needs_response':
    case 'appeal_under_review':
    default:
      return 'open';
  }
}

async function everyOne<T extends { id: string }>(...list: Parameters<typeof everyPage<T>>): Promise<T[]> {
  const found: T[] = [];
  for await (const page of everyPage<T>(...list)) found.push(...page);
  return found;
}

function idOf(named: string | { id: string } | null | undefined): string | null {
  return typeof named === 'string' ? named : (named?.id ?? null);
}
