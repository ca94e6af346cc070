import type { AccountId } from '../domain/ids.ts';

/** A run that is told this much has not continued as new, although at 2,000 events, with four for each signal, it
 *  would have long ago: no worker polls, or an activity has been retried for hours. */
const SIGNALS_UNSPACED = 1_000;
/** The pause grows by this with each further signal. So the 10,000 signals that Temporal lets one run hear are 47 days
 *  away, and the 51,200 events that end a run, with six at most for each signal, 33 days. */
const SPACING_STEP_MS = 100;
/** Only accounts that are signalled much matter, and these are never the longest unheard of. */
const ACCOUNTS_REMEMBERED = 10_000;

export type RunLoads = ReturnType<typeof createRunLoads>;

type Load = { runId: string; signals: number; lastAtMs: number };

/** Counts the signals that each account's run has been sent by this relay, and spaces them out where they pile up. */
export function createRunLoads({ unspaced = SIGNALS_UNSPACED, stepMs = SPACING_STEP_MS } = {}) {
  const loads = new Map<AccountId, Load>();
  return {
    heard(accountId: AccountId, runId: string, nowMs: number): void {
      const before = loads.get(accountId);
      const signals = before?.runId === runId ? before.signals + 1 : 1;
      loads.delete(accountId);
      loads.set(accountId, { runId, signals, lastAtMs: nowMs });
      const [oldest] = loads.keys();
      if (loads.size > ACCOUNTS_REMEMBERED && oldest !== undefined) loads.delete(oldest);
    },

    /** How long the account's next signal has to wait; 0 for not at all, which is the rule. */
    restMs(accountId: AccountId, nowMs: number): number {
      const load = loads.get(accountId);
      if (load === undefined) return 0;
      const spacingMs = Math.max(0, load.signals - unspaced) * stepMs;
      return Math.max(0, load.lastAtMs + spacingMs - nowMs);
    },
  };
}
