import { randomUUID } from 'node:crypto';
import { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStripeClient } from '../../activities/adapters/stripe-client.ts';
import { createStripeWebhookVerifier } from '../../activities/adapters/stripe-webhooks.ts';
import { createChargeTopUp } from '../../activities/charge-top-up.ts';
import { createLookUpTopUp } from '../../activities/look-up-top-up.ts';
import { createReverseTopUp } from '../../activities/reverse-top-up.ts';
import { listFindings } from '../../db/findings.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { createRefundRequests } from '../../db/refund-requests.ts';
import { createReversals } from '../../db/reversals.ts';
import type { AccountId, TopUpId } from '../../domain/ids.ts';
import { cents, type Cents } from '../../domain/money.ts';
import { settlementOf, type TopUpOrder } from '../../domain/top-up.ts';
import { choice, newAccount, openStores, order, type TestStores } from '../db/support.ts';
import { startStage, type Stage } from './adapters/stripe-stage.ts';
import { reset } from './adapters/stripe-wire.ts';

const SECRET = 'whsec_reversals';

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
const reverse = (topUpId: TopUpId) => createReverseTopUp(dependencies())({ topUpId });

type Paid = { accountId: AccountId; ordered: TopUpOrder; topUpId: TopUpId; intent: string; invoice: string };

/** An account whose top-up (1.19 € gross for 9 minutes) was paid; nothing is credited yet. */
async function paidTopUp(): Promise<Paid> {
  const accountId = await newAccount(stores);
  await stores.settings.save(accountId, 'call_minutes', choice(), { ifVersion: null });
  const { customerId } = await stage.customerWith('pm_card_visa');
  await stores.accounts.saveCustomer(accountId, customerId);
  const ordered = order(accountId);
  const { topUpId } = ordered;
  const outcome = await createChargeTopUp(dependencies())({ order: ordered, attempt: 1 });
  expect(outcome).toEqual({ status: 'paid' });
  const [row] = await stores.db.sql<{ intent: string; invoice: string; totalCents: number }[]>`
    select payment_intent_id as intent, invoice_id as invoice, total_cents from top_ups where top_up_id = ${topUpId}`;
  expect(row!.totalCents).toBe(119);
  return { accountId, ordered, topUpId, intent: row!.intent, invoice: row!.invoice };
}

async function creditedTopUp(): Promise<Paid> {
  const paid = await paidTopUp();
  await stores.ledger.creditTopUp(paid.topUpId);
  return paid;
}

const refund = (intent: string, amount?: number) =>
  stage.post('/refunds', {
    payment_intent: intent,
    ...(amount === undefined ? {} : { amount: String(amount) }),
  });

/** Opens a dispute of a payment, as a card holder does. */
async function dispute(intent: string, inquiry = false): Promise<string> {
  await stage.control('/disputes', { paymentIntent: intent, inquiry });
  const [found] = (await stripe.disputes.list({ payment_intent: intent })).data;
  return found!.id;
}
const close = (disputeId: string, outcome: 'won' | 'lost') =>
  stage.control(`/disputes/${disputeId}/${outcome}`, {});

/** What the customer and the operators see in the end. */
async function seen({ accountId, topUpId }: Pick<Paid, 'accountId' | 'topUpId'>) {
  const [row] = await stores.db.sql<Record<string, unknown>[]>`
    select balance::integer as balance, state, suspension_reason as suspended,
      reversal_mark > reversal_seen as is_behind
    from top_ups join accounts using (account_id) join wallets using (account_id, wallet)
    where top_up_id = ${topUpId}`;
  const reversals = await stores.db.sql<Record<string, unknown>[]>`
    select status, quantity, amount_cents from reversals where account_id = ${accountId} order by 1, 2, 3`;
  const { items: findings } = await listFindings(stores.db.sql, { limit: 1_000 });
  const open = findings.filter((finding) => finding.accountId === accountId).map(({ kind }) => kind);
  return { ...row, findings: open.sort(), reversals: reversals.map((each) => ({ ...each })) };
}

async function takenEntries(accountId: AccountId): Promise<number[]> {
  const rows = await stores.db.sql<{ quantity: number }[]>`
    select quantity from ledger_entries where account_id = ${accountId} and kind in ('refund', 'dispute')
    order by seq`;
  return rows.map(({ quantity }) => quantity);
}

async function brokenInvariants() {
  const results = await checkInvariants(stores.db, stores.policy);
  // Nothing runs here that would tell customers or top up again.
  return results.filter(({ holds, number }) => !holds && number !== 6 && number !== 8);
}

const ask = (topUpId: TopUpId, amountCents: Cents | null = null, key: string = randomUUID()) =>
  createRefundRequests(stores.db).request({
    topUpId,
    reason: 'goodwill',
    amountCents,
    actor: 'operator:1',
    key,
  });

describe('refunds', () => {
  test('a refund in the dashboard takes its part of the units back, once', async () => {
    const paid = await creditedTopUp();
    await refund(paid.intent, 40);
    expect((await reverse(paid.topUpId)).refundIds).toHaveLength(1);
    const share = Math.floor((540_000 * 40) / 119);
    expect(await takenEntries(paid.accountId)).toEqual([-share]);
    await Promise.all([reverse(paid.topUpId), reverse(paid.topUpId)]);
    expect(await takenEntries(paid.accountId)).toEqual([-share]);
    expect(await seen(paid)).toMatchObject({ balance: 540_000 - share, state: 'credited', findings: [] });
  });

  test('partial refunds in odd cents add up to exactly what was bought', async () => {
    const paid = await creditedTopUp();
    for (const amount of [1, 7, 33, 41, 37]) {
      await refund(paid.intent, amount);
      await reverse(paid.topUpId);
    }
    const entries = await takenEntries(paid.accountId);
    expect(entries).toHaveLength(5);
    expect(entries.reduce((sum, entry) => sum + entry, 0)).toBe(-540_000);
    expect(await seen(paid)).toMatchObject({ balance: 0, state: 'refunded' });
    expect(await brokenInvariants()).toEqual([]);
  });

  test('a top-up is credited before anything of it is taken back', async () => {
    const paid = await paidTopUp();
    await refund(paid.intent);
    await reverse(paid.topUpId);
    expect(await seen(paid)).toMatchObject({ balance: 0, state: 'refunded' });
    expect((await stores.ledger.creditTopUp(paid.topUpId)).alreadyCredited).toBe(true);
  });

  test('a refund that fails later gives the units back and is told to operators', async () => {
    const paid = await creditedTopUp();
    await refund(paid.intent, 119);
    await reverse(paid.topUpId);
    expect(await seen(paid)).toMatchObject({ balance: 0, state: 'refunded' });
    const reversals = createReversals(stores.db);
    const { mark, ...payment } = (await reversals.read(paid.topUpId))!;
    const { refunds, disputes } = await stage.payments.readReversals({
      invoiceId: payment.invoiceId,
      paymentIntentId: paid.intent,
    });
    // The sandbox lets refunds fail at once only.
    const failed = { refunds: refunds.map((each) => ({ ...each, status: 'failed' as const })), disputes };
    await reversals.book(paid.topUpId, mark, failed);
    await reversals.book(paid.topUpId, mark, failed);
    expect(await takenEntries(paid.accountId)).toEqual([-540_000, 540_000]);
    expect(await seen(paid)).toMatchObject({
      balance: 540_000,
      state: 'credited',
      findings: ['refund_failed'],
    });
    expect(await brokenInvariants()).toEqual([]);
  });

  test('a refund that fails at once takes nothing', async () => {
    const paid = await creditedTopUp();
    await stage.control('/switches', { kind: 'refund_fails', count: 1 });
    await refund(paid.intent, 50);
    expect((await reverse(paid.topUpId)).refundIds).toEqual([]);
    expect(await seen(paid)).toMatchObject({ balance: 540_000, findings: ['refund_failed'] });
  });

  test('a reading that is older than what has been booked changes nothing', async () => {
    const paid = await creditedTopUp();
    const reversals = createReversals(stores.db);
    await stores.db.sql`update top_ups set reversal_mark = 2 where top_up_id = ${paid.topUpId}`;
    await refund(paid.intent, 119);
    await reverse(paid.topUpId);
    await reversals.book(paid.topUpId, 1, { refunds: [], disputes: [] });
    expect(await seen(paid)).toMatchObject({ balance: 0, state: 'refunded', isBehind: false });
  });
});

describe('an operator’s refund', () => {
  test('is one credit note to the card, whatever is lost on the way', async () => {
    const paid = await creditedTopUp();
    const asked = await ask(paid.topUpId, cents(60));
    expect(asked).toMatchObject({ status: 'done', answer: { state: 'requested', amountCents: 60 } });
    stage.wire.loseAnswer(/credit_notes$/, reset);
    await expect(reverse(paid.topUpId)).rejects.toMatchObject({ kind: 'ambiguous' });
    const { refundIds } = await reverse(paid.topUpId);
    expect(refundIds).toHaveLength(1);
    const notes = (await stripe.creditNotes.list({ invoice: paid.invoice })).data;
    expect(notes).toMatchObject([{ amount: 60, metadata: { top_up_id: paid.topUpId } }]);
    expect((await stripe.refunds.list({ payment_intent: paid.intent })).data).toHaveLength(1);
    const share = Math.floor((540_000 * 60) / 119);
    expect(await seen(paid)).toMatchObject({ balance: 540_000 - share, isBehind: false });
    const notice = await stores.notifications.compose(paid.accountId, {
      kind: 'top_up.refunded',
      topUpId: paid.topUpId,
      refundId: refundIds[0]!,
    });
    expect(notice).toMatchObject({
      netCents: 50,
      vatCents: 10,
      totalCents: 60,
      quantity: share,
      balance: 540_000 - share,
      creditNoteNumber: notes[0]!.number,
    });
  });

  test('that does not get through hides no dispute of the same payment', async () => {
    const paid = await creditedTopUp();
    await ask(paid.topUpId, cents(60));
    await dispute(paid.intent);
    await stage.control('/switches', {
      kind: 'error_before',
      count: 1,
      path: '/v1/credit_notes',
      method: 'POST',
    });
    await expect(reverse(paid.topUpId)).rejects.toMatchObject({ kind: 'ambiguous' });
    expect(await seen(paid)).toMatchObject({
      suspended: 'dispute',
      isBehind: true,
      findings: ['dispute_opened'],
    });
  });

  test('counts what was refunded and asked for before, and the same key is the same refund', async () => {
    const paid = await creditedTopUp();
    await refund(paid.intent, 19);
    await reverse(paid.topUpId);
    const key = randomUUID();
    const [first, second] = await Promise.all([
      ask(paid.topUpId, cents(60), key),
      ask(paid.topUpId, cents(60), key),
    ]);
    expect([first.status, second.status].sort()).toEqual(['done', 'repeated']);
    await expect(ask(paid.topUpId, cents(41))).rejects.toMatchObject({ code: 'too_much', leftCents: 40 });
    expect(await ask(paid.topUpId, cents(61), key)).toEqual({ status: 'conflict' });
    expect(await ask(paid.topUpId)).toMatchObject({ answer: { amountCents: 40 } });
    await reverse(paid.topUpId);
    expect(await seen(paid)).toMatchObject({ balance: 0, state: 'refunded', findings: [] });
    await expect(ask(paid.topUpId)).rejects.toMatchObject({ code: 'too_much', leftCents: 0 });
  });

  test('that Stripe refuses is told to operators and asked for no more', async () => {
    const paid = await creditedTopUp();
    await ask(paid.topUpId, cents(60));
    await dispute(paid.intent);
    await reverse(paid.topUpId);
    const before = stage.wire.seen.length;
    await reverse(paid.topUpId);
    expect(stage.wire.seen.slice(before).map(({ method }) => method)).not.toContain('POST');
    expect(await seen(paid)).toMatchObject({ findings: ['dispute_opened', 'refund_refused'] });
  });

  test('of a top-up that is not paid, or unknown, is refused', async () => {
    const accountId = await newAccount(stores);
    await stores.settings.save(accountId, 'call_minutes', choice(), { ifVersion: null });
    const ordered = order(accountId);
    await stores.topUps.recordIntent(ordered);
    await expect(ask(ordered.topUpId)).rejects.toMatchObject({ code: 'not_paid' });
    await expect(ask('tu_nobody' as TopUpId)).rejects.toMatchObject({ code: 'top_up_unknown' });
  });
});

describe('disputes', () => {
  test('an open one suspends and alerts but takes nothing; won puts everything back', async () => {
    const paid = await creditedTopUp();
    const id = await dispute(paid.intent);
    const news = await reverse(paid.topUpId);
    expect(news.suspendedSinceMs).toBeTypeOf('number');
    expect(await seen(paid)).toMatchObject({
      balance: 540_000,
      state: 'disputed',
      suspended: 'dispute',
      findings: ['dispute_opened'],
    });
    await close(id, 'won');
    await reverse(paid.topUpId);
    expect(await seen(paid)).toMatchObject({
      balance: 540_000,
      state: 'credited',
      suspended: null,
      findings: [],
    });
  });

  test('a lost one takes the units back and stays suspended, until an operator decides', async () => {
    const paid = await creditedTopUp();
    const id = await dispute(paid.intent);
    await reverse(paid.topUpId);
    await close(id, 'lost');
    await reverse(paid.topUpId);
    const lost = { balance: 0, state: 'disputed', suspended: 'dispute', findings: ['dispute_opened'] };
    expect(await seen(paid)).toMatchObject(lost);
    await stores.db.sql`
      update accounts set suspension_reason = null, suspended_at = null where account_id = ${paid.accountId}`;
    await reverse(paid.topUpId);
    expect(await seen(paid)).toMatchObject({ ...lost, suspended: null });
    expect(await brokenInvariants()).toEqual([]);
  });

  test('an inquiry suspends nobody and is told to operators', async () => {
    const paid = await creditedTopUp();
    const id = await dispute(paid.intent, true);
    await reverse(paid.topUpId);
    expect(await seen(paid)).toMatchObject({
      state: 'credited',
      suspended: null,
      findings: ['dispute_opened'],
    });
    await close(id, 'won');
    await reverse(paid.topUpId);
    expect(await seen(paid)).toMatchObject({ suspended: null, findings: [] });
  });

  test('an operator’s suspension stays through a dispute; one that a card would lift gives way', async () => {
    for (const [reason, then] of [
      ['operator', 'operator'],
      ['hard_decline', 'dispute'],
    ] as const) {
      const paid = await creditedTopUp();
      await stores.db.sql`
        update accounts set suspension_reason = ${reason}, suspended_at = now()
        where account_id = ${paid.accountId}`;
      const id = await dispute(paid.intent);
      await reverse(paid.topUpId);
      expect(await seen(paid)).toMatchObject({ suspended: then });
      await close(id, 'won');
      await reverse(paid.topUpId);
      expect(await seen(paid)).toMatchObject({ suspended: then === 'dispute' ? null : then });
    }
  });
});

type Delivery = { payload: string; type: string };

/** All that Stripe tells of a payment, as it is signed and delivered. */
async function eventsOf({ intent, invoice }: Paid, types: readonly string[]): Promise<Delivery[]> {
  const deliveries: Delivery[] = [];
  for await (const event of stripe.events.list({ limit: 100 })) {
    const text = JSON.stringify(event);
    const isOfPayment = text.includes(`"${intent}"`) || text.includes(`"${invoice}"`);
    if (isOfPayment && types.includes(event.type)) deliveries.push({ payload: text, type: event.type });
  }
  return deliveries;
}

/** Hears one delivery as the API does, and then does what the workflow would. */
async function hear({ payload }: Delivery, { topUpId }: Paid): Promise<void> {
  const verifier = createStripeWebhookVerifier([SECRET]);
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET });
  await stores.webhookEvents.recordStripeEvent(verifier.verify(Buffer.from(payload), signature));
  const { state } = (await stores.topUps.read(topUpId))!;
  if (settlementOf(state) === null) {
    const outcome = await createLookUpTopUp(dependencies())({ topUpId });
    if (outcome.status === 'paid') await stores.ledger.creditTopUp(topUpId);
  }
  const { accountId } = (await stores.topUps.read(topUpId))!;
  const { reversals = [] } = await stores.accounts.readSnapshot(accountId, null);
  for (const waiting of reversals) await reverse(waiting);
}

/** Back to the moment after the payment, whose answer was lost. */
async function forget({ accountId, topUpId }: Paid): Promise<void> {
  await stores.owner.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    await sql`delete from ledger_entries where account_id = ${accountId}`;
    await sql`delete from reversals where account_id = ${accountId}`;
    await sql`delete from findings where account_id = ${accountId}`;
    await sql`delete from webhook_events where account_id = ${accountId}`;
    await sql`update wallets set balance = 0, seq = 0 where account_id = ${accountId}`;
    await sql`update accounts set suspension_reason = null, suspended_at = null where account_id = ${accountId}`;
    await sql`
      update top_ups set state = 'unknown', paid_at = null, credited_at = null, reversal_mark = 0, reversal_seen = 0
      where top_up_id = ${topUpId}`;
  });
}

function* permutations<T>(items: readonly T[]): Generator<T[]> {
  if (items.length <= 1) {
    yield [...items];
    return;
  }
  for (const [at, first] of items.entries()) {
    for (const rest of permutations(items.toSpliced(at, 1))) yield [first, ...rest];
  }
}

describe('webhooks in any order, each of them twice', () => {
  test.each([
    ['payment', [], 'credited'],
    ['payment and refund', ['refund'], 'refunded'],
    ['payment, refund and lost dispute', ['part', 'lost'], 'disputed'],
    ['payment, refund and won dispute', ['part', 'won'], 'credited'],
  ] as const)('%s end in the same state', { timeout: 120_000 }, async (_name, acts, state) => {
    const paid = await paidTopUp();
    for (const act of acts) {
      if (act === 'refund') await refund(paid.intent);
      else if (act === 'part') await refund(paid.intent, 40);
      else await close(await dispute(paid.intent), act);
    }
    const types = [
      'invoice.paid',
      'payment_intent.succeeded',
      'refund.created',
      'charge.refunded',
      'charge.dispute.created',
      'charge.dispute.closed',
    ].slice(0, acts.length === 0 ? 2 : 6);
    const events = await eventsOf(paid, types);
    expect(events.map(({ type }) => type)).toContain('invoice.paid');
    expect(events.length).toBe(new Set(events.map(({ type }) => type)).size);
    const orders = [...permutations(events)];
    const endings = new Set<string>();
    // All orders of up to four events; of more, a sample that is spread over all.
    const step = Math.max(1, Math.floor(orders.length / 40));
    for (let at = 0; at < orders.length; at += step) {
      await forget(paid);
      const inOrder = orders[at]!;
      for (const event of [...inOrder, ...inOrder.toReversed()]) await hear(event, paid);
      endings.add(JSON.stringify(await seen(paid)));
    }
    expect([...endings]).toHaveLength(1);
    expect(JSON.parse([...endings][0]!)).toMatchObject({ state, isBehind: false });
    expect(await brokenInvariants()).toEqual([]);
  });
});
