import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import {
  BLOCK_REASONS,
  SUSPENSION_REASONS,
  type BlockReason,
  type SuspensionReason,
} from '../../domain/account-state.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { NoticeKind } from '../../domain/notices.ts';
import { PLANS, type Plan } from '../../domain/prices.ts';
import { WALLETS, type Wallet } from '../../domain/wallet.ts';
import { cents, count, instant, NOW, oneOf, quantity, safeInteger } from './columns.ts';

export const LOCALES = ['de', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

export const accounts = pgTable(
  'accounts',
  {
    accountId: text().$type<AccountId>().primaryKey(),
    name: text().notNull(),
    email: text().notNull(),
    locale: text().$type<Locale>().notNull(),
    timeZone: text().notNull(),
    country: text().notNull(),
    plan: text().$type<Plan>().notNull(),
    customerId: text(),
    /** The card on file, as last read from the provider; all null without one. */
    paymentMethodId: text(),
    cardFingerprint: text(),
    cardBrand: text(),
    cardLast4: text(),
    cardExpMonth: integer(),
    cardExpYear: integer(),
    /** Why no charge was possible when the provider's customer was last looked at. */
    blockReason: text().$type<BlockReason>(),
    suspensionReason: text().$type<SuspensionReason>(),
    suspendedAtMs: instant('suspended_at'),
    /** The card that was on file at the suspension: its fingerprint, or its id when it has none. */
    suspendedFingerprint: text(),
    /** Failed top-ups that ended before this are forgiven. */
    failuresSinceMs: instant('failures_since').notNull().default(NOW),
    /** Kinds of notification that the customer wants on the dashboard only. */
    mutedEmails: text().array().$type<NoticeKind[]>().notNull().default(sql`'{}'`),
    createdAtMs: instant('created_at').notNull().default(NOW),
    updatedAtMs: instant('updated_at').notNull().default(NOW),
  },
  (account) => [
    check('accounts_locale', oneOf(account.locale, LOCALES)),
    check('accounts_plan', oneOf(account.plan, PLANS)),
    check('accounts_block_reason', oneOf(account.blockReason, BLOCK_REASONS)),
    check('accounts_suspension_reason', oneOf(account.suspensionReason, SUSPENSION_REASONS)),
    index('accounts_customer_id').on(account.customerId),
  ],
);

/** Balances. A wallet's row is the lock under which its ledger and its top-ups are written. */
export const wallets = pgTable(
  'wallets',
  {
    accountId: text()
      .$type<AccountId>()
      .notNull()
      .references(() => accounts.accountId),
    wallet: text().$type<Wallet>().notNull(),
    balance: quantity()
      .notNull()
      .default(0 as never),
    /** The last entry's number; entries are numbered from 1 without a gap. */
    seq: count().notNull().default(0),
    /** The last entry of a campaign's usage; 0 without one. */
    campaignSeq: count().notNull().default(0),
  },
  (wallet) => [
    primaryKey({ columns: [wallet.accountId, wallet.wallet] }),
    check('wallets_wallet', oneOf(wallet.wallet, WALLETS)),
    check('wallets_balance', safeInteger(wallet.balance)),
  ],
);

const choiceColumns = {
  enabled: boolean().notNull(),
  alertBelow: quantity().notNull(),
  topUpBelow: quantity().notNull(),
  amountCents: cents().notNull(),
  monthlyCapCents: cents(),
  topUpOnRefusal: boolean().notNull(),
  version: count().notNull(),
  alertVersion: count().notNull(),
} as const;

export const settings = pgTable(
  'settings',
  {
    accountId: text()
      .$type<AccountId>()
      .notNull()
      .references(() => accounts.accountId),
    wallet: text().$type<Wallet>().notNull(),
    ...choiceColumns,
    /** The wallet's last entry when this was saved: what came before was judged by the choice before. */
    savedSeq: count().notNull(),
    updatedAtMs: instant('updated_at').notNull().default(NOW),
  },
  (row) => [
    primaryKey({ columns: [row.accountId, row.wallet] }),
    check('settings_wallet', oneOf(row.wallet, WALLETS)),
  ],
);

/** Every version ever saved, append-only: a charge names the version that justified it. */
export const settingsHistory = pgTable(
  'settings_history',
  {
    accountId: text().$type<AccountId>().notNull(),
    wallet: text().$type<Wallet>().notNull(),
    ...choiceColumns,
    savedSeq: count().notNull(),
    savedAtMs: instant('saved_at').notNull().default(NOW),
  },
  (row) => [primaryKey({ columns: [row.accountId, row.wallet, row.version] })],
);
