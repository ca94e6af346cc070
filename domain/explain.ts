import type { BlockReason, Suspension, SuspensionReason } from './account-state.ts';
import type { FailureReason } from './failures.ts';
import { guardInTheWay, type Guard } from './guards.ts';
import type { Cents } from './money.ts';
import type { Policy } from './policy.ts';
import { quote, type Price } from './prices.ts';
import type { Quantity } from './quantities.ts';
import type { Settings } from './settings.ts';
import type { OpenTopUpState } from './top-up.ts';
import type { Wallet } from './wallet.ts';

export const AUTO_TOP_UP_STATES = [
  'off',
  'armed',
  'charging',
  'action_required',
  'retrying',
  'unknown',
  'suspended',
  'blocked',
] as const;
export type AutoTopUpState = (typeof AUTO_TOP_UP_STATES)[number];

/** Why automatic top-up is in its state, besides the reasons of a suspension, a block, a guard or a failure. */
export const STATE_REASONS = {
  never_saved: 'No settings have been saved for this wallet.',
  disabled: 'The customer has switched it off.',
  balance_sufficient: 'The balance is not below the top-up value.',
  waiting_for_campaign: 'The balance is below the top-up value; the next campaign activity starts a top-up.',
  top_up_due: 'The balance is below the top-up value; a top-up is about to start.',
  payment_running: 'The card is being charged.',
  credit_running: 'The payment has succeeded; the credit is being booked.',
  amount_buys_nothing: 'The amount does not buy one whole unit.',
} as const satisfies Record<string, string>;

export type AutoTopUpReason =
  | keyof typeof STATE_REASONS
  | SuspensionReason
  | BlockReason
  | Guard['reason']
  | FailureReason;

/** What the database says of one wallet's automatic top-up. */
export type AutoTopUpFacts = {
  wallet: Wallet;
  balance: Quantity;
  settings: Settings | null;
  prices: Readonly<Record<Wallet, Price>>;
  openTopUp: {
    state: OpenTopUpState;
    /** Why the last attempt failed, when it is known. */
    failure?: FailureReason | null;
    nextAttemptAtMs: number | null;
    /** Bought on the payment page, which gives way to an automatic charge. */
    checkout?: true;
  } | null;
  suspension: Suspension | null;
  /** Whether a card is on file. */
  cardOnFile: boolean;
  /** Why no charge was possible when the provider's customer was last looked at. */
  blockedBy: BlockReason | null;
  spentThisMonthCents: Cents;
  monthEndsAtMs: number;
  /** Starts of the automatic top-ups of the last 24 h, oldest first. */
  recentTopUpsAtMs: readonly number[];
  /** The wallet's last automatic top-up, when it has failed and nothing has been forgiven since. */
  lastFailed?: FailedTopUp | null;
};

export type FailedTopUp = {
  failure: FailureReason | null;
  closedAtMs: number;
  /** Failed top-ups of the account in a row before it. */
  failuresBefore: number;
};

export type Explanation = {
  state: AutoTopUpState;
  reason: AutoTopUpReason;
  /** When something happens by itself; null when it waits for usage or for a person. */
  nextWakeAtMs: number | null;
};

/** Says what automatic top-up is doing for a wallet, and why or why not. What is in flight comes first; then
 *  what stands in the way of a charge, wanted or not, so that the customer learns of it before it matters. */
export function explain(facts: AutoTopUpFacts, nowMs: number, policy: Policy): Explanation {
  const { openTopUp } = facts;
  const isOpenPage = openTopUp?.checkout === true && openTopUp.state === 'action_required';
  if (openTopUp !== null && !isOpenPage) return explainFlight(openTopUp);
  if (facts.settings === null) return { state: 'off', reason: 'never_saved', nextWakeAtMs: null };
  if (!facts.settings.enabled) return { state: 'off', reason: 'disabled', nextWakeAtMs: null };
  if (facts.suspension !== null) {
    return { state: 'suspended', reason: facts.suspension.reason, nextWakeAtMs: null };
  }
  return (
    explainObstacle(facts, facts.settings, nowMs, policy) ??
    explainWatch(facts, facts.settings, nowMs, policy)
  );
}

/** Until when a new top-up waits because the last one has failed, as a retry would (progress.ts); null when it does not. */
export function pausedUntilMs(
  { lastFailed = null }: Pick<AutoTopUpFacts, 'lastFailed'>,
  nowMs: number,
  { softDeclineDelaysMs, blockedRecheckMs }: Policy,
): number | null {
  if (lastFailed === null) return null;
  const { closedAtMs, failuresBefore } = lastFailed;
  const delayMs = softDeclineDelaysMs[failuresBefore] ?? softDeclineDelaysMs.at(-1) ?? blockedRecheckMs;
  const untilMs = closedAtMs + delayMs;
  return untilMs > nowMs ? untilMs : null;
}

function explainFlight({
  state,
  failure,
  nextAttemptAtMs,
}: NonNullable<AutoTopUpFacts['openTopUp']>): Explanation {
  switch (state) {
    case 'pending':
    case 'charging':
      return { state: 'charging', reason: 'payment_running', nextWakeAtMs: null };
    case 'paid':
      return { state: 'charging', reason: 'credit_running', nextWakeAtMs: null };
    case 'action_required':
      return { state, reason: 'authentication_required', nextWakeAtMs: nextAttemptAtMs };
    case 'retrying':
      return { state, reason: failure ?? 'card_declined', nextWakeAtMs: nextAttemptAtMs };
    case 'unknown':
      return { state, reason: 'provider_unavailable', nextWakeAtMs: nextAttemptAtMs };
  }
}

function explainObstacle(
  facts: AutoTopUpFacts,
  settings: Settings,
  nowMs: number,
  policy: Policy,
): Explanation | null {
  if (!facts.cardOnFile) return { state: 'blocked', reason: 'no_payment_method', nextWakeAtMs: null };
  if (facts.blockedBy !== null) return { state: 'blocked', reason: facts.blockedBy, nextWakeAtMs: null };
  if (quote(facts.prices, facts.wallet, settings.amountCents).units < 1) {
    return { state: 'blocked', reason: 'amount_buys_nothing', nextWakeAtMs: null };
  }
  const { amountCents, monthlyCapCents } = settings;
  const guard = guardInTheWay({ ...facts, amountCents, monthlyCapCents }, nowMs, policy);
  return guard === null ? null : { state: 'blocked', reason: guard.reason, nextWakeAtMs: guard.untilMs };
}

function explainWatch(
  facts: AutoTopUpFacts,
  { topUpBelow }: Settings,
  nowMs: number,
  policy: Policy,
): Explanation {
  const { wallet, balance, lastFailed } = facts;
  if (balance >= topUpBelow) return { state: 'armed', reason: 'balance_sufficient', nextWakeAtMs: null };
  const nextWakeAtMs = pausedUntilMs(facts, nowMs, policy);
  if (nextWakeAtMs !== null) {
    return { state: 'retrying', reason: lastFailed?.failure ?? 'unknown', nextWakeAtMs };
  }
  const reason = wallet === 'call_minutes' ? 'waiting_for_campaign' : 'top_up_due';
  return { state: 'armed', reason, nextWakeAtMs: null };
}
