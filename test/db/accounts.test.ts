import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AccountId } from '../../domain/ids.ts';
import { accountId } from '../../domain/ids.ts';
import { choice, newAccount, openStores, order, type TestStores } from './support.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

const put = (id: AccountId, change: object = {}) =>
  stores.accounts.put({
    accountId: id,
    name: 'Acme',
    email: 'acme@example.com',
    locale: 'de',
    timeZone: 'Europe/Berlin',
    country: 'DE',
    plan: 'scale',
    ...change,
  });

const versionOf = async (id: AccountId) => {
  const [wake] = await stores.db.sql<{ version: number }[]>`
    select version from account_wakes where account_id = ${id}`;
  return wake!.version;
};

describe('an account', () => {
  test('put by 20 callers at once is made once, with two empty wallets', async () => {
    const id = accountId('at-once');
    const results = await Promise.all(Array.from({ length: 20 }, () => put(id)));
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    const overview = await stores.accounts.overview(id);
    expect(overview!.wallets).toMatchObject({
      call_minutes: { balance: 0, seq: 0, settings: null, openTopUp: null },
      chat_credits: { balance: 0, seq: 0, settings: null, openTopUp: null },
    });
  });

  test('put again with the same content wakes nobody; with other content it does', async () => {
    const id = accountId('again');
    await put(id);
    const version = await versionOf(id);
    expect(await put(id)).toMatchObject({ created: false });
    expect(await versionOf(id)).toBe(version);
    expect(await put(id, { plan: 'flex' })).toMatchObject({ created: false, account: { plan: 'flex' } });
    expect(await versionOf(id)).toBe(version + 1);
  });

  test('with a time zone that the database does not know is refused', async () => {
    await expect(put(accountId('lost'), { timeZone: 'Europe/Atlantis' })).rejects.toThrow(
      'time_zone_unknown',
    );
    expect(await stores.accounts.read(accountId('lost'))).toBeNull();
  });

  test('has a profile with its customer; an unknown one has none', async () => {
    const id = await newAccount(stores);
    await stores.accounts.saveCustomer(id, 'cus_1');
    expect(await stores.accounts.readProfile(id)).toMatchObject({ accountId: id, customerId: 'cus_1' });
    await expect(stores.accounts.readProfile(accountId('nobody'))).rejects.toThrow('account_unknown');
    expect(await stores.accounts.overview(accountId('nobody'))).toBeNull();
  });
});

describe('a suspension', () => {
  const card = (fingerprint: string | null, paymentMethodId = 'pm_1') => ({
    paymentMethodId,
    fingerprint,
    brand: 'visa',
    last4: '4242',
    expMonth: 1,
    expYear: 2030,
  });

  async function suspendedAccount(fingerprint: string | null): Promise<AccountId> {
    const id = await newAccount(stores);
    await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
    await stores.accounts.saveCard(id, card(fingerprint));
    const recorded = await stores.topUps.recordIntent(order(id));
    const { topUpId } = recorded.status === 'recorded' ? recorded.topUp : order(id);
    await stores.topUps.close(topUpId, {
      state: 'failed',
      failure: 'card_declined',
      suspend: 'hard_decline',
    });
    return id;
  }
  const suspensionOf = async (id: AccountId) => (await stores.accounts.read(id))!.suspension;

  test('is not lifted by the same card attached again, nor by taking it away', async () => {
    const id = await suspendedAccount('f1');
    expect(await stores.accounts.saveCard(id, null)).toEqual({ suspensionLifted: false });
    expect(await stores.accounts.saveCard(id, card('f1', 'pm_2'))).toEqual({ suspensionLifted: false });
    expect(await suspensionOf(id)).not.toBeNull();
  });

  test('is lifted once by another card, which wakes the account and forgives the failures', async () => {
    const id = await suspendedAccount('f1');
    const version = await versionOf(id);
    expect(await stores.accounts.saveCard(id, card('f2', 'pm_2'))).toEqual({ suspensionLifted: true });
    expect(await stores.accounts.saveCard(id, card('f2', 'pm_2'))).toEqual({ suspensionLifted: false });
    expect(await suspensionOf(id)).toBeNull();
    expect(await versionOf(id)).toBe(version + 1);
    expect((await stores.accounts.readSnapshot(id, null)).failuresInRow).toBe(0);
    expect((await stores.accounts.read(id))!.card).toEqual(card('f2', 'pm_2'));
  });

  test('by an operator or a dispute is not lifted by a card', async () => {
    for (const reason of ['operator', 'dispute']) {
      const id = await suspendedAccount('f1');
      await stores.db.sql`update accounts set suspension_reason = ${reason} where account_id = ${id}`;
      expect(await stores.accounts.saveCard(id, card('f2'))).toEqual({ suspensionLifted: false });
    }
  });
});
