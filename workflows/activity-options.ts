import type { ActivityOptions } from '@temporalio/workflow';

/** The ledger answers quickly or is away; then there is nothing to do but to wait for it. */
export const ledgerOptions: ActivityOptions = {
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '30 seconds' },
};

/** Calls to Stripe share their idempotency keys over all attempts, and Stripe keeps a key for at least 24 h: so
 *  they give up well before (facts: < 20 h). The heartbeat tells a dead worker from a slow provider. */
export const paymentOptions: ActivityOptions = {
  startToCloseTimeout: '3 minutes',
  heartbeatTimeout: '20 seconds',
  scheduleToCloseTimeout: '19 hours',
  retry: { initialInterval: '1 second', maximumInterval: '5 minutes' },
};

/** The customer's standing is only read, so it may be waited for as long as it takes. */
export const customerOptions: ActivityOptions = {
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '10 minutes' },
};

/** A mail that cannot be delivered for a day is dead; the dashboard has told it anyway. */
export const emailOptions: ActivityOptions = {
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '24 hours',
  retry: { initialInterval: '2 seconds', maximumInterval: '15 minutes' },
};
