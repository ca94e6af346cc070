import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStripeRecords } from '../../activities/adapters/stripe-records.ts';
import { createReconcilerActivities } from '../../activities/create-reconciler-activities.ts';
import type { ReconcileInput } from '../../activities/reconcile-payments.ts';
import { listFindings, type Finding } from '../../db/findings.ts';
import { createReconciliations } from '../../db/reconciliations.ts';
import { topUpId, type TopUpId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import type { TopUp } from '../../domain/top-up.ts';
import {
  asOwner,
  choice,
  newAccount,
  openStores,
  order,
  PAID_INVOICE,
  type TestStores,
} from '../db/support.ts';
import { openInvoice, startStage, type Stage } from './adapters/stripe-stage.ts';

let stores: TestStores;
let stage: Stage;
let customer: { customerId: string; paymentMethodId: string };
beforeAll(async () => {
  [stores, stage] = await Promise.all([openStores(), startStage()]);
  customer = await stage.customerWith('pm_card_visa');
});
afterAll(async () => {
  await Promise.all([stores.close(), stage.close()]);
});

/** A reconciler that is patient for `patienceMs`; 0 takes every payment for late. */
function reconciler(patienceMs = 0) {
  const stripe = { secretKey: 'sk_test_stage', apiBase: stage.wire.url };
  return createReconcilerActivities({
    records: createStripeRecords(stripe),
    reconciliations: createReconciliations(stores.db, stores.policy),
    payments: stage.payments,
    topUps: stores.topUps,
    ledger: stores.ledger,
    policy: { forgottenAfterMs: patienceMs },
    nowMs: Date.now,
  });
}

type Pass = 'payments' | 'credits' | 'refund' | 'dispute';

/** One pass over all pages; `pages` counts them. */
async function run(pass: Pass, patienceMs = 0) {
  const { reconcilePayments, reconcileCredits, reconcileReversals } = reconciler(patienceMs);
  const step = (input: ReconcileInput) => {
    if (pass === 'payments') return reconcilePayments(input);
    if (pass === 'credits') return reconcileCredits(input);
    return reconcileReversals({ ...input, kind: pass });
  };
  const totals = { pages: 0, repaired: 0, reported: 0 };
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof step>> = await step({ sinceMs: Date.now() - 3_600_000, cursor });
    totals.pages += 1;
    totals.repaired += page.repaired;
    totals.reported += page.reported;
    cursor = page.cursor;
  } while (cursor !== null);
  return totals;
}

async function recorded(): Promise<TopUp> {
  const id = await newAccount(stores);
  await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
  const result = await stores.topUps.recordIntent(order(id));
  if (result.status !== 'recorded') throw new Error(result.reason);
  return result.topUp;
}

/** Pays a top-up at Stripe, and tells nobody. */
async function paidInSilence(topUp: TopUp): Promise<string> {
  const { invoiceId } = await openInvoice(stage, topUp, customer.customerId);
  await stage.post(`/invoices/${invoiceId}/pay`, { payment_method: customer.paymentMethodId });
  return invoiceId;
}

async function creditsOf({ accountId, topUpId: id }: TopUp) {
  const { items } = await stores.ledger.list(accountId, { limit: 100 });
  return items.filter(({ cause }) => cause === `top_up:${id}`).map(({ quantity }) => quantity);
}

const findingsOf = async (id: TopUpId): Promise<Pick<Finding, 'kind' | 'subject'>[]> =>
  (await listFindings(stores.db.sql, { limit: 1_000 })).items
    .filter((finding) => finding.topUpId === id)
    .map(({ kind, subject }) => ({ kind, subject }));

const wakeOf = async ({ accountId }: TopUp) => {
  const [wake] = await stores.db.sql<{ refresh: string[]; dirty: boolean }[]>`
    select refresh, dirty from account_wakes where account_id = ${accountId}`;
  return wake;
};

const setState = (id: TopUpId, state: string) =>
  stores.db.sql`update top_ups set state = ${state}, closed_at = now() where top_up_id = ${id}`;

describe('a payment that nobody heard of', () => {
  test.each(['pending', 'charging', 'unknown', 'canceled', 'failed'])(
    'is credited once when its top-up is %s, however often and by how many it is compared',
    async (state) => {
      const topUp = await recorded();
      const invoiceId = await paidInSilence(topUp);
      await setState(topUp.topUpId, state);
      const runs = await Promise.all([run('payments'), run('payments'), run('payments')]);
      expect(runs.reduce((sum, { repaired }) => sum + repaired, 0)).toBe(1);
      expect(await run('payments')).toMatchObject({ repaired: 0 });
      expect(await creditsOf(topUp)).toEqual([topUp.quantity]);
      expect(await stores.topUps.read(topUp.topUpId)).toMatchObject({ state: 'credited', invoiceId });
      expect(await findingsOf(topUp.topUpId)).toEqual([]);
      expect((await wakeOf(topUp))?.refresh).toContain('payment');
    },
  );

  test('is left to the workflow while it is fresh, which is woken for it', async () => {
    const topUp = await recorded();
    await paidInSilence(topUp);
    expect((await wakeOf(topUp))?.refresh).not.toContain('payment');
    expect(await run('payments', 60_000)).toMatchObject({ repaired: 0 });
    expect(await creditsOf(topUp)).toEqual([]);
    expect((await wakeOf(topUp))?.refresh).toContain('payment');
    await run('payments');
  });

  test('is credited when it was recorded as paid and its credit was lost', async () => {
    const topUp = await recorded();
    const invoiceId = await paidInSilence(topUp);
    await stores.topUps.markPaid(topUp.topUpId, { ...PAID_INVOICE, invoiceId });
    expect(await run('payments')).toMatchObject({ repaired: 1 });
    expect(await creditsOf(topUp)).toEqual([topUp.quantity]);
  });

  test('is found behind a whole page of others', async () => {
    const topUp = await recorded();
    await paidInSilence(topUp);
    for (let more = 0; more < 100; more += 1) {
      const { id } = await stage.post('/invoices', { customer: customer.customerId });
      await stage.post(`/invoices/${String(id)}/finalize`, {});
    }
    const { pages, repaired } = await run('payments');
    expect(pages).toBeGreaterThan(1);
    expect(repaired).toBe(1);
    expect(await creditsOf(topUp)).toEqual([topUp.quantity]);
  });
});

describe('what is not certain is reported, once over many runs, and never credited:', () => {
  test('a payment for a top-up that is unknown', async () => {
    const id = topUpId('call_minutes', randomUUID());
    const stranger = { ...(await recorded()), topUpId: id };
    const invoiceId = await paidInSilence(stranger);
    expect(await run('payments')).toMatchObject({ repaired: 0, reported: 1 });
    await run('payments');
    expect(await findingsOf(id)).toEqual([{ kind: 'payment_without_top_up', subject: invoiceId }]);
    expect(await creditsOf(stranger)).toEqual([]);
    await asOwner(stores, (sql) => sql`delete from findings`);
    await stage.post(`/invoices/${invoiceId}`, { 'metadata[top_up_id]': '' });
  });

  test('a payment of another amount, until its money went back', async () => {
    const topUp = await recorded();
    const invoiceId = await paidInSilence({ ...topUp, amountCents: cents(99) });
    expect(await run('payments')).toMatchObject({ repaired: 0 });
    await run('payments');
    expect(await findingsOf(topUp.topUpId)).toEqual([{ kind: 'payment_differs', subject: invoiceId }]);
    expect(await creditsOf(topUp)).toEqual([]);
    const { total } = await stage.payments
      .readInvoice(invoiceId)
      .then(({ totalCents }) => ({ total: totalCents }));
    await stage.post('/credit_notes', {
      invoice: invoiceId,
      amount: String(total),
      refund_amount: String(total),
    });
    await run('payments');
    expect(await findingsOf(topUp.topUpId)).toEqual([]);
  });

  test('a second payment for the same top-up', async () => {
    const topUp = await recorded();
    const first = await paidInSilence(topUp);
    await run('payments');
    const copy = await stage.post('/invoices', {
      customer: customer.customerId,
      'metadata[top_up_id]': topUp.topUpId,
    });
    const second = String(copy['id']);
    await stage.post('/invoiceitems', {
      customer: customer.customerId,
      invoice: second,
      amount: '100',
      currency: 'eur',
    });
    await stage.post(`/invoices/${second}/finalize`, {});
    await stage.post(`/invoices/${second}/pay`, { payment_method: customer.paymentMethodId });
    await run('payments');
    await run('payments');
    expect(await findingsOf(topUp.topUpId)).toEqual([{ kind: 'payment_differs', subject: second }]);
    expect(await creditsOf(topUp)).toEqual([topUp.quantity]);
    expect((await stores.topUps.read(topUp.topUpId))?.invoiceId).toBe(first);
  });

  test('a credit whose invoice Stripe does not know as paid, until it does', async () => {
    const topUp = await recorded();
    const { invoiceId } = await openInvoice(stage, topUp, customer.customerId);
    await stores.topUps.markPaid(topUp.topUpId, { ...PAID_INVOICE, invoiceId });
    await stores.ledger.creditTopUp(topUp.topUpId);
    const unknown = await recorded();
    await stores.topUps.markPaid(unknown.topUpId, { ...PAID_INVOICE, invoiceId: 'in_nobody_knows' });
    expect(await run('credits')).toMatchObject({ repaired: 0, reported: 2 });
    await run('credits');
    for (const { topUpId: subject } of [topUp, unknown]) {
      expect(await findingsOf(subject)).toEqual([{ kind: 'credit_without_payment', subject }]);
    }
    await stage.post(`/invoices/${invoiceId}/pay`, { payment_method: customer.paymentMethodId });
    expect(await run('credits')).toMatchObject({ reported: 1 });
    expect(await findingsOf(topUp.topUpId)).toEqual([]);
  });
});

describe('a refund or dispute that nobody heard of', () => {
  const marks = async ({ topUpId: id }: TopUp) => {
    const [row] = await stores.db.sql<{ reversalMark: number; reversalSeen: number }[]>`
      select reversal_mark, reversal_seen from top_ups where top_up_id = ${id}`;
    return row;
  };
  const credited = async () => {
    const topUp = await recorded();
    const invoiceId = await paidInSilence(topUp);
    await run('payments');
    const { paymentIntentId } = await stage.payments.readInvoice(invoiceId);
    return { topUp, invoiceId, paymentIntentId: paymentIntentId! };
  };
  const acted = (topUp: TopUp) =>
    stores.db.sql`update top_ups set reversal_seen = reversal_mark where top_up_id = ${topUp.topUpId}`;

  test('is given to the workflow once; a finding only when that changed nothing; and resolved in the end', async () => {
    const { topUp, paymentIntentId } = await credited();
    const refund = await stage.post('/refunds', { payment_intent: paymentIntentId });
    const id = String(refund['id']);
    expect(await run('refund')).toMatchObject({ repaired: 1, reported: 0 });
    expect(await marks(topUp)).toEqual({ reversalMark: 1, reversalSeen: 0 });
    expect((await wakeOf(topUp))?.refresh).toContain('payment');
    await run('refund');
    expect(await marks(topUp)).toEqual({ reversalMark: 1, reversalSeen: 0 });
    expect(await findingsOf(topUp.topUpId)).toEqual([]);

    await acted(topUp);
    await run('refund');
    await run('refund');
    expect(await findingsOf(topUp.topUpId)).toEqual([{ kind: 'reversal_differs', subject: id }]);

    await stores.db.sql`
      insert into reversals (account_id, reversal_id, top_up_id, kind, status, amount_cents, quantity)
      values (${topUp.accountId}, ${id}, ${topUp.topUpId}, 'refund', 'succeeded', ${Number(refund['amount'])}, 0)`;
    expect(await run('refund')).toMatchObject({ repaired: 0, reported: 0 });
    expect(await findingsOf(topUp.topUpId)).toEqual([]);
  });

  test('is news again when its status has changed since', async () => {
    const { topUp, invoiceId } = await credited();
    await stage.control('/disputes', { invoice: invoiceId });
    await run('dispute');
    expect(await marks(topUp)).toEqual({ reversalMark: 1, reversalSeen: 0 });
    await acted(topUp);
    const state = await stage.state(customer.customerId);
    const { disputes } = state as unknown as { disputes: { id: string }[] };
    await stage.control(`/disputes/${disputes[0]?.id}/lost`, {});
    expect(await run('dispute')).toMatchObject({ repaired: 1, reported: 0 });
    expect(await marks(topUp)).toEqual({ reversalMark: 2, reversalSeen: 1 });
  });
});
