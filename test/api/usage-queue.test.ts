import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isDatabaseAwayForAll } from '../../api/database-faults.ts';
import { UsageQueue, UsageQueueFull, type UsageQueueOptions } from '../../api/usage-queue.ts';
import type { UsageEvent } from '../../db/book-usage.ts';
import { checkInvariants } from '../../db/invariants.ts';
import type { AccountId } from '../../domain/ids.ts';
import { asOwner, newAccount, openStores, usage, type TestStores } from '../db/support.ts';
import { eventually } from '../support/eventually.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

type Group = { events: number; requests: number };

/** A queue on the real ledger, and the groups it has sent so far. */
function openQueue(change: Partial<UsageQueueOptions> = {}) {
  const groups: Group[] = [];
  const queue = new UsageQueue({
    ingest: stores.ledger.ingest,
    concernsAll: isDatabaseAwayForAll,
    lanes: 2,
    groupEvents: 500,
    maxEvents: 10_000,
    maxLineEvents: 10_000,
    onGroup: (group) => groups.push(group),
    ...change,
  });
  return { queue, groups };
}

async function newAccounts(count: number): Promise<AccountId[]> {
  return Promise.all(Array.from({ length: count }, () => newAccount(stores)));
}

async function entriesOf(id: AccountId): Promise<number> {
  return (await stores.db.sql`select 1 from ledger_entries where account_id = ${id}`).length;
}

/** Locks an account's wallets until the returned function is called, as a transaction elsewhere may. */
async function lockWallets(id: AccountId): Promise<() => Promise<void>> {
  const locked = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const transaction = stores.owner.begin(async (sql) => {
    await sql`select 1 from wallets where account_id = ${id} for update`;
    locked.resolve();
    await end.promise;
  });
  await locked.promise;
  return async () => {
    end.resolve();
    await transaction;
  };
}

describe('the usage queue', () => {
  test('answers every request with its own results in its own order', async () => {
    const { queue, groups } = openQueue();
    const [a, b] = (await newAccounts(2)) as [AccountId, AccountId];
    const seen = usage(a);
    await queue.book([seen]);
    const answers = await Promise.all([
      queue.book([usage(a, { id: 'a1' }), usage(b, { id: 'b1' }), usage(a, { id: 'a2' })]),
      queue.book([seen]),
      queue.book([usage(b, { id: 'b2' }), { ...usage(b), id: 'b2' }]),
      queue.book([{ ...seen, fingerprint: 'other' }]),
      queue.book([usage('nobody' as AccountId, { id: 'n1' })]),
    ]);
    expect(answers).toEqual([
      ['a1', 'b1', 'a2'].map((id) => ({ id, status: 'accepted' })),
      [{ id: seen.id, status: 'duplicate' }],
      [
        { id: 'b2', status: 'accepted' },
        { id: 'b2', status: 'duplicate' },
      ],
      [{ id: seen.id, status: 'conflict' }],
      [{ id: 'n1', status: 'rejected', reason: 'unknown_account' }],
    ]);
    expect(groups).toEqual([
      { events: 1, requests: 1 },
      { events: 8, requests: 5 },
    ]);
    expect(queue.events).toBe(0);
  });

  test('answers no request before its own events are committed', async () => {
    const { queue } = openQueue();
    const [id] = (await newAccounts(1)) as [AccountId];
    await Promise.all(
      Array.from({ length: 60 }, async () => {
        const event = usage(id);
        await queue.book([event]);
        const cause = `usage:${event.id}`;
        const booked =
          await stores.owner`select 1 from ledger_entries where account_id = ${id} and cause = ${cause}`;
        expect(booked).toHaveLength(1);
      }),
    );
  });

  test('single requests share transactions, and no group is larger than it may be', async () => {
    const { queue, groups } = openQueue({ groupEvents: 50 });
    const accounts = await newAccounts(40);
    await Promise.all(
      accounts.flatMap((id) => [
        queue.book([usage(id)]),
        queue.book([usage(id), usage(id)]),
        queue.book([usage(id)]),
      ]),
    );
    const events = groups.map((group) => group.events);
    expect(events.reduce((sum, count) => sum + count, 0)).toBe(160);
    expect(Math.max(...events)).toBeLessThanOrEqual(50);
    expect(groups.length).toBeLessThanOrEqual(8);
    const [batch] = accounts as [AccountId];
    await queue.book(Array.from({ length: 60 }, () => usage(batch)));
    expect(groups.at(-1)).toEqual({ events: 60, requests: 1 });
  });

  test('one request that cannot be booked fails alone among many', async () => {
    const { queue, groups } = openQueue();
    const accounts = await newAccounts(30);
    const [poisoned] = accounts as [AccountId];
    // One more minute does not fit into what the ledger can count.
    await asOwner(
      stores,
      (sql) => sql`
      update wallets set balance = ${-Number.MAX_SAFE_INTEGER} where account_id = ${poisoned}`,
    );
    const outcomes = await Promise.allSettled(accounts.map((id) => queue.book([usage(id)])));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', ...Array(29).fill('fulfilled')]);
    expect(groups[0]).toEqual({ events: 30, requests: 30 });
    expect(await entriesOf(poisoned)).toBe(0);
    for (const id of accounts.slice(1)) expect(await entriesOf(id)).toBe(1);
    expect(queue.events).toBe(0);
    await asOwner(stores, (sql) => sql`update wallets set balance = 0 where account_id = ${poisoned}`);
    expect(await queue.book([usage(poisoned)])).toMatchObject([{ status: 'accepted' }]);
  });

  test('a wallet that stays locked fails its own requests only', async () => {
    const lockTimeout = Object.assign(new Error('canceling statement due to lock timeout'), {
      code: '55P03',
    });
    const [locked, other] = (await newAccounts(2)) as [AccountId, AccountId];
    const { queue } = openQueue({
      ingest: (events) =>
        events.some((event) => event.accountId === locked)
          ? Promise.reject(Object.assign(lockTimeout, { name: 'PostgresError' }))
          : stores.ledger.ingest(events),
    });
    const [refused, booked] = await Promise.allSettled([
      queue.book([usage(locked)]),
      queue.book([usage(other)]),
    ]);
    expect([refused.status, booked.status]).toEqual(['rejected', 'fulfilled']);
  });

  test('while the database is away nothing is tried a second time', async () => {
    let calls = 0;
    const { queue } = openQueue({
      ingest: () => {
        calls += 1;
        return Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
      },
    });
    const [a, b] = (await newAccounts(2)) as [AccountId, AccountId];
    const outcomes = await Promise.allSettled([queue.book([usage(a)]), queue.book([usage(b)])]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(calls).toBe(1);
    expect(queue.events).toBe(0);
  });

  test('a locked account holds up one lane, and the others are answered meanwhile', async () => {
    const { queue } = openQueue();
    const [hot, ...others] = (await newAccounts(20)) as [AccountId, ...AccountId[]];
    const unlock = await lockWallets(hot);
    let isHotAnswered = false;
    const held = queue.book([usage(hot)]).then(() => {
      isHotAnswered = true;
    });
    await eventually(async () => {
      const [row] = await stores.owner`select count(*)::int as waiting from pg_locks where not granted`;
      expect(row?.['waiting']).toBeGreaterThan(0);
    });
    // More of the same account must not take the other lane.
    const more = Array.from({ length: 50 }, () => queue.book([usage(hot)]));
    for (const id of others) await queue.book([usage(id)]);
    expect(isHotAnswered).toBe(false);
    await unlock();
    await Promise.all([held, ...more]);
    expect(await entriesOf(hot)).toBe(51);
  });

  test('an account with many requests waiting does not go before one with a single request', async () => {
    const order: string[] = [];
    const { queue } = openQueue({ lanes: 1, groupEvents: 10 });
    const [hot, quiet] = (await newAccounts(2)) as [AccountId, AccountId];
    const requests = Array.from({ length: 200 }, () =>
      queue.book([usage(hot)]).then(() => order.push('hot')),
    );
    requests.push(queue.book([usage(quiet)]).then(() => order.push('quiet')));
    await Promise.all(requests);
    expect(order.indexOf('quiet')).toBeLessThan(20);
  });

  test('takes no more than fits, and takes again once there is room', async () => {
    const { queue } = openQueue({ maxEvents: 10 });
    const [id] = (await newAccounts(1)) as [AccountId];
    const first = queue.book(Array.from({ length: 8 }, () => usage(id)));
    await expect(queue.book([usage(id), usage(id), usage(id)])).rejects.toThrow(UsageQueueFull);
    const second = queue.book([usage(id), usage(id)]);
    expect(queue.isFull).toBe(true);
    await Promise.all([first, second]);
    expect(queue.isFull).toBe(false);
    expect(await entriesOf(id)).toBe(10);
    await queue.book([usage(id)]);
  });

  test('an account that has filled its share leaves room for the others', async () => {
    const { queue } = openQueue({ maxEvents: 30, maxLineEvents: 20 });
    const [busy, quiet] = (await newAccounts(2)) as [AccountId, AccountId];
    const unlock = await lockWallets(busy);
    const first = queue.book(Array.from({ length: 20 }, () => usage(busy)));
    await expect(queue.book([usage(busy)])).rejects.toThrow(UsageQueueFull);
    expect(await queue.book([usage(quiet, { id: 'q1' })])).toEqual([{ id: 'q1', status: 'accepted' }]);
    await unlock();
    await first;
    await queue.book([usage(busy)]);
    expect(await entriesOf(busy)).toBe(21);
  });

  test('whatever is sent together, every event is booked once and the ledger adds up', async () => {
    const { queue } = openQueue({ lanes: 3, groupEvents: 40 });
    const accounts = await newAccounts(6);
    const events: UsageEvent[] = Array.from({ length: 600 }, (_, at) =>
      usage(accounts[(at * at) % 6] ?? ('nobody' as AccountId), {
        wallet: at % 3 === 0 ? 'chat_credits' : 'call_minutes',
      }),
    );
    const requests: UsageEvent[][] = [];
    for (let at = 0; at < events.length; ) {
      const size = 1 + ((at * 7) % 23 === 0 ? 60 : at % 4);
      requests.push(events.slice(at, at + size), events.slice(at, at + 1));
      at += size;
    }
    const answers = await Promise.all(requests.map((request) => queue.book(request)));
    const accepted = answers.flat().filter(({ status }) => status === 'accepted');
    expect(accepted).toHaveLength(600);
    const results = await checkInvariants(stores.db, stores.policy);
    expect(results.filter(({ number }) => number <= 3).flatMap(({ violations }) => violations)).toEqual([]);
  });
});
