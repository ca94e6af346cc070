import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NoticeRequest } from '../../domain/commands.ts';
import type { AccountId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import { quantity } from '../../domain/quantities.ts';
import {
  asOwner,
  choice,
  grant,
  newAccount,
  openStores,
  order,
  paidTopUp,
  usage,
  type TestStores,
} from './support.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

const TEXT = { title: 'Title', body: 'Body' };

async function tell(id: AccountId, request: NoticeRequest) {
  const notice = await stores.notifications.compose(id, request);
  return stores.notifications.record(id, request, notice, TEXT);
}

/** Alert below 100. Moves the balance to each value in turn, one entry each. */
async function watchedAccount(...values: number[]): Promise<AccountId> {
  const id = await newAccount(stores);
  await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
  await moveTo(id, ...values);
  return id;
}

async function moveTo(id: AccountId, ...values: number[]): Promise<void> {
  for (const value of values) {
    const { balance } = (await stores.accounts.overview(id))!.wallets.call_minutes;
    if (value > balance) await grant(stores, id, value - balance);
    else await stores.ledger.ingest([usage(id, { quantity: quantity(balance - value) })]);
  }
}

const alert = (seq: number, alertVersion = 1): NoticeRequest => ({
  kind: 'balance.alert',
  wallet: 'call_minutes',
  balance: quantity(1),
  seq,
  alertVersion,
});

const depleted = (seq: number): NoticeRequest => ({
  kind: 'balance.depleted',
  wallet: 'call_minutes',
  balance: quantity(0),
  seq,
});

describe('a notification', () => {
  test('of 20 callers at once is recorded once, with one mail that each is given', async () => {
    const id = await watchedAccount(200, 50);
    const results = await Promise.all(Array.from({ length: 20 }, () => tell(id, alert(2))));
    expect(new Set(results.map((result) => result?.deliveryId)).size).toBe(1);
    const { items } = await stores.notifications.list(id, { limit: 10 });
    expect(items).toMatchObject([{ kind: 'balance.alert', wallet: 'call_minutes', ...TEXT, readAtMs: null }]);
  });

  test.each<[string, number[], number, number, boolean]>([
    ['below all the time since', [200, 50, 40], 2, 3, false],
    ['back at the value and below again', [200, 50, 100, 99], 2, 4, true],
    ['back at the value and not below again', [200, 50, 100], 2, 3, false],
    ['back within what was told of, and below again after it', [200, 50, 150, 50], 3, 4, true],
    ['told under a later entry before', [200, 50, 40], 3, 2, false],
  ])('of an alert %s tells a new crossing: %s', async (_name, values, first, second, isNew) => {
    const id = await watchedAccount(...values);
    expect(await tell(id, alert(first))).not.toBeNull();
    expect((await tell(id, alert(second))) !== null).toBe(isNew);
  });

  test('of an alert armed by new settings is told though the balance never rose', async () => {
    const id = await watchedAccount(200, 50);
    await tell(id, alert(2));
    await stores.settings.save(id, 'call_minutes', choice({ alertBelow: quantity(60) }), { ifVersion: null });
    expect(await tell(id, alert(2, 2))).not.toBeNull();
  });

  test.each<[string, number[], number, number, boolean]>([
    ['empty all the time since', [5, 0, -5], 2, 3, false],
    ['above zero and empty again', [5, 0, 1, 0], 2, 4, true],
  ])('of a depleted balance %s tells a new crossing: %s', async (_name, values, first, second, isNew) => {
    const id = await watchedAccount(...values);
    expect(await tell(id, depleted(first))).not.toBeNull();
    expect((await tell(id, depleted(second))) !== null).toBe(isNew);
  });

  test('stays read from the first time on, and belongs to its account', async () => {
    const id = await watchedAccount(200, 50);
    await tell(id, alert(2));
    const [item] = (await stores.notifications.list(id, { limit: 1, unread: true })).items;
    const read = await stores.notifications.markRead(id, item!.notificationId);
    expect(read!.readAtMs).not.toBeNull();
    expect(await stores.notifications.markRead(id, item!.notificationId)).toEqual(read);
    expect((await stores.notifications.list(id, { limit: 1, unread: true })).items).toEqual([]);
    expect(await stores.notifications.markRead(await newAccount(stores), item!.notificationId)).toBeNull();
  });
});

describe('a composed notice', () => {
  test('of a paid top-up has the invoice’s figures, the card and the balance after the credit', async () => {
    const id = await watchedAccount();
    const card = { fingerprint: 'f1', brand: 'visa', last4: '4242', expMonth: 1, expYear: 2030 };
    await stores.accounts.saveCard(id, { paymentMethodId: 'pm_1', ...card });
    const topUp = await paidTopUp(stores, id);
    const request = { kind: 'top_up.succeeded' as const, topUpId: topUp.topUpId };
    await expect(stores.notifications.compose(id, request)).rejects.toThrow('top_up_unpaid');
    await stores.ledger.creditTopUp(topUp.topUpId);
    expect(await stores.notifications.compose(id, request)).toEqual({
      kind: 'top_up.succeeded',
      topUpId: topUp.topUpId,
      wallet: 'call_minutes',
      trigger: 'auto',
      units: 9,
      amountCents: 100,
      currency: 'EUR',
      netCents: 100,
      vatCents: 19,
      totalCents: 119,
      vatRate: '19.0',
      reverseCharge: false,
      invoiceNumber: 'A-1',
      balance: 540_000,
      paidAtMs: expect.any(Number),
      card: { brand: 'visa', last4: '4242' },
      invoiceUrl: 'https://pay.example/in_1',
      invoicePdfUrl: 'https://pay.example/in_1.pdf',
    });
  });

  test('of an alert says what automatic top-up is about to do', async () => {
    const id = await watchedAccount(200, 50);
    const outlook = async () => {
      const notice = await stores.notifications.compose(id, alert(2));
      return notice.kind === 'balance.alert' ? notice.autoTopUp : null;
    };
    expect(await outlook()).toEqual({ state: 'on', topUpBelow: 50, amountCents: 100, currency: 'EUR' });
    await moveTo(id, 10);
    const topUp = await stores.topUps.recordIntent(order(id));
    expect(await outlook()).toEqual({ state: 'running' });
    const { topUpId } = topUp.status === 'recorded' ? topUp.topUp : order(id);
    await stores.topUps.close(topUpId, {
      state: 'failed',
      failure: 'card_declined',
      suspend: 'hard_decline',
    });
    expect(await outlook()).toEqual({ state: 'suspended' });
    await asOwner(
      stores,
      (sql) => sql`update accounts set suspension_reason = null where account_id = ${id}`,
    );
    const capped = choice({ monthlyCapCents: cents(50) });
    await stores.settings.save(id, 'call_minutes', capped, { ifVersion: null });
    expect(await outlook()).toMatchObject({ state: 'limit_reached' });
    await stores.settings.save(id, 'call_minutes', choice({ enabled: false }), { ifVersion: null });
    expect(await outlook()).toEqual({ state: 'off' });
  });

  test('of a failed attempt names purchase, reason and next attempt', async () => {
    const id = await watchedAccount();
    const recorded = await stores.topUps.recordIntent(order(id));
    const { topUpId } = recorded.status === 'recorded' ? recorded.topUp : order(id);
    const request = { kind: 'top_up.failed' as const, topUpId, attempt: 1, reason: 'card_declined' as const };
    expect(await stores.notifications.compose(id, { ...request, nextAttemptAtMs: 7 })).toMatchObject({
      ...request,
      nextAttemptAtMs: 7,
      wallet: 'call_minutes',
      units: 9,
      card: null,
    });
  });
});

describe('a delivery', () => {
  async function pending(): Promise<string> {
    const id = await watchedAccount(200, 50);
    return (await tell(id, alert(2)))!.deliveryId;
  }
  const read = async (deliveryId: string) => (await stores.notifications.readDelivery(deliveryId))!;
  const isAmbiguous = async (deliveryId: string) => {
    const [row] = await stores.db.sql<{ ambiguous: boolean }[]>`
      select ambiguous from deliveries where delivery_id = ${deliveryId}`;
    return row!.ambiguous;
  };

  test('goes to the account’s address of now', async () => {
    const deliveryId = await pending();
    expect(await read(deliveryId)).toMatchObject({
      status: 'pending',
      attempts: 0,
      sendingForMs: null,
      to: 'acme@example.com',
      notice: { kind: 'balance.alert' },
    });
  });

  test('handed over a second time without an answer to the first is ambiguous for ever', async () => {
    const deliveryId = await pending();
    expect(await stores.notifications.beginSending(deliveryId, 1)).toBe(true);
    expect(await stores.notifications.beginSending(deliveryId, 1)).toBe(false);
    expect(await read(deliveryId)).toMatchObject({ status: 'sending', attempts: 1 });
    expect((await read(deliveryId)).sendingForMs).toBeGreaterThanOrEqual(0);
    expect(await isAmbiguous(deliveryId)).toBe(false);
    expect(await stores.notifications.beginSending(deliveryId, 2)).toBe(true);
    await stores.notifications.notSent(deliveryId, 1);
    expect(await read(deliveryId)).toMatchObject({ status: 'sending' });
    await stores.notifications.notSent(deliveryId, 2);
    expect(await read(deliveryId)).toMatchObject({ status: 'pending', sendingForMs: null });
    await stores.notifications.beginSending(deliveryId, 3);
    const sent = { status: 'sent' as const, messageId: 'm1', ambiguous: false };
    await stores.notifications.finishSending(deliveryId, sent);
    expect(await read(deliveryId)).toMatchObject({ status: 'sent', attempts: 3 });
    expect(await isAmbiguous(deliveryId)).toBe(true);
  });

  test('that has ended is not begun again, and stays as it ended', async () => {
    const deliveryId = await pending();
    await stores.notifications.beginSending(deliveryId, 1);
    await stores.notifications.finishSending(deliveryId, { status: 'rejected', detail: 'inactive' });
    expect(await stores.notifications.beginSending(deliveryId, 2)).toBe(false);
    await stores.notifications.finishSending(deliveryId, { status: 'dead', detail: 'too late' });
    expect(await read(deliveryId)).toMatchObject({ status: 'rejected', attempts: 1 });
  });
});
