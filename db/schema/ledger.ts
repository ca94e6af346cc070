import { check, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import type { AccountId } from '../../domain/ids.ts';
import { WALLETS, type Wallet } from '../../domain/wallet.ts';
import { count, instant, NOW, oneOf, quantity, safeInteger } from './columns.ts';

export const ENTRY_KINDS = ['usage', 'top_up', 'grant', 'refund', 'dispute', 'adjustment'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export const USAGE_SOURCES = ['campaign', 'inbound', 'outbound'] as const;
export type UsageSource = (typeof USAGE_SOURCES)[number];

/** The ledger: append-only and hash-partitioned by account (in SQL; Drizzle has no word for it). Entries have
 *  no foreign key to their wallet: they are written under its lock, and the check would double their cost. */
export const ledgerEntries = pgTable(
  'ledger_entries',
  {
    accountId: text().$type<AccountId>().notNull(),
    wallet: text().$type<Wallet>().notNull(),
    seq: count().notNull(),
    kind: text().$type<EntryKind>().notNull(),
    /** Signed: usage is negative, a credit positive. */
    quantity: quantity().notNull(),
    balanceAfter: quantity().notNull(),
    /** What the entry books, from `entryCauses`: unique in the account, so nothing is booked twice. */
    cause: text().notNull(),
    /** Digest of what was reported under the cause: another digest is a conflict. */
    fingerprint: text(),
    source: text().$type<UsageSource>(),
    /** The kind of event that used it, such as `call` or `sms`. */
    type: text(),
    reason: text(),
    occurredAtMs: instant('occurred_at').notNull(),
    createdAtMs: instant('created_at').notNull().default(NOW),
  },
  (entry) => [
    primaryKey({ columns: [entry.accountId, entry.wallet, entry.seq] }),
    unique('ledger_entries_cause').on(entry.accountId, entry.cause),
    check('ledger_entries_wallet', oneOf(entry.wallet, WALLETS)),
    check('ledger_entries_kind', oneOf(entry.kind, ENTRY_KINDS)),
    check('ledger_entries_source', oneOf(entry.source, USAGE_SOURCES)),
    check('ledger_entries_balance_after', safeInteger(entry.balanceAfter)),
  ],
);
