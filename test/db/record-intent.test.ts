import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountId, type AccountId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import { quantity } from '../../domain/quantities.ts';
import type { SettingsChoice } from '../../domain/settings.ts';
import type { TopUpOrder } from '../../domain/top-up.ts';
import { asOwner, choice, grant, newAccount, openStores, order, type TestStores } from './support.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

async function enabledAccount(change: Partial<SettingsChoice> = {}, timeZone?: string): Promise<AccountId> {
  const id = await newAccount(stores, timeZone === undefined ? {} : { timeZone });
  await stores.settings.save(id, 'call_minutes', choice(change), { ifVersion: null });
  await stores.settings.save(id, 'chat_credits', choice(change), { ifVersion: null });
  return id;
}

const attempt = (id: AccountId, change: Partial<TopUpOrder> = {}) =>
  stores.topUps.recordIntent(order(id, change));

async function record(id: AccountId, change: Partial<TopUpOrder> = {}) {
  const result = await attempt(id, change);
  if (result.status !== 'recorded') throw new Error(result.reason);
  return result.topUp;
}

const close = (topUp: { topUpId: TopUpOrder['topUpId'] }, state: 'failed' | 'canceled' = 'canceled') =>
  stores.topUps.close(topUp.topUpId, { state, failure: null, suspend: null });

describe('50 intents at once', () => {
  test('for one wallet record one, and tell the others that it is in flight', async () => {
    const id = await enabledAccount();
    const triggers = ['auto', 'manual', 'operator'] as const;
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, index) => attempt(id, { trigger: triggers[index % 3]! })),
    );
    expect(results.filter(({ status }) => status === 'recorded')).toHaveLength(1);
    expect(
      results.filter((each) => each.status === 'not_needed' && each.reason === 'in_flight'),
    ).toHaveLength(49);
  });

  test('under one id are one intent, found by each', async () => {
    const id = await enabledAccount();
    const same = order(id);
    const results = await Promise.all(Array.from({ length: 50 }, () => stores.topUps.recordIntent(same)));
    const found = results.map((result) => (result.status === 'recorded' ? result.topUp : null));
    expect(new Set(found.map((topUp) => JSON.stringify(topUp))).size).toBe(1);
    expect(found[0]).toMatchObject({ ...same, state: 'pending', attempt: 0, declines: 0 });
  });

  test('for both wallets record one each', async () => {
    const id = await enabledAccount();
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        attempt(id, { wallet: index % 2 === 0 ? 'call_minutes' : 'chat_credits' }),
      ),
    );
    const recorded = results.flatMap((each) => (each.status === 'recorded' ? [each.topUp.wallet] : []));
    expect(recorded.toSorted()).toEqual(['call_minutes', 'chat_credits']);
  });

  test('racing with the credit that makes them needless leave the balance above or one intent', async () => {
    const id = await enabledAccount();
    const [, ...results] = await Promise.all([
      grant(stores, id, 50),
      ...Array.from({ length: 20 }, () => attempt(id)),
    ]);
    const outcomes = results.map((each) => (each.status === 'recorded' ? 'recorded' : each.reason));
    const possible = ['recorded', 'balance_recovered', 'in_flight'];
    expect(outcomes.filter((outcome) => !possible.includes(outcome))).toEqual([]);
    expect(outcomes.filter((outcome) => outcome === 'recorded').length).toBeLessThanOrEqual(1);
    expect(await attempt(id)).toMatchObject({ status: 'not_needed', reason: 'balance_recovered', seq: 1 });
  });
});

describe('an automatic intent is refused when', () => {
  test('the settings are not those of its warrant, or were switched off', async () => {
    const id = await enabledAccount();
    const stale = { ...order(id).warrant!, settingsVersion: 2 };
    expect(await attempt(id, { warrant: stale })).toEqual({
      status: 'not_needed',
      reason: 'settings_changed',
      seq: 0,
      settingsVersion: 1,
    });
    await stores.settings.save(id, 'call_minutes', choice({ enabled: false }), { ifVersion: 1 });
    expect(await attempt(id, { warrant: stale })).toMatchObject({ reason: 'settings_changed' });
  });

  test('the balance has reached the target, whatever the warrant says of it', async () => {
    const id = await enabledAccount();
    await grant(stores, id, 50);
    expect(await attempt(id)).toMatchObject({ reason: 'balance_recovered', seq: 1 });
    await stores.holds.place(
      {
        accountId: id,
        wallet: 'call_minutes',
        source: 'campaign',
        quantity: quantity(51),
        expiresInMs: 1_000,
      },
      null,
    );
    const refused = { ...order(id).warrant!, target: quantity(51), cause: 'refusal' as const };
    expect(await attempt(id, { warrant: refused })).toMatchObject({ status: 'recorded' });
  });

  test('automatic top-ups are suspended', async () => {
    const id = await enabledAccount();
    const failed = await record(id);
    await stores.topUps.close(failed.topUpId, {
      state: 'failed',
      failure: 'card_declined',
      suspend: 'hard_decline',
    });
    expect(await attempt(id)).toMatchObject({ reason: 'suspended' });
    expect(await attempt(id, { trigger: 'manual', warrant: null })).toMatchObject({ status: 'recorded' });
  });

  test('it would pass the monthly cap, counting what is in flight and not what failed', async () => {
    const id = await enabledAccount({ monthlyCapCents: cents(250) });
    await close(await record(id), 'failed');
    await close(await record(id), 'canceled');
    const paid = await record(id, { amountCents: cents(150) });
    await asOwner(
      stores,
      (sql) => sql`
      update top_ups set state = 'credited' where top_up_id = ${paid.topUpId}`,
    );
    expect(await attempt(id, { amountCents: cents(101) })).toMatchObject({ reason: 'monthly_cap' });
    expect(await attempt(id, { amountCents: cents(100) })).toMatchObject({ status: 'recorded' });
  });

  test('ten were started in the last day, even if they failed', async () => {
    const id = await enabledAccount();
    for (let started = 0; started < stores.policy.maxTopUpsPerDay; started += 1)
      await close(await record(id));
    expect(await attempt(id)).toMatchObject({ reason: 'daily_limit' });
    await asOwner(
      stores,
      (sql) => sql`
      update top_ups set created_at = created_at - interval '24 hours'
      where account_id = ${id} and created_at = (select min(created_at) from top_ups where account_id = ${id})`,
    );
    expect(await attempt(id)).toMatchObject({ status: 'recorded' });
  });

  test('nobody knows the account', async () => {
    await expect(attempt(accountId('nobody'))).rejects.toThrow('account_unknown');
  });
});

describe('the month of the cap', () => {
  // Both sides of the date line, so that in most hours of the year two of them are in different months.
  test.each(['Europe/Berlin', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Kolkata'])(
    'begins and ends at midnight in %s',
    async (timeZone) => {
      const id = await enabledAccount({ monthlyCapCents: cents(100) }, timeZone);
      const [starts, ends] = monthIn(timeZone);
      const before = await record(id);
      const paidAt = (atMs: number) =>
        asOwner(
          stores,
          (sql) => sql`
          update top_ups set state = 'credited', created_at = to_timestamp(${atMs / 1000}::float8)
          where top_up_id = ${before.topUpId}`,
        );
      await paidAt(starts);
      const inside = await stores.accounts.overview(id);
      expect(inside!.wallets.call_minutes).toMatchObject({ spentThisMonthCents: 100, monthEndsAtMs: ends });
      expect(await attempt(id)).toMatchObject({ reason: 'monthly_cap' });
      await paidAt(starts - 1);
      const outside = await stores.accounts.overview(id);
      expect(outside!.wallets.call_minutes).toMatchObject({ spentThisMonthCents: 0 });
    },
  );
});

/** First and last instant of the current month in a time zone, by the runtime's own calendar. */
function monthIn(timeZone: string): [number, number] {
  const local = new Date(Date.now() + offsetMs(timeZone, Date.now()));
  const instantOf = (monthsOn: number): number => {
    const wall = Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + monthsOn, 1);
    return wall - offsetMs(timeZone, wall - offsetMs(timeZone, wall));
  };
  return [instantOf(0), instantOf(1)];
}

function offsetMs(timeZone: string, atMs: number): number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')!.value;
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? ['', '+', '0', '0'];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
