import { cents, CURRENCY, type Cents, type Currency } from './money.ts';
import { fromWholeUnits, type Quantity } from './quantities.ts';
import type { Wallet } from './wallet.ts';

/** A rational price, so that no division is rounded before the end: `cents` buy `units` display units. */
export type Price = { cents: number; units: number };

export const PLANS = ['flex', 'starter', 'business', 'scale'] as const;
export type Plan = (typeof PLANS)[number];

const CHAT_CREDITS: Price = { cents: 7, units: 9 };

/** Net prices of each plan (source: the product's pricing page, "Pricing Breakdown"). */
export const PRICES: Readonly<Record<Plan, Readonly<Record<Wallet, Price>>>> = {
  flex: { call_minutes: { cents: 50, units: 1 }, chat_credits: CHAT_CREDITS },
  starter: { call_minutes: { cents: 40, units: 1 }, chat_credits: CHAT_CREDITS },
  business: { call_minutes: { cents: 15, units: 1 }, chat_credits: CHAT_CREDITS },
  scale: { call_minutes: { cents: 11, units: 1 }, chat_credits: CHAT_CREDITS },
};

/** What an amount buys. `units` are whole minutes or credits; `quantity` is the same in minor units. */
export type Quote = { amountCents: Cents; currency: Currency; units: number; quantity: Quantity };

/** Quotes a net amount: `units = floor(cents × units / cents of the price)`, exact in integers.
 *  @throws RangeError when the product leaves the safe integers. */
export function quote(prices: Readonly<Record<Wallet, Price>>, wallet: Wallet, amountCents: Cents): Quote {
  const price = prices[wallet];
  const product = cents(amountCents * price.units);
  const units = Math.floor(product / price.cents);
  return { amountCents, currency: CURRENCY, units, quantity: fromWholeUnits(wallet, units) };
}
