import type { Notice } from '../../../domain/notices.ts';
import { topUpId } from '../../../domain/ids.ts';
import { cents, CURRENCY } from '../../../domain/money.ts';
import { fromDisplayUnits, fromWholeUnits } from '../../../domain/quantities.ts';

export const LINKS = { creditsUrl: 'https://app.example/credits' };
export const GERMAN = { locale: 'de', timeZone: 'Europe/Berlin', accountName: 'Müller & Söhne' } as const;
export const ENGLISH = { locale: 'en', timeZone: 'Europe/Berlin', accountName: 'Acme Ltd' } as const;

const ID = topUpId('call_minutes', '0199');
const PURCHASE = {
  topUpId: ID,
  wallet: 'call_minutes',
  trigger: 'auto',
  units: 454,
  amountCents: cents(50_00),
  currency: CURRENCY,
} as const;
const DOMESTIC = {
  currency: CURRENCY,
  netCents: cents(50_00),
  vatCents: cents(9_50),
  totalCents: cents(59_50),
  vatRate: '19.0',
  reverseCharge: false,
  invoiceNumber: 'FA-2026-0042',
} as const;
const REVERSE_CHARGE = {
  ...DOMESTIC,
  vatCents: cents(0),
  totalCents: cents(50_00),
  vatRate: null,
  reverseCharge: true,
} as const;
const AT_MS = Date.parse('2026-11-22T13:05:00Z');
const LATER_MS = Date.parse('2026-11-25T13:05:00Z');

const minutes = (units: number) => fromDisplayUnits('call_minutes', units);
const credits = (units: number) => fromDisplayUnits('chat_credits', units);

/** A notice of every kind and of every turn that its text can take. */
export const SAMPLES = {
  alertOn: {
    kind: 'balance.alert',
    wallet: 'call_minutes',
    balance: minutes(9.5),
    alertBelow: minutes(10),
    autoTopUp: { state: 'on', topUpBelow: minutes(5), amountCents: cents(50_00), currency: CURRENCY },
  },
  alertChatOn: {
    kind: 'balance.alert',
    wallet: 'chat_credits',
    balance: credits(99),
    alertBelow: credits(100),
    autoTopUp: { state: 'on', topUpBelow: credits(50), amountCents: cents(10_00), currency: CURRENCY },
  },
  alertSuspended: {
    kind: 'balance.alert',
    wallet: 'call_minutes',
    balance: minutes(1),
    alertBelow: minutes(10),
    autoTopUp: { state: 'suspended' },
  },
  alertLimit: {
    kind: 'balance.alert',
    wallet: 'chat_credits',
    balance: credits(12.345),
    alertBelow: credits(100),
    autoTopUp: { state: 'limit_reached', opensAtMs: Date.parse('2026-11-30T23:00:00Z') },
  },
  depletedCalls: {
    kind: 'balance.depleted',
    wallet: 'call_minutes',
    balance: minutes(-3.5),
    autoTopUp: { state: 'running' },
  },
  depletedChat: {
    kind: 'balance.depleted',
    wallet: 'chat_credits',
    balance: credits(0),
    autoTopUp: { state: 'off' },
  },
  succeeded: {
    kind: 'top_up.succeeded',
    ...PURCHASE,
    ...DOMESTIC,
    balance: minutes(458.75),
    paidAtMs: AT_MS,
    card: { brand: 'visa', last4: '4242' },
    invoiceUrl: 'https://invoice.example/42',
    invoicePdfUrl: 'https://invoice.example/42.pdf',
  },
  succeededReverseCharge: {
    kind: 'top_up.succeeded',
    ...PURCHASE,
    ...REVERSE_CHARGE,
    trigger: 'manual',
    balance: minutes(458.75),
    paidAtMs: AT_MS,
    card: null,
    invoiceUrl: null,
    invoicePdfUrl: null,
  },
  failedFinal: {
    kind: 'top_up.failed',
    ...PURCHASE,
    attempt: 4,
    reason: 'insufficient_funds',
    nextAttemptAtMs: null,
    card: { brand: 'mastercard', last4: '0341' },
  },
  failedRetrying: {
    kind: 'top_up.failed',
    ...PURCHASE,
    attempt: 1,
    reason: 'insufficient_funds',
    nextAttemptAtMs: AT_MS,
    card: null,
  },
  failedRetryingTechnical: {
    kind: 'top_up.failed',
    ...PURCHASE,
    attempt: 1,
    reason: 'processing_error',
    nextAttemptAtMs: AT_MS,
    card: null,
  },
  failedTax: {
    kind: 'top_up.failed',
    ...PURCHASE,
    attempt: 1,
    reason: 'tax_location_unknown',
    nextAttemptAtMs: null,
    card: null,
  },
  actionRequired: {
    kind: 'top_up.action_required',
    ...PURCHASE,
    totalCents: cents(59_50),
    actionUrl: 'https://invoice.example/confirm',
    untilMs: LATER_MS,
  },
  actionReminder: {
    kind: 'top_up.action_reminder',
    ...PURCHASE,
    totalCents: null,
    actionUrl: null,
    untilMs: LATER_MS,
  },
  refunded: {
    kind: 'top_up.refunded',
    ...DOMESTIC,
    refundId: 're_1',
    topUpId: ID,
    wallet: 'call_minutes',
    quantity: fromWholeUnits('call_minutes', 454),
    balance: minutes(4.75),
    creditNoteNumber: 'FA-2026-0042-CN-01',
    creditNotePdfUrl: 'https://invoice.example/cn.pdf',
  },
  suspendedDecline: { kind: 'auto_top_up.suspended', wallet: null, reason: 'hard_decline', sinceMs: AT_MS },
  suspendedFailures: {
    kind: 'auto_top_up.suspended',
    wallet: null,
    reason: 'repeated_failures',
    sinceMs: AT_MS,
  },
  suspendedNoCard: {
    kind: 'auto_top_up.suspended',
    wallet: null,
    reason: 'no_payment_method',
    sinceMs: AT_MS,
  },
  suspendedDispute: { kind: 'auto_top_up.suspended', wallet: null, reason: 'dispute', sinceMs: AT_MS },
  suspendedOperator: { kind: 'auto_top_up.suspended', wallet: null, reason: 'operator', sinceMs: AT_MS },
  resumed: { kind: 'auto_top_up.resumed', wallet: null, sinceMs: AT_MS },
} as const satisfies Record<string, Notice>;
