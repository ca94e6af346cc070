import { createRandom } from '../support/random.ts';

/** What every peer is told of an account before the first event. Seconds of call time. */
export type WorkloadAccount = { readonly id: string; readonly startSeconds: number };

export type WorkloadEvent = { readonly id: string; readonly accountId: string; readonly seconds: number };

/** Events of campaign calls over some accounts, of which some fall below their alert and their top-up value once.
 *  A top-up is large enough for all that follows, so the number of them does not depend on anybody's speed. */
export type Workload = {
  readonly accounts: readonly WorkloadAccount[];
  readonly events: readonly WorkloadEvent[];
  /** Counted from the events themselves. */
  readonly dueTopUps: number;
};

/** The settings of every account of the workload in minutes, as bench/support/seed.ts writes them, and what one
 *  top-up of 50.00 EUR buys. */
export const THRESHOLDS = { alertBelow: 10, topUpBelow: 5, boughtMinutes: 454 } as const;

const EVENT_SECONDS = 1;

/** The same workload for the same seed: events of one second of call time each, as a platform has them that reports
 *  every second of every call, each of an account picked at random. A longer workload begins with the shorter one.
 *  @throws when an account would need a second top-up. */
export function makeWorkload(options: {
  seed: number;
  accounts: readonly WorkloadAccount[];
  events: number;
}): Workload {
  const { accounts } = options;
  const random = createRandom(options.seed);
  const pick = () => accounts[Math.floor(random() * accounts.length)]?.id ?? '';
  const events = Array.from(
    { length: options.events },
    (_, index): WorkloadEvent => ({
      id: `e${index}`,
      accountId: pick(),
      seconds: EVENT_SECONDS,
    }),
  );
  const used = new Map<string, number>();
  for (const { accountId, seconds } of events) used.set(accountId, (used.get(accountId) ?? 0) + seconds);
  const isDue = ({ id, startSeconds }: WorkloadAccount, boughtSeconds = 0) =>
    startSeconds + boughtSeconds - (used.get(id) ?? 0) < THRESHOLDS.topUpBelow * 60;
  if (accounts.some((account) => isDue(account, THRESHOLDS.boughtMinutes * 60))) {
    throw new Error('the workload is too long: one top-up is not enough for it');
  }
  return { accounts, events, dueTopUps: accounts.filter((account) => isDue(account)).length };
}

/** Where an account starts that falls below the top-up value about half way through so many events. */
export function startOfCrossing(options: { accounts: number; events: number }): number {
  const meanUse = (options.events / options.accounts) * EVENT_SECONDS;
  return THRESHOLDS.topUpBelow * 60 + Math.floor(meanUse / 2);
}
