import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStripePayments } from '../../activities/adapters/stripe-payments.ts';
import { createSyncCustomer } from '../../activities/sync-customer.ts';
import { newAccount, openStores, type TestStores } from '../db/support.ts';
import { startStage, type Stage } from './adapters/stripe-stage.ts';

let stores: TestStores;
let stage: Stage;
beforeAll(async () => {
  [stores, stage] = await Promise.all([openStores(), startStage()]);
});
afterAll(async () => {
  await Promise.all([stores.close(), stage.close()]);
});

test('a customer whom Stripe does not know blocks the account, and is not replaced behind its back', async () => {
  const accountId = await newAccount(stores);
  await stores.accounts.saveCustomer(accountId, 'cus_of_another_account');
  const sync = createSyncCustomer({ accounts: stores.accounts, payments: stage.payments });
  expect(await sync({ accountId })).toEqual({
    customerId: 'cus_of_another_account',
    blockedBy: 'no_payment_method',
    suspensionLifted: false,
  });
  expect(await stores.accounts.read(accountId)).toMatchObject({
    customerId: 'cus_of_another_account',
    blockReason: 'no_payment_method',
  });
  expect(stage.wire.seen.map(({ method }) => method)).not.toContain('POST');
});

test('a key that Stripe refuses stays a fault: it says nothing of the customer', async () => {
  const accountId = await newAccount(stores);
  await stores.accounts.saveCustomer(accountId, 'cus_1');
  const payments = createStripePayments({ secretKey: 'rk_wrong', apiBase: stage.wire.url });
  const sync = createSyncCustomer({ accounts: stores.accounts, payments });
  await expect(sync({ accountId })).rejects.toMatchObject({ kind: 'rejected' });
  expect((await stores.accounts.read(accountId))!.blockReason).toBeNull();
});
