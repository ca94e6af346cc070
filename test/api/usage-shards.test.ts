import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isDatabaseAwayForAll, isRowLocked } from '../../api/database-faults.ts';
import { UsageQueueFull } from '../../api/usage-queue.ts';
import { UsageShards, type UsageShardsOptions } from '../../api/usage-shards.ts';
import type { UsageEvent } from '../../db/book-usage.ts';
import { checkInvariants } from '../../db/invariants.ts';
import type { AccountId } from '../../domain/ids.ts';
import { newAccount, openStores, usage, type TestStores } from '../db/support.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

type Transaction = { accounts: ReadonlySet<AccountId>; isOver: boolean };

/** Shards on the real ledger, the transactions that they have begun, and those that ran side by side. */
function openShards(change: Partial<UsageShardsOptions> = {}) {
  const transactions: Transaction[] = [];
  const pairs: [Transaction, Transaction][] = [];
  const shards = new UsageShards({
    ingest: async (events, patience) => {
      const own = { accounts: new Set(events.map(({ accountId }) => accountId)), isOver: false };
      for (const other of transactions) if (!other.isOver) pairs.push([own, other]);
      transactions.push(own);
      try {
        return await stores.ledger.ingest(events, patience === 'short' ? 200 : 10_000);
      } finally {
        own.isOver = true;
      }
    },
    findLocked: stores.ledger.findLocked,
    isLocked: isRowLocked,
    concernsAll: isDatabaseAwayForAll,
    shards: 3,
    hasPatientLane: true,
    groupEvents: 50,
    maxEvents: 10_000,
    maxLineEvents: 10_000,
    ...change,
  });
  return { shards, transactions, pairs };
}

async function newAccounts(count: number): Promise<AccountId[]> {
  return Promise.all(Array.from({ length: count }, () => newAccount(stores)));
}

describe('the usage shards', () => {
  test('answer a request of many accounts in its own order, whatever transactions it was booked in', async () => {
    const { shards, transactions } = openShards();
    const accounts = await newAccounts(12);
    const seen = usage(accounts[0]!);
    await shards.book([seen]);
    transactions.length = 0;
    const fresh = accounts.map((id, at) => usage(id, { id: `e${at}` }));
    const results = await shards.book([...fresh, seen, usage('nobody' as AccountId, { id: 'n' }), fresh[3]!]);
    expect(results).toEqual([
      ...fresh.map(({ id }) => ({ id, status: 'accepted' })),
      { id: seen.id, status: 'duplicate' },
      { id: 'n', status: 'rejected', reason: 'unknown_account' },
      { id: 'e3', status: 'duplicate' },
    ]);
    expect(transactions.length).toBeGreaterThan(1);
    expect(shards.events).toBe(0);
  });

  test('never have two transactions at once with an account in common, and still have several at once', async () => {
    const { shards, pairs } = openShards();
    const accounts = await newAccounts(30);
    const requests = Array.from({ length: 60 }, (_, request) =>
      Array.from({ length: 1 + (request % 20) }, (_, at): UsageEvent => {
        const id = accounts[(request * 7 + at * 11) % accounts.length]!;
        return usage(id, { wallet: at % 3 === 0 ? 'chat_credits' : 'call_minutes' });
      }),
    );
    const answers = await Promise.all(requests.map((request) => shards.book(request)));
    expect(answers.map((results) => results.map(({ id }) => id))).toEqual(
      requests.map((request) => request.map(({ id }) => id)),
    );
    expect(new Set(answers.flat().map(({ status }) => status))).toEqual(new Set(['accepted']));
    expect(pairs.length).toBeGreaterThan(0);
    expect(pairs.filter(([one, other]) => [...one.accounts].some((id) => other.accounts.has(id)))).toEqual(
      [],
    );
    const results = await checkInvariants(stores.db, stores.policy);
    expect(results.filter(({ number }) => number <= 3).flatMap(({ violations }) => violations)).toEqual([]);
  });

  test('take all of a request or nothing of it when there is no room', async () => {
    const { shards } = openShards({ maxEvents: 20 });
    const accounts = await newAccounts(15);
    const first = shards.book(accounts.map((id) => usage(id)));
    await expect(shards.book(accounts.slice(0, 6).map((id) => usage(id)))).rejects.toThrow(UsageQueueFull);
    expect(shards.events).toBe(15);
    await first;
    expect(shards.isFull).toBe(false);
  });

  test('take nothing of a request when one of its accounts has no room', async () => {
    const { shards, transactions } = openShards({ maxLineEvents: 12 });
    const [hot, ...others] = (await newAccounts(6)) as [AccountId, ...AccountId[]];
    const tooMany = Array.from({ length: 13 }, () => usage(hot));
    const request = shards.book([...others.map((id) => usage(id)), ...tooMany]);
    await expect(request).rejects.toThrow(UsageQueueFull);
    expect(transactions).toEqual([]);
  });

  test('a wallet that stays locked holds up its neighbours in the shard for a moment, and then nobody', async () => {
    const { shards } = openShards({ shards: 1 });
    const [hot, ...others] = (await newAccounts(8)) as [AccountId, ...AccountId[]];
    const locked = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const writer = stores.owner.begin(async (sql) => {
      await sql`select 1 from wallets where account_id = ${hot} for update`;
      locked.resolve();
      await end.promise;
    });
    await locked.promise;
    let isHotAnswered = false;
    const held = shards.book([usage(hot)]).then((results) => {
      isHotAnswered = true;
      return results;
    });
    for (let round = 0; round < 3; round += 1) {
      for (const id of others) expect(await shards.book([usage(id)])).toMatchObject([{ status: 'accepted' }]);
    }
    expect(isHotAnswered).toBe(false);
    end.resolve();
    await writer;
    expect(await held).toMatchObject([{ status: 'accepted' }]);
  });
});
