import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEmailPreferences } from '../../db/email-preferences.ts';
import { createInsights } from '../../db/insights.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { listLedger } from '../../db/list-ledger.ts';
import { seqAt } from '../../db/seq-at.ts';
import type { NoticeRequest } from '../../domain/commands.ts';
import type { AccountId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import { fromWholeUnits, quantity } from '../../domain/quantities.ts';
import { replay } from '../../domain/replay.ts';
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

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let stores: TestStores;
let insights: ReturnType<typeof createInsights>;
beforeAll(async () => {
  stores = await openStores();
  insights = createInsights(stores.db, stores.policy);
});
afterAll(() => stores.close());

/** Books usage, one entry each, and moves it into the past. */
async function used(
  id: AccountId,
  entries: readonly { units: number; agoMs: number; source?: 'campaign' }[],
) {
  for (const { units, agoMs, source } of entries) {
    const amount = { quantity: fromWholeUnits('call_minutes', units) };
    await stores.ledger.ingest([usage(id, { ...amount, ...(source === undefined ? {} : { source }) })]);
    await moveLast(id, agoMs);
  }
}

async function moveLast(id: AccountId, agoMs: number) {
  await asOwner(
    stores,
    (sql) => sql`
      update ledger_entries set created_at = now() - ${agoMs}::bigint * interval '1 millisecond'
      where account_id = ${id} and seq = (select max(seq) from ledger_entries where account_id = ${id})`,
  );
}

async function history(id: AccountId) {
  const read = await insights.replayHistory(id, 'call_minutes', 30);
  if (read === null) throw new Error('no history');
  return read;
}

describe('the history that is replayed', () => {
  test('holds what happened in the time, without automatic top-ups and what was refunded of them', async () => {
    const id = await newAccount(stores);
    await grant(stores, id, fromWholeUnits('call_minutes', 20));
    await moveLast(id, 40 * DAY_MS);
    await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
    await used(id, [{ units: 20, agoMs: 5 * DAY_MS, source: 'campaign' }]);
    const auto = await paidTopUp(stores, id);
    await stores.ledger.creditTopUp(auto.topUpId);
    const manual = await paidTopUp(stores, id, { trigger: 'manual', warrant: null });
    await stores.ledger.creditTopUp(manual.topUpId);
    await asOwner(stores, async (sql) => {
      await sql`
        insert into reversals (account_id, reversal_id, top_up_id, kind, status, amount_cents, quantity)
        values (${id}, 're_1', ${auto.topUpId}, 'refund', 'succeeded', 119, 60000)`;
      await sql`
        insert into ledger_entries (account_id, wallet, seq, kind, quantity, balance_after, cause, occurred_at)
        select ${id}, 'call_minutes', seq + 1, 'refund', -60000, balance - 60000, 'refund:re_1:2', now()
        from wallets where account_id = ${id} and wallet = 'call_minutes'`;
      await sql`
        update wallets set seq = seq + 1, balance = balance - 60000
        where account_id = ${id} and wallet = 'call_minutes'`;
    });
    const read = await history(id);
    expect(read).toMatchObject({
      resolution: 'entry',
      balance: fromWholeUnits('call_minutes', 20),
      started: [],
    });
    const zero = { lowest: 0, highest: 0 };
    expect(read.steps).toEqual([
      { atMs: expect.any(Number), change: -1_200_000, ...zero, campaignLowest: 0, refusedRequired: null },
      {
        atMs: expect.any(Number),
        change: manual.quantity,
        lowest: manual.quantity,
        highest: manual.quantity,
        campaignLowest: null,
        refusedRequired: null,
      },
    ]);
    const replayed = replay(read, choice({ topUpBelow: quantity(1) }), stores.policy);
    expect(replayed).toMatchObject({ topUps: 1, amountCents: 100, depletions: 1 });
  });

  test('knows the months of the account and what was started before', async () => {
    const id = await newAccount(stores);
    await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
    const paid = await paidTopUp(stores, id);
    await stores.ledger.creditTopUp(paid.topUpId);
    expect(await history(id)).toMatchObject({ isNew: false, steps: [] });
    const move = (agoMs: number) =>
      asOwner(
        stores,
        (sql) => sql`
          update top_ups set created_at = now() - ${agoMs}::bigint * interval '1 millisecond'
          where account_id = ${id}`,
      );
    await move(30 * DAY_MS + HOUR_MS);
    const read = await history(id);
    expect(read.started).toEqual([{ atMs: expect.any(Number), amountCents: 100 }]);
    expect(read.monthStartsMs[0]).toBeLessThanOrEqual(read.fromMs);
    expect(read.monthStartsMs.at(-1)).toBeGreaterThan(read.toMs);
    expect(
      new Date(read.monthStartsMs[0] ?? 0).toLocaleString('en', {
        timeZone: 'Europe/Berlin',
        hour: 'numeric',
        day: 'numeric',
      }),
    ).toMatch(/^1,? 12 AM/);
    await move(70 * DAY_MS);
    expect((await history(id)).started).toEqual([]);
  });

  test('counts campaign holds, refused ones too, between the entries', async () => {
    const id = await newAccount(stores);
    await grant(stores, id, 500);
    await stores.db.sql`
      insert into holds (account_id, hold_id, wallet, state, source, quantity, available, seq, balance, expires_at)
      values (${id}, 'h1', 'call_minutes', 'refused', 'campaign', 600, 300, 1, 500, now()),
        (${id}, 'h2', 'call_minutes', 'held', 'inbound', 5, 300, 1, 500, now())`;
    const { isNew, steps } = await history(id);
    expect(isNew).toBe(true);
    expect(
      steps.map(({ change, campaignLowest, refusedRequired }) => ({
        change,
        campaignLowest,
        refusedRequired,
      })),
    ).toEqual([
      { change: 500, campaignLowest: null, refusedRequired: null },
      { change: 0, campaignLowest: 500, refusedRequired: 800 },
    ]);
  });
});

describe('a balance over time', () => {
  test('is told by bucket, with the use of each day', async () => {
    const id = await newAccount(stores);
    await asOwner(
      stores,
      (sql) => sql`update accounts set created_at = now() - interval '100 days' where account_id = ${id}`,
    );
    await grant(stores, id, fromWholeUnits('call_minutes', 100));
    await moveLast(id, 60 * DAY_MS);
    const day = (days: number, units: number) => ({ units, agoMs: days * DAY_MS - HOUR_MS });
    await used(id, [day(20, 7), day(4, 10), day(4, 2), day(3, 30), day(1, 10)]);
    const read = await insights.balanceHistory(id, 'call_minutes', 7 * DAY_MS);
    const minutes = (units: number) => fromWholeUnits('call_minutes', units);
    expect(read).toMatchObject({ bucketMs: HOUR_MS, balanceBefore: minutes(93) });
    expect(read?.points.map(({ balance, lowest, used: use }) => [balance, lowest, use])).toEqual([
      [minutes(81), minutes(81), minutes(12)],
      [minutes(51), minutes(51), minutes(30)],
      [minutes(41), minutes(41), minutes(10)],
    ]);
    expect(read?.usedPerDay).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12, 30, 0, 10].map(minutes));
  });

  test('has no bucket that lies in two days of the account', async () => {
    const timeZone = 'Pacific/Auckland';
    const id = await newAccount(stores, { timeZone });
    await grant(stores, id, fromWholeUnits('call_minutes', 100));
    await moveLast(id, 60 * DAY_MS);
    const [day] = await stores.db.sql<{ startsMs: number; nowMs: number }[]>`
      select date_trunc('day', now(), ${timeZone}) - interval '24 hours' as starts_ms, now() as now_ms`;
    if (day === undefined) throw new Error('no day');
    const agoMs = day.nowMs - day.startsMs;
    await used(id, [
      { units: 3, agoMs: agoMs + HOUR_MS / 4 },
      { units: 5, agoMs: agoMs - HOUR_MS / 4 },
    ]);
    const read = await insights.balanceHistory(id, 'call_minutes', 30 * DAY_MS);
    const minutes = (units: number) => fromWholeUnits('call_minutes', units);
    expect(read?.points.map(({ balance, used: use }) => [balance, use])).toEqual([
      [minutes(97), minutes(3)],
      [minutes(92), minutes(5)],
    ]);
    const [before, after] = read?.points ?? [];
    // The evening's bucket ends with the day.
    expect(before?.atMs).toBeLessThanOrEqual(day.startsMs);
    expect(before?.atMs).toBeGreaterThan(day.startsMs - HOUR_MS / 4);
    expect(after?.atMs).toBeGreaterThan(day.startsMs);
  });

  test('is found in the middle of a million entries without reading those before', async () => {
    const id = await newAccount(stores);
    await asOwner(stores, async (sql) => {
      await sql`
        insert into ledger_entries
          (account_id, wallet, seq, kind, quantity, balance_after, cause, occurred_at, created_at)
        select ${id}, 'call_minutes', at, 'usage', -1, -at, 'usage:m' || at, now(),
          now() - (1000000 - at) * interval '8 seconds'
        from generate_series(1, 1000000) at`;
      await sql`
        update wallets set seq = 1000000, balance = -1000000
        where account_id = ${id} and wallet = 'call_minutes'`;
    });
    await stores.owner`analyze ledger_entries`;
    const { seq, rowsRead } = await stores.owner.begin(async (sql) => {
      const before = await rowsReadIn(sql);
      const found = await seqAt(sql, id, 'call_minutes', Date.now() - 30 * DAY_MS);
      return { seq: found, rowsRead: (await rowsReadIn(sql)) - before };
    });
    expect(rowsRead).toBeGreaterThan(0);
    expect(rowsRead).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(1_000_000)));
    expect(Math.abs(seq - (1_000_000 - (30 * DAY_MS) / 8_000))).toBeLessThan(1_000);
    const read = await insights.balanceHistory(id, 'call_minutes', 30 * DAY_MS);
    expect(read?.points.length).toBeLessThanOrEqual(200);
    expect(read?.points.at(-1)).toMatchObject({ balance: -1_000_000 });
    const busy = await history(id);
    expect(busy.resolution).toBe('minute');
    expect(busy.steps.length).toBeLessThanOrEqual(43_201);
    // A few seconds may have passed since, and an entry with them.
    const from = await seqAt(stores.db.sql, id, 'call_minutes', busy.fromMs);
    expect(busy.steps.reduce((sum, { change }) => sum + change, 0)).toBe(-(1_000_000 - from + 1));
    const page = await listLedger(stores.db.sql, id, {
      fromMs: Date.now() - 2 * DAY_MS,
      toMs: Date.now() - DAY_MS,
      limit: 5,
    });
    expect(page.items).toHaveLength(5);
    expect(Math.abs((page.items[0]?.seq ?? 0) - (1_000_000 - DAY_MS / 8_000))).toBeLessThan(1_000);
    const plan = await stores.db.sql`
      explain select max(seq) from ledger_entries
      where account_id = ${id} and wallet = 'call_minutes' and seq >= ${seq}`;
    expect(JSON.stringify(plan)).toMatch(/Index/);
  }, 120_000);
});

/** How many rows of the ledger the session has read and not reported yet. */
async function rowsReadIn(sql: postgres.TransactionSql): Promise<number> {
  const [read] = await sql<{ rows: number }[]>`
    select coalesce(sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)), 0)::int as rows
    from pg_stat_xact_user_tables where relname like 'ledger_entries%'`;
  return read!.rows;
}

describe('a mail that the customer does without', () => {
  const TEXT = { title: 'T', body: 'B', webhook: { type: 'balance.alert', payload: '{}' } as const };

  async function tell(id: AccountId, request: NoticeRequest) {
    const notice = await stores.notifications.compose(id, request);
    return stores.notifications.record(id, request, notice, TEXT);
  }

  test('is on record and never sent, while the dashboard and the platform are told', async () => {
    const id = await newAccount(stores);
    await createEmailPreferences(stores.db).save(id, ['balance.alert']);
    await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
    await grant(stores, id, 50);
    const alert = {
      kind: 'balance.alert',
      wallet: 'call_minutes',
      balance: quantity(50),
      seq: 1,
      alertVersion: 1,
    } as const;
    expect(await tell(id, alert)).toBeNull();
    expect(await tell(id, alert)).toBeNull();
    const { items } = await stores.notifications.list(id, { limit: 10 });
    expect(items).toMatchObject([{ kind: 'balance.alert', email: { status: 'muted' } }]);
    const [delivery] = await stores.db.sql<{ deliveryId: string }[]>`
      select delivery_id from deliveries where account_id = ${id}`;
    expect(await stores.notifications.beginSending(delivery?.deliveryId ?? '', 1)).toBe(false);
    expect(await stores.db.sql`select 1 from webhook_deliveries where account_id = ${id}`).toHaveLength(1);
    const notices = (await checkInvariants(stores.db, stores.policy)).find(({ number }) => number === 8);
    expect(notices?.violations.filter((violation) => violation.startsWith(id))).toEqual([]);
  });

  test('is sent all the same when it tells that the balance has run out', async () => {
    const id = await newAccount(stores);
    await asOwner(
      stores,
      (sql) => sql`update accounts set muted_emails = '{balance.depleted}' where account_id = ${id}`,
    );
    await stores.ledger.ingest([usage(id)]);
    const depleted = {
      kind: 'balance.depleted',
      wallet: 'call_minutes',
      balance: quantity(-10),
      seq: 1,
    } as const;
    expect(await tell(id, depleted)).toEqual({ deliveryId: expect.any(String) });
  });
});

test('what a campaign asked for is known to a preview, until it is served', async () => {
  const id = await newAccount(stores);
  await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
  await grant(stores, id, 60);
  await stores.ledger.ingest([usage(id, { quantity: quantity(20), source: 'campaign' })]);
  expect((await insights.previewFacts(id, 'call_minutes'))?.facts.campaignLowest).toBe(40);
  expect((await insights.previewFacts(id, 'call_minutes'))?.invoiced).toBeNull();
  const paid = await paidTopUp(stores, id, order(id, { amountCents: cents(100) }));
  await stores.ledger.creditTopUp(paid.topUpId);
  const after = await insights.previewFacts(id, 'call_minutes');
  expect(after?.facts.campaignLowest).toBeNull();
  expect(after?.invoiced).toEqual({ vatRate: '19.0', reverseCharge: false });
});
