import type { Closing, SuspensionReason } from '../domain/account-state.ts';
import type { FailureReason } from '../domain/failures.ts';
import { entryCauses, type TopUpId } from '../domain/ids.ts';
import type { Cents } from '../domain/money.ts';
import type { Quantity } from '../domain/quantities.ts';
import type { TopUp } from '../domain/top-up.ts';
import { bookEntry, findEntry } from './book-entry.ts';
import type { Transaction } from './connect.ts';
import { LedgerError } from './ledger-error.ts';
import { lockTopUp } from './lock-top-up.ts';
import { markWakes } from './mark-wakes.ts';
import { isOpenTopUp, readOpenTopUps, readTopUp, topUpColumns } from './read-top-ups.ts';

/** What is kept of an invoice. */
export type PaidInvoice = {
  invoiceId: string;
  netCents: Cents;
  vatCents: Cents;
  totalCents: Cents;
  vatRate: string | null;
  reverseCharge: boolean;
  number: string | null;
  hostedUrl: string | null;
  pdfUrl: string | null;
  paymentIntentId: string | null;
};

export type Waiting = {
  state: 'retrying' | 'action_required' | 'unknown';
  nextAttemptAtMs: number;
  failure: FailureReason | null;
};

/** Marks a top-up paid and keeps the invoice's numbers; a later state is left as it is. A payment is recorded even
 *  of one that was closed before, because the money has moved; its credit then settles it. */
export async function markPaid(
  transaction: Transaction,
  topUpId: TopUpId,
  invoice: PaidInvoice,
): Promise<void> {
  const { topUp } = await lockTopUp(transaction, topUpId);
  if (topUp.isPaid) return;
  const { accountId, wallet } = topUp;
  const open = (await readOpenTopUps(transaction, accountId))[wallet];
  // A closed one takes the wallet's flight again, unless another top-up has taken it in the meantime.
  const takesFlight = isOpenTopUp(topUp) || open === undefined;
  await transaction`
    update top_ups
    set state = ${takesFlight ? 'paid' : topUp.state}, paid_at = now(), invoice_id = ${invoice.invoiceId},
      invoice_number = ${invoice.number}, invoice_url = ${invoice.hostedUrl},
      invoice_pdf_url = ${invoice.pdfUrl}, payment_intent_id = coalesce(${invoice.paymentIntentId}, payment_intent_id),
      net_cents = ${invoice.netCents}, vat_cents = ${invoice.vatCents}, total_cents = ${invoice.totalCents},
      vat_rate = ${invoice.vatRate}, reverse_charge = ${invoice.reverseCharge},
      failure = null, action_url = null, next_attempt_at = null, unknown_since = null, updated_at = now()
    where account_id = ${accountId} and top_up_id = ${topUpId}`;
}

/** Stores what a top-up waits for and until when; one that is paid or closed by then is left as it is. Nothing is
 *  stored of one that has no intent, because its charge gave up before: then nothing was asked of the provider. A card that was
 *  replaced while it was declined does not wait: the new one may be tried at once. Told again, after its answer was
 *  lost, it leaves a retry as early as somebody has moved it meanwhile. */
export async function markWaiting(
  transaction: Transaction,
  topUpId: TopUpId,
  { state, nextAttemptAtMs, failure }: Waiting,
): Promise<void> {
  if ((await readTopUp(transaction, topUpId)) === null) return;
  const { topUp } = await lockTopUp(transaction, topUpId);
  if (topUp.isPaid || !isOpenTopUp(topUp)) return;
  const { accountId } = topUp;
  const isReplaced = state === 'retrying' && (await isCardReplaced(transaction, topUp));
  await transaction`
    update top_ups
    set state = ${state},
      next_attempt_at = case
        when ${isReplaced} then now()
        when ${state} = 'retrying' and state = 'retrying' then least(next_attempt_at, ${nextAttemptAtMs}::timestamptz)
        else ${nextAttemptAtMs}::timestamptz
      end,
      failure = coalesce(${failure}, failure),
      declines = (
        select count(*) from charge_attempts attempt
        where attempt.account_id = ${accountId} and attempt.top_up_id = ${topUpId}
          and attempt.outcome ->> 'status' = 'declined'
      ),
      unknown_since = case when ${state} = 'unknown' then coalesce(unknown_since, now()) end,
      updated_at = now()
    where account_id = ${accountId} and top_up_id = ${topUpId}`;
  if (isReplaced) await markWakes(transaction, [{ accountId, refresh: 'account', delayMs: 0 }]);
}

/** Whether the card on file is another one than the card that was charged. */
async function isCardReplaced(
  transaction: Transaction,
  { accountId, paymentMethodId }: TopUp,
): Promise<boolean> {
  const replaced = await transaction`
    select 1 from accounts where account_id = ${accountId} and payment_method_id <> ${paymentMethodId}`;
  return replaced.count > 0;
}

/** Ends a top-up unpaid, and suspends automatic top-ups in the same transaction when `closing` says so (a
 *  suspension that stands keeps its reason); one that is paid or closed by then is left as it is.
 *  @param known what the caller found out before: the fingerprint of the card that was charged, and the payment page
 *  that it closed. Another page that was made since leaves the top-up open, for it can still be paid on. */
export async function closeTopUp(
  transaction: Transaction,
  topUpId: TopUpId,
  closing: Closing,
  known: { fingerprint?: string | null; checkoutSessionId?: string | null } = {},
): Promise<TopUp> {
  const { topUp } = await lockTopUp(transaction, topUpId);
  const { isPaid, isCancelRequested: _, ...unchanged } = topUp;
  if (isPaid || !isOpenTopUp(topUp)) return unchanged;
  const { accountId, checkoutSessionId } = topUp;
  if (known.checkoutSessionId !== undefined && known.checkoutSessionId !== checkoutSessionId)
    return unchanged;
  const [closed] = await transaction<TopUp[]>`
    update top_ups
    set state = ${closing.state}, failure = ${closing.failure}, closed_at = now(), action_url = null,
      next_attempt_at = null, unknown_since = null, updated_at = now()
    where account_id = ${accountId} and top_up_id = ${topUpId}
    returning ${topUpColumns(transaction)}`;
  if (closing.suspend !== null) await suspend(transaction, topUp, closing.suspend, known.fingerprint ?? null);
  return closed ?? unchanged;
}

/** Suspends on account of the card that was charged. It may have been replaced by another one in the meantime: then
 *  the look at the provider's customer that is asked for here lifts the suspension again. */
async function suspend(
  transaction: Transaction,
  { accountId, paymentMethodId: charged }: TopUp,
  reason: SuspensionReason,
  fingerprint: string | null,
): Promise<void> {
  const suspended = await transaction`
    update accounts
    set suspension_reason = ${reason}, suspended_at = now(), updated_at = now(),
      suspended_fingerprint = case
        when ${fingerprint}::text is not null then ${fingerprint}
        when payment_method_id = coalesce(${charged}, payment_method_id)
          then coalesce(card_fingerprint, payment_method_id)
        else ${charged}
      end
    where account_id = ${accountId} and suspension_reason is null`;
  if (suspended.count === 0) return;
  await markWakes(transaction, [{ accountId, refresh: 'customer', delayMs: 0 }]);
}

/** Credits a paid top-up to its wallet, once however often and from wherever it is called, and marks the account
 *  for a wake.
 *  @returns the entry, new or already there.
 *  @throws LedgerError `top_up_unknown`, or `top_up_unpaid` when no succeeded payment is recorded. */
export async function creditTopUp(
  transaction: Transaction,
  topUpId: TopUpId,
): Promise<{ seq: number; balance: Quantity; alreadyCredited: boolean }> {
  const { topUp, wallets } = await lockTopUp(transaction, topUpId);
  const { accountId, wallet, quantity } = topUp;
  const cause = entryCauses.topUp(topUpId);
  const earlier = await findEntry(transaction, accountId, cause);
  if (earlier !== null) return { seq: earlier.seq, balance: earlier.balanceAfter, alreadyCredited: true };
  if (!topUp.isPaid) throw new LedgerError('top_up_unpaid', topUpId);
  const { seq, balanceAfter } = await bookEntry(transaction, wallets[wallet], {
    kind: 'top_up',
    quantity,
    cause,
    fingerprint: null,
    reason: null,
  });
  await transaction`
    update top_ups
    set state = case when state in ('refunded', 'disputed') then state else 'credited' end,
      credited_at = now(), updated_at = now()
    where account_id = ${accountId} and top_up_id = ${topUpId}`;
  await markWakes(transaction, [{ accountId, refresh: null, delayMs: 0 }]);
  return { seq, balance: balanceAfter, alreadyCredited: false };
}
