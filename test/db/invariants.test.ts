import type postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkInvariants, type InvariantResult } from '../../db/invariants.ts';
import type { AccountId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import { quantity } from '../../domain/quantities.ts';
import {
  asOwner,
  choice,
  grant,
  newAccount,
  openStores,
  paidTopUp,
  usage,
  type TestStores,
} from './support.ts';

type Break = (sql: postgres.TransactionSql) => Promise<unknown>;

let stores: TestStores;
let id: AccountId;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

/** A whole story that breaks nothing: usage, crossing, charge, credit, notices. */
beforeEach(async () => {
  await asOwner(
    stores,
    (sql) => sql`truncate accounts, wallets, settings, settings_history, ledger_entries,
    top_ups, charge_attempts, notifications, deliveries, account_wakes`,
  );
  id = await newAccount(stores);
  await grant(stores, id, 200);
  await stores.settings.save(id, 'call_minutes', choice({ monthlyCapCents: cents(150) }), {
    ifVersion: null,
  });
  await stores.ledger.ingest([usage(id, { quantity: quantity(180), source: 'campaign' })]);
  const topUp = await paidTopUp(stores, id, {
    warrant: { balance: quantity(20), seq: 2, settingsVersion: 1, target: quantity(50), cause: 'campaign' },
  });
  await stores.ledger.creditTopUp(topUp.topUpId);
  const request = { kind: 'top_up.succeeded' as const, topUpId: topUp.topUpId };
  const notice = await stores.notifications.compose(id, request);
  await stores.notifications.record(id, request, notice, { title: 't', body: 'b' });
});

const brokenNumbers = async () => {
  const results = await checkInvariants(stores.db, stores.policy);
  expect(results.map(({ holds, violations }) => holds === (violations.length === 0))).not.toContain(false);
  return results.filter(({ holds }) => !holds).map(({ number }) => number);
};

test('a story that went right breaks none', async () => {
  expect(await brokenNumbers()).toEqual([]);
});

describe('found is', () => {
  const anotherTopUp = (sql: postgres.TransactionSql, state: string, minutes = 0) => sql`
    insert into top_ups (account_id, top_up_id, wallet, trigger, state, amount_cents, currency, units, quantity,
      warrant, created_at)
    select account_id, 'tu_' || gen_random_uuid(), wallet, trigger, ${state}, amount_cents, currency, units,
      quantity, warrant, now() - interval '1 minute' * ${minutes}
    from top_ups limit 1`;
  const cases: [number[], string, Break][] = [
    [
      [1],
      'a balance that is not the sum',
      (sql) => sql`update wallets set balance = balance + 1 where seq > 0`,
    ],
    [[1], 'a gap in the numbers', (sql) => sql`update ledger_entries set seq = 9 where seq = 3`],
    [
      [1],
      'a link that does not carry on',
      (sql) => sql`
      update ledger_entries set balance_after = balance_after + 1 where seq = 1`,
    ],
    [[3], 'a credit without a top-up', (sql) => sql`update top_ups set top_up_id = 'other'`],
    [[3], 'a credit of another quantity', (sql) => sql`update top_ups set quantity = quantity + 1`],
    [
      [3],
      'a top-up that says credited without an entry',
      async (sql) => {
        await anotherTopUp(sql, 'credited');
        await sql`update top_ups set paid_at = now(), credited_at = now(), trigger = 'manual'`;
      },
    ],
    [
      [3],
      'a reversal that took something without an entry',
      (sql) => sql`
      insert into reversals (account_id, reversal_id, top_up_id, kind, status, amount_cents, quantity)
      select account_id, 're_1', top_up_id, 'refund', 'succeeded', total_cents, quantity from top_ups limit 1`,
    ],
    [
      [3],
      'a refund for which nothing was taken back',
      (sql) => sql`
      insert into reversals (account_id, reversal_id, top_up_id, kind, status, amount_cents, quantity)
      select account_id, 're_1', top_up_id, 'refund', 'succeeded', total_cents, 0 from top_ups limit 1`,
    ],
    [
      [4],
      'two top-ups in flight',
      async (sql) => {
        await sql`drop index top_ups_single_flight`;
        await anotherTopUp(sql, 'pending');
        await anotherTopUp(sql, 'retrying');
        await sql`update top_ups set trigger = 'manual' where state <> 'credited'`;
      },
    ],
    [[5], 'a warrant by settings that were off', (sql) => sql`update settings_history set enabled = false`],
    [
      [5],
      'a warrant for a balance that never was',
      (sql) => sql`
      update top_ups set warrant = jsonb_set(warrant, '{balance}', '21')`,
    ],
    [
      [5],
      'a warrant for a balance above its target',
      (sql) => sql`
      update top_ups set warrant = jsonb_set(warrant, '{target}', '20')`,
    ],
    [[5], 'a month above its cap', (sql) => anotherTopUp(sql, 'refunded')],
    [
      [5],
      'too many starts in a day',
      async (sql) => {
        for (let started = 0; started < 10; started += 1) await anotherTopUp(sql, 'canceled', started);
      },
    ],
    [
      [7],
      'an outcome unknown for 20 hours',
      (sql) => sql`
      update top_ups set state = 'unknown', unknown_since = now() - interval '20 hours 1 second'`,
    ],
    [
      [8],
      'a success that nobody was told of',
      async (sql) => {
        await sql`update top_ups set credited_at = now() - interval '2 minutes'`;
        await sql`update notifications set cause = 'other'`;
      },
    ],
    [[8], 'a notification without a mail', (sql) => sql`delete from deliveries`],
    [
      [8],
      'a mail that is neither sent nor given up after a day',
      (sql) => sql`
      update deliveries set created_at = now() - interval '26 hours'`,
    ],
    [
      [10],
      'a service that may change entries',
      (sql) => sql`
      grant update on ledger_entries_05 to auto_top_up_service`,
    ],
    [
      [10],
      'a partition without its trigger',
      (sql) => sql`
      alter table ledger_entries_05 disable trigger append_only`,
    ],
  ];
  test.each(cases)('%j by %s', async (numbers, _name, breaks) => {
    const broken = await brokenBy(breaks);
    expect(broken.map(({ number }) => number)).toEqual(numbers);
    expect(broken.flatMap(({ violations }) => violations).join()).toMatch(/\S/);
    expect(await brokenNumbers()).toEqual([]);
  });
});

/** Breaks something in a transaction of the owner, past all triggers, judges, and takes it back. */
async function brokenBy(breaks: Break): Promise<InvariantResult[]> {
  const broken: InvariantResult[] = [];
  const undo = new Error('undo');
  const judged = stores.owner.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    await breaks(sql);
    const reading = <T>(work: (transaction: postgres.TransactionSql) => Promise<T>) => work(sql);
    const results = await checkInvariants({ ...stores.db, reading }, stores.policy);
    broken.push(...results.filter(({ holds }) => !holds));
    throw undo;
  });
  await judged.catch((error: unknown) => {
    if (error !== undo) throw error;
  });
  return broken;
}
