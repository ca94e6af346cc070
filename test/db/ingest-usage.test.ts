import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { UsageEvent, UsageResult } from '../../db/book-usage.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { accountId, type AccountId } from '../../domain/ids.ts';
import { quantity } from '../../domain/quantities.ts';
import { WALLETS, type Wallet } from '../../domain/wallet.ts';
import { choice, grant, newAccount, openStores, usage, type TestStores } from './support.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

async function balances(id: AccountId): Promise<Record<Wallet, number>> {
  const overview = await stores.accounts.overview(id);
  return {
    call_minutes: overview!.wallets.call_minutes.balance,
    chat_credits: overview!.wallets.chat_credits.balance,
  };
}

async function broken(): Promise<string[]> {
  const results = await checkInvariants(stores.db, stores.policy);
  return results.filter(({ number }) => number <= 3).flatMap(({ violations }) => violations);
}

const eventArbitrary = fc.record({
  account: fc.nat({ max: 2 }),
  id: fc.nat({ max: 12 }).map(String),
  wallet: fc.constantFrom(...WALLETS),
  quantity: fc.integer({ min: 1, max: 3 }),
});

describe('usage', () => {
  test('in any order, with duplicates and conflicts, split into any batches, is booked once each', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(eventArbitrary, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 }),
        async (batches) => {
          const accounts = [await newAccount(stores), await newAccount(stores), accountId('unknown')];
          const booked = new Map<string, UsageEvent>();
          for (const batch of batches) {
            const events = batch.map(({ account, ...event }) =>
              usage(accounts[account]!, { ...event, quantity: quantity(event.quantity) }),
            );
            expect(await stores.ledger.ingest(events)).toEqual(expectedResults(events, booked));
          }
          for (const id of accounts.slice(0, 2)) {
            const own = [...booked.values()].filter((event) => event.accountId === id);
            const sum = (wallet: Wallet) =>
              own.reduce((total, event) => total - (event.wallet === wallet ? event.quantity : 0), 0);
            expect(await balances(id)).toEqual({
              call_minutes: sum('call_minutes'),
              chat_credits: sum('chat_credits'),
            });
          }
        },
      ),
      { numRuns: 40 },
    );
    expect(await broken()).toEqual([]);
  });

  test('one bad event in 500 spoils none of the others', async () => {
    const id = await newAccount(stores);
    const events = Array.from({ length: 500 }, () => usage(id));
    events[250] = { ...events[250]!, accountId: accountId('nobody') };
    const results = await stores.ledger.ingest(events);
    expect(results.filter(({ status }) => status === 'accepted')).toHaveLength(499);
    expect(results[250]).toEqual({ id: events[250].id, status: 'rejected', reason: 'unknown_account' });
    expect((await balances(id)).call_minutes).toBe(-4_990);
  });

  test('with a quantity that is not positive is a fault and books nothing', async () => {
    const id = await newAccount(stores);
    await expect(stores.ledger.ingest([usage(id), usage(id, { quantity: quantity(0) })])).rejects.toThrow(
      RangeError,
    );
    expect((await balances(id)).call_minutes).toBe(0);
  });

  test('is numbered in the order given and carries the balance along', async () => {
    const id = await newAccount(stores);
    await grant(stores, id, 100);
    const quantities = [5, 7, 11];
    await stores.ledger.ingest(quantities.map((each) => usage(id, { quantity: quantity(each) })));
    const { items } = await stores.ledger.list(id, { limit: 10 });
    expect(items.map(({ seq, balanceAfter }) => [seq, balanceAfter])).toEqual([
      [4, 77],
      [3, 88],
      [2, 95],
      [1, 100],
    ]);
  });
});

describe('parallel batches over the same accounts', () => {
  test('never deadlock, and each event is booked once whoever reports it', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => newAccount(stores)));
    const events = Array.from({ length: 600 }, (_, index) =>
      usage(ids[index % ids.length]!, {
        wallet: WALLETS[index % 2]!,
        id: `p${Math.floor(index / 2)}-${index % 2}`,
      }),
    );
    const batches = Array.from({ length: 24 }, (_, batch) =>
      shuffled(events.filter((_, index) => index % 12 === batch % 12 || index % 7 === batch % 7)),
    );
    const settings = choice();
    const connections = [stores.open(4), stores.open(4)];
    const { createLedger } = await import('../../db/ledger.ts');
    const ledgers = connections.map((db) => createLedger(db, stores.policy));
    const results = await Promise.all([
      ...batches.map((batch, index) => ledgers[index % 2]!.ingest(batch)),
      ...ids.map((id) => stores.settings.save(id, 'call_minutes', settings, { ifVersion: null })),
      ...ids.map((id) => grant(stores, id, 1_000)),
      stores.wakes.claim({ limit: 3, leaseMs: 10 }),
    ]);
    await Promise.all(connections.map((db) => db.end()));
    const accepted = results.flat().filter((result) => isAccepted(result));
    expect(accepted).toHaveLength(600);
    const total = await Promise.all(ids.map(balances));
    const sum = total.reduce((all, each) => all + each.call_minutes + each.chat_credits, 0);
    expect(sum).toBe(6 * 1_000 - 600 * 10);
    expect(await broken()).toEqual([]);
  });

  test('that report one event for two wallets at once book one and answer conflict to the other', async () => {
    const id = await newAccount(stores);
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        stores.ledger.ingest([usage(id, { id: 'same', wallet: WALLETS[index % 2]! })]),
      ),
    );
    const statuses = results.flat().map(({ status }) => status);
    expect(statuses.filter((status) => status === 'accepted')).toHaveLength(1);
    expect(statuses.filter((status) => status === 'conflict')).toHaveLength(10);
    expect(statuses.filter((status) => status === 'duplicate')).toHaveLength(9);
  });
});

describe('a wake', () => {
  const AWAY = 30;
  const rows: { name: string; before: number; event?: Partial<UsageEvent>; factor: number }[] = [
    { name: 'crosses the alert value', before: 105, factor: 0 },
    { name: 'crosses the top-up value', before: 55, factor: 0 },
    { name: 'reaches zero', before: 10, factor: 0 },
    { name: 'stays above all', before: 500, factor: AWAY },
    { name: 'stays between alert and top-up', before: 90, factor: 1 },
    { name: 'stays below the top-up value, inbound', before: 40, event: { source: 'inbound' }, factor: 1 },
    { name: 'stays below the top-up value, campaign', before: 40, event: { source: 'campaign' }, factor: 0 },
  ];
  test.each(rows)(
    'of usage that $name is due after $factor × coalesceMs',
    async ({ before, event, factor }) => {
      const id = await newAccount(stores);
      await grant(stores, id, before);
      await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
      expect(await delayAfter(id, [usage(id, event)])).toBeCloseTo(factor * stores.policy.coalesceMs, -4);
    },
  );

  test('far above all is told sooner once thousands of entries have come together', async () => {
    const id = await newAccount(stores);
    await grant(stores, id, 100_000);
    const use = (count: number) => Array.from({ length: count }, () => usage(id));
    const most = stores.policy.entriesPerTelling - 2;
    expect(await delayAfter(id, use(most))).toBeCloseTo(AWAY * stores.policy.coalesceMs, -4);
    expect(await delayAfter(id, use(1))).toBeCloseTo(stores.policy.coalesceMs, -4);
    expect(await delayAfter(id, use(1))).toBeCloseTo(AWAY * stores.policy.coalesceMs, -4);
  });

  /** Milliseconds until the account is due when only this usage has marked it. */
  async function delayAfter(id: AccountId, events: UsageEvent[]): Promise<number> {
    await stores.db.sql`update account_wakes set dirty = false where account_id = ${id}`;
    await stores.ledger.ingest(events);
    const [wake] = await stores.db.sql<{ delayMs: number; dirty: boolean }[]>`
      select dirty, (extract(epoch from due_at - now()) * 1000)::float8 as delay_ms
      from account_wakes where account_id = ${id}`;
    expect(wake!.dirty).toBe(true);
    return Math.max(0, wake!.delayMs);
  }
});

describe('the rows that usage changes again and again', () => {
  test('are updated in place, and that of an account which is due already not at all', async () => {
    const accounts = await Promise.all(Array.from({ length: 20 }, () => newAccount(stores)));
    // Due for the first time: from here on only what is already due is marked.
    await stores.ledger.ingest(accounts.map((id) => usage(id)));
    const before = await updates();
    const rounds = 50;
    for (let round = 0; round < rounds; round += 1) {
      await stores.ledger.ingest(
        accounts.flatMap((id) => [usage(id), usage(id, { wallet: 'chat_credits' })]),
      );
    }
    const after = await updates();
    const made = (table: string) => {
      const [from, to] = [before.get(table), after.get(table)];
      return { all: to!.all - from!.all, hot: to!.hot - from!.hot };
    };
    expect(made('wallets').all).toBe(rounds * accounts.length * 2);
    // Not all of them: while autovacuum looks at the database, pages fill up with rows that it may still see. With
    // an index on what changes it would be none.
    expect(made('wallets').hot / made('wallets').all).toBeGreaterThan(0.9);
    expect(made('account_wakes').all).toBe(0);
  });

  test('are found by key, and so is the ledger, even when it was analyzed while it was empty', async () => {
    const fresh = await openStores();
    try {
      await fresh.owner`vacuum analyze`;
      const id = await newAccount(fresh);
      // The first few are planned one by one and small enough to read everything; then the plan stays.
      for (const size of [...Array<number>(8).fill(1), ...Array<number>(8).fill(500)]) {
        await fresh.ledger.ingest(Array.from({ length: size }, () => usage(id)));
      }
      await flushStatistics(fresh);
      const [read] = await fresh.owner<{ rows: number }[]>`
        select sum(seq_tup_read)::int as rows from pg_stat_user_tables
        where relname like 'ledger_entries%' or relname in ('wallets', 'settings')`;
      expect(read!.rows).toBeLessThan(500);
    } finally {
      await fresh.close();
    }
  });

  /** Updates so far, by table. */
  async function updates(): Promise<Map<string, { all: number; hot: number }>> {
    await flushStatistics(stores);
    const rows = await stores.owner<{ relname: string; all: string; hot: string }[]>`
      select relname, n_tup_upd as all, n_tup_hot_upd as hot
      from pg_stat_user_tables where relname in ('wallets', 'account_wakes')`;
    return new Map(rows.map(({ relname, all, hot }) => [relname, { all: Number(all), hot: Number(hot) }]));
  }

  /** Each connection keeps its counts for a while; the sleep makes every one of the pool take part. */
  async function flushStatistics({ db }: TestStores): Promise<void> {
    const flush = () => db.sql`select pg_stat_force_next_flush(), pg_sleep(0.3)`;
    await Promise.all(Array.from({ length: 10 }, flush));
  }
});

/** The same rules, told once more without a database. */
function expectedResults(events: readonly UsageEvent[], booked: Map<string, UsageEvent>): UsageResult[] {
  return events.map((event) => {
    const { id } = event;
    if (event.accountId === 'unknown') return { id, status: 'rejected', reason: 'unknown_account' };
    const key = `${event.accountId}/${id}`;
    const earlier = booked.get(key);
    if (earlier === undefined) {
      booked.set(key, event);
      return { id, status: 'accepted' };
    }
    return { id, status: earlier.fingerprint === event.fingerprint ? 'duplicate' : 'conflict' };
  });
}

function isAccepted(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'status' in result && result.status === 'accepted';
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
