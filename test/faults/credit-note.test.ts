import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStripeClient } from '../../activities/adapters/stripe-client.ts';
import { createChargeTopUp } from '../../activities/charge-top-up.ts';
import { ProviderError } from '../../activities/payment-errors.ts';
import { createReverseTopUp } from '../../activities/reverse-top-up.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { createRefundRequests } from '../../db/refund-requests.ts';
import { createReversals } from '../../db/reversals.ts';
import type { TopUpId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import { startStage, type Stage } from '../activities/adapters/stripe-stage.ts';
import { choice, newAccount, openStores, order, type TestStores } from '../db/support.ts';

/** Longer than the stage's client waits for one call. */
const BEYOND_THE_TIME_OUT_MS = 4_000;
const BEYOND_THE_KEYS_LIFE_SECONDS = 25 * 3_600;
/** With the pause between them, longer than the slowest fault. */
const TRIES = 12;
const PAUSE_MS = 500;

/** What goes wrong once, and then not again. */
const FAULTS: Record<string, { kind: string } & Record<string, unknown>> = {
  'a time-out before the effect': { kind: 'delay', ms: BEYOND_THE_TIME_OUT_MS, when: 'before' },
  'a time-out after the effect': { kind: 'delay', ms: BEYOND_THE_TIME_OUT_MS, when: 'after' },
  'a reset before the effect': { kind: 'lost_request' },
  'a lost response': { kind: 'lost_response' },
  'a truncated body': { kind: 'truncated_body' },
  'a body without error, before the effect': { kind: 'no_error_body', status: 502, when: 'before' },
  'a body without error, after the effect': { kind: 'no_error_body', status: 502, when: 'after' },
  'a 500 without effect': { kind: 'error_before' },
  'a 500 after the effect': { kind: 'error_after' },
  'a 429': { kind: 'rate_limit' },
  'a 409 of a key in use': { kind: 'conflict' },
};

describe('when Stripe fails once at the credit note of a refund', () => {
  let stores: TestStores;
  let stage: Stage;
  let stripe: Stripe;
  beforeAll(async () => {
    [stores, stage] = await Promise.all([openStores(), startStage()]);
    stripe = createStripeClient({ secretKey: 'sk_test_stage', apiBase: stage.wire.url });
  });
  afterAll(async () => {
    await Promise.all([stores.close(), stage.close()]);
  });

  const dependencies = () => ({
    accounts: stores.accounts,
    topUps: stores.topUps,
    ledger: stores.ledger,
    reversals: createReversals(stores.db),
    payments: stage.payments,
    atStep: () => undefined,
  });

  /** A credited top-up of 1.19 € gross, of which an operator wants 0.60 € refunded. */
  async function refundAsked(): Promise<{ topUpId: TopUpId; intent: string; invoice: string }> {
    const accountId = await newAccount(stores);
    await stores.settings.save(accountId, 'call_minutes', choice(), { ifVersion: null });
    const { customerId } = await stage.customerWith('pm_card_visa');
    await stores.accounts.saveCustomer(accountId, customerId);
    const ordered = order(accountId);
    const { topUpId } = ordered;
    await createChargeTopUp(dependencies())({ order: ordered, attempt: 1 });
    await stores.ledger.creditTopUp(topUpId);
    await createRefundRequests(stores.db).request({
      topUpId,
      reason: 'goodwill',
      amountCents: cents(60),
      actor: 'operator:1',
      key: randomUUID(),
    });
    const [row] = await stores.db.sql<{ intent: string; invoice: string }[]>`
      select payment_intent_id as intent, invoice_id as invoice from top_ups where top_up_id = ${topUpId}`;
    return { topUpId, intent: row?.intent ?? '', invoice: row?.invoice ?? '' };
  }

  /** As the workflow has it tried again; a 5xx that Stripe has stored outlives every try until its key is forgotten.
   *  @returns how many tries brought no outcome. */
  async function untilDone(topUpId: TopUpId, tries: number): Promise<number> {
    for (let failed = 0; failed < tries; failed += 1) {
      try {
        await createReverseTopUp(dependencies())({ topUpId });
        return failed;
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        await sleep(PAUSE_MS);
        if (error.details.replayed) {
          await stage.control('/clock', { advanceSeconds: BEYOND_THE_KEYS_LIFE_SECONDS });
        }
      }
    }
    return tries;
  }

  test.each(Object.entries(FAULTS))(
    '%s: one credit note, one refund, its units once',
    async (_name, fault) => {
      const { topUpId, intent, invoice } = await refundAsked();
      await stage.control('/switches', { ...fault, count: 1, path: '/v1/credit_notes', method: 'POST' });
      const failed = await untilDone(topUpId, TRIES);
      // It has struck: the first try brought no outcome.
      expect(failed).toBeGreaterThan(0);
      expect(failed).toBeLessThan(TRIES);

      // Once more, as after a lost answer of the activity itself.
      await createReverseTopUp(dependencies())({ topUpId });
      expect((await stripe.creditNotes.list({ invoice })).data).toMatchObject([{ amount: 60 }]);
      expect((await stripe.refunds.list({ payment_intent: intent })).data).toMatchObject([{ amount: 60 }]);
      const taken = await stores.db.sql`
      select -sum(quantity)::integer as units, count(*)::integer as entries from ledger_entries
      where kind = 'refund' and account_id = (select account_id from top_ups where top_up_id = ${topUpId})`;
      expect(taken).toMatchObject([{ units: Math.floor((540_000 * 60) / 119), entries: 1 }]);
      // Nobody tells customers or tops up again here.
      const broken = (await checkInvariants(stores.db, stores.policy)).filter(({ holds }) => !holds);
      expect(broken.filter(({ number }) => number !== 6 && number !== 8)).toEqual([]);
    },
  );
});
