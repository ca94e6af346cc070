import { cents, type Cents } from './money.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** The numbers that bound what the service does by itself. Tests and rehearsals shorten them by configuration
 *  (`POLICY`); nothing else may. Plain JSON, because the workflow carries them. */
export type Policy = {
  minAmountCents: Cents;
  maxAmountCents: Cents;
  maxMultiple: number;
  maxTopUpsPerDay: number;
  dayMs: number;
  failuresUntilSuspension: number;
  softDeclineDelaysMs: readonly number[];
  actionRequiredWaitMs: number;
  actionRequiredReminderMs: number;
  unknownLookUpEveryMs: number;
  unknownQuietMs: number;
  blockedRecheckMs: number;
  blockedRecheckForMs: number;
  disagreementPauseMs: number;
  coalesceMs: number;
  inTimeFactor: number;
  entriesPerTelling: number;
  historyEventsMax: number;
  eventRetentionMs: number;
  sweepEveryMs: number;
  forgottenAfterMs: number;
  mailSearchLagMs: number;
  ledgerTimeoutMs: number;
  heartbeatTimeoutMs: number;
  webhookRetryDelaysMs: readonly number[];
  webhookTimeoutMs: number;
};

export const POLICY: Policy = {
  // Stripe's own minimum is 0.50 €; below one euro the card fee eats the amount.
  minAmountCents: cents(1_00),
  // Ten whole multiples of it stay below Stripe's limit of 999,999.99 for a single charge.
  maxAmountCents: cents(10_000_00),
  // One charge covers a deep gap, but never more than ten times what the customer agreed to.
  maxMultiple: 10,
  // A runaway campaign or a mispriced event stops here and a person looks at it.
  maxTopUpsPerDay: 10,
  dayMs: 24 * HOUR_MS,
  // Card networks fine repeated attempts on a card that does not pay.
  failuresUntilSuspension: 3,
  // Soft declines: after 1 h, 6 h and 24 h, so at most four attempts a top-up.
  softDeclineDelaysMs: [1 * HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS],
  // A customer who is away for a weekend still finds the invoice open.
  actionRequiredWaitMs: 72 * HOUR_MS,
  actionRequiredReminderMs: 24 * HOUR_MS,
  // Far below the 20 h within which an unknown outcome has to be settled.
  unknownLookUpEveryMs: 5 * MINUTE_MS,
  // A payment that Stripe is still processing shows up on the invoice well within this.
  unknownQuietMs: 10 * MINUTE_MS,
  // A missing card is usually mended by a webhook; this is for the webhook that never comes. The pauses grow up to a day,
  // and end: an account that nobody uses costs nothing. News of it still make it be looked at, once an hour at most.
  blockedRecheckMs: 1 * HOUR_MS,
  blockedRecheckForMs: 7 * 24 * HOUR_MS,
  // When the database refuses what the workflow wanted, both are read again before another try.
  disagreementPauseMs: 30 * SECOND_MS,
  // Usage below a threshold, of which nothing new follows, may reach the workflow this late.
  coalesceMs: 30 * SECOND_MS,
  // Above all thresholds this many times later: it changes nothing but what people see of the workflow, and every
  // signal is billed (docs/adr/0008).
  inTimeFactor: 30,
  // Then within `coalesceMs` of each so many entries, so that a busy account's slice is quickly cut when a crossing
  // comes. Far above what a call that is reported every second books in 15 minutes, which would pay for both.
  entriesPerTelling: 5_000,
  // Half of where Temporal itself suggests to continue as new: replays stay quick.
  historyEventsMax: 2_000,
  // How long a usage event is recognised when it is sent again; after that its entry may be archived.
  eventRetentionMs: 90 * 24 * HOUR_MS,
  // The safety net: it looks this often, for what should have happened this long ago.
  sweepEveryMs: 30 * SECOND_MS,
  forgottenAfterMs: 60 * SECOND_MS,
  // A hand-over may take 10 s, and Postmark's search lags behind an accepted mail; before this has passed, not found
  // means nothing.
  mailSearchLagMs: 60 * SECOND_MS,
  // After this, a worker that has gone silent is believed to be dead and its work is given to another one. A slow
  // one that comes back does no harm: both use the same keys.
  ledgerTimeoutMs: 15 * SECOND_MS,
  heartbeatTimeoutMs: 20 * SECOND_MS,
  // The schedule that Standard Webhooks recommends: ten attempts within 76 h, then a dead letter.
  webhookRetryDelaysMs: [
    5 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    14 * HOUR_MS,
    20 * HOUR_MS,
    24 * HOUR_MS,
  ],
  // An endpoint that takes longer has to answer first and work afterwards.
  webhookTimeoutMs: 10 * SECOND_MS,
};
