import { sql } from 'drizzle-orm';
import { check, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { AccountId } from '../../domain/ids.ts';
import { WALLETS, type Wallet } from '../../domain/wallet.ts';
import { count, instant, NOW, oneOf, quantity } from './columns.ts';
import { USAGE_SOURCES, type UsageSource } from './ledger.ts';

/** `held` reserves until it expires; `settled` by the usage that named it; `released` by the platform;
 *  `refused` never reserved anything and is kept because a campaign's refusal asks for a top-up. */
export const HOLD_STATES = ['held', 'settled', 'released', 'refused'] as const;
export type HoldState = (typeof HOLD_STATES)[number];

/** What the platform asked for before a call. Written under the wallet's lock. */
export const holds = pgTable(
  'holds',
  {
    accountId: text().$type<AccountId>().notNull(),
    holdId: text().notNull(),
    wallet: text().$type<Wallet>().notNull(),
    state: text().$type<HoldState>().notNull(),
    source: text().$type<UsageSource>(),
    quantity: quantity().notNull(),
    /** What was available at that moment, without this hold. */
    available: quantity().notNull(),
    /** The wallet's last entry and balance at that moment: campaign holds count as activity there. */
    seq: count().notNull(),
    balance: quantity().notNull(),
    /** When it stops reserving by itself; of a refusal the moment it was refused. */
    expiresAtMs: instant('expires_at').notNull(),
    createdAtMs: instant('created_at').notNull().default(NOW),
    endedAtMs: instant('ended_at'),
  },
  (hold) => [
    primaryKey({ columns: [hold.accountId, hold.holdId] }),
    index('holds_running')
      .on(hold.accountId, hold.wallet, hold.expiresAtMs)
      .where(sql`${hold.state} = 'held'`),
    index('holds_campaign').on(hold.accountId, hold.wallet, hold.seq).where(sql`${hold.source} = 'campaign'`),
    index('holds_created_at').on(hold.createdAtMs),
    check('holds_wallet', oneOf(hold.wallet, WALLETS)),
    check('holds_state', oneOf(hold.state, HOLD_STATES)),
    check('holds_source', oneOf(hold.source, USAGE_SOURCES)),
    check('holds_quantity', sql`${hold.quantity} > 0`),
  ],
);
