import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findForgottenReversals } from '../../db/find-forgotten.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { createReversals } from '../../db/reversals.ts';
import { createSweeper } from '../../db/sweep.ts';
import type { AccountId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import { quantity } from '../../domain/quantities.ts';
import type { SettingsChoice } from '../../domain/settings.ts';
import type { Wallet } from '../../domain/wallet.ts';
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
beforeEach(async () => {
  await asOwner(
    stores,
    (sql) => sql`truncate accounts, wallets, settings, settings_history, ledger_entries,
    top_ups, charge_attempts, notifications, deliveries, account_wakes`,
  );
});

type Situation = {
  wallet?: Wallet;
  settings?: Partial<SettingsChoice>;
  held?: number;
  source?: 'campaign' | 'inbound';
  used?: number;
};

/** An account that came below its values, was told so, and whose wakes have all been delivered. */
async function settledAccount(situation: Situation = {}): Promise<AccountId> {
  const { wallet = 'call_minutes', settings = {}, held = 200, source = 'campaign', used = 180 } = situation;
  const id = await newAccount(stores);
  await grant(stores, id, held, wallet);
  await stores.settings.save(id, wallet, choice(settings), { ifVersion: null });
  const { version } = (await stores.settings.read(id, wallet))!;
  await stores.ledger.ingest([usage(id, { wallet, source, quantity: quantity(used) })]);
  const balance = quantity(held - used);
  const base = { wallet, balance, seq: 2, alertVersion: version };
  for (const kind of ['balance.alert', 'balance.depleted'] as const) {
    if (kind === 'balance.depleted' && balance > 0) continue;
    const request = { ...base, kind };
    const notice = await stores.notifications.compose(id, request);
    await stores.notifications.record(id, request, notice, { title: 't', body: 'b' });
  }
  await stores.db.sql`update account_wakes set dirty = false, refresh = '{}'`;
  return id;
}

test('news of a refund that nobody has acted on is found, and acted on once', async () => {
  const id = await newAccount(stores);
  await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
  const { topUpId } = await paidTopUp(stores, id);
  await stores.ledger.creditTopUp(topUpId);
  await stores.db.sql`update top_ups set reversal_mark = reversal_mark + 1 where top_up_id = ${topUpId}`;
  await stores.db.sql`update account_wakes set dirty = false, refresh = '{}'`;
  expect(await findForgottenReversals(stores.db.sql, stores.policy)).toEqual([]);
  await minutesPass(2);
  expect(await findForgottenReversals(stores.db.sql, stores.policy)).toEqual([
    { accountId: id, wallet: 'call_minutes' },
  ]);
  expect(await stores.sweeper.sweep()).toBe(1);
  expect((await stores.accounts.readSnapshot(id, null)).reversals).toEqual([topUpId]);
  await createReversals(stores.db).book(topUpId, 1, { refunds: [], disputes: [] });
  expect((await stores.accounts.readSnapshot(id, null)).reversals).toBeUndefined();
  await minutesPass(2);
  expect(await findForgottenReversals(stores.db.sql, stores.policy)).toEqual([]);
});

/** Moves everything into the past, except what is told to stay. */
async function minutesPass(minutes: number): Promise<void> {
  await asOwner(stores, async (sql) => {
    const past = sql`interval '1 minute' * ${minutes}`;
    await sql`update ledger_entries set created_at = created_at - ${past}`;
    await sql`update settings set updated_at = updated_at - ${past}`;
    await sql`update accounts set updated_at = updated_at - ${past}`;
    await sql`update top_ups set updated_at = updated_at - ${past}, created_at = created_at - ${past}`;
    await sql`update account_wakes set swept_at = swept_at - ${past}`;
  });
}

const liveness = async () => {
  const results = await checkInvariants(stores.db, stores.policy);
  return results.filter(({ number }) => number === 6 || number === 8).map(({ holds }) => holds);
};

describe('the sweep wakes', () => {
  test('a campaign’s account that is below and has no top-up, after a minute', async () => {
    const id = await settledAccount();
    expect(await stores.sweeper.sweep()).toBe(0);
    expect(await liveness()).toEqual([true, true]);
    await minutesPass(2);
    expect(await liveness()).toEqual([false, true]);
    expect(await stores.sweeper.sweep()).toBe(1);
    const [wake] = await stores.wakes.claim({ limit: 10, leaseMs: 60_000 });
    expect(wake).toMatchObject({ accountId: id, message: { signal: { reasons: ['sweep'] } } });
  });

  test('some accounts at a time, in rounds that leave none out', async () => {
    const ids = [await settledAccount(), await settledAccount(), await settledAccount()].sort();
    await minutesPass(2);
    const { sweep } = createSweeper(stores.db, stores.policy, { accountsLookedAt: 2 });
    const woken = async () =>
      (await stores.wakes.claim({ limit: 10, leaseMs: 60_000 })).map((wake) => wake.accountId);
    expect(await sweep()).toBe(2);
    expect((await woken()).sort()).toEqual(ids.slice(0, 2));
    expect(await sweep()).toBe(1);
    expect(await woken()).toEqual(ids.slice(2));
    await stores.db
      .sql`update account_wakes set dirty = false, outstanding = null, refresh = '{}', swept_at = null`;
    expect(await sweep()).toBe(2);
  });

  test('chat credits that are below, whoever used them', async () => {
    await settledAccount({ wallet: 'chat_credits', source: 'inbound' });
    await minutesPass(2);
    expect(await stores.sweeper.sweep()).toBe(1);
  });

  test('a top-up whose next step is overdue, and one that nobody moves', async () => {
    const id = await settledAccount();
    const recorded = await stores.topUps.recordIntent(order(id));
    const { topUpId } = recorded.status === 'recorded' ? recorded.topUp : order(id);
    expect(await stores.sweeper.sweep()).toBe(0);
    await minutesPass(2);
    expect(await stores.sweeper.sweep()).toBe(1);
    await stores.db.sql`update account_wakes set refresh = '{}', swept_at = null`;
    const waiting = { state: 'retrying' as const, failure: null };
    const inAnHour = Date.now() + 3_600_000;
    await stores.topUps.markWaiting(topUpId, { ...waiting, nextAttemptAtMs: inAnHour });
    expect(await stores.sweeper.sweep()).toBe(0);
    await stores.topUps.markWaiting(topUpId, { ...waiting, nextAttemptAtMs: Date.now() - 120_000 });
    expect(await stores.sweeper.sweep()).toBe(1);
  });

  test.each([
    ['below the alert value', 120],
    ['empty', 200],
  ])('an account that is %s and was not told so', async (_name, used) => {
    await settledAccount({ used, source: 'inbound' });
    await minutesPass(2);
    expect(await stores.sweeper.sweep()).toBe(0);
    await asOwner(stores, (sql) => sql`delete from notifications`);
    await asOwner(stores, (sql) => sql`delete from deliveries`);
    expect(await liveness()).toEqual([true, false]);
    expect(await stores.sweeper.sweep()).toBe(1);
  });

  test('a wallet again that fell below a second time and was told only of the first', async () => {
    const id = await settledAccount({ used: 120, source: 'inbound' });
    await grant(stores, id, 20);
    await stores.ledger.ingest([usage(id, { quantity: quantity(20), source: 'inbound' })]);
    await minutesPass(2);
    expect(await stores.sweeper.sweep()).toBe(1);
  });
});

describe('the sweep leaves alone', () => {
  const cases: [string, Situation, ((id: AccountId) => Promise<unknown>)?][] = [
    ['inbound usage of call minutes', { source: 'inbound' }],
    ['settings that are off', { settings: { enabled: false } }],
    ['a balance above', { used: 120 }],
    ['a cap without room', { settings: { monthlyCapCents: cents(99) } }],
    [
      'a suspended account',
      {},
      (id) => stores.db.sql`update accounts set suspension_reason = 'operator' where account_id = ${id}`,
    ],
    [
      'an account with ten starts in a day',
      {},
      async (id) => {
        for (let started = 0; started < stores.policy.maxTopUpsPerDay; started += 1) {
          const { topUpId } = order(id);
          await stores.topUps.recordIntent(order(id, { topUpId }));
          await stores.topUps.close(topUpId, { state: 'canceled', failure: null, suspend: null });
        }
      },
    ],
    [
      'a campaign before the settings were saved',
      {},
      (id) => stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null }),
    ],
    [
      'a campaign before the balance recovered',
      {},
      async (id) => {
        await grant(stores, id, 30);
        await stores.ledger.ingest([usage(id, { source: 'inbound' })]);
      },
    ],
  ];
  test.each(cases)('%s', async (_name, situation, happens) => {
    const id = await settledAccount(situation);
    await happens?.(id);
    await stores.db.sql`update account_wakes set dirty = false, refresh = '{}'`;
    await minutesPass(2);
    expect(await stores.sweeper.sweep()).toBe(0);
    expect(await liveness()).toEqual([true, true]);
  });

  test('a wallet that never held anything', async () => {
    const id = await newAccount(stores);
    await stores.ledger.ingest([usage(id)]);
    await stores.db.sql`update account_wakes set dirty = false, refresh = '{}'`;
    await minutesPass(2);
    expect(await stores.sweeper.sweep()).toBe(0);
  });
});

test('an account that stays as it is is swept less and less often, until something happens', async () => {
  const id = await settledAccount();
  await minutesPass(2);
  const sweeps: number[] = [];
  for (let minute = 0; minute < 16; minute += 1) {
    if ((await stores.sweeper.sweep()) > 0) sweeps.push(minute);
    await stores.wakes.acknowledge(await stores.wakes.claim({ limit: 10, leaseMs: 60_000 }));
    await minutesPass(1);
  }
  expect(sweeps).toEqual([0, 2, 6, 14]);
  await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
  const [wake] = await stores.db.sql<{ sweeps: number }[]>`select sweeps from account_wakes`;
  expect(wake!.sweeps).toBe(0);
});
