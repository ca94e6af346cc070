import type { ActivityOptions } from '@temporalio/workflow';
import type { Policy } from '../domain/policy.ts';

/** What an activity has to do with: each kind waits and gives up in its own way. */
export type ActivityKind = 'ledger' | 'payment' | 'customer' | 'email' | 'reversal';

/** Options of one call; the timeouts that tell a dead worker from a slow one come from the policy. */
export function activityOptions(kind: ActivityKind, policy: Policy, summary: string): ActivityOptions {
  const { ledgerTimeoutMs, heartbeatTimeoutMs } = policy;
  switch (kind) {
    case 'ledger':
      // The ledger answers quickly or is away; then there is nothing to do but to wait for it.
      return {
        summary,
        startToCloseTimeout: ledgerTimeoutMs,
        retry: { initialInterval: '200 milliseconds', maximumInterval: '30 seconds' },
      };
    case 'payment':
      // All attempts share their idempotency keys, and Stripe keeps a key for at least 24 h: so they give up well
      // before (facts: < 20 h).
      return {
        summary,
        startToCloseTimeout: '3 minutes',
        heartbeatTimeout: heartbeatTimeoutMs,
        scheduleToCloseTimeout: '19 hours',
        retry: { initialInterval: '1 second', maximumInterval: '5 minutes' },
      };
    case 'customer':
      // The customer's standing is only read, so it may be waited for as long as it takes.
      return {
        summary,
        startToCloseTimeout: '1 minute',
        retry: { initialInterval: '1 second', maximumInterval: '10 minutes' },
      };
    case 'reversal':
      // What it leaves undone is found by the next read of the account, so it may give up early: the sweeper wakes.
      return {
        summary,
        startToCloseTimeout: '3 minutes',
        heartbeatTimeout: heartbeatTimeoutMs,
        scheduleToCloseTimeout: '1 hour',
        retry: { initialInterval: '1 second', maximumInterval: '5 minutes' },
      };
    case 'email':
      // A mail that cannot be delivered for a day is dead; the dashboard has told it anyway.
      return {
        summary,
        startToCloseTimeout: '1 minute',
        heartbeatTimeout: heartbeatTimeoutMs,
        scheduleToCloseTimeout: '24 hours',
        retry: { initialInterval: '2 seconds', maximumInterval: '15 minutes' },
      };
  }
}
