import { z } from 'zod';
import type { AuditItem } from '../../db/audit.ts';
import { FINDING_KINDS, type Finding } from '../../db/findings.ts';
import type { AttemptItem, OperatorTopUp, TopUpCount } from '../../db/operator-top-ups.ts';
import { SUSPENSION_REASONS, type Suspension } from '../../domain/account-state.ts';
import { FAILURE_REASONS, type FailureReason } from '../../domain/failures.ts';
import type { TopUpId } from '../../domain/ids.ts';
import { TOP_UP_STATES, type TopUpState } from '../../domain/top-up.ts';
import type { OperatorLinks } from '../operator-links.ts';
import { topUpJson, topUpSchema } from './lists.ts';
import {
  accountIdSchema,
  instant,
  instantOrNull,
  instantSchema,
  limitSchema,
  pageOf,
  plainText,
} from './values.ts';

export const topUpIdSchema = z
  .string()
  .regex(/^[\w-]{1,100}$/)
  .transform((text) => text as TopUpId);

const cursorSchema = z.string().min(1).max(200).describe('`next` of the page before.');

const attemptSchema = z
  .object({
    attempt: z.number().int(),
    startedAt: instantSchema,
    finishedAt: instantSchema.nullable(),
    outcome: z.string().nullable().describe('null while it is not established.'),
    declineCode: z.string().nullable().describe("Stripe's `decline_code`."),
    failure: z
      .string()
      .nullable()
      .describe('Why this attempt was declined, as `failure` of the top-up says it.'),
  })
  .meta({ id: 'ChargeAttempt' });

const linkSchema = z.string().nullable();

export const operatorTopUpSchema = z
  .object({
    ...topUpSchema.shape,
    account: z.string(),
    accountName: z.string(),
    nextAttemptAt: instantSchema
      .nullable()
      .describe('Next charge, look-up, or end of the wait for the customer, by the state.'),
    unknownSince: instantSchema.nullable(),
    paidAt: instantSchema.nullable(),
    closedAt: instantSchema.nullable(),
    retryOf: z.string().nullable().describe('The closed top-up that this one tries again.'),
    retriedBy: z.string().nullable().describe('The top-up that tries this one again.'),
    cancelRequestedAt: instantSchema.nullable(),
    attemptLog: z.array(attemptSchema).describe('Every try to pay, oldest first.'),
    links: z.object({
      stripeInvoice: linkSchema,
      stripePayment: linkSchema,
      stripeCustomer: linkSchema,
      workflow: linkSchema.describe("The account's workflow in Temporal's web UI."),
    }),
  })
  .meta({ id: 'OperatorTopUp' });

export const operatorTopUpPage = pageOf(operatorTopUpSchema);

export const topUpCountsSchema = z
  .object({
    counts: z.partialRecord(z.enum(TOP_UP_STATES), z.number().int()),
    reasons: z
      .array(
        z.object({
          state: z.enum(TOP_UP_STATES),
          failure: z.enum(FAILURE_REASONS).nullable(),
          count: z.number().int(),
        }),
      )
      .describe(
        'By why the last attempt failed, the most first; `failure` does not narrow these, so that another can be chosen.',
      ),
  })
  .meta({
    id: 'TopUpCounts',
    examples: [{ counts: { failed: 2 }, reasons: [{ state: 'failed', failure: 'expired_card', count: 2 }] }],
  });

/** @param asked the reason that is asked for; undefined for every one. */
export function topUpCountsJson(
  rows: readonly TopUpCount[],
  asked: FailureReason | undefined,
): z.output<typeof topUpCountsSchema> {
  const counts: Partial<Record<TopUpState, number>> = {};
  for (const { state, failure, count } of rows) {
    if (asked === undefined || failure === asked) counts[state] = (counts[state] ?? 0) + count;
  }
  return { counts, reasons: rows.map(({ state, failure, count }) => ({ state, failure, count })) };
}

export const topUpActSchema = z
  .object({
    effect: z
      .enum(['hastened', 'looked_up', 'new_top_up', 'cancel_requested', 'none'])
      .describe(
        '`hastened`: the next attempt is due now. `looked_up`: Stripe is asked how it stands; nothing is charged by ' +
          'that. `new_top_up`: `topUp` takes the place of the old one. `none`: nothing is left to do.',
      ),
    topUp: operatorTopUpSchema.describe('The top-up that goes on.'),
  })
  .meta({ id: 'TopUpAct' });

export const suspensionSchema = z
  .object({
    account: z.string(),
    suspension: z.object({ reason: z.enum(SUSPENSION_REASONS), since: instantSchema }).nullable(),
  })
  .meta({
    id: 'SuspensionOfAccount',
    examples: [
      { account: 'acc_1', suspension: { reason: 'operator', since: '2026-11-22T10:00:00.000Z' } },
      { account: 'acc_1', suspension: null },
    ],
  });

export const auditQuery = z.strictObject({
  account: accountIdSchema.exactOptional(),
  actor: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[\x20-\x7e]+$/)
    .exactOptional(),
  action: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[\x20-\x7e]+$/)
    .exactOptional(),
  text: plainText(100)
    .describe('Is looked for in who, what, account, target and reason, whatever its case.')
    .exactOptional(),
  from: instantSchema.describe('Not before this instant.').exactOptional(),
  to: instantSchema.describe('Before this instant.').exactOptional(),
  cursor: z.uuid().describe('`next` of the page before.').exactOptional(),
  limit: limitSchema,
});

export const auditPage = pageOf(
  z
    .object({
      id: z.string(),
      at: instantSchema,
      actor: z.string(),
      action: z.string(),
      account: z.string().nullable(),
      target: z.string().nullable(),
      reason: z.string().nullable(),
      before: z.unknown().describe('As it was stored, in minor units and milliseconds.'),
      after: z.unknown(),
    })
    .meta({ id: 'AuditEntry' }),
);

export const findingQuery = z.strictObject({ cursor: cursorSchema.exactOptional(), limit: limitSchema });

export const findingSchema = z
  .object({
    id: z.string(),
    kind: z.enum(FINDING_KINDS),
    subject: z.string(),
    account: z.string().nullable(),
    topUp: z.string().nullable(),
    detail: z.string(),
    openedAt: instantSchema,
    seenAt: instantSchema,
    resolvedAt: instantSchema.nullable().describe('null while it is open.'),
  })
  .meta({ id: 'Finding' });

export const findingPage = pageOf(findingSchema);

export function operatorTopUpJson(
  topUp: OperatorTopUp,
  links: OperatorLinks,
): z.output<typeof operatorTopUpSchema> {
  const { invoiceId, paymentIntentId, customerId } = topUp;
  return {
    ...topUpJson(topUp),
    account: topUp.accountId,
    accountName: topUp.accountName,
    nextAttemptAt: instantOrNull(topUp.nextAttemptAtMs),
    unknownSince: instantOrNull(topUp.unknownSinceMs),
    paidAt: instantOrNull(topUp.paidAtMs),
    closedAt: instantOrNull(topUp.closedAtMs),
    retryOf: topUp.retryOf,
    retriedBy: topUp.retriedBy,
    cancelRequestedAt: instantOrNull(topUp.cancelRequestedAtMs),
    attemptLog: topUp.attempts.map(attemptJson),
    links: {
      stripeInvoice: invoiceId === null ? null : links.stripeInvoice(invoiceId),
      stripePayment: paymentIntentId === null ? null : links.stripePayment(paymentIntentId),
      stripeCustomer: customerId === null ? null : links.stripeCustomer(customerId),
      workflow: links.workflow(topUp.accountId),
    },
  };
}

function attemptJson(attempt: AttemptItem): z.output<typeof attemptSchema> {
  return {
    attempt: attempt.attempt,
    startedAt: instant(attempt.startedAtMs),
    finishedAt: instantOrNull(attempt.finishedAtMs),
    outcome: attempt.outcome,
    declineCode: attempt.declineCode,
    failure: attempt.declineReason,
  };
}

export function suspensionJson(
  account: string,
  suspension: Suspension | null,
): z.output<typeof suspensionSchema> {
  if (suspension === null) return { account, suspension };
  return { account, suspension: { reason: suspension.reason, since: instant(suspension.sinceMs) } };
}

export function auditJson(entry: AuditItem): z.output<typeof auditPage>['items'][number] {
  const { auditId, atMs, accountId, actor, action, target, reason, before, after } = entry;
  return {
    id: auditId,
    at: instant(atMs),
    actor,
    action,
    account: accountId,
    target,
    reason,
    before: before ?? null,
    after: after ?? null,
  };
}

export function findingJson(finding: Finding): z.output<typeof findingSchema> {
  const { findingId, kind, subject, accountId, topUpId, detail, openedAtMs, seenAtMs, resolvedAtMs } =
    finding;
  return {
    id: findingId,
    kind,
    subject,
    account: accountId,
    topUp: topUpId,
    detail,
    openedAt: instant(openedAtMs),
    seenAt: instant(seenAtMs),
    resolvedAt: instantOrNull(resolvedAtMs),
  };
}
