import { z } from 'zod';
import type { BalanceHistory, BalanceMark } from '../../db/balance-history.ts';
import type { Explanation } from '../../domain/explain.ts';
import { burnPerDay, forecast, whenToppedUp } from '../../domain/forecast.ts';
import { toDisplayUnits, type Quantity } from '../../domain/quantities.ts';
import type { Settings } from '../../domain/settings.ts';
import { TOP_UP_TRIGGERS } from '../../domain/top-up.ts';
import type { Wallet } from '../../domain/wallet.ts';
import { instant, instantOrNull, instantSchema, walletSchema } from './values.ts';

const MOST_DAYS = 90;
const MOST_HOURS = 48;
const HOUR_MS = 3_600_000;

export const balanceHistoryQuery = z.strictObject({
  wallet: walletSchema,
  days: wholeNumber(MOST_DAYS).default(30).meta({ type: 'integer' }),
  hours: wholeNumber(MOST_HOURS)
    .exactOptional()
    .meta({ type: 'integer', description: 'Instead of `days`, for a closer look.' }),
});

/** How far back a request looks. */
export function spanMsOf({ days, hours }: z.output<typeof balanceHistoryQuery>): number {
  return (hours ?? days * 24) * HOUR_MS;
}

function wholeNumber(most: number) {
  return z
    .string()
    .regex(/^[1-9]\d?$/, `not a whole number from 1 to ${most}`)
    .transform(Number)
    .pipe(z.number().int().min(1).max(most));
}

const forecastSchema = z.object({
  alertAt: instantSchema.nullable(),
  topUpAt: instantSchema
    .nullable()
    .describe(
      'An automatic top-up; of call minutes, once a campaign calls. Later than the balance passes the value when a ' +
        'limit opens only then. null also while something else keeps it from happening: a suspension, no card, a ' +
        'payment that waits.',
    ),
  emptyAt: instantSchema.nullable().describe('If nothing is added by then.'),
});

export const balanceHistorySchema = z
  .object({
    wallet: walletSchema,
    from: instantSchema,
    to: instantSchema,
    bucketMinutes: z
      .number()
      .describe('At most. None lies in two calendar days of the account, and the last one ends now.'),
    balanceBefore: z.number().describe('At `from`.'),
    points: z
      .array(
        z.object({
          at: instantSchema.describe('End of the bucket.'),
          balance: z.number().describe('At the end of the bucket.'),
          lowest: z.number().describe('In the bucket.'),
          used: z.number().describe('In the bucket.'),
        }),
      )
      .describe('At most 200, oldest first; where nothing was booked, the balance stays as it was.'),
    marks: z.array(
      z.object({
        at: instantSchema,
        kind: z.enum(['top_up', 'balance.alert', 'balance.depleted']),
        units: z.number().int().nullable().describe('Of a top-up.'),
        trigger: z.enum(TOP_UP_TRIGGERS).nullable().describe('Of a top-up.'),
      }),
    ),
    burnPerDay: z
      .number()
      .nullable()
      .describe(
        'Estimated from the last 14 days: the median of the days with use, times the share of such days. null when ' +
          'fewer than two days had any.',
      ),
    forecast: forecastSchema
      .nullable()
      .describe(
        'When the balance comes down to the values if use goes on like that. Each is null when it was passed, is ' +
          'switched off, or lies beyond a year; all of it without an estimate.',
      ),
  })
  .meta({ id: 'BalanceHistory' });

/** A balance's last days as they go over the wire. */
export function balanceHistoryJson(
  wallet: Wallet,
  history: BalanceHistory,
  { settings, explanation }: { settings: Settings | null; explanation: Explanation },
): z.output<typeof balanceHistorySchema> {
  const units = (quantity: Quantity): number => toDisplayUnits(wallet, quantity);
  const burn = burnPerDay(history.usedPerDay);
  const balance = history.points.at(-1)?.balance ?? history.balanceBefore;
  const coming = forecast(balance, settings, burn, history.toMs);
  return {
    wallet,
    from: instant(history.fromMs),
    to: instant(history.toMs),
    bucketMinutes: history.bucketMs / 60_000,
    balanceBefore: units(history.balanceBefore),
    points: history.points.map((point) => ({
      at: instant(point.atMs),
      balance: units(point.balance),
      lowest: units(point.lowest),
      used: units(point.used),
    })),
    marks: history.marks.map(markJson),
    burnPerDay: burn === null ? null : units(burn),
    forecast:
      coming === null
        ? null
        : {
            alertAt: instantOrNull(coming.alertAtMs),
            topUpAt: instantOrNull(whenToppedUp(coming, explanation)),
            emptyAt: instantOrNull(coming.emptyAtMs),
          },
  };
}

function markJson(mark: BalanceMark) {
  const at = instant(mark.atMs);
  if (mark.kind !== 'top_up') return { at, kind: mark.kind, units: null, trigger: null };
  return { at, kind: mark.kind, units: mark.units, trigger: mark.trigger };
}
