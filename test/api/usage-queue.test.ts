import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isDatabaseAwayForAll, isRowLocked } from '../../api/database-faults.ts';
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
    ingest: (events) => stores.ledger.ingest(events),
    findLocked: stores.ledger.findLocked,
    isLocked: isRowLocked,
    concernsAll: isDatabaseAwayForAll,
    lanes: 2,
    hasPatientLane: false,
    groupEvents: 500,
    maxEvents: 10_000,
    maxLineEvents: 10_000,
    maxMixedEvents: 10_000,
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

  describe('while a wallet stays locked', () => {
    /** What has been sent to the database, and may be waiting there. */
    function openImpatientQueue(change: Partial<UsageQueueOptions> & { longMs?: number } = {}) {
      const sent: { patience: string; accounts: AccountId[] }[] = [];
      const { longMs = 10_000, ...options } = change;
      const { queue } = openQueue({
        lanes: 3,
        ingest: (events, patience) => {
          sent.push({ patience, accounts: events.map(({ accountId }) => accountId) });
          return stores.ledger.ingest(events, patience === 'short' ? 200 : longMs);
        },
        ...options,
      });
      return { queue, sent };
    }

    test('what shared a transaction with it is booked, and from then on its requests wait by themselves', async () => {
      const { queue, sent } = openImpatientQueue({ lanes: 2 });
      const [hot, ...others] = (await newAccounts(20)) as [AccountId, ...AccountId[]];
      const unlock = await lockWallets(hot);
      const bookOthers = () => Promise.all(others.map((id) => queue.book([usage(id)])));
      const held = queue.book([usage(hot)]);
      await bookOthers();
      const more = queue.book([usage(hot)]);
      sent.length = 0;
      await bookOthers();
      expect(sent.flatMap(({ accounts }) => accounts)).not.toContain(hot);
      expect(sent.length).toBeLessThan(5);
      await unlock();
      await Promise.all([held, more]);
      sent.length = 0;
      await Promise.all([queue.book([usage(hot)]), bookOthers()]);
      expect(sent[0]?.accounts).toHaveLength(20);
      expect(await entriesOf(hot)).toBe(3);
    });

    test('requests of several accounts that need it take one lane, and those that do not go past them', async () => {
      const { queue } = openImpatientQueue();
      // Wallets are locked in the order of their ids: who waits for the first one holds no other meanwhile.
      const [hot, ...others] = (await newAccounts(10)).sort() as [AccountId, ...AccountId[]];
      const unlock = await lockWallets(hot);
      let answered = 0;
      const held = others.map(async (id) => {
        await queue.book([usage(hot), usage(id)]);
        answered += 1;
      });
      const pairs = others.slice(1).map((id, at) => [usage(id), usage(others[at] ?? id)]);
      for (const pair of pairs) expect(await queue.book(pair)).toHaveLength(2);
      for (const id of others) expect(await queue.book([usage(id)])).toHaveLength(1);
      expect(answered).toBe(0);
      await unlock();
      await Promise.all(held);
      expect(await entriesOf(hot)).toBe(others.length);
      expect(queue.events).toBe(0);
    });

    test('whoever waits behind one that was refused for it is told at once', async () => {
      const { queue, sent } = openImpatientQueue({ longMs: 600 });
      const [hot, other] = (await newAccounts(2)) as [AccountId, AccountId];
      const unlock = await lockWallets(hot);
      const requests = Array.from({ length: 30 }, (_, at) =>
        queue.book(at % 3 === 0 ? [usage(hot), usage(other)] : [usage(hot)]),
      );
      const outcomes = await Promise.allSettled(requests);
      expect(outcomes.map(({ status }) => status)).toEqual(requests.map(() => 'rejected'));
      for (const outcome of outcomes) {
        expect(isRowLocked(outcome.status === 'rejected' ? outcome.reason : null)).toBe(true);
      }
      expect(sent.filter(({ patience }) => patience === 'long')).toHaveLength(1);
      expect(queue.events).toBe(0);
      await unlock();
      expect(await queue.book([usage(hot)])).toMatchObject([{ status: 'accepted' }]);
      expect(await entriesOf(hot)).toBe(1);
    });
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
