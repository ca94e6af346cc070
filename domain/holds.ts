import type { AutoTopUpFacts } from './explain.ts';
import { guardInTheWay } from './guards.ts';
import type { Policy } from './policy.ts';
import { quote } from './prices.ts';

/** What a campaign's hold of call minutes leads to. */
export type HoldConsequence =
  /** A top-up of the wallet is open already. */
  | 'open'
  /** Nothing is in the way of a charge but, perhaps, a card that is not known to be there. */
  | 'starts'
  /** The want is remembered until something that is in the way opens by itself. */
  | 'waits'
  /** Nothing follows; should it later, the account is read then. */
  | 'nothing';

/** Judges what follows from a campaign's hold: a granted one counts as activity below the top-up value, a refused one
 *  asks by itself when the customer wants it to. */
export function consequenceOf(
  isRefused: boolean,
  facts: AutoTopUpFacts,
  nowMs: number,
  policy: Policy,
): HoldConsequence {
  const { settings, openTopUp } = facts;
  // A page that waits for a person gives way to an automatic charge.
  const isPage = openTopUp?.checkout === true && openTopUp.state === 'action_required';
  if (openTopUp !== null && !isPage) return 'open';
  if (settings === null || !settings.enabled || facts.suspension !== null) return 'nothing';
  const asks = isRefused ? settings.topUpOnRefusal : facts.balance < settings.topUpBelow;
  if (!asks) return 'nothing';
  if (quote(facts.prices, facts.wallet, settings.amountCents).units < 1) return 'waits';
  if (facts.blockedBy !== null) return 'waits';
  return guardInTheWay({ ...facts, ...settings }, nowMs, policy) === null ? 'starts' : 'waits';
}
