import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { AccountId } from '../../domain/ids.ts';
import type { Wallet } from '../../domain/wallet.ts';
import { count, instant, NOW, quantity } from './columns.ts';

/** Up to which entry a wallet's ledger has gone into archive files: its remaining entries carry on from here. */
export const ledgerCheckpoints = pgTable(
  'ledger_checkpoints',
  {
    accountId: text().$type<AccountId>().notNull(),
    wallet: text().$type<Wallet>().notNull(),
    /** The last archived entry, and its balance. */
    seq: count().notNull(),
    balanceAfter: quantity().notNull(),
    archiveId: text().notNull(),
  },
  (checkpoint) => [primaryKey({ columns: [checkpoint.accountId, checkpoint.wallet] })],
);

/** Archive files that were written, synced and checked before their entries were removed. */
export const archives = pgTable('archives', {
  archiveId: text().primaryKey(),
  fileName: text().notNull(),
  sha256: text().notNull(),
  entries: integer().notNull(),
  createdAtMs: instant('created_at').notNull().default(NOW),
});
