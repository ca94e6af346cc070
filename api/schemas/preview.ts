import { z } from 'zod';
import type { PreviewFacts } from '../../db/insights.ts';
import { toEuros, type Cents } from '../../domain/money.ts';
import {
  alertsAtOnce,
  gapWarnings,
  SAVE_EFFECTS,
  saveEffect,
  type SaveEffect,
} from '../../domain/preview.ts';
import type { Policy } from '../../domain/policy.ts';
import { toDisplayUnits } from '../../domain/quantities.ts';
import { MOST_EVENTS, type Replay, type ReplayEvent } from '../../domain/replay.ts';
import { settingsWarnings, type SettingsChoice } from '../../domain/settings.ts';
import { expectVat, type ExpectedVat } from '../../domain/vat.ts';
import type { Wallet } from '../../domain/wallet.ts';
import { quoteJson, quoteSchema } from './settings.ts';
import { instant, instantOrNull, instantSchema } from './values.ts';

/** Days that a preview replays. */
export const REPLAY_DAYS = 30;
const HOUR_MS = 3_600_000;

const vatSchema = z
  .object({
    rate: z.number().nullable().describe('Percent; null when only the invoice will tell.'),
    amount: z.number().nullable(),
    total: z.number().nullable().describe('Gross euros.'),
    reverseCharge: z.boolean(),
    certain: z
      .boolean()
      .describe("Whether the account's last invoice showed it; otherwise it is guessed from the country."),
  })
  .meta({ id: 'ExpectedVat', description: 'An expectation: Stripe Tax decides on the invoice.' });

const replaySchema = z
  .object({
    days: z.literal(REPLAY_DAYS),
    resolution: z
      .enum(['entry', 'minute'])
      .describe('Busy wallets are replayed by the sum, lowest and highest balance of each minute.'),
    topUps: z.number().int(),
    amount: z.number().describe('Net euros of all of them.'),
    alerts: z.number().int(),
    depletions: z.number().int().describe('Times that the balance ran out all the same.'),
    firstWarningBeforeTopUpHours: z
      .number()
      .nullable()
      .describe('From the last alert before the first top-up to that; null without both.'),
    events: z
      .array(
        z.object({
          at: instantSchema,
          kind: z.enum(['balance.alert', 'balance.depleted', 'top_up']),
          amount: z.number().nullable().describe('Net euros of a top-up.'),
          units: z.number().int().nullable().describe('Whole minutes or credits of a top-up.'),
          balance: z.number().nullable().describe('Of an alert or a depletion.'),
        }),
      )
      .describe(`The newest ${MOST_EVENTS}, oldest first.`),
  })
  .meta({ id: 'Replay' });

export const previewSchema = z
  .object({
    quote: quoteSchema,
    now: z.object({
      effect: z.enum(SAVE_EFFECTS),
      reason: z.string().describe('A code as in `autoTopUp.reason` of the account.'),
      amount: z.number().nullable().describe('Net euros that would be charged at once.'),
      total: z.number().nullable().describe('The same with the expected VAT.'),
      units: z.number().int().nullable(),
      until: instantSchema.nullable().describe('When what is in the way opens by itself.'),
      alert: z
        .boolean()
        .describe(
          'Whether a balance alert is sent at once, because the alert value is new and above the balance.',
        ),
    }),
    warnings: z.array(z.object({ code: z.string(), field: z.string(), detail: z.string() })),
    usualHold: z
      .number()
      .nullable()
      .describe('Minutes that a call of a campaign usually reserves; null when too few were held.'),
    vat: vatSchema,
    replay: replaySchema
      .nullable()
      .describe('null when the history is too long or too busy to be replayed while a page waits.'),
  })
  .meta({
    id: 'SettingsPreview',
    examples: [
      {
        quote: { amount: 50, currency: 'EUR', units: 454, vatExcluded: true },
        now: {
          effect: 'none',
          reason: 'balance_sufficient',
          amount: null,
          total: null,
          units: null,
          until: null,
          alert: false,
        },
        warnings: [],
        usualHold: 2.5,
        vat: { rate: 19, amount: 9.5, total: 59.5, reverseCharge: false, certain: false },
        replay: {
          days: 30,
          resolution: 'entry',
          topUps: 1,
          amount: 50,
          alerts: 1,
          depletions: 0,
          firstWarningBeforeTopUpHours: 47.5,
          events: [
            {
              at: '2026-11-18T09:00:00.000Z',
              kind: 'balance.alert',
              amount: null,
              units: null,
              balance: 9.5,
            },
            { at: '2026-11-20T08:30:00.000Z', kind: 'top_up', amount: 50, units: 454, balance: null },
          ],
        },
      },
    ],
  });

export type PreviewJson = z.output<typeof previewSchema>;

/** What saving a choice would do, as it goes over the wire. */
export function previewJson(
  { facts, usualHold, country, invoiced, readAtMs }: PreviewFacts,
  choice: SettingsChoice,
  replayed: PreviewJson['replay'],
  policy: Policy,
): PreviewJson {
  const { wallet, prices } = facts;
  const effect = saveEffect(facts, choice, readAtMs, policy);
  const withVat = (amountCents: Cents) => expectVat(amountCents, country, invoiced);
  return {
    quote: quoteJson(wallet, choice.amountCents, prices),
    now: { ...effectJson(effect, withVat), alert: alertsAtOnce(facts, choice, readAtMs, policy) },
    warnings: [...settingsWarnings(wallet, choice, { prices, usualHold }), ...gapWarnings(facts, choice)],
    usualHold: usualHold === null ? null : toDisplayUnits(wallet, usualHold),
    vat: vatJson(withVat(choice.amountCents)),
    replay: replayed,
  };
}

export function replayJson(
  wallet: Wallet,
  resolution: 'entry' | 'minute',
  replayed: Replay,
): PreviewJson['replay'] {
  const { topUps, amountCents, alerts, depletions, warnedMs, events } = replayed;
  return {
    days: REPLAY_DAYS,
    resolution,
    topUps,
    amount: toEuros(amountCents),
    alerts,
    depletions,
    firstWarningBeforeTopUpHours: warnedMs === null ? null : Math.round((warnedMs / HOUR_MS) * 10) / 10,
    events: events.map((event) => eventJson(wallet, event)),
  };
}

function eventJson(wallet: Wallet, event: ReplayEvent) {
  const at = instant(event.atMs);
  if (event.kind === 'top_up') {
    const { kind, amountCents, units } = event;
    return { at, kind, amount: toEuros(amountCents), units, balance: null };
  }
  return { at, kind: event.kind, amount: null, units: null, balance: toDisplayUnits(wallet, event.balance) };
}

function effectJson(
  effect: SaveEffect,
  withVat: (amountCents: Cents) => ExpectedVat,
): Omit<PreviewJson['now'], 'alert'> {
  if (effect.effect !== 'charge') {
    const { effect: what, reason, untilMs } = effect;
    return { effect: what, reason, amount: null, total: null, units: null, until: instantOrNull(untilMs) };
  }
  const { amountCents, units, reason } = effect;
  const { totalCents } = withVat(amountCents);
  const total = totalCents === null ? null : toEuros(totalCents);
  return { effect: 'charge', reason, amount: toEuros(amountCents), total, units, until: null };
}

function vatJson({ ratePercent, vatCents, totalCents, ...vat }: ExpectedVat): PreviewJson['vat'] {
  return {
    rate: ratePercent,
    amount: vatCents === null ? null : toEuros(vatCents),
    total: totalCents === null ? null : toEuros(totalCents),
    ...vat,
  };
}
