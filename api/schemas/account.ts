import { z } from 'zod';
import type { AccountOverview } from '../../db/account-overview.ts';
import { SUSPENSION_REASONS } from '../../domain/account-state.ts';
import { AUTO_TOP_UP_STATES, explain, STATE_REASONS, type Explanation } from '../../domain/explain.ts';
import { cents, CURRENCY, toEuros } from '../../domain/money.ts';
import type { Policy } from '../../domain/policy.ts';
import { PLANS, PRICES } from '../../domain/prices.ts';
import { subtractQuantity, toDisplayUnits } from '../../domain/quantities.ts';
import { forEachWallet, type Wallet } from '../../domain/wallet.ts';
import { settingsJson, settingsSchema } from './settings.ts';
import { instant, instantOrNull, instantSchema, plainText } from './values.ts';

const profile = {
  name: plainText(200),
  email: z.email().max(254),
  locale: z.enum(['de', 'en']),
  timeZone: z
    .string()
    .max(64)
    .regex(/^[A-Za-z][\w+/-]*$/, 'not a time zone of the IANA database')
    .describe('IANA name; its calendar months bound the monthly cap.'),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'not a country code of two capital letters')
    .describe('ISO 3166-1 alpha-2.'),
  plan: z.enum(PLANS).describe('Carries the prices.'),
};

export const accountBody = z.strictObject(profile).meta({
  id: 'AccountProfile',
  examples: [
    {
      name: 'Acme',
      email: 'a@acme.example',
      locale: 'de',
      timeZone: 'Europe/Berlin',
      country: 'DE',
      plan: 'scale',
    },
  ],
});

const autoTopUpSchema = z
  .object({
    state: z.enum(AUTO_TOP_UP_STATES),
    reason: z
      .string()
      .nullable()
      .describe(
        [
          'Stable code of why it is in this state:',
          ...Object.entries(STATE_REASONS).map(([code, sentence]) => `- \`${code}\`: ${sentence}`),
          '- `monthly_cap`, `daily_limit`: a limit has no room for one amount before `nextWakeAt`.',
          '- `no_payment_method`: no card is on file.',
          '- `repeated_failures`, `hard_decline`, `operator`, `dispute`: why it is suspended.',
          '- while retrying, why the last attempt, or the last top-up, failed, such as `insufficient_funds`.',
        ].join('\n'),
      ),
    nextWakeAt: instantSchema
      .nullable()
      .describe('When something happens by itself; null when it waits for usage or for a person.'),
  })
  .meta({ id: 'AutoTopUp' });

const walletSchema = z.object({
  balance: z.number().describe('Minutes or credits; may be negative.'),
  held: z.number().describe('Reserved by holds that run.'),
  available: z.number().describe('`balance` less `held`: what a new hold may take.'),
  autoTopUp: autoTopUpSchema,
  settings: settingsSchema.nullable().describe('null when none have been saved yet.'),
  price: z
    .object({ amount: z.number(), units: z.number().int(), currency: z.literal(CURRENCY) })
    .describe('Net euros that buy so many minutes or credits.'),
  spentThisMonth: z
    .number()
    .describe('Net euros of automatic top-ups that count towards the monthly cap, those in flight included.'),
  monthEndsAt: instantSchema.describe('When the cap begins anew.'),
});

export const accountSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    locale: z.enum(['de', 'en']),
    timeZone: z.string(),
    country: z.string(),
    plan: z.enum(PLANS),
    stripeCustomerId: z
      .string()
      .nullable()
      .optional()
      .describe('For platform and operator keys only; null until Stripe has been reached.'),
    paymentMethod: z
      .object({
        brand: z.string(),
        last4: z.string(),
        expMonth: z.number().int(),
        expYear: z.number().int(),
      })
      .nullable(),
    suspension: z
      .object({ reason: z.enum(SUSPENSION_REASONS), since: instantSchema })
      .nullable()
      .describe('Why automatic top-up is suspended for both wallets, and since when.'),
    unreadNotifications: z.number().int(),
    wallets: z.object({ call_minutes: walletSchema, chat_credits: walletSchema }),
  })
  .meta({
    id: 'Account',
    examples: [
      {
        id: 'acc_1',
        name: 'Acme',
        email: 'a@acme.example',
        locale: 'de',
        timeZone: 'Europe/Berlin',
        country: 'DE',
        plan: 'scale',
        stripeCustomerId: 'cus_1',
        paymentMethod: { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030 },
        suspension: null,
        unreadNotifications: 0,
        wallets: {
          call_minutes: {
            balance: 12.5,
            held: 0,
            available: 12.5,
            autoTopUp: { state: 'armed', reason: 'balance_sufficient', nextWakeAt: null },
            settings: {
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
            price: { amount: 0.11, units: 1, currency: 'EUR' },
            spentThisMonth: 50,
            monthEndsAt: '2026-11-30T23:00:00.000Z',
          },
          chat_credits: {
            balance: 0,
            held: 0,
            available: 0,
            autoTopUp: { state: 'off', reason: 'never_saved', nextWakeAt: null },
            settings: null,
            price: { amount: 0.07, units: 9, currency: 'EUR' },
            spentThisMonth: 0,
            monthEndsAt: '2026-11-30T23:00:00.000Z',
          },
        },
      },
    ],
  });

export type AccountJson = z.output<typeof accountSchema>;

/** The account as it goes over the wire.
 *  @param internal for the platform and operators, who may know the provider's ids. */
export function accountJson(
  overview: AccountOverview,
  { nowMs, policy, internal }: { nowMs: number; policy: Policy; internal: boolean },
): AccountJson {
  const { accountId, name, email, locale, timeZone, country, plan, customerId, card, suspension } =
    overview.account;
  return {
    id: accountId,
    name,
    email,
    locale,
    timeZone,
    country,
    plan,
    ...(internal ? { stripeCustomerId: customerId } : {}),
    paymentMethod:
      card === null
        ? null
        : { brand: card.brand, last4: card.last4, expMonth: card.expMonth, expYear: card.expYear },
    suspension:
      suspension === null ? null : { reason: suspension.reason, since: instant(suspension.sinceMs) },
    unreadNotifications: overview.unreadNotifications,
    wallets: forEachWallet((wallet) => walletJson(wallet, overview, nowMs, policy)),
  };
}

/** What automatic top-up of a wallet is doing, and why or why not. */
export function explainWallet(
  wallet: Wallet,
  { account, wallets }: AccountOverview,
  { nowMs, policy }: { nowMs: number; policy: Policy },
): Explanation {
  return explain(
    {
      ...wallets[wallet],
      wallet,
      prices: PRICES[account.plan],
      suspension: account.suspension,
      cardOnFile: account.card !== null,
      blockedBy: account.blockReason,
    },
    nowMs,
    policy,
  );
}

function walletJson(
  wallet: Wallet,
  overview: AccountOverview,
  nowMs: number,
  policy: Policy,
): z.output<typeof walletSchema> {
  const { account, wallets } = overview;
  const prices = PRICES[account.plan];
  const facts = wallets[wallet];
  const { state, reason, nextWakeAtMs } = explainWallet(wallet, overview, { nowMs, policy });
  return {
    balance: toDisplayUnits(wallet, facts.balance),
    held: toDisplayUnits(wallet, facts.held),
    available: toDisplayUnits(wallet, subtractQuantity(facts.balance, facts.held)),
    autoTopUp: { state, reason, nextWakeAt: instantOrNull(nextWakeAtMs) },
    settings:
      facts.settings === null
        ? null
        : settingsJson(wallet, facts.settings, { prices, usualHold: facts.usualHold }),
    price: {
      amount: toEuros(cents(prices[wallet].cents)),
      units: prices[wallet].units,
      currency: CURRENCY,
    },
    spentThisMonth: toEuros(facts.spentThisMonthCents),
    monthEndsAt: instant(facts.monthEndsAtMs),
  };
}
