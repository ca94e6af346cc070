import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { topUpId, type AccountId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import { quantity } from '../../domain/quantities.ts';
import type { TopUpOrder } from '../../domain/top-up.ts';
import {
  asOwner,
  choice,
  grant,
  newAccount,
  openStores,
  order,
  PAID_INVOICE,
  paidTopUp,
  type TestStores,
} from './support.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

const DECLINED = {
  status: 'declined' as const,
  decline: { kind: 'soft' as const, reason: 'insufficient_funds' as const, code: 'insufficient_funds' },
};

async function enabledAccount(): Promise<AccountId> {
  const id = await newAccount(stores);
  await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
  return id;
}

async function recorded(id: AccountId, change: Partial<TopUpOrder> = {}) {
  const result = await stores.topUps.recordIntent(order(id, change));
  if (result.status !== 'recorded') throw new Error(result.reason);
  return result.topUp.topUpId;
}

const read = async (id: TopUpOrder['topUpId']) => (await stores.topUps.read(id))!;

describe('an attempt', () => {
  test('begins again as long as nothing is known of its end, and keeps its card', async () => {
    const topUp = await recorded(await enabledAccount());
    expect(await stores.topUps.beginAttempt(topUp, 1, 'pm_1')).toBeNull();
    expect(await stores.topUps.beginAttempt(topUp, 1, 'pm_2')).toBeNull();
    await stores.topUps.markUnknown(topUp);
    expect(await stores.topUps.beginAttempt(topUp, 1, 'pm_2')).toBeNull();
    expect(await read(topUp)).toMatchObject({ state: 'unknown', attempt: 1, paymentMethodId: 'pm_1' });
  });

  test('that has ended is never begun again: its outcome is returned', async () => {
    const topUp = await recorded(await enabledAccount());
    await stores.topUps.beginAttempt(topUp, 1, 'pm_1');
    await stores.topUps.finishAttempt(topUp, 1, DECLINED);
    await stores.topUps.finishAttempt(topUp, 1, { status: 'paid' });
    expect(await stores.topUps.beginAttempt(topUp, 1, 'pm_1')).toEqual(DECLINED);
    expect(await read(topUp)).toMatchObject({ state: 'charging', failure: 'insufficient_funds' });
  });

  test('may skip a number that was never begun, and not go back to it', async () => {
    const topUp = await recorded(await enabledAccount());
    await stores.topUps.beginAttempt(topUp, 1, 'pm_1');
    expect(await stores.topUps.beginAttempt(topUp, 3, 'pm_1')).toBeNull();
    await expect(stores.topUps.beginAttempt(topUp, 2, 'pm_1')).rejects.toThrow('attempt_out_of_order');
    expect(await read(topUp)).toMatchObject({ attempt: 3 });
  });

  test('of 20 callers at once is begun once', async () => {
    const id = await enabledAccount();
    const topUp = await recorded(id);
    await Promise.all(Array.from({ length: 20 }, () => stores.topUps.beginAttempt(topUp, 1, 'pm_1')));
    const attempts = await stores.db.sql`select 1 from charge_attempts where account_id = ${id}`;
    expect(attempts).toHaveLength(1);
  });

  test.each<[string, (id: AccountId) => Promise<unknown>]>([
    ['the balance has recovered', (id) => grant(stores, id, 50)],
    [
      'automatic top-up was switched off',
      (id) => stores.settings.save(id, 'call_minutes', choice({ enabled: false }), { ifVersion: null }),
    ],
    [
      'the value was lowered below the balance',
      (id) =>
        stores.settings.save(id, 'call_minutes', choice({ topUpBelow: quantity(0) }), { ifVersion: null }),
    ],
  ])('is not begun any more when %s; a manual one is', async (_name, recover) => {
    const id = await enabledAccount();
    const topUp = await recorded(id);
    await recover(id);
    expect(await stores.topUps.beginAttempt(topUp, 1, 'pm_1')).toEqual({ status: 'recovered' });
    await stores.topUps.close(topUp, { state: 'canceled', failure: null, suspend: null });
    const manual = await recorded(id, { trigger: 'manual', warrant: null });
    expect(await stores.topUps.beginAttempt(manual, 1, 'pm_1')).toBeNull();
  });

  test.each([
    ['less', 99, { status: 'recovered' }],
    ['the same', 100, null],
    ['more', 101, null],
  ])('is begun after a save of %s than was agreed to: %i cents', async (_name, amount, begun) => {
    const id = await enabledAccount();
    const topUp = await recorded(id);
    const change = { amountCents: cents(amount), alertBelow: quantity(99) };
    await stores.settings.save(id, 'call_minutes', choice(change), { ifVersion: null });
    expect(await stores.topUps.beginAttempt(topUp, 1, 'pm_1')).toEqual(begun);
  });

  test('is not begun when nobody knows what was agreed to', async () => {
    const id = await enabledAccount();
    const topUp = await recorded(id);
    await asOwner(stores, (sql) => sql`delete from settings_history where account_id = ${id}`);
    await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
    expect(await stores.topUps.beginAttempt(topUp, 1, 'pm_1')).toEqual({ status: 'recovered' });
  });

  test('of a closed top-up is not begun; of a paid one it is paid', async () => {
    const id = await enabledAccount();
    const closed = await recorded(id);
    await stores.topUps.close(closed, { state: 'canceled', failure: null, suspend: null });
    expect(await stores.topUps.beginAttempt(closed, 1, 'pm_1')).toMatchObject({ reason: 'closed' });
    const paid = await paidTopUp(stores, id);
    expect(await stores.topUps.beginAttempt(paid.topUpId, 2, 'pm_1')).toEqual({ status: 'paid' });
  });
});

describe('a top-up', () => {
  test('has one invoice, whatever is stored later', async () => {
    const topUp = await recorded(await enabledAccount());
    await stores.topUps.saveInvoice(topUp, { invoiceId: 'in_7' });
    await stores.topUps.saveInvoice(topUp, { invoiceId: 'in_7' });
    await expect(stores.topUps.saveInvoice(topUp, { invoiceId: 'in_8' })).rejects.toThrow('invoice_differs');
    expect((await read(topUp)).invoiceId).toBe('in_7');
  });

  test('keeps the customer and card that were stored first', async () => {
    const topUp = await recorded(await enabledAccount());
    await stores.topUps.saveCustomer(topUp, 'cus_1', 'pm_1');
    await stores.topUps.saveCustomer(topUp, 'cus_2', 'pm_2');
    expect(await read(topUp)).toMatchObject({ customerId: 'cus_1', paymentMethodId: 'pm_1' });
  });

  test('that is paid stays paid, whatever is reported late', async () => {
    const topUp = await paidTopUp(stores, await enabledAccount());
    const { topUpId: id } = topUp;
    await stores.topUps.markUnknown(id);
    await stores.topUps.markWaiting(id, { state: 'retrying', nextAttemptAtMs: 1, failure: 'card_declined' });
    await stores.topUps.finishAttempt(id, 1, DECLINED);
    await stores.topUps.close(id, { state: 'failed', failure: 'card_declined', suspend: 'hard_decline' });
    expect(await read(id)).toMatchObject({ state: 'paid', failure: null, nextAttemptAtMs: null });
    expect((await stores.accounts.read(topUp.accountId))!.suspension).toBeNull();
  });

  test('that waits says for what and until when', async () => {
    const topUp = await recorded(await enabledAccount());
    await stores.topUps.beginAttempt(topUp, 1, 'pm_1');
    await stores.topUps.finishAttempt(topUp, 1, DECLINED);
    const waiting = { state: 'retrying' as const, nextAttemptAtMs: 1_800_000_000_123 };
    await stores.topUps.markWaiting(topUp, { ...waiting, failure: 'card_declined' });
    await stores.topUps.markWaiting(topUp, { ...waiting, failure: null });
    expect(await read(topUp)).toMatchObject({ ...waiting, failure: 'card_declined', declines: 1 });
  });

  test('that was never recorded has nothing to wait for', async () => {
    const waiting = { state: 'unknown' as const, nextAttemptAtMs: 1, failure: null };
    const never = topUpId('call_minutes', 'never-recorded');
    await stores.topUps.markWaiting(never, waiting);
    expect(await stores.topUps.read(never)).toBeNull();
  });

  test('that is closed suspends in the same step, and a suspension that stands keeps its reason', async () => {
    const id = await enabledAccount();
    const first = await recorded(id);
    const suspend = 'repeated_failures' as const;
    await stores.topUps.close(first, { state: 'failed', failure: 'card_declined', suspend });
    const suspended = (await stores.accounts.read(id))!.suspension;
    expect(suspended).toMatchObject({ reason: suspend });
    const second = await recorded(id, { trigger: 'manual', warrant: null });
    await stores.topUps.close(second, { state: 'failed', failure: null, suspend: 'hard_decline' });
    expect((await stores.accounts.read(id))!.suspension).toEqual(suspended);
  });

  test('that was closed and turns out to be paid is credited, even beside the next one', async () => {
    const id = await enabledAccount();
    const closed = await recorded(id);
    await stores.topUps.close(closed, { state: 'canceled', failure: null, suspend: null });
    const next = await recorded(id);
    await stores.topUps.markPaid(closed, { ...PAID_INVOICE, invoiceId: 'in_late' });
    expect(await stores.ledger.creditTopUp(closed)).toMatchObject({ alreadyCredited: false });
    expect(await read(closed)).toMatchObject({ state: 'credited' });
    expect(await read(next)).toMatchObject({ state: 'pending' });
  });
});

describe('a credit', () => {
  test('of 50 callers at once is booked once and found by each', async () => {
    const id = await enabledAccount();
    const topUp = await paidTopUp(stores, id);
    const results = await Promise.all(
      Array.from({ length: 50 }, () => stores.ledger.creditTopUp(topUp.topUpId)),
    );
    expect(results.filter(({ alreadyCredited }) => !alreadyCredited)).toHaveLength(1);
    expect(new Set(results.map(({ seq, balance }) => `${seq}/${balance}`))).toEqual(
      new Set([`1/${topUp.quantity}`]),
    );
    const { items } = await stores.ledger.list(id, { limit: 10 });
    expect(items).toMatchObject([{ kind: 'top_up', quantity: topUp.quantity, seq: 1 }]);
    expect(await read(topUp.topUpId)).toMatchObject({ state: 'credited' });
  });

  test('without a recorded payment, or of a top-up that nobody knows, is a fault', async () => {
    const topUp = await recorded(await enabledAccount());
    await expect(stores.ledger.creditTopUp(topUp)).rejects.toThrow('top_up_unpaid');
    await expect(stores.ledger.creditTopUp(topUpId('call_minutes', 'x'))).rejects.toThrow('top_up_unknown');
  });

  test('wakes the account with the slice that holds it', async () => {
    const id = await enabledAccount();
    const topUp = await paidTopUp(stores, id);
    await stores.wakes.acknowledge(await stores.wakes.claim({ limit: 100, leaseMs: 60_000 }));
    await stores.ledger.creditTopUp(topUp.topUpId);
    const claimed = await stores.wakes.claim({ limit: 100, leaseMs: 60_000 });
    expect(claimed.find((wake) => wake.accountId === id)!.message.signal).toMatchObject({
      wallets: { call_minutes: { seq: 1, balance: topUp.quantity, used: 0 } },
    });
  });
});

test('the history pages through every top-up once, newest first, by wallet and state', async () => {
  const id = await enabledAccount();
  await stores.settings.save(id, 'chat_credits', choice(), { ifVersion: null });
  const made: string[] = [];
  for (let index = 0; index < 5; index += 1) {
    const wallet = index === 2 ? ('chat_credits' as const) : ('call_minutes' as const);
    const topUp = await recorded(id, { wallet });
    await stores.topUps.close(topUp, { state: 'canceled', failure: null, suspend: null });
    made.unshift(topUp);
  }
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof stores.topUps.list>> = await stores.topUps.list(id, {
      cursor,
      limit: 2,
    });
    expect(page.items.length).toBeLessThanOrEqual(2);
    seen.push(...page.items.map((item) => item.topUpId));
    cursor = page.next;
  } while (cursor !== null);
  expect(seen.toSorted()).toEqual(made.toSorted());
  const chat = await stores.topUps.list(id, { wallet: 'chat_credits', limit: 10 });
  expect(chat.items).toHaveLength(1);
  expect((await stores.topUps.list(id, { state: 'paid', limit: 10 })).items).toEqual([]);
  await expect(stores.topUps.list(id, { cursor: 'nonsense', limit: 2 })).rejects.toThrow('not a cursor');
});
