import { z } from 'zod';
import type { Policy } from '../../domain/policy.ts';
import { fromEuros, toEuros, CURRENCY, type Cents } from '../../domain/money.ts';
import { quote, type Price } from '../../domain/prices.ts';
import { fromDisplayUnits, toDisplayUnits } from '../../domain/quantities.ts';
import {
  settingsWarnings,
  type Settings,
  type SettingsChoice,
  type SettingsFacts,
} from '../../domain/settings.ts';
import type { Wallet } from '../../domain/wallet.ts';
import { eurosSchema, unitsSchema } from './values.ts';

/** The settings as a customer sends them. */
export function settingsBody(policy: Policy) {
  const amount = { min: policy.minAmountCents, max: policy.maxAmountCents };
  return z
    .strictObject({
      enabled: z.boolean().describe('Switches alert and top-up of this wallet together.'),
      alertBelow: unitsSchema({ min: 0 }).describe('Minutes or credits below which the customer is told.'),
      topUpBelow: unitsSchema({ min: 0 }).describe('Minutes or credits below which a top-up runs.'),
      amount: eurosSchema(amount).describe('Euros without VAT for one top-up.'),
      monthlyCap: eurosSchema({ min: amount.min, max: MAX_CAP_CENTS })
        .nullable()
        .default(null)
        .describe('Euros without VAT that automatic top-ups may cost in a calendar month; null for no cap.'),
      topUpOnRefusal: z
        .boolean()
        .default(true)
        .describe('Call minutes only: a campaign call refused for lack of balance starts a top-up too.'),
    })
    .meta({
      examples: [
        { enabled: true, alertBelow: 10, topUpBelow: 5, amount: 50, monthlyCap: null, topUpOnRefusal: true },
      ],
    });
}

const MAX_CAP_CENTS = 1_000_000_00 as Cents;

export const quoteSchema = z
  .object({
    amount: z.number(),
    currency: z.literal(CURRENCY),
    units: z.number().int().describe('Whole minutes or credits that the amount buys.'),
    vatExcluded: z.literal(true),
  })
  .meta({ id: 'Quote', examples: [{ amount: 50, currency: 'EUR', units: 454, vatExcluded: true }] });

export const settingsSchema = z
  .object({
    enabled: z.boolean(),
    alertBelow: z.number(),
    topUpBelow: z.number(),
    amount: z.number(),
    monthlyCap: z.number().nullable(),
    topUpOnRefusal: z.boolean(),
    version: z.number().int().min(0).describe('Rises with each save; 0 when nothing has been saved yet.'),
    quote: quoteSchema,
    warnings: z.array(
      z.object({
        code: z.enum([
          'alert_not_above_top_up',
          'amount_below_threshold',
          'cap_below_amount',
          'threshold_below_usual_hold',
        ]),
        field: z.enum(['alertBelow', 'topUpBelow', 'amount', 'monthlyCap']),
        detail: z.string(),
      }),
    ),
  })
  .meta({
    id: 'Settings',
    examples: [
      {
        enabled: true,
        alertBelow: 10,
        topUpBelow: 5,
        amount: 50,
        monthlyCap: null,
        topUpOnRefusal: true,
        version: 4,
        quote: { amount: 50, currency: 'EUR', units: 454, vatExcluded: true },
        warnings: [],
      },
    ],
  });

export function toChoice(wallet: Wallet, body: z.output<ReturnType<typeof settingsBody>>): SettingsChoice {
  return {
    enabled: body.enabled,
    alertBelow: fromDisplayUnits(wallet, body.alertBelow),
    topUpBelow: fromDisplayUnits(wallet, body.topUpBelow),
    amountCents: fromEuros(body.amount),
    monthlyCapCents: body.monthlyCap === null ? null : fromEuros(body.monthlyCap),
    // A chat message is never refused, so the switch means nothing there.
    topUpOnRefusal: wallet === 'call_minutes' && body.topUpOnRefusal,
  };
}

/** The settings as they go over the wire. */
export function settingsJson(
  wallet: Wallet,
  settings: SettingsChoice & Pick<Settings, 'version'>,
  facts: SettingsFacts,
): z.output<typeof settingsSchema> {
  return {
    enabled: settings.enabled,
    alertBelow: toDisplayUnits(wallet, settings.alertBelow),
    topUpBelow: toDisplayUnits(wallet, settings.topUpBelow),
    amount: toEuros(settings.amountCents),
    monthlyCap: settings.monthlyCapCents === null ? null : toEuros(settings.monthlyCapCents),
    topUpOnRefusal: settings.topUpOnRefusal,
    version: settings.version,
    quote: quoteJson(wallet, settings.amountCents, facts.prices),
    warnings: settingsWarnings(wallet, settings, facts),
  };
}

export function quoteJson(
  wallet: Wallet,
  amountCents: Cents,
  prices: Readonly<Record<Wallet, Price>>,
): z.output<typeof quoteSchema> {
  const { currency, units } = quote(prices, wallet, amountCents);
  return { amount: toEuros(amountCents), currency, units, vatExcluded: true };
}

/** What the form shows before anything was saved: the product's own examples, switched off. */
export function unsavedSettings(wallet: Wallet): SettingsChoice & { version: 0 } {
  const { alertBelow, topUpBelow, amount } = EXAMPLES[wallet];
  return {
    enabled: false,
    alertBelow: fromDisplayUnits(wallet, alertBelow),
    topUpBelow: fromDisplayUnits(wallet, topUpBelow),
    amountCents: fromEuros(amount),
    monthlyCapCents: null,
    topUpOnRefusal: wallet === 'call_minutes',
    version: 0,
  };
}

const EXAMPLES = {
  call_minutes: { alertBelow: 10, topUpBelow: 5, amount: 50 },
  chat_credits: { alertBelow: 100, topUpBelow: 50, amount: 10 },
} as const;
