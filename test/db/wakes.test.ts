import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../db/connect.ts';
import { createLedger } from '../../db/ledger.ts';
import { markWakes } from '../../db/mark-wakes.ts';
import { createWakes, type Wake } from '../../db/wakes.ts';
import type { AccountId } from '../../domain/ids.ts';
import { quantity } from '../../domain/quantities.ts';
import { WALLETS } from '../../domain/wallet.ts';
import { eventually } from '../support/eventually.ts';
import { choice, grant, newAccount, openStores, usage, type TestStores } from './support.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openStores({ coalesceMs: 0 });
});
afterAll(() => stores.close());
beforeEach(async () => {
  await stores.db.sql`update account_wakes set dirty = false, outstanding = null, refresh = '{}'`;
});

const CLAIM = { limit: 100, leaseMs: 60_000 };

async function quietAccount(): Promise<AccountId> {
  const id = await newAccount(stores);
  await stores.wakes.acknowledge(await stores.wakes.claim(CLAIM));
  return id;
}

describe('claim', () => {
  test('cuts what each wallet has gained since the last slice', async () => {
    const id = await quietAccount();
    await grant(stores, id, 100);
    await stores.ledger.ingest([
      usage(id, { quantity: quantity(70), source: 'campaign' }),
      usage(id, { quantity: quantity(20) }),
      usage(id, { quantity: quantity(5), wallet: 'chat_credits' }),
    ]);
    const [wake] = await stores.wakes.claim(CLAIM);
    expect(wake).toMatchObject({
      accountId: id,
      message: {
        kind: 'usage',
        signal: {
          wallets: {
            call_minutes: {
              fromSeq: 0,
              seq: 3,
              balance: 10,
              used: 90,
              lowest: 10,
              highest: 100,
              campaignLowest: 30,
              refusedRequired: null,
            },
            chat_credits: { fromSeq: 0, seq: 1, balance: -5, used: 5, lowest: -5, campaignLowest: null },
          },
        },
      },
    });
    await stores.wakes.acknowledge([wake!]);
    await stores.ledger.ingest([usage(id)]);
    const [next] = await stores.wakes.claim(CLAIM);
    expect(next!.message.signal).toEqual({
      version: next!.version,
      wallets: { call_minutes: expect.objectContaining({ fromSeq: 3, seq: 4, used: 10, balance: 0 }) },
    });
  });

  test('asks for a refresh when something other than usage has changed, and still moves the slices on', async () => {
    const id = await quietAccount();
    await stores.ledger.ingest([usage(id)]);
    await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
    const [wake] = await stores.wakes.claim(CLAIM);
    expect(wake!.message).toEqual({
      kind: 'refresh',
      signal: { version: wake!.version, reasons: ['settings'] },
    });
    const snapshot = await stores.accounts.readSnapshot(id, { call_minutes: 0, chat_credits: 0 });
    expect(snapshot.wallets.call_minutes).toMatchObject({ fromSeq: 0, seq: 1, used: 10 });
  });

  test('takes the longest due first and nothing that is not due', async () => {
    const [late, first, waiting] = [await quietAccount(), await quietAccount(), await quietAccount()];
    await stores.ledger.ingest([usage(late), usage(first), usage(waiting)]);
    await stores.db
      .sql`update account_wakes set due_at = now() - interval '1 minute' where account_id = ${first}`;
    await stores.db
      .sql`update account_wakes set due_at = now() + interval '1 minute' where account_id = ${waiting}`;
    const claimed = await stores.wakes.claim(CLAIM);
    expect(claimed.map(({ accountId }) => accountId)).toEqual([first, late]);
    expect(await stores.wakes.claim(CLAIM)).toEqual([]);
  });
});

test('claim leaves those named last until nobody else is due, and then takes them in their order, not by urgency', async () => {
  const [urgent, first, other] = [await quietAccount(), await quietAccount(), await quietAccount()];
  await stores.ledger.ingest([usage(urgent), usage(first), usage(other)]);
  await stores.db.sql`update account_wakes set urgent = account_id = ${urgent}`;
  const probe = { limit: 1, leaseMs: 60_000, last: [first, urgent] };
  const claimed = [
    await stores.wakes.claim(probe),
    await stores.wakes.claim(probe),
    await stores.wakes.claim(probe),
    await stores.wakes.claim(probe),
  ];
  expect(claimed.flat().map(({ accountId }) => accountId)).toEqual([other, first, urgent]);
});

describe('an outstanding message', () => {
  test('that was never acknowledged comes again, word for word and with its version', async () => {
    const id = await quietAccount();
    await stores.ledger.ingest([usage(id)]);
    const [lost] = await stores.wakes.claim({ limit: 1, leaseMs: 0 });
    await stores.ledger.ingest([usage(id)]);
    await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
    const [again] = await eventually(async () => {
      const claimed = await stores.wakes.claim(CLAIM);
      expect(claimed).toHaveLength(1);
      return claimed;
    });
    expect(again!.message).toEqual(lost!.message);
    expect(again!.lease).not.toBe(lost!.lease);
    await stores.wakes.acknowledge([lost!]);
    expect(await stores.wakes.backlog()).toMatchObject({ dirty: 1 });
    await stores.wakes.acknowledge([again!]);
    const [next] = await stores.wakes.claim(CLAIM);
    expect(next!.version).toBeGreaterThan(again!.version);
    expect(next!.message).toMatchObject({ kind: 'refresh', signal: { reasons: ['settings'] } });
  });

  test('keeps a crossing that happens meanwhile urgent, and lets other usage wait its time', async () => {
    const patient = await openStores({ coalesceMs: 30_000 });
    try {
      const id = await newAccount(patient);
      await grant(patient, id, 1_000);
      const [first] = await patient.wakes.claim(CLAIM);
      await patient.ledger.ingest([usage(id)]);
      await patient.wakes.acknowledge([first!]);
      expect(await patient.wakes.claim(CLAIM)).toEqual([]);
      await patient.ledger.ingest([usage(id, { quantity: quantity(990) })]);
      const [second] = await patient.wakes.claim(CLAIM);
      expect(second!.message).toMatchObject({
        signal: { wallets: { call_minutes: { fromSeq: 1, seq: 3 } } },
      });
      await patient.ledger.ingest([usage(id)]);
      await grant(patient, id, 5);
      await patient.wakes.acknowledge([second!]);
      expect(await patient.wakes.claim(CLAIM)).toHaveLength(1);
    } finally {
      await patient.close();
    }
  });

  test('waits for no writer: what one holds is left, and all the rest is settled', async () => {
    const ids = await Promise.all(Array.from({ length: 4 }, () => newAccount(stores)));
    const claimed = await stores.wakes.claim(CLAIM);
    const [frozen, other, late, lost] = ids.map((id) => claimed.find(({ accountId }) => accountId === id)!);
    const lostToAnother = { ...lost!, lease: randomUUID() };
    await stores.owner.begin(async (writer) => {
      await writer`select 1 from account_wakes where account_id = ${frozen!.accountId} for no key update`;
      expect(await stores.wakes.acknowledge([frozen!, other!, lostToAnother])).toEqual([frozen]);
      expect(await stores.wakes.release([frozen!, late!], 60_000)).toEqual([frozen]);
      expect(await stores.wakes.backlog()).toMatchObject({ dirty: 3 });
    });
    expect(await stores.wakes.acknowledge([frozen!])).toEqual([]);
    expect(await stores.wakes.backlog()).toMatchObject({ dirty: 2 });
  });

  test('that could not be sent is due again after the pause, and not before', async () => {
    const id = await quietAccount();
    await stores.ledger.ingest([usage(id)]);
    const claimed = await stores.wakes.claim(CLAIM);
    await stores.wakes.release(claimed, 60_000);
    await stores.ledger.ingest([usage(id)]);
    expect(await stores.wakes.claim(CLAIM)).toEqual([]);
    await stores.db
      .sql`update account_wakes set due_at = now() - interval '1 second' where account_id = ${id}`;
    const again = await stores.wakes.claim(CLAIM);
    expect(again.map(({ message }) => message)).toEqual(claimed.map(({ message }) => message));
  });
});

describe('urgency', () => {
  let patient: TestStores;
  beforeAll(async () => {
    patient = await openStores({ coalesceMs: 30_000 });
  });
  afterAll(() => patient.close());
  beforeEach(async () => {
    await patient.db.sql`update account_wakes set dirty = false, outstanding = null, refresh = '{}'`;
  });

  /** Ten minutes of balance, so that a top-up is wanted below 100 units. */
  async function watchedAccount(units = 1_000): Promise<AccountId> {
    const id = await newAccount(patient);
    await grant(patient, id, units);
    await patient.settings.save(id, 'call_minutes', choice(WATCHED), { ifVersion: null });
    await patient.wakes.acknowledge(await patient.wakes.claim(CLAIM));
    return id;
  }
  const WATCHED = { alertBelow: quantity(200), topUpBelow: quantity(100) };
  const use = (id: AccountId, units: number, source: 'campaign' | 'inbound' = 'inbound') =>
    patient.ledger.ingest([usage(id, { quantity: quantity(units), source })]);
  const makeDue = (id: AccountId) =>
    patient.db.sql`update account_wakes set due_at = now() - interval '1 hour' where account_id = ${id}`;

  test('puts a crossing before everything that can wait, however long that has been due', async () => {
    const [waiting, crossing] = [await watchedAccount(), await watchedAccount()];
    await use(waiting, 1);
    await makeDue(waiting);
    await use(crossing, 850);
    const [first] = await patient.wakes.claim({ ...CLAIM, limit: 1 });
    expect(first).toMatchObject({ accountId: crossing, urgent: true });
    const [second] = await patient.wakes.claim({ ...CLAIM, limit: 1 });
    expect(second).toMatchObject({ accountId: waiting, urgent: false });
  });

  test('leaves what can wait where it is when no room is given to it', async () => {
    const [waiting, crossing] = [await watchedAccount(), await watchedAccount()];
    await use(waiting, 1);
    await makeDue(waiting);
    await use(crossing, 850);
    const claimed = await patient.wakes.claim({ ...CLAIM, unhurriedLimit: 0 });
    expect(claimed.map(({ accountId }) => accountId)).toEqual([crossing]);
    expect(await patient.wakes.backlog()).toMatchObject({ urgent: { dirty: 1 }, unhurried: { dirty: 1 } });
  });

  test('moves a wake over at once when it crosses while it waits', async () => {
    const id = await watchedAccount();
    await use(id, 1);
    expect(await patient.wakes.claim(CLAIM)).toEqual([]);
    await use(id, 850);
    expect(await patient.wakes.claim(CLAIM)).toMatchObject([{ accountId: id, urgent: true }]);
  });

  test('moves a wake over at once while its message waits to be sent again, and tells the crossing after it', async () => {
    const id = await watchedAccount();
    await use(id, 1);
    await makeDue(id);
    const sent = await patient.wakes.claim(CLAIM);
    await patient.wakes.release(sent, 3_600_000);
    await use(id, 1);
    expect(await patient.wakes.claim(CLAIM)).toEqual([]);
    await use(id, 850);
    const again = await patient.wakes.claim({ ...CLAIM, unhurriedLimit: 0 });
    expect(again.map(({ message }) => message)).toEqual(sent.map(({ message }) => message));
    await patient.wakes.acknowledge(again);
    const [crossing] = await patient.wakes.claim({ ...CLAIM, unhurriedLimit: 0 });
    expect(crossing).toMatchObject({ accountId: id, urgent: true });
    await patient.wakes.acknowledge([crossing!]);
    expect(await patient.wakes.backlog()).toMatchObject({ dirty: 0 });
  });

  test('is over with the message: what follows a crossing can wait again', async () => {
    const id = await watchedAccount();
    await use(id, 850);
    const crossing = await patient.wakes.claim(CLAIM);
    await use(id, 1);
    await patient.wakes.acknowledge(crossing);
    expect(await patient.wakes.backlog()).toMatchObject({ urgent: { dirty: 0 }, unhurried: { dirty: 1 } });
    expect(await patient.wakes.claim(CLAIM)).toEqual([]);
  });

  test('is not for what the sweeper found', async () => {
    const [swept, crossing] = [await watchedAccount(), await watchedAccount()];
    await patient.db.transaction((transaction) =>
      markWakes(transaction, [{ accountId: swept, refresh: 'sweep', delayMs: 0 }]),
    );
    await use(crossing, 850);
    const claimed = await patient.wakes.claim(CLAIM);
    expect(claimed.map(({ accountId, urgent }) => ({ accountId, urgent }))).toEqual([
      { accountId: crossing, urgent: true },
      { accountId: swept, urgent: false },
    ]);
  });

  test('is not for the grants and changes that a platform sends for all accounts, which are due at once all the same', async () => {
    // One after the other: each claims whatever is due, and would leave the others' messages outstanding.
    const granted: AccountId[] = [];
    for (let account = 0; account < 5; account += 1) granted.push(await watchedAccount());
    const crossing = await watchedAccount();
    for (const id of granted) await grant(patient, id, 100);
    const created = await newAccount(patient);
    await patient.db.sql`update account_wakes set due_at = now() - interval '1 hour' where dirty`;
    await use(crossing, 850);
    const [first, ...others] = await patient.wakes.claim({ ...CLAIM, limit: 7 });
    expect(first).toMatchObject({ accountId: crossing, urgent: true });
    expect(new Set(others.map(({ accountId }) => accountId))).toEqual(new Set([...granted, created]));
    expect(others.every(({ urgent }) => !urgent)).toBe(true);
    await patient.wakes.acknowledge([first!, ...others]);

    await grant(patient, created, 100);
    expect(await patient.wakes.claim(CLAIM)).toMatchObject([{ accountId: created, urgent: false }]);
  });

  test('stays with a crossing that a grant follows', async () => {
    const id = await watchedAccount();
    await use(id, 850);
    await grant(patient, id, 100);
    expect(await patient.wakes.claim({ ...CLAIM, unhurriedLimit: 0 })).toMatchObject([
      { accountId: id, urgent: true },
    ]);
  });

  test('is of a campaign below the top-up value once, and again when the settings are saved or the balance has been there', async () => {
    const id = await watchedAccount(150);
    const urgencies: boolean[] = [];
    const campaign = async () => {
      await use(id, 1, 'campaign');
      const claimed = await patient.wakes.claim(CLAIM);
      urgencies.push(claimed.length > 0);
      await patient.wakes.acknowledge(claimed);
    };
    await use(id, 60);
    await patient.wakes.acknowledge(await patient.wakes.claim(CLAIM));
    for (let call = 0; call < 3; call += 1) await campaign();
    await use(id, 1);
    await campaign();
    expect(urgencies).toEqual([true, false, false, false]);

    await patient.settings.save(id, 'call_minutes', choice({ ...WATCHED, alertBelow: quantity(300) }), {
      ifVersion: null,
    });
    await patient.wakes.acknowledge(await patient.wakes.claim(CLAIM));
    await campaign();
    await campaign();
    expect(urgencies.slice(4)).toEqual([true, false]);

    await grant(patient, id, 500);
    await use(id, 500);
    await patient.wakes.acknowledge(await patient.wakes.claim(CLAIM));
    await campaign();
    await campaign();
    expect(urgencies.slice(6)).toEqual([true, false]);
  });

  test('says since when a message was due, also after it was tried in vain', async () => {
    const id = await watchedAccount();
    const beforeMs = Date.now();
    await use(id, 850);
    const [first] = await patient.wakes.claim({ limit: 1, leaseMs: 0 });
    expect(Math.abs(first!.dueAtMs - beforeMs)).toBeLessThan(5_000);
    const [again] = await eventually(async () => {
      const claimed = await patient.wakes.claim(CLAIM);
      expect(claimed).toHaveLength(1);
      return claimed;
    });
    expect(again).toMatchObject({ dueAtMs: first!.dueAtMs, urgent: true, message: first!.message });
  });

  test('is found through an index of its own among 20,000 accounts, and so is the rest', async () => {
    const scale = await openStores();
    try {
      await scale.owner`
        insert into accounts (account_id, name, email, locale, time_zone, country, plan)
        select 'acc_scale_' || n, 'Acme', 'acme@example.com', 'de', 'Europe/Berlin', 'DE', 'scale'
        from generate_series(1, 20000) n`;
      await scale.owner`
        insert into account_wakes (account_id, version, dirty, urgent, due_at)
        select 'acc_scale_' || n, 1, n % 10 = 0, n % 1000 = 0, now() - n * interval '1 ms'
        from generate_series(1, 20000) n`;
      await scale.owner`vacuum analyze account_wakes`;
      const reads = () => scale.owner<{ name: string; scans: number }[]>`
        select indexrelname as name, idx_scan::int as scans from pg_stat_user_indexes
        where relname = 'account_wakes'
        union all select 'all', seq_scan::int from pg_stat_user_tables where relname = 'account_wakes'`;
      const scansOf = async (name: string) => (await reads()).find((row) => row.name === name)!.scans;
      const readWhole = await scansOf('all');
      const one = scale.open(1);
      const claimed = await createWakes(one).claim({ limit: 64, unhurriedLimit: 32, leaseMs: 0 });
      await flushed(one);
      await one.end();
      expect(claimed.map(({ urgent }) => urgent)).toEqual([
        ...Array(20).fill(true),
        ...Array(32).fill(false),
      ]);
      await eventually(async () => {
        expect(await scansOf('account_wakes_urgent')).toBeGreaterThan(0);
        expect(await scansOf('account_wakes_due')).toBeGreaterThan(0);
      });
      expect(await scansOf('all')).toBe(readWhole);
    } finally {
      await scale.close();
    }
  });

  test('costs no write while an account stays as due as it is, and no entry in an index while a message is on its way', async () => {
    const id = await watchedAccount();
    await use(id, 1);
    const one = patient.open(1);
    const ledger = createLedger(one, patient.policy);
    const useOften = async () => {
      for (let event = 0; event < 50; event += 1) await ledger.ingest([usage(id, { quantity: quantity(1) })]);
    };
    const updates = async () => {
      await flushed(one);
      const [row] = await patient.owner<{ total: number; hot: number }[]>`
        select n_tup_upd::int as total, n_tup_hot_upd::int as hot
        from pg_stat_user_tables where relname = 'account_wakes'`;
      return row!;
    };
    await flushed(patient.db);
    const before = await updates();
    await useOften();
    expect(await updates()).toEqual(before);

    await makeDue(id);
    const sent = await patient.wakes.claim(CLAIM);
    await eventually(async () => {
      await flushed(patient.db);
      expect((await updates()).total).toBe(before.total + 2);
    });
    const leased = await updates();
    await useOften();
    const after = await updates();
    await one.end();
    expect(after.total).toBe(leased.total + 50);
    expect(after.hot - leased.hot).toBeGreaterThanOrEqual(45);
    await patient.wakes.acknowledge(sent);
    expect(await patient.wakes.backlog()).toMatchObject({ unhurried: { dirty: 1 } });
  });
});

/** Makes the statistics of a connection visible, which otherwise takes seconds. */
async function flushed(db: Database): Promise<void> {
  await db.sql`select pg_stat_force_next_flush()`;
}

test('while usage pours in and two relays race and crash, slices follow on one another and miss nothing', async () => {
  const ids: AccountId[] = [];
  for (let account = 0; account < 5; account += 1) ids.push(await quietAccount());
  const heard = new Map<AccountId, Wake[]>(ids.map((id) => [id, []]));
  const state = { pouring: true };
  const pour = async (): Promise<void> => {
    for (let round = 0; round < 25; round += 1) {
      const events = ids.flatMap((id) => WALLETS.map((wallet) => usage(id, { wallet, id: randomUUID() })));
      await stores.ledger.ingest(events.filter((_, index) => (index + round) % 3 !== 0));
    }
  };
  const relay = async (crashesEvery: number): Promise<void> => {
    const db = stores.open(2);
    const wakes = createWakes(db);
    let round = 0;
    while (state.pouring || (await wakes.backlog()).dirty > 0) {
      // Short ones are taken over by the other relay all the time; on a busy machine they would be so for ever.
      const claimed = await wakes.claim({ limit: 3, leaseMs: state.pouring ? 20 : 2_000 });
      for (const wake of claimed) heard.get(wake.accountId)!.push(wake);
      round += 1;
      // A crash between the claim and the acknowledgement: the messages have been sent all the same.
      const crashes = state.pouring && round % crashesEvery === 0;
      if (!crashes) await wakes.acknowledge(claimed);
    }
    await db.end();
  };
  const pouring = Promise.all([pour(), pour(), pour()]).then(() => {
    state.pouring = false;
  });
  await Promise.all([pouring, relay(3), relay(4)]);

  for (const id of ids) {
    const overview = await stores.accounts.overview(id);
    const messages = newestOnly(heard.get(id)!);
    for (const wallet of WALLETS) {
      const slices = messages.flatMap((wake) =>
        wake.message.kind === 'usage' ? (wake.message.signal.wallets[wallet] ?? []) : [],
      );
      let [watched, used] = [0, 0];
      for (const slice of slices) {
        expect(slice.fromSeq).toBe(watched);
        watched = slice.seq;
        used += slice.used;
      }
      expect(watched).toBe(overview!.wallets[wallet].seq);
      expect(used + overview!.wallets[wallet].balance).toBe(0);
    }
  }
});

/** What a workflow hears: each version once, and none below one that it has heard. A version that comes again has
 *  to say the same. */
function newestOnly(wakes: readonly Wake[]): Wake[] {
  const byVersion = new Map(wakes.map((wake) => [wake.version, wake]));
  for (const wake of wakes) expect(wake.message).toEqual(byVersion.get(wake.version)!.message);
  return [...byVersion.values()].sort((a, b) => a.version - b.version);
}
