import type { TopUpId } from '../domain/ids.ts';
import type { ReversalNews } from '../domain/reversals.ts';
import type { ActivityDependencies } from './create-activities.ts';
import { ProviderError } from './payment-errors.ts';

type Dependencies = Pick<ActivityDependencies, 'reversals' | 'ledger' | 'payments' | 'atStep'>;

const NO_NEWS: ReversalNews = { refundIds: [], suspendedSinceMs: null, resumedSinceMs: null };

/** Brings a paid top-up in line with what went back of its payment: makes the refunds that operators asked for, reads
 *  all refunds and disputes, and books the difference. Whatever crashes, calling it again goes on where it stopped.
 *  @returns what the customer has not been told; nothing of a top-up that is not paid.
 *  @throws ProviderError when the provider is away or its answer was lost; the same call may be repeated. */
export function createReverseTopUp({ reversals, ledger, payments, atStep }: Dependencies) {
  return async ({ topUpId }: { topUpId: TopUpId }): Promise<ReversalNews> => {
    const work = await reversals.read(topUpId);
    if (work === null) return NO_NEWS;
    const { mark, invoiceId, paymentIntentId, requests } = work;
    // Nothing is taken back that was not given.
    await ledger.creditTopUp(topUpId);
    if (paymentIntentId === null) {
      // Nothing could be read of it, and nothing that is not read may count as acted on.
      throw ProviderError.unclear('refunds.list', `the payment of ${topUpId} is not known`);
    }
    let failure: { error: unknown } | null = null;
    for (const { refundRequestId, amountCents } of requests) {
      try {
        const outcome =
          invoiceId === null
            ? { status: 'refused' as const, detail: 'the top-up has no invoice' }
            : await payments.refundInvoice({ topUpId, invoiceId, refundRequestId, amountCents });
        atStep('refund.accepted');
        await reversals.finishRequest(refundRequestId, outcome);
        atStep('refund.recorded');
      } catch (error) {
        // A refund that does not get through must not hide a dispute of the same payment.
        failure ??= { error };
      }
    }
    const reading = await payments.readReversals({ invoiceId, paymentIntentId });
    atStep('reverse.read');
    // Asking for a refund raises the mark, so that one below leaves it to be done.
    const news = await reversals.book(topUpId, failure === null ? mark : mark - 1, reading);
    atStep('reverse.booked');
    if (failure !== null) throw failure.error;
    return news;
  };
}
