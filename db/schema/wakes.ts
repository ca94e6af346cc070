import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { AccountId } from '../../domain/ids.ts';
import type { RefreshReason, WakeMessage } from '../../domain/wakes.ts';
import { accounts } from './accounts.ts';
import { count, instant } from './columns.ts';

/** One permanent row an account: what its workflow has yet to be told. Permanent, because `version` must never
 *  run backwards; while the account stays dirty no indexed column changes, so marking it is a HOT update. */
export const accountWakes = pgTable(
  'account_wakes',
  {
    accountId: text()
      .$type<AccountId>()
      .primaryKey()
      .references(() => accounts.accountId),
    /** Rises with every mark, in the order of their commits. */
    version: count().notNull().default(0),
    dirty: boolean().notNull().default(false),
    /** A crossing or a refusal is among what is to be told: it goes before everything else. */
    urgent: boolean().notNull().default(false),
    /** The same of what was marked since the outstanding message was cut. */
    urgentAgain: boolean().notNull().default(false),
    /** When the relay takes it next: to cut a message, or to send the outstanding one again. */
    dueAtMs: instant('due_at').notNull(),
    /** The earliest mark since the outstanding message was cut; null without one. */
    dueAgainAtMs: instant('due_again_at'),
    /** Why the workflow has to read the account afresh; empty when the slices tell it all. */
    refresh: text().array().$type<RefreshReason[]>().notNull().default(sql`'{}'`),
    /** Up to where the slices of each wallet have been cut. */
    signalledCallSeq: count().notNull().default(0),
    signalledChatSeq: count().notNull().default(0),
    /** The message that was cut and is not known to have arrived; it never changes until then. */
    outstanding: jsonb().$type<WakeMessage>(),
    /** Whoever sends the outstanding message; another relay takes over when `due_at` has passed. */
    lease: uuid(),
    /** Sweeps in a row, which space the next ones out. */
    sweeps: integer().notNull().default(0),
    sweptAtMs: instant('swept_at'),
  },
  (wake) => [
    index('account_wakes_urgent').on(wake.dueAtMs).where(sql`${wake.dirty} and ${wake.urgent}`),
    index('account_wakes_due').on(wake.dueAtMs).where(sql`${wake.dirty} and not ${wake.urgent}`),
  ],
);
