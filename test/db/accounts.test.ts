import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AccountId } from '../../domain/ids.ts';
import { accountId } from '../../domain/ids.ts';
import { choice, newAccount, openStores, order, usage, type TestStores } from './support.ts';

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

  // PostgreSQL takes the last three, by a notation in which UTC+5 is west of Greenwich.
  test.each(['Europe/Atlantis', 'UTC+5', 'GMT-3', 'CET-1CEST'])(
    'in the time zone %s is refused',
    async (timeZone) => {
      await expect(put(accountId('lost'), { timeZone })).rejects.toThrow('time_zone_unknown');
      expect(await stores.accounts.read(accountId('lost'))).toBeNull();
      const id = await newAccount(stores);
      await expect(put(id, { timeZone })).rejects.toThrow('time_zone_unknown');
    },
  );

  test.each(['Europe/Berlin', 'UTC', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires'])(
    'in the time zone %s is taken',
    async (timeZone) => {
      const id = await newAccount(stores, { timeZone });
      expect((await stores.accounts.read(id))!.timeZone).toBe(timeZone);
    },
  );

  test('has a profile with its customer; an unknown one has none', async () => {
    const id = await newAccount(stores);
    await stores.accounts.saveCustomer(id, 'cus_1');
    expect(await stores.accounts.readProfile(id)).toMatchObject({ accountId: id, customerId: 'cus_1' });
    await expect(stores.accounts.readProfile(accountId('nobody'))).rejects.toThrow('account_unknown');
    expect(await stores.accounts.overview(accountId('nobody'))).toBeNull();
  });
});

const card = (fingerprint: string | null, paymentMethodId = 'pm_1') => ({
  paymentMethodId,
  fingerprint,
  brand: 'visa',
  last4: '4242',
  expMonth: 1,
  expYear: 2030,
});

/** An account whose top-up was charged to a card with this fingerprint, and declined. */
async function declinedTopUp(fingerprint: string) {
  const id = await newAccount(stores);
  await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
  await stores.accounts.saveCard(id, card(fingerprint));
  const { topUpId } = order(id);
  await stores.topUps.recordIntent(order(id, { topUpId }));
  await stores.topUps.beginAttempt(topUpId, 1, 'pm_1');
  const decline = { kind: 'soft', reason: 'card_declined', code: 'generic_decline' } as const;
  await stores.topUps.finishAttempt(topUpId, 1, { status: 'declined', decline });
  return { id, topUpId };
}

const reasonsHeard = async (id: AccountId) => {
  const claimed = await stores.wakes.claim({ limit: 1_000, leaseMs: 60_000 });
  await stores.wakes.acknowledge(claimed);
  const message = claimed.find((wake) => wake.accountId === id)?.message;
  return message?.kind === 'refresh' ? message.signal.reasons : [];
};

describe('a top-up that waits after a soft decline', () => {
  const LATER_MS = 4_000_000_000_000;

  async function waitingTopUp() {
    const { id, topUpId } = await declinedTopUp('f1');
    const waiting = { nextAttemptAtMs: LATER_MS, failure: 'card_declined' as const };
    await stores.topUps.markWaiting(topUpId, { state: 'retrying', ...waiting });
    await reasonsHeard(id);
    return { id, topUpId, nextAttempt: async () => (await stores.topUps.read(topUpId))!.nextAttemptAtMs };
  }

  test('stays hastened when it is told again that it waits', async () => {
    const { id, topUpId, nextAttempt } = await waitingTopUp();
    await stores.accounts.saveCard(id, card('f2', 'pm_2'));
    await stores.accounts.saveCard(id, card('f1'));
    const hastened = await nextAttempt();
    const waiting = { nextAttemptAtMs: LATER_MS, failure: 'card_declined' as const };
    await stores.topUps.markWaiting(topUpId, { state: 'retrying', ...waiting });
    expect(await nextAttempt()).toBe(hastened);
    expect(hastened).toBeLessThan(LATER_MS);
  });

  test('is tried with a new card at once', async () => {
    const { id, nextAttempt } = await waitingTopUp();
    await stores.accounts.saveCard(id, card('f2', 'pm_2'));
    expect(await nextAttempt()).toBeLessThanOrEqual(Date.now());
    expect(await reasonsHeard(id)).toEqual(['account']);
    await stores.accounts.saveCard(id, card('f2', 'pm_2'));
    expect(await reasonsHeard(id)).toEqual([]);
  });

  test('does not begin to wait when the card was replaced while it was declined', async () => {
    const { id, topUpId } = await declinedTopUp('f1');
    await stores.accounts.saveCard(id, card('f2', 'pm_2'));
    await reasonsHeard(id);
    const waiting = { nextAttemptAtMs: LATER_MS, failure: null };
    await stores.topUps.markWaiting(topUpId, { state: 'retrying', ...waiting });
    expect((await stores.topUps.read(topUpId))!.nextAttemptAtMs).toBeLessThanOrEqual(Date.now());
    expect(await reasonsHeard(id)).toEqual(['account']);
  });

  test('keeps its schedule for the same card, attached again or not, and without a card', async () => {
    const { id, nextAttempt } = await waitingTopUp();
    for (const same of [card('f1'), card('f1', 'pm_2'), null]) await stores.accounts.saveCard(id, same);
    expect(await nextAttempt()).toBe(LATER_MS);
    expect(await reasonsHeard(id)).toEqual([]);
  });

  test('is not changed when it waits for the customer', async () => {
    const { id, topUpId, nextAttempt } = await waitingTopUp();
    await stores.topUps.markWaiting(topUpId, {
      state: 'action_required',
      nextAttemptAtMs: LATER_MS,
      failure: null,
    });
    await stores.accounts.saveCard(id, card('f2', 'pm_2'));
    expect(await nextAttempt()).toBe(LATER_MS);
  });

  test('is in nobody’s way when cards, usage and closings come at once', async () => {
    const { id, topUpId } = await waitingTopUp();
    const writers = Array.from({ length: 30 }, (_, index) => {
      if (index % 3 === 0) return stores.accounts.saveCard(id, card(`f${index}`, `pm_${index}`));
      if (index % 3 === 1) return stores.ledger.ingest([usage(id)]);
      const closing = { state: 'failed', failure: 'card_declined', suspend: 'hard_decline' } as const;
      return index < 15 ? stores.topUps.markWaiting(topUpId, WAITING) : stores.topUps.close(topUpId, closing);
    });
    const settled = await Promise.allSettled<unknown>(writers);
    expect(settled.filter(({ status }) => status === 'rejected')).toEqual([]);
  });

  const WAITING = { state: 'retrying', nextAttemptAtMs: LATER_MS, failure: null } as const;
});

describe('a suspension', () => {
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

  test('for a card that has been replaced since is about that card: the next look lifts it', async () => {
    const { id, topUpId } = await declinedTopUp('f1');
    await stores.accounts.saveCard(id, card('f2', 'pm_2'));
    await reasonsHeard(id);
    const closing = { state: 'failed', failure: 'card_declined', suspend: 'hard_decline' } as const;
    await stores.topUps.close(topUpId, closing);
    expect(await suspensionOf(id)).not.toBeNull();
    expect(await reasonsHeard(id)).toEqual(['customer']);
    expect(await stores.accounts.saveCard(id, card('f2', 'pm_2'))).toEqual({ suspensionLifted: true });
  });

  test('for the card that is still there is not lifted by it', async () => {
    const { id, topUpId } = await declinedTopUp('f1');
    const closing = { state: 'failed', failure: 'card_declined', suspend: 'hard_decline' } as const;
    await stores.topUps.close(topUpId, closing);
    expect(await stores.accounts.saveCard(id, card('f1', 'pm_3'))).toEqual({ suspensionLifted: false });
  });

  test('by an operator or a dispute is not lifted by a card', async () => {
    for (const reason of ['operator', 'dispute']) {
      const id = await suspendedAccount('f1');
      await stores.db.sql`update accounts set suspension_reason = ${reason} where account_id = ${id}`;
      expect(await stores.accounts.saveCard(id, card('f2'))).toEqual({ suspensionLifted: false });
    }
  });
});
