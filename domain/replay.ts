import { NO_CENTS, cents, type Cents } from './money.ts';
import type { Policy } from './policy.ts';
import type { Price } from './prices.ts';
import { addQuantity, type Quantity } from './quantities.ts';
import { createReplayAccount, type ReplayStep, type StartedTopUp } from './replay-account.ts';
import type { SettingsChoice } from './settings.ts';
import type { Wallet } from './wallet.ts';

/** What a wallet went through, without the automatic top-ups that began in that time. */
export type ReplayHistory = {
  wallet: Wallet;
  prices: Record<Wallet, Price>;
  fromMs: number;
  toMs: number;
  /** The wallet had no entry before `fromMs`. */
  isNew: boolean;
  /** Before the first step. */
  balance: Quantity;
  /** First instants of the calendar months, from that of `fromMs` to the one after `toMs`. */
  monthStartsMs: readonly number[];
  /** Automatic top-ups that began before `fromMs` and still count towards a limit then; oldest first. */
  started: readonly StartedTopUp[];
  /** Oldest first. */
  steps: readonly ReplayStep[];
};

export type ReplayEvent =
  | { kind: 'balance.alert' | 'balance.depleted'; atMs: number; balance: Quantity }
  | { kind: 'top_up'; atMs: number; amountCents: Cents; units: number };

export type Replay = {
  topUps: number;
  amountCents: Cents;
  alerts: number;
  depletions: number;
  /** From the last alert before the first top-up to that; null without both. */
  warnedMs: number | null;
  /** The newest `MOST_EVENTS`, oldest first. */
  events: ReplayEvent[];
};

export const MOST_EVENTS = 100;
/** The policy is asked this often at most, which takes well below a second. */
const MOST_DECISIONS = 10_000;

/** What settings would have done, had they been saved at the beginning of a history, under the same policy, limits and
 *  campaign rules, with a card that always pays.
 *  @returns null when a balance crosses its values too often to be followed in reasonable time. */
export function replay(history: ReplayHistory, choice: SettingsChoice, policy: Policy): Replay | null {
  const { wallet, prices, toMs, monthStartsMs, started } = history;
  const { fromMs, balance, steps } = beginningOf(history);
  const settings = { ...choice, version: 1, alertVersion: 1 };
  const events: ReplayEvent[] = [];
  const account = createReplayAccount(
    { wallet, settings, prices, atMs: fromMs, balance, monthStartsMs, started },
    policy,
    {
      charged: ({ amountCents, units }, atMs) => events.push({ kind: 'top_up', atMs, amountCents, units }),
      told: (request, atMs) => {
        if (request.kind !== 'balance.alert' && request.kind !== 'balance.depleted') return;
        events.push({ kind: request.kind, atMs, balance: request.balance });
      },
    },
  );
  for (const step of steps) {
    account.step(step);
    if (account.decisions() > MOST_DECISIONS) return null;
  }
  account.wakeUntil(toMs);
  return summary(events);
}

/** A wallet that did not exist yet was neither low nor worth a top-up: it begins with what was first put into it. */
function beginningOf(history: ReplayHistory): Pick<ReplayHistory, 'fromMs' | 'balance' | 'steps'> {
  if (!history.isNew) return history;
  const [first, ...later] = history.steps;
  if (first === undefined) return { ...history, fromMs: history.toMs };
  if (first.change <= 0) return { ...history, fromMs: first.atMs };
  return { fromMs: first.atMs, balance: addQuantity(history.balance, first.change), steps: later };
}

function summary(events: readonly ReplayEvent[]): Replay {
  const topUps = events.filter((event) => event.kind === 'top_up');
  const alerts = events.filter(({ kind }) => kind === 'balance.alert');
  const [first] = topUps;
  const warning = first === undefined ? undefined : alerts.findLast(({ atMs }) => atMs <= first.atMs);
  return {
    topUps: topUps.length,
    amountCents: cents(topUps.reduce<number>((sum, { amountCents }) => sum + amountCents, NO_CENTS)),
    alerts: alerts.length,
    depletions: events.length - topUps.length - alerts.length,
    warnedMs: first === undefined || warning === undefined ? null : first.atMs - warning.atMs,
    events: events.slice(-MOST_EVENTS),
  };
}
