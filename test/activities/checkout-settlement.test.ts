import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChargeTopUp } from '../../activities/charge-top-up.ts';
import { createCloseTopUp } from '../../activities/close-top-up.ts';
import { createLookUpTopUp } from '../../activities/look-up-top-up.ts';
import { createSyncCustomer } from '../../activities/sync-customer.ts';
import { createPurchases } from '../../db/purchases.ts';
import type { Closing } from '../../domain/account-state.ts';
import type { TopUp } from '../../domain/top-up.ts';
import { newAccount, openStores, order, type TestStores } from '../db/support.ts';
import { BERLIN, submitPage, VISA } from '../support/checkout-page.ts';
import { startStage, type Stage } from './adapters/stripe-stage.ts';
import { reset } from './adapters/stripe-wire.ts';

const CANCELED: Closing = { state: 'canceled', failure: null, suspend: null };
const BACK = { successUrl: 'https://shop.example/ok', cancelUrl: 'https://shop.example/back' };

let stores: TestStores;
let stage: Stage;
beforeAll(async () => {
  [stores, stage] = await Promise.all([openStores(), startStage()]);
});
afterAll(async () => {
  await Promise.all([stores.close(), stage.close()]);
});

/** A purchase on the payment page whose request has come this far. */
async function purchase(how: 'recorded' | 'opened' | 'saved') {
  const accountId = await newAccount(stores);
  const { customerId } = await stage.customerWith('pm_card_visa');
  await stores.accounts.saveCustomer(accountId, customerId);
  const purchases = createPurchases(stores.db, stores.policy);
  const begun = await purchases.begin(
    { key: randomUUID(), asked: {} },
    { order: order(accountId, { trigger: 'manual', warrant: null }), by: { method: 'checkout', customerId } },
  );
  if (begun.status !== 'begun') throw new Error(begun.status);
  const { topUpId } = begun.topUp;
  const topUp = (await purchases.read(topUpId))!;
  const open = () => stage.payments.createCheckout(topUp, customerId, BACK);
  const page = how === 'recorded' ? null : await open();
  if (how === 'saved') await purchases.savePage(topUpId, page!);
  return { accountId, topUpId, topUp, customerId, open, url: page?.url ?? '' };
}

const pay = (url: string) => submitPage(url, { ...BERLIN, ...VISA });
const dependencies = () => ({
  accounts: stores.accounts,
  topUps: stores.topUps,
  payments: stage.payments,
  atStep: () => undefined,
});
const lookUp = (topUpId: TopUp['topUpId']) => createLookUpTopUp(dependencies())({ topUpId });
const close = (topUpId: TopUp['topUpId']) => createCloseTopUp(dependencies())({ topUpId, closing: CANCELED });
const stateOf = async (topUpId: TopUp['topUpId']) => (await stores.topUps.read(topUpId))!.state;

describe('looking a payment page up', () => {
  test('an open one waits, a paid one is recorded with its invoice, and can be credited', async () => {
    const { topUpId, url } = await purchase('saved');
    expect(await lookUp(topUpId)).toEqual({ status: 'open', processing: false });
    await pay(url);
    expect(await lookUp(topUpId)).toEqual({ status: 'paid' });
    const [row] = await stores.db.sql`
      select state, net_cents, vat_cents, total_cents, vat_rate, invoice_id from top_ups
      where top_up_id = ${topUpId}`;
    expect(row).toMatchObject({
      state: 'paid',
      netCents: 100,
      vatCents: 19,
      totalCents: 119,
      vatRate: '19.0',
    });
    expect(await stores.ledger.creditTopUp(topUpId)).toMatchObject({ alreadyCredited: false });
    expect(await stores.ledger.creditTopUp(topUpId)).toMatchObject({ alreadyCredited: true });
  });

  test('a page whose id was lost on the way is found, and paid is paid', async () => {
    const { topUpId, url } = await purchase('opened');
    expect(await lookUp(topUpId)).toEqual({ status: 'open', processing: false });
    await pay(url);
    expect(await lookUp(topUpId)).toEqual({ status: 'paid' });
  });

  test('a page that is not made yet is waited for', async () => {
    const { topUpId } = await purchase('recorded');
    expect(await lookUp(topUpId)).toEqual({ status: 'open', processing: false });
  });
});

describe('closing a payment page', () => {
  test('nobody can pay on it any more', async () => {
    const { topUpId, url, customerId } = await purchase('saved');
    expect(await close(topUpId)).toEqual({ status: 'closed' });
    await pay(url);
    expect((await stage.state(customerId)).charges).toEqual([]);
    expect(await stateOf(topUpId)).toBe('canceled');
    expect(await close(topUpId)).toEqual({ status: 'closed' });
  });

  test('one whose id was lost is closed as well', async () => {
    const { topUpId, url, customerId } = await purchase('opened');
    expect(await close(topUpId)).toEqual({ status: 'closed' });
    await pay(url);
    expect((await stage.state(customerId)).charges).toEqual([]);
  });

  test('one that was never made needs nothing', async () => {
    const { topUpId } = await purchase('recorded');
    expect(await close(topUpId)).toEqual({ status: 'closed' });
    expect(await stateOf(topUpId)).toBe('canceled');
  });

  test('one that was paid is paid, also when that happens right before Stripe is asked to close it', async () => {
    const early = await purchase('saved');
    await pay(early.url);
    expect(await close(early.topUpId)).toEqual({ status: 'paid' });

    const late = await purchase('saved');
    const payments = {
      ...stage.payments,
      expireCheckout: async (sessionId: string) => {
        await pay(late.url);
        return stage.payments.expireCheckout(sessionId);
      },
    };
    const closing = createCloseTopUp({ ...dependencies(), payments });
    expect(await closing({ topUpId: late.topUpId, closing: CANCELED })).toEqual({ status: 'paid' });
    expect(await stateOf(late.topUpId)).toBe('paid');
  });

  test('one that is made in this very moment keeps the purchase open, and is closed by the next try', async () => {
    const { topUpId, open, customerId } = await purchase('recorded');
    let url = '';
    // The page is made after the close has looked for one, and before it records the end.
    const meanwhile = {
      ...stores.topUps,
      close: async (...args: Parameters<typeof stores.topUps.close>) => {
        const page = await open();
        url = page.url ?? '';
        await createPurchases(stores.db, stores.policy).savePage(topUpId, page);
        return stores.topUps.close(...args);
      },
    };
    const racing = createCloseTopUp({ ...dependencies(), topUps: meanwhile });
    await expect(racing({ topUpId, closing: CANCELED })).rejects.toMatchObject({ kind: 'ambiguous' });
    expect(await stateOf(topUpId)).toBe('action_required');
    expect(await close(topUpId)).toEqual({ status: 'closed' });
    await pay(url);
    expect((await stage.state(customerId)).charges).toEqual([]);
    expect(await stateOf(topUpId)).toBe('canceled');
  });

  test('leaves the purchase open while Stripe does not answer', async () => {
    const { topUpId } = await purchase('saved');
    stage.wire.script(/expire/, reset);
    await expect(close(topUpId)).rejects.toMatchObject({ kind: 'ambiguous' });
    expect(await stateOf(topUpId)).toBe('action_required');
    expect(await close(topUpId)).toEqual({ status: 'closed' });
  });
});

test('the worker never charges the saved card for a purchase on the payment page', async () => {
  const { topUp, customerId } = await purchase('saved');
  const charge = createChargeTopUp(dependencies());
  expect(await charge({ order: topUp, attempt: 1 })).toEqual({ status: 'recovered' });
  expect(await stage.state(customerId)).toMatchObject({ charges: [], invoices: [] });
});

describe('making a payment page', () => {
  test('twice under the key is one page, also when the first answer was lost', async () => {
    const { open, topUpId, customerId } = await purchase('recorded');
    stage.wire.loseAnswer(/^\/v1\/checkout\/sessions$/, reset);
    await expect(open()).rejects.toMatchObject({ kind: 'ambiguous' });
    const page = await open();
    expect(await open()).toEqual(page);
    expect(await stage.payments.findCheckout(topUpId, customerId, 0)).toEqual(page);
  });

  test.each(['error_before', 'error_after'])('a stored server error %s leaves one page', async (kind) => {
    const { open, customerId } = await purchase('recorded');
    const where = { path: 'sessions', method: 'POST', customer: customerId };
    await stage.control('/switches', { kind, count: 1, ...where });
    await expect(open()).rejects.toMatchObject({ kind: 'ambiguous' });
    const page = await open();
    expect(page.status).toBe('open');
    expect(await open()).toEqual(page);
  });
});

test('a card saved on its page is charged instead of the default, until the customer chooses again', async () => {
  const { accountId, customerId } = await purchase('recorded');
  const sync = () => createSyncCustomer(dependencies())({ accountId });
  const { url } = await stage.payments.openCardPage(customerId, BACK);
  await sync();
  expect((await stores.accounts.read(accountId))!.card?.brand).toBe('visa');
  await submitPage(url, { ...BERLIN, ...VISA, number: '5555 5555 5555 4444' });
  await sync();
  const saved = (await stores.accounts.read(accountId))!.card;
  expect(saved?.brand).toBe('mastercard');
  const chosen = await stage.post('/payment_methods/pm_card_visa/attach', { customer: customerId });
  await stage.post(`/customers/${customerId}`, {
    'invoice_settings[default_payment_method]': String(chosen['id']),
  });
  await sync();
  expect((await stores.accounts.read(accountId))!.card?.paymentMethodId).toBe(chosen['id']);
});
