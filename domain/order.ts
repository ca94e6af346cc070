import type { TopUpId, AccountId } from './ids.ts';
import { multiplesWithinCap } from './guards.ts';
import { cents, type Cents } from './money.ts';
import type { Policy } from './policy.ts';
import { quote, type Price, type Quote } from './prices.ts';
import type { Settings } from './settings.ts';
import type { TopUpOrder, Warrant } from './top-up.ts';
import type { Wallet } from './wallet.ts';

/** The facts that an automatic order rests on. */
export type OrderFacts = {
  topUpId: TopUpId;
  accountId: AccountId;
  wallet: Wallet;
  settings: Settings;
  prices: Readonly<Record<Wallet, Price>>;
  spentThisMonthCents: Cents;
  warrant: Warrant;
};

/** The order that lifts the balance to the warrant's target: the smallest whole multiple of the amount that
 *  does, at most `maxMultiple` times and within the monthly cap, so that it may land lower.
 *  @returns null when the cap has no room for one amount, or the amount buys nothing. */
export function orderFor(facts: OrderFacts, policy: Policy): TopUpOrder | null {
  const { settings, spentThisMonthCents, warrant, wallet } = facts;
  const room = multiplesWithinCap(settings.amountCents, settings.monthlyCapCents, spentThisMonthCents);
  const most = Math.min(policy.maxMultiple, room);
  if (most < 1) return null;
  const bought = smallestMultiple(facts, most);
  if (bought.units < 1) return null;
  return {
    topUpId: facts.topUpId,
    accountId: facts.accountId,
    wallet,
    trigger: 'auto',
    ...bought,
    warrant,
  };
}

function smallestMultiple({ settings, prices, wallet, warrant }: OrderFacts, most: number): Quote {
  for (let multiple = 1; multiple < most; multiple += 1) {
    const bought = quote(prices, wallet, cents(settings.amountCents * multiple));
    if (warrant.balance + bought.quantity >= warrant.target) return bought;
  }
  return quote(prices, wallet, cents(settings.amountCents * most));
}
