import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grant, newAccount, openStores, usage, type TestStores } from './support.ts';
import { eventually } from '../support/eventually.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openStores();
  const id = await newAccount(stores);
  await grant(stores, id, 100);
  await stores.ledger.ingest([usage(id)]);
});
afterAll(() => stores.close());

const CHANGES = [
  'update ledger_entries set quantity = 0',
  'delete from ledger_entries',
  'truncate ledger_entries',
  'delete from ledger_entries_07',
  'update settings_history set alert_below = 0',
  "update audit set actor = 'somebody else'",
  'delete from accounts',
  'drop table ledger_entries',
  'alter table ledger_entries disable trigger all',
];

describe('the service’s role', () => {
  test.each(CHANGES)('is refused to %s, also after RESET ROLE', async (change) => {
    await expect(stores.db.sql.unsafe(change)).rejects.toMatchObject({ code: '42501' });
    await expect(stores.db.sql.unsafe(`reset role; ${change}`)).rejects.toMatchObject({ code: '42501' });
  });

  test('is what every connection of the pool runs as, with commits that survive a crash', async () => {
    const rows = await Promise.all(
      Array.from(
        { length: 10 },
        () =>
          stores.db.sql<{ role: string; commit: string }[]>`
          select current_user as role, current_setting('synchronous_commit') as commit, pg_sleep(0.05)`,
      ),
    );
    for (const [row] of rows) expect(row).toMatchObject({ role: 'auto_top_up_service', commit: 'on' });
  });
});

describe('the owner of the tables', () => {
  test.each([
    'update ledger_entries set quantity = 0',
    'delete from ledger_entries',
    'truncate ledger_entries',
    'truncate ledger_entries_03',
    'delete from audit',
    'truncate audit',
    'truncate settings_history',
  ])('is kept by a trigger from %s', async (change) => {
    await expect(stores.owner.unsafe(change)).rejects.toMatchObject({ code: '23001' });
  });
});

describe('a pool', () => {
  test('goes on after its connections were cut, without taking the process down', async () => {
    const db = stores.open(3);
    await Promise.all([db.sql`select 1`, db.sql`select 1`, db.sql`select 1`]);
    await stores.owner`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'test'`;
    await eventually(async () => {
      const [row] = await db.sql<{ one: number }[]>`select 1 as one`;
      expect(row!.one).toBe(1);
    });
    await db.end();
  });

  test('leaves a server that became read-only, and finds the one that writes', async () => {
    const id = await newAccount(stores);
    const db = stores.open(3);
    const write = () =>
      db.transaction((transaction) => transaction`update accounts set name = 'B' where account_id = ${id}`);
    await Promise.all([write(), write(), write()]);
    await db.sql`set default_transaction_read_only = on`;
    const writes = async () => {
      await Promise.all(Array.from({ length: 6 }, write));
    };
    await expect(Promise.all(Array.from({ length: 30 }, write))).rejects.toMatchObject({ code: '25006' });
    await eventually(writes);
    expect(stores.warnings).toContain('connected to a server that only reads: connecting again');
    await db.end();
  });

  test('gives a statement up that hangs on a lock', async () => {
    const id = await newAccount(stores);
    const holder = postgres(stores.url, { max: 1, onnotice: () => undefined });
    await holder.begin(async (sql) => {
      await sql`select 1 from wallets where account_id = ${id} for update`;
      const blocked = stores.db.transaction(async (transaction) => {
        await transaction`set local lock_timeout = 100`;
        await transaction`select 1 from wallets where account_id = ${id} for update`;
      });
      await expect(blocked).rejects.toMatchObject({ code: '55P03' });
    });
    await holder.end();
    const [row] = await stores.db.sql<{ lock: string; statement: string }[]>`
      select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement`;
    expect(row).toEqual({ lock: '10s', statement: '15s' });
  });
});

describe('values', () => {
  test('cross exactly: bigints as numbers, instants as milliseconds, arrays of both', async () => {
    const atMs = 1_795_353_935_191;
    const [row] = await stores.db.sql`
      select ${Number.MAX_SAFE_INTEGER}::bigint as big, ${atMs}::timestamptz as at,
        ${[atMs, 0]}::timestamptz[] as instants, array[1::bigint, 2] as bigs`;
    expect(row).toEqual({ big: Number.MAX_SAFE_INTEGER, at: atMs, instants: [atMs, 0], bigs: [1, 2] });
  });
});
