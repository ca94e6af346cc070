import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { ChargeOutcome } from '../../domain/account-state.ts';
import { FAILURE_REASONS, type FailureReason } from '../../domain/failures.ts';
import type { AccountId, TopUpId } from '../../domain/ids.ts';
import type { Currency } from '../../domain/money.ts';
import {
  OPEN_TOP_UP_STATES,
  TOP_UP_STATES,
  TOP_UP_TRIGGERS,
  type TopUpState,
  type TopUpTrigger,
  type Warrant,
} from '../../domain/top-up.ts';
import { WALLETS, type Wallet } from '../../domain/wallet.ts';
import { accounts } from './accounts.ts';
import { cents, count, instant, NOW, oneOf, quantity } from './columns.ts';

export const topUps = pgTable(
  'top_ups',
  {
    accountId: text()
      .$type<AccountId>()
      .notNull()
      .references(() => accounts.accountId),
    topUpId: text().$type<TopUpId>().notNull(),
    wallet: text().$type<Wallet>().notNull(),
    trigger: text().$type<TopUpTrigger>().notNull(),
    state: text().$type<TopUpState>().notNull(),
    amountCents: cents().notNull(),
    currency: text().$type<Currency>().notNull(),
    units: count().notNull(),
    quantity: quantity().notNull(),
    warrant: jsonb().$type<Warrant>(),
    attempt: integer().notNull().default(0),
    declines: integer().notNull().default(0),
    failure: text().$type<FailureReason>(),
    actionUrl: text(),
    /** Next charge, look-up, or end of the wait for the customer, by the state. */
    nextAttemptAtMs: instant('next_attempt_at'),
    /** Since when the outcome is not established; null in every other state. */
    unknownSinceMs: instant('unknown_since'),
    customerId: text(),
    paymentMethodId: text(),
    invoiceId: text(),
    invoiceNumber: text(),
    invoiceUrl: text(),
    invoicePdfUrl: text(),
    paymentIntentId: text(),
    netCents: cents(),
    vatCents: cents(),
    totalCents: cents(),
    vatRate: text(),
    reverseCharge: boolean(),
    /** Of a purchase on Stripe's payment page, which makes its invoice only when it is paid. */
    checkoutSessionId: text(),
    /** The closed top-up that an operator tried again by this one. */
    retryOf: text().$type<TopUpId>(),
    /** An operator wants it closed; it is, unless the payment is quicker. */
    cancelRequestedAtMs: instant('cancel_requested_at'),
    /** Rises whenever there may be news of refunds or disputes; what has been acted on is in `reversalSeen`. */
    reversalMark: count().notNull().default(0),
    reversalSeen: count().notNull().default(0),
    /** A succeeded payment is recorded: what a credit rests on. */
    paidAtMs: instant('paid_at'),
    creditedAtMs: instant('credited_at'),
    /** Ended unpaid. */
    closedAtMs: instant('closed_at'),
    createdAtMs: instant('created_at').notNull().default(NOW),
    updatedAtMs: instant('updated_at').notNull().default(NOW),
  },
  (topUp) => [
    primaryKey({ columns: [topUp.accountId, topUp.topUpId] }),
    // Not unique, because a unique index has to contain the column that the data is spread by.
    index('top_ups_top_up_id').on(topUp.topUpId),
    index('top_ups_created_at').on(topUp.accountId, topUp.createdAtMs, topUp.topUpId),
    uniqueIndex('top_ups_single_flight')
      .on(topUp.accountId, topUp.wallet)
      .where(oneOf(topUp.state, OPEN_TOP_UP_STATES)),
    unique('top_ups_invoice').on(topUp.accountId, topUp.invoiceId),
    index('top_ups_invoice_id').on(topUp.invoiceId),
    index('top_ups_payment_intent_id').on(topUp.paymentIntentId),
    index('top_ups_reversals').on(topUp.accountId).where(sql`${topUp.reversalMark} > ${topUp.reversalSeen}`),
    index('top_ups_paid').on(topUp.createdAtMs, topUp.topUpId).where(sql`${topUp.paidAtMs} is not null`),
    index('top_ups_open').on(topUp.createdAtMs).where(sql`${topUp.state} not in ('credited', 'canceled')`),
    check('top_ups_wallet', oneOf(topUp.wallet, WALLETS)),
    check('top_ups_trigger', oneOf(topUp.trigger, TOP_UP_TRIGGERS)),
    check('top_ups_state', oneOf(topUp.state, TOP_UP_STATES)),
    check('top_ups_failure', oneOf(topUp.failure, FAILURE_REASONS)),
    check('top_ups_amount', sql`${topUp.amountCents} > 0 and ${topUp.quantity} > 0`),
    check('top_ups_warrant', sql`${topUp.trigger} <> 'auto' or ${topUp.warrant} is not null`),
    check('top_ups_credited', sql`${topUp.creditedAtMs} is null or ${topUp.paidAtMs} is not null`),
  ],
);

/** One row a payment attempt, written before the payment is asked for. */
export const chargeAttempts = pgTable(
  'charge_attempts',
  {
    accountId: text().$type<AccountId>().notNull(),
    topUpId: text().$type<TopUpId>().notNull(),
    attempt: integer().notNull(),
    paymentMethodId: text().notNull(),
    /** How it ended; null while that is not established. */
    outcome: jsonb().$type<ChargeOutcome>(),
    startedAtMs: instant('started_at').notNull().default(NOW),
    finishedAtMs: instant('finished_at'),
  },
  (attempt) => [primaryKey({ columns: [attempt.accountId, attempt.topUpId, attempt.attempt] })],
);
