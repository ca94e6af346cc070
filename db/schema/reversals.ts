import { check, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { AccountId, TopUpId } from '../../domain/ids.ts';
import { cents, instant, NOW, oneOf, quantity } from './columns.ts';

export const REVERSAL_KINDS = ['refund', 'dispute'] as const;
export type ReversalKind = (typeof REVERSAL_KINDS)[number];

/** Money that went back to the customer's card, as last read from the provider. */
export const reversals = pgTable(
  'reversals',
  {
    accountId: text().$type<AccountId>().notNull(),
    /** The provider's id of the refund or dispute. */
    reversalId: text().notNull(),
    topUpId: text().$type<TopUpId>().notNull(),
    kind: text().$type<ReversalKind>().notNull(),
    /** The provider's word for it, such as `succeeded`, `needs_response` or `lost`. */
    status: text().notNull(),
    /** Gross. */
    amountCents: cents().notNull(),
    /** Taken back from the wallet for it so far: the sum of its ledger entries, turned positive. */
    quantity: quantity().notNull(),
    creditNoteNumber: text(),
    creditNotePdfUrl: text(),
    createdAtMs: instant('created_at').notNull().default(NOW),
    updatedAtMs: instant('updated_at').notNull().default(NOW),
  },
  (row) => [
    primaryKey({ columns: [row.accountId, row.reversalId] }),
    index('reversals_top_up').on(row.accountId, row.topUpId),
    check('reversals_kind', oneOf(row.kind, REVERSAL_KINDS)),
  ],
);

export const REFUND_REQUEST_STATES = ['requested', 'refunded', 'refused'] as const;
export type RefundRequestState = (typeof REFUND_REQUEST_STATES)[number];

/** An operator's wish to refund, written before the provider is asked. */
export const refundRequests = pgTable(
  'refund_requests',
  {
    accountId: text().$type<AccountId>().notNull(),
    refundRequestId: text().notNull(),
    topUpId: text().$type<TopUpId>().notNull(),
    /** Gross; frozen when it is asked for. */
    amountCents: cents().notNull(),
    state: text().$type<RefundRequestState>().notNull(),
    reason: text().notNull(),
    actor: text().notNull(),
    detail: text(),
    attempts: integer().notNull().default(0),
    createdAtMs: instant('created_at').notNull().default(NOW),
    updatedAtMs: instant('updated_at').notNull().default(NOW),
  },
  (row) => [
    primaryKey({ columns: [row.accountId, row.refundRequestId] }),
    index('refund_requests_top_up').on(row.accountId, row.topUpId),
    check('refund_requests_state', oneOf(row.state, REFUND_REQUEST_STATES)),
  ],
);
