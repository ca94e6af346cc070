import { z } from 'zod';
import { EMAIL_STATUSES } from '../../domain/email-fate.ts';
import { CURRENCY, toEuros } from '../../domain/money.ts';
import { NOTICE_KINDS } from '../../domain/notices.ts';
import { toDisplayUnits } from '../../domain/quantities.ts';
import { TOP_UP_STATES, TOP_UP_TRIGGERS } from '../../domain/top-up.ts';
import type { LedgerEntry, LedgerFilter } from '../../db/list-ledger.ts';
import type { NotificationItem } from '../../db/notifications.ts';
import type { TopUpItem } from '../../db/top-ups.ts';
import { ENTRY_KINDS } from '../../db/schema.ts';
import { CALL_SOURCES } from './usage.ts';
import { instant, instantOrNull, instantSchema, limitSchema, pageOf, walletSchema } from './values.ts';

const cursorSchema = z.string().min(1).max(200).describe('`next` of the page before.');

export const topUpQuery = z.strictObject({
  wallet: walletSchema.exactOptional(),
  state: z.enum(TOP_UP_STATES).exactOptional(),
  cursor: cursorSchema.exactOptional(),
  limit: limitSchema,
});

/** Within what PostgreSQL and JavaScript agree upon. */
const instantInQuery = instantSchema
  .refine((text) => /^20\d\d-/.test(text), 'not an instant of this century')
  .transform((text) => Date.parse(text));

export const ledgerFilterQuery = z.strictObject({
  wallet: walletSchema.exactOptional(),
  kind: z.enum(ENTRY_KINDS).exactOptional(),
  source: z.enum(CALL_SOURCES).exactOptional(),
  from: instantInQuery.exactOptional().describe('Booked at this instant or later.'),
  to: instantInQuery.exactOptional().describe('Booked before this instant.'),
});
export const ledgerQuery = ledgerFilterQuery.extend({
  cursor: cursorSchema.exactOptional(),
  limit: limitSchema,
});
export const notificationQuery = z.strictObject({
  unread: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .exactOptional(),
  cursor: cursorSchema.exactOptional(),
  limit: limitSchema,
});

export const topUpSchema = z
  .object({
    id: z.string(),
    wallet: walletSchema,
    trigger: z.enum(TOP_UP_TRIGGERS),
    state: z.enum(TOP_UP_STATES),
    amount: z.number().describe('Net euros.'),
    vat: z.number().nullable().describe('null while there is no invoice.'),
    total: z.number().nullable().describe('Gross euros; null while there is no invoice.'),
    currency: z.literal(CURRENCY),
    units: z.number().int().describe('Whole minutes or credits bought.'),
    invoiceNumber: z.string().nullable(),
    invoicePdf: z.string().nullable(),
    actionUrl: z.string().nullable().describe('Where the customer confirms the payment.'),
    attempts: z.number().int(),
    failure: z.string().nullable().describe('Stable code of why the last attempt failed.'),
    createdAt: instantSchema,
    creditedAt: instantSchema.nullable(),
  })
  .meta({ id: 'TopUp' });

export const ledgerEntrySchema = z
  .object({
    wallet: walletSchema,
    seq: z.number().int().describe("Numbers the wallet's entries without a gap."),
    kind: z.enum(ENTRY_KINDS),
    units: z.number().describe('Minutes or credits; negative when they were taken.'),
    balanceAfter: z.number(),
    reference: z.string().describe('Id of the event, top-up or grant that caused it.'),
    source: z.enum(CALL_SOURCES).nullable(),
    type: z.string().nullable(),
    reason: z.string().nullable(),
    occurredAt: instantSchema,
    createdAt: instantSchema,
  })
  .meta({ id: 'LedgerEntry' });

export const notificationSchema = z
  .object({
    id: z.string(),
    kind: z.enum(NOTICE_KINDS),
    wallet: walletSchema.nullable(),
    title: z.string(),
    body: z.string(),
    createdAt: instantSchema,
    readAt: instantSchema.nullable(),
    email: z
      .object({
        status: z.enum(EMAIL_STATUSES),
        detail: z.string().nullable().describe('Why it bounced, complained or is dead.'),
      })
      .nullable()
      .describe('What became of its mail.'),
  })
  .meta({ id: 'Notification' });

export const topUpPage = pageOf(topUpSchema);
export const ledgerPage = pageOf(ledgerEntrySchema);
export const notificationPage = pageOf(notificationSchema);

export function topUpJson(topUp: TopUpItem): z.output<typeof topUpSchema> {
  return {
    id: topUp.topUpId,
    wallet: topUp.wallet,
    trigger: topUp.trigger,
    state: topUp.state,
    amount: toEuros(topUp.amountCents),
    vat: topUp.vatCents === null ? null : toEuros(topUp.vatCents),
    total: topUp.totalCents === null ? null : toEuros(topUp.totalCents),
    currency: topUp.currency,
    units: topUp.units,
    invoiceNumber: topUp.invoiceNumber,
    invoicePdf: topUp.invoicePdfUrl,
    actionUrl: topUp.actionUrl,
    attempts: topUp.attempt,
    failure: topUp.failure,
    createdAt: instant(topUp.createdAtMs),
    creditedAt: instantOrNull(topUp.creditedAtMs),
  };
}

export function ledgerFilterOf({ from, to, ...filter }: z.output<typeof ledgerFilterQuery>): LedgerFilter {
  return { ...filter, fromMs: from, toMs: to };
}

export function ledgerEntryJson(entry: LedgerEntry): z.output<typeof ledgerEntrySchema> {
  const { wallet, seq, kind, cause, source, type, reason } = entry;
  return {
    wallet,
    seq,
    kind,
    units: toDisplayUnits(wallet, entry.quantity),
    balanceAfter: toDisplayUnits(wallet, entry.balanceAfter),
    reference: cause.slice(cause.indexOf(':') + 1),
    source,
    type,
    reason,
    occurredAt: instant(entry.occurredAtMs),
    createdAt: instant(entry.createdAtMs),
  };
}

export function notificationJson(notification: NotificationItem): z.output<typeof notificationSchema> {
  const { kind, wallet, title, body, email } = notification;
  return {
    id: notification.notificationId,
    kind,
    wallet,
    title,
    body,
    createdAt: instant(notification.createdAtMs),
    readAt: instantOrNull(notification.readAtMs),
    email,
  };
}
