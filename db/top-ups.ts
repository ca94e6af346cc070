import type { ChargeOutcome, Closing } from '../domain/account-state.ts';
import type { FailureReason } from '../domain/failures.ts';
import type { AccountId, TopUpId } from '../domain/ids.ts';
import type { Cents, Currency } from '../domain/money.ts';
import type { Policy } from '../domain/policy.ts';
import type { TopUpOrder, TopUpState, TopUpTrigger } from '../domain/top-up.ts';
import type { Wallet } from '../domain/wallet.ts';
import { beginAttempt, finishAttempt, markUnknown } from './charge-attempts.ts';
import type { Database, Runner } from './connect.ts';
import { parsePlace, toPage, type Page, type PageRequest } from './cursor.ts';
import { LedgerError } from './ledger-error.ts';
import { lockTopUp } from './lock-top-up.ts';
import { readTopUp } from './read-top-ups.ts';
import { recordIntent } from './record-intent.ts';
import { closeTopUp, markPaid, markWaiting, type PaidInvoice, type Waiting } from './settle-top-up.ts';

/** A top-up as its history is shown. */
export type TopUpItem = {
  topUpId: TopUpId;
  wallet: Wallet;
  trigger: TopUpTrigger;
  state: TopUpState;
  amountCents: Cents;
  vatCents: Cents | null;
  totalCents: Cents | null;
  currency: Currency;
  units: number;
  invoiceNumber: string | null;
  invoicePdfUrl: string | null;
  actionUrl: string | null;
  attempt: number;
  failure: FailureReason | null;
  createdAtMs: number;
  creditedAtMs: number | null;
};

export type TopUpFilter = PageRequest & { wallet?: Wallet | undefined; state?: TopUpState | undefined };

/** Top-ups from the intent to their end. Every change is one transaction under the locks of the account's wallets
 *  and of the top-up, so it is applied to the state that it was decided on, or not at all. */
export function createTopUps(db: Database, policy: Pick<Policy, 'dayMs' | 'maxTopUpsPerDay'>) {
  return {
    /** Writes the intent if the warrant still holds; finds it again when it was written before. */
    recordIntent: (order: TopUpOrder) =>
      db.transaction((transaction) => recordIntent(transaction, order, policy)),

    read: (topUpId: TopUpId) => readTopUp(db.sql, topUpId),

    /** Stores whom and which card a top-up is going to charge, before the first call; what is stored stays. */
    saveCustomer: async (topUpId: TopUpId, customerId: string, paymentMethodId: string): Promise<void> => {
      await db.sql`
        update top_ups
        set customer_id = coalesce(customer_id, ${customerId}),
          payment_method_id = coalesce(payment_method_id, ${paymentMethodId}), updated_at = now()
        where top_up_id = ${topUpId}`;
    },

    /** @throws LedgerError `invoice_differs` when it has another invoice: only one may ever be paid. */
    saveInvoice: async (
      topUpId: TopUpId,
      { invoiceId, paymentIntentId }: { invoiceId: string; paymentIntentId?: string | null },
    ): Promise<void> => {
      const saved = await db.sql`
        update top_ups
        set invoice_id = ${invoiceId}, payment_intent_id = coalesce(${paymentIntentId ?? null}, payment_intent_id),
          updated_at = now()
        where top_up_id = ${topUpId} and (invoice_id is null or invoice_id = ${invoiceId})`;
      if (saved.count === 0) throw new LedgerError('invoice_differs', `${topUpId}: ${invoiceId}`);
    },

    /** Keeps what an open invoice is going to collect, so that the customer can be told before it is paid; of a paid
     *  one the figures stay. */
    saveFigures: async (topUpId: TopUpId, invoice: PaidInvoice): Promise<void> => {
      await db.sql`
        update top_ups
        set net_cents = ${invoice.netCents}, vat_cents = ${invoice.vatCents}, total_cents = ${invoice.totalCents},
          vat_rate = ${invoice.vatRate}, reverse_charge = ${invoice.reverseCharge},
          invoice_number = ${invoice.number}, invoice_url = ${invoice.hostedUrl},
          invoice_pdf_url = ${invoice.pdfUrl}, updated_at = now()
        where top_up_id = ${topUpId} and invoice_id = ${invoice.invoiceId} and paid_at is null`;
    },

    beginAttempt: (topUpId: TopUpId, attempt: number, paymentMethodId: string) =>
      db.transaction((transaction) => beginAttempt(transaction, topUpId, attempt, paymentMethodId, policy)),

    finishAttempt: (topUpId: TopUpId, attempt: number, outcome: ChargeOutcome) =>
      db.transaction((transaction) => finishAttempt(transaction, topUpId, attempt, outcome)),

    /** The outcome of the running attempt is not established: it may only be looked up. */
    markUnknown: (topUpId: TopUpId) =>
      db.transaction(async (transaction) => {
        const { topUp } = await lockTopUp(transaction, topUpId);
        await markUnknown(transaction, topUp);
      }),

    markPaid: (topUpId: TopUpId, invoice: PaidInvoice) =>
      db.transaction((transaction) => markPaid(transaction, topUpId, invoice)),

    markWaiting: (topUpId: TopUpId, waiting: Waiting) =>
      db.transaction((transaction) => markWaiting(transaction, topUpId, waiting)),

    close: (topUpId: TopUpId, closing: Closing, known: Parameters<typeof closeTopUp>[3] = {}) =>
      db.transaction((transaction) => closeTopUp(transaction, topUpId, closing, known)),

    /** An account's top-ups, newest first. @throws CursorError */
    list: (accountId: AccountId, filter: TopUpFilter) => listTopUps(db, accountId, filter),
  };
}

async function listTopUps(
  { sql }: Database,
  accountId: AccountId,
  { wallet, state, cursor, limit }: TopUpFilter,
): Promise<Page<TopUpItem>> {
  const after = parsePlace(cursor);
  const rows = await sql<TopUpItem[]>`
    select ${itemColumns(sql)}
    from top_ups
    where account_id = ${accountId}
      ${wallet === undefined ? sql`` : sql`and wallet = ${wallet}`}
      ${state === undefined ? sql`` : sql`and state = ${state}`}
      ${after === null ? sql`` : sql`and (created_at, top_up_id) < (${after.atMs}::timestamptz, ${after.id})`}
    order by created_at desc, top_up_id desc
    limit ${limit + 1}`;
  return toPage(rows, limit, (row) => ({ atMs: row.createdAtMs, id: row.topUpId }));
}

/** @returns null when no intent was recorded. */
export async function readTopUpItem(sql: Runner, topUpId: TopUpId): Promise<TopUpItem | null> {
  const [item] = await sql<TopUpItem[]>`
    select ${itemColumns(sql)} from top_ups where top_up_id = ${topUpId}`;
  return item ?? null;
}

function itemColumns(sql: Runner) {
  return sql`top_up_id, wallet, trigger, state, amount_cents, vat_cents, total_cents, currency, units,
    -- While a charge waits to be tried again, its open invoice can be paid with another card.
    invoice_number, invoice_pdf_url,
    case when state = 'retrying' then invoice_url else action_url end as action_url, attempt, failure, created_at as created_at_ms,
    credited_at as credited_at_ms`;
}
