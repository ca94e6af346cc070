import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import type { AccountId, TopUpId } from '../../domain/ids.ts';
import { instant, NOW, oneOf } from './columns.ts';

/** Requests that carried a key of the caller's, so that the same request again has no second effect. */
export const idempotentRequests = pgTable(
  'idempotent_requests',
  {
    /** Whose keys they are: an account, or the operators. */
    scope: text().notNull(),
    key: text().notNull(),
    /** Digest of what was asked: another one under the same key is a mistake of the caller's. */
    fingerprint: text().notNull(),
    answer: jsonb().notNull(),
    createdAtMs: instant('created_at').notNull().default(NOW),
  },
  (request) => [
    primaryKey({ columns: [request.scope, request.key] }),
    index('idempotent_requests_created_at').on(request.createdAtMs),
  ],
);

/** What a person has to look at: seen by the reconciler, or told by the provider. */
export const findings = pgTable(
  'findings',
  {
    findingId: text().primaryKey(),
    kind: text().notNull(),
    /** What it is about; with the kind it is the finding's identity, so that it is reported once. */
    subject: text().notNull(),
    accountId: text().$type<AccountId>(),
    topUpId: text().$type<TopUpId>(),
    detail: text().notNull(),
    openedAtMs: instant('opened_at').notNull().default(NOW),
    seenAtMs: instant('seen_at').notNull().default(NOW),
    resolvedAtMs: instant('resolved_at'),
  },
  (finding) => [
    unique('findings_subject').on(finding.kind, finding.subject),
    index('findings_open').on(finding.openedAtMs).where(sql`${finding.resolvedAtMs} is null`),
  ],
);

export const RECONCILIATION_SCOPES = ['recent', 'nightly'] as const;
export type ReconciliationScope = (typeof RECONCILIATION_SCOPES)[number];

/** One row a run of the reconciler. */
export const reconciliations = pgTable(
  'reconciliations',
  {
    runId: text().primaryKey(),
    scope: text().$type<ReconciliationScope>().notNull(),
    compared: integer().notNull().default(0),
    repaired: integer().notNull().default(0),
    reported: integer().notNull().default(0),
    /** The result of each invariant, when the run judged them. */
    invariants: jsonb(),
    startedAtMs: instant('started_at').notNull().default(NOW),
    finishedAtMs: instant('finished_at'),
  },
  (run) => [
    check('reconciliations_scope', oneOf(run.scope, RECONCILIATION_SCOPES)),
    index('reconciliations_started_at').on(run.startedAtMs),
  ],
);

export const WEBHOOK_DELIVERY_STATUSES = ['pending', 'delivered', 'dead'] as const;
export type WebhookDeliveryStatus = (typeof WEBHOOK_DELIVERY_STATUSES)[number];

/** The outbox of webhooks to the platform: written together with the notification that it tells of. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    accountId: text().$type<AccountId>().notNull(),
    /** The message's id in the words of Standard Webhooks: the same in every attempt. */
    messageId: text().notNull(),
    notificationId: text().notNull(),
    type: text().notNull(),
    /** The body as it is signed. */
    payload: text().notNull(),
    status: text().$type<WebhookDeliveryStatus>().notNull(),
    attempts: integer().notNull().default(0),
    nextAttemptAtMs: instant('next_attempt_at').notNull().default(NOW),
    responseStatus: integer(),
    detail: text(),
    createdAtMs: instant('created_at').notNull().default(NOW),
    updatedAtMs: instant('updated_at').notNull().default(NOW),
  },
  (delivery) => [
    primaryKey({ columns: [delivery.accountId, delivery.messageId] }),
    unique('webhook_deliveries_notification').on(delivery.accountId, delivery.notificationId),
    index('webhook_deliveries_message_id').on(delivery.messageId),
    index('webhook_deliveries_due').on(delivery.nextAttemptAtMs).where(sql`${delivery.status} = 'pending'`),
    index('webhook_deliveries_dead').on(delivery.updatedAtMs).where(sql`${delivery.status} = 'dead'`),
    check('webhook_deliveries_status', oneOf(delivery.status, WEBHOOK_DELIVERY_STATUSES)),
  ],
);
