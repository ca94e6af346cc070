import { entryCauses, type AccountId, type TopUpId } from '../domain/ids.ts';
import type { Cents } from '../domain/money.ts';
import { quantity, type Quantity } from '../domain/quantities.ts';
import {
  isLiveRefund,
  reversedState,
  sharesOf,
  type ReversalNews,
  type ReversalsReading,
} from '../domain/reversals.ts';
import { bookEntry, findEntry } from './book-entry.ts';
import type { Database, Transaction } from './connect.ts';
import { suspendForDisputes, resumeAfterDisputes } from './dispute-suspension.ts';
import { reportFinding, resolveFinding } from './findings.ts';
import { lockTopUp, type LockedTopUp } from './lock-top-up.ts';
import type { LockedWallet } from './lock-wallets.ts';
import { markWakes } from './mark-wakes.ts';
import { finishRequest, listRequested } from './refund-requests.ts';
import { readReversalNews } from './reversal-news.ts';
import type { ReversalKind } from './schema.ts';

/** What there is to do for a paid top-up. */
export type ReversalWork = {
  /** News up to here is acted on by what is read from now on. */
  mark: number;
  invoiceId: string | null;
  paymentIntentId: string | null;
  requests: { refundRequestId: string; amountCents: Cents }[];
};

export function createReversals(db: Database) {
  return {
    /** @returns null while no succeeded payment is recorded. */
    read: async (topUpId: TopUpId): Promise<ReversalWork | null> => {
      const [row] = await db.sql<Omit<ReversalWork, 'requests'>[]>`
        select reversal_mark as mark, invoice_id, payment_intent_id from top_ups
        where top_up_id = ${topUpId} and paid_at is not null`;
      return row === undefined ? null : { ...row, requests: await listRequested(db.sql, topUpId) };
    },

    /** Stores how a refund that an operator asked for has ended. */
    finishRequest: (
      refundRequestId: string,
      outcome: { status: 'refunded' } | { status: 'refused'; detail: string },
    ) => db.transaction((transaction) => finishRequest(transaction, refundRequestId, outcome)),

    /** Books the difference between what has been taken back and what the reading says, in one transaction with
     *  everything else that follows from it. A reading that is older than what has been booked changes nothing.
     *  @param mark what `read` gave before the provider was asked.
     *  @returns what the customer has not been told. */
    book: (topUpId: TopUpId, mark: number, reading: ReversalsReading): Promise<ReversalNews> =>
      db.transaction((transaction) => book(transaction, topUpId, mark, reading)),
  };
}

type Known = { reversalId: string; status: string; quantity: Quantity; createdAtMs: number };

/** A reversal as it was read, beside what is known of it. */
type Row = {
  reversalId: string;
  kind: ReversalKind;
  status: string;
  amountCents: Cents;
  createdAtMs: number;
  counts: boolean;
  creditNoteNumber: string | null;
  creditNotePdfUrl: string | null;
  /** Null when it is new. */
  before: Known | null;
};

async function book(
  transaction: Transaction,
  topUpId: TopUpId,
  mark: number,
  reading: ReversalsReading,
): Promise<ReversalNews> {
  const { topUp, wallets } = await lockTopUp(transaction, topUpId);
  const { accountId } = topUp;
  const [paid] = await transaction<{ seen: number; totalCents: Cents | null; creditedAtMs: number | null }[]>`
    select reversal_seen as seen, total_cents, credited_at as credited_at_ms from top_ups
    where account_id = ${accountId} and top_up_id = ${topUpId}`;
  if (paid === undefined || paid.creditedAtMs === null) throw new Error(`${topUpId} has not been credited`);
  if (paid.seen <= mark) {
    const totalCents = paid.totalCents ?? topUp.amountCents;
    const rows = await readRows(transaction, topUp, reading);
    await bookShares(transaction, topUp, wallets[topUp.wallet], rows, totalCents);
    await transaction`
      update top_ups
      set state = ${reversedState(reading, totalCents)}, reversal_seen = ${mark}, updated_at = now()
      where account_id = ${accountId} and top_up_id = ${topUpId}`;
    await tellOperators(transaction, topUp, rows);
    const isSuspended = await suspendForDisputes(transaction, accountId, newlyOpen(reading, rows));
    const isResumed = await resumeAfterDisputes(transaction, accountId);
    const refresh = isSuspended || isResumed ? 'payment' : null;
    await markWakes(transaction, [{ accountId, refresh, delayMs: 0 }]);
  }
  return readReversalNews(transaction, accountId, topUpId);
}

async function readRows(
  transaction: Transaction,
  { accountId, topUpId }: LockedTopUp,
  { refunds, disputes }: ReversalsReading,
): Promise<Row[]> {
  const known = await transaction<Known[]>`
    select reversal_id, status, quantity, created_at as created_at_ms from reversals
    where account_id = ${accountId} and top_up_id = ${topUpId}`;
  const before = (id: string) => known.find(({ reversalId }) => reversalId === id) ?? null;
  const rows = [
    ...refunds.map(
      ({ refundId, ...refund }): Row => ({
        ...refund,
        reversalId: refundId,
        kind: 'refund',
        counts: isLiveRefund(refund.status),
        before: before(refundId),
      }),
    ),
    ...disputes.map(
      ({ disputeId, standing, ...dispute }): Row => ({
        ...dispute,
        reversalId: disputeId,
        kind: 'dispute',
        counts: standing === 'lost',
        creditNoteNumber: null,
        creditNotePdfUrl: null,
        before: before(disputeId),
      }),
    ),
  ];
  return inOrder(rows);
}

/** Oldest first, and what is new after all that is known: Stripe's times are of whole seconds, and what has been booked
 *  keeps its place, so that nothing is booked again because of what came after. */
function inOrder(rows: readonly Row[]): Row[] {
  const known = rows.flatMap((row) =>
    row.before === null ? [] : [{ ...row, createdAtMs: row.before.createdAtMs }],
  );
  let lastMs = Math.max(0, ...known.map(({ createdAtMs }) => createdAtMs));
  const added = rows
    .filter(({ before }) => before === null)
    .toSorted(
      (one, other) => one.createdAtMs - other.createdAtMs || (one.reversalId < other.reversalId ? -1 : 1),
    )
    .map((row) => {
      lastMs = Math.max(row.createdAtMs, lastMs + 1);
      return { ...row, createdAtMs: lastMs };
    });
  return [...known.toSorted((one, other) => one.createdAtMs - other.createdAtMs), ...added];
}

/** Books what each reversal takes more, or gives back, than it has so far. */
async function bookShares(
  transaction: Transaction,
  topUp: LockedTopUp,
  wallet: LockedWallet,
  rows: readonly Row[],
  totalCents: Cents,
): Promise<void> {
  const { accountId, topUpId } = topUp;
  const shares = sharesOf(topUp.quantity, totalCents, rows);
  let locked = wallet;
  for (const row of rows) {
    const share = shares.get(row.reversalId) ?? quantity(0);
    const more = quantity((row.before?.quantity ?? 0) - share);
    if (more !== 0) {
      const cause = await freeCause(transaction, accountId, row);
      const { kind } = row;
      const entry = { kind, quantity: more, cause, fingerprint: null, reason: null };
      const { seq, balanceAfter } = await bookEntry(transaction, locked, entry);
      locked = { ...locked, seq, balance: balanceAfter };
    }
    await transaction`
      insert into reversals (account_id, reversal_id, top_up_id, kind, status, amount_cents, quantity,
        credit_note_number, credit_note_pdf_url, created_at)
      values (${accountId}, ${row.reversalId}, ${topUpId}, ${row.kind}, ${row.status}, ${row.amountCents}, ${share},
        ${row.creditNoteNumber}, ${row.creditNotePdfUrl}, ${row.createdAtMs}::timestamptz)
      on conflict (account_id, reversal_id) do update
      set status = excluded.status, amount_cents = excluded.amount_cents, quantity = excluded.quantity,
        credit_note_number = excluded.credit_note_number, credit_note_pdf_url = excluded.credit_note_pdf_url,
        updated_at = now()`;
  }
}

/** The reversal's own cause, or one with the number of the booking when it was booked before. */
async function freeCause(transaction: Transaction, accountId: AccountId, row: Row): Promise<string> {
  const own = entryCauses[row.kind](row.reversalId);
  let cause = own;
  for (let number = 2; (await findEntry(transaction, accountId, cause)) !== null; number += 1) {
    cause = `${own}:${number}`;
  }
  return cause;
}

/** A finding for each that has come to need a person since it was last read, and none for what is settled. */
async function tellOperators(
  transaction: Transaction,
  { accountId, topUpId }: LockedTopUp,
  rows: readonly Row[],
): Promise<void> {
  for (const { reversalId: subject, kind, status, before } of rows) {
    if (before?.status === status) continue;
    const about = { subject, accountId, topUpId };
    if (kind === 'refund') {
      if (status !== 'failed') continue;
      const detail = 'The refund failed: the money came back to us, and the units to the customer.';
      await reportFinding(transaction, { kind: 'refund_failed', ...about, detail });
    } else if (status === 'won' || status === 'warning_closed') {
      await resolveFinding(transaction, 'dispute_opened', subject);
    } else {
      const follows = status === 'lost' ? 'the units are taken back' : 'nothing is taken back yet';
      const detail = `The payment is disputed (${status}): ${follows}.`;
      await reportFinding(transaction, { kind: 'dispute_opened', ...about, detail });
    }
  }
}

/** Whether a dispute is open or lost that was neither when it was last read. Only then it suspends: an operator who
 *  resumed the account since has decided. */
function newlyOpen({ disputes }: ReversalsReading, rows: readonly Row[]): boolean {
  return disputes.some(({ disputeId, standing }) => {
    if (standing !== 'open' && standing !== 'lost') return false;
    const before = rows.find(({ reversalId }) => reversalId === disputeId)?.before ?? null;
    return before === null || SETTLED.test(before.status);
  });
}

/** Statuses of disputes that hold nothing against the customer. */
const SETTLED = /^(won|prevented|warning_)/;
