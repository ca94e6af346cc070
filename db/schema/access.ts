import { check, index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { AccountId, TopUpId } from '../../domain/ids.ts';
import { instant, NOW, oneOf } from './columns.ts';

/** Events of providers that had an effect here, so that none has it twice. */
export const webhookEvents = pgTable(
  'webhook_events',
  {
    provider: text().notNull(),
    eventId: text().notNull(),
    type: text().notNull(),
    accountId: text().$type<AccountId>().notNull(),
    topUpId: text().$type<TopUpId>(),
    receivedAtMs: instant('received_at').notNull().default(NOW),
  },
  (event) => [
    primaryKey({ columns: [event.provider, event.eventId] }),
    index('webhook_events_received_at').on(event.receivedAtMs),
  ],
);

export const KEY_ROLES = ['platform', 'operator'] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/** API keys by their SHA-256: a copy of this table opens nothing. */
export const apiKeys = pgTable(
  'api_keys',
  {
    keyHash: text().primaryKey(),
    role: text().$type<KeyRole>().notNull(),
    label: text().notNull(),
    createdAtMs: instant('created_at').notNull().default(NOW),
    revokedAtMs: instant('revoked_at'),
  },
  (key) => [check('api_keys_role', oneOf(key.role, KEY_ROLES))],
);

/** Who did what to whom and why; append-only. */
export const audit = pgTable(
  'audit',
  {
    auditId: text().primaryKey(),
    actor: text().notNull(),
    action: text().notNull(),
    accountId: text().$type<AccountId>(),
    target: text(),
    reason: text(),
    before: jsonb(),
    after: jsonb(),
    atMs: instant('at').notNull().default(NOW),
  },
  (entry) => [
    index('audit_account').on(entry.accountId, entry.atMs),
    index('audit_at').on(entry.atMs, entry.auditId),
  ],
);
