import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SaveSettingsResult } from '../../db/settings.ts';
import { accountId } from '../../domain/ids.ts';
import { quantity } from '../../domain/quantities.ts';
import { choice, newAccount, openStores, type TestStores } from './support.ts';

type SavedSettings = Extract<SaveSettingsResult, { status: 'saved' }>;

let stores: TestStores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

test('of many who save upon the same version at once, one is saved and the others are told they are stale', async () => {
  const id = await newAccount(stores);
  for (let version = 0; version < 3; version += 1) {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        stores.settings.save(id, 'call_minutes', choice({ alertBelow: quantity(index) }), {
          ifVersion: version,
        }),
      ),
    );
    const saved = results.filter(({ status }) => status === 'saved') as SavedSettings[];
    expect(saved).toHaveLength(1);
    expect(saved[0]).toMatchObject({ settings: { version: version + 1 } });
    const told = results.flatMap((result) => (result.status === 'stale' ? [result.current] : []));
    expect(told).toEqual(Array.from({ length: 19 }, () => saved[0]!.settings));
    expect(await stores.settings.read(id, 'call_minutes')).toEqual(saved[0]!.settings);
  }
});

test('without a condition every save is kept, in the history too', async () => {
  const id = await newAccount(stores);
  await Promise.all(
    Array.from({ length: 10 }, () => stores.settings.save(id, 'chat_credits', choice(), { ifVersion: null })),
  );
  const history = await stores.db.sql<{ version: number }[]>`
    select version from settings_history where account_id = ${id} order by version`;
  expect(history.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(await stores.settings.read(id, 'call_minutes')).toBeNull();
});

test('only a new alert value or the switch arms the alert again', async () => {
  const id = await newAccount(stores);
  const save = async (change: Parameters<typeof choice>[0]) => {
    const result = await stores.settings.save(id, 'call_minutes', choice(change), { ifVersion: null });
    return result.status === 'saved' ? result.settings.alertVersion : null;
  };
  expect(await save({})).toBe(1);
  expect(await save({ topUpBelow: quantity(7) })).toBe(1);
  expect(await save({ alertBelow: quantity(7) })).toBe(3);
  expect(await save({ alertBelow: quantity(7), enabled: false })).toBe(4);
});

test('of an account that nobody knows cannot be saved', async () => {
  const result = await stores.settings.save(accountId('nobody'), 'call_minutes', choice(), {
    ifVersion: null,
  });
  expect(result).toEqual({ status: 'unknown_account' });
});

test('a save wakes the account at once', async () => {
  const id = await newAccount(stores);
  await stores.wakes.acknowledge(await stores.wakes.claim({ limit: 100, leaseMs: 60_000 }));
  await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
  const claimed = await stores.wakes.claim({ limit: 100, leaseMs: 60_000 });
  expect(claimed.find((wake) => wake.accountId === id)?.message.signal).toMatchObject({
    reasons: ['settings'],
  });
});
