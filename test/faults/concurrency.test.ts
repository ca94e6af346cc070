import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChargeTopUp } from '../../activities/charge-top-up.ts';
import { createCreditTopUp } from '../../activities/credit-top-up.ts';
import { createLookUpTopUp } from '../../activities/look-up-top-up.ts';
import { ProviderError } from '../../activities/payment-errors.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { LedgerError } from '../../db/ledger-error.ts';
import { TOP_UP_TRIGGERS, type TopUpOrder } from '../../domain/top-up.ts';
import { startStage, type Stage } from '../activities/adapters/stripe-stage.ts';
import { choice, newAccount, openStores, order, type TestStores } from '../db/support.ts';

const CALLERS = 50;
const ATTEMPTS_OF_A_CALLER = 200;

/** What the winner's payment may meet on the way; each round has its own account. */
const ROUNDS = [
  { name: 'and Stripe answers', faults: [] },
  { name: 'and the response of the payment is lost', faults: [{ kind: 'lost_response', path: 'pay' }] },
  {
    name: 'and Stripe fails at every step',
    faults: [
      { kind: 'error_after', path: 'invoices' },
      { kind: 'truncated_body', path: 'invoiceitems' },
      { kind: 'lost_response', path: 'finalize' },
      { kind: 'error_after', path: 'pay' },
    ],
  },
];

describe(`${CALLERS} callers at once: automatic, by hand, an operator's, and webhooks in between`, () => {
  let stores: TestStores;
  let stage: Stage;
  beforeAll(async () => {
    [stores, stage] = await Promise.all([openStores(), startStage(10_000)]);
  });
  afterAll(async () => {
    await Promise.all([stores.close(), stage.close()]);
  });

  async function needed() {
    const accountId = await newAccount(stores);
    await stores.settings.save(accountId, 'call_minutes', choice(), { ifVersion: null });
    const { customerId } = await stage.customerWith('pm_card_visa');
    await stores.accounts.saveCustomer(accountId, customerId);
    return { accountId, customerId };
  }

  /** Orders by every kind of trigger; only an automatic one has a warrant. */
  const orders = (accountId: TopUpOrder['accountId']): TopUpOrder[] =>
    Array.from({ length: CALLERS }, (_, index) => {
      const trigger = TOP_UP_TRIGGERS[index % TOP_UP_TRIGGERS.length]!;
      return order(accountId, trigger === 'auto' ? {} : { trigger, warrant: null });
    });

  /** Repeats as Temporal does: faults of the provider, and a credit that came before its payment. */
  async function persistently<T>(call: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await call();
      } catch (error) {
        const isPassing =
          (error instanceof ProviderError && error.kind !== 'rejected') || error instanceof LedgerError;
        if (!isPassing || tries === ATTEMPTS_OF_A_CALLER) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 60));
    }
  }

  test.each(ROUNDS)('$name: one payment, one credit', { timeout: 60_000 }, async ({ faults }) => {
    const { accountId, customerId } = await needed();
    const recorded = await Promise.all(orders(accountId).map((one) => stores.topUps.recordIntent(one)));
    const [winner, ...others] = recorded.flatMap((one) => (one.status === 'recorded' ? [one.topUp] : []));
    expect(others).toEqual([]);
    expect(new Set(recorded.flatMap((one) => (one.status === 'recorded' ? [] : [one.reason])))).toEqual(
      new Set(['in_flight']),
    );
    const { topUpId } = winner!;
    for (const fault of faults) {
      await stage.control('/switches', { count: 1, method: 'POST', customer: customerId, ...fault });
    }

    const { accounts, topUps, ledger, webhookEvents } = stores;
    const dependencies = { accounts, topUps, ledger, payments: stage.payments, atStep: () => undefined };
    const charge = createChargeTopUp(dependencies);
    const lookUp = createLookUpTopUp(dependencies);
    const credit = createCreditTopUp(dependencies);
    const isPaid = (status: string) => status === 'paid' || status === 'credited';
    /** Stripe's word of the payment, each event twice, in no order. */
    const webhook = (index: number) =>
      webhookEvents.recordStripeEvent({
        eventId: `evt_${topUpId}_${index % 5}`,
        type: index % 2 === 0 ? 'invoice.paid' : 'invoice.payment_failed',
        createdAtMs: Date.now(),
        accountId: null,
        customerId,
        topUpId,
        invoiceId: null,
        paymentIntentId: null,
      });
    await Promise.all(
      Array.from({ length: CALLERS }, async (_, index) => {
        await webhook(index);
        await persistently(async () => {
          const { status } =
            index % 4 === 3 ? await lookUp({ topUpId }) : await charge({ order: winner!, attempt: 1 });
          await webhook(index + 1);
          if (!isPaid(status)) throw ProviderError.unclear('test', `not paid yet: ${status}`);
        });
        await persistently(() => credit({ topUpId }));
        await webhook(index + 2);
      }),
    );

    expect(await stage.strikes(customerId)).toBe(faults.length);
    const { charges, invoices } = await stage.state(customerId);
    expect(charges).toMatchObject([{ status: 'succeeded' }]);
    expect(invoices.filter(({ status }) => status === 'paid')).toHaveLength(1);
    const credits = await stores.db.sql`
      select quantity from ledger_entries where account_id = ${accountId} and kind = 'top_up'`;
    expect(credits).toHaveLength(1);
    expect((await topUps.read(topUpId))!.state).toBe('credited');
    expect((await checkInvariants(stores.db, stores.policy)).filter(({ holds }) => !holds)).toEqual([]);
  });
});
