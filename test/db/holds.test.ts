import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createChangeReader } from '../../db/account-changes.ts';
import { findMissingTopUps } from '../../db/find-forgotten.ts';
import { createHolds, type HoldRequest } from '../../db/holds.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { purgeHolds } from '../../db/purge-holds.ts';
import type { AccountId } from '../../domain/ids.ts';
import { quantity } from '../../domain/quantities.ts';
import type { SettingsChoice } from '../../domain/settings.ts';
import { eventually } from '../support/eventually.ts';
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

let stores: TestStores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());
beforeEach(() => quiet());

const CLAIM = { limit: 100, leaseMs: 60_000 };

async function quiet(): Promise<void> {
  await stores.db.sql`
    update account_wakes set dirty = false, outstanding = null, refresh = '{}',
      signalled_call_seq = (select seq from wallets where wallets.account_id = account_wakes.account_id
        and wallet = 'call_minutes'),
      signalled_chat_seq = (select seq from wallets where wallets.account_id = account_wakes.account_id
        and wallet = 'chat_credits')`;
}

/** An account with this balance whose wakes have all been delivered; it tops up below 50. */
async function accountWith(
  balance: number,
  settings: Partial<SettingsChoice> | null = {},
): Promise<AccountId> {
  const id = await newAccount(stores);
  if (balance > 0) await grant(stores, id, balance);
  if (settings !== null) {
    await stores.settings.save(id, 'call_minutes', choice(settings), { ifVersion: null });
  }
  await quiet();
  return id;
}

function place(id: AccountId, minor: number, change: Partial<HoldRequest> = {}, key: string | null = null) {
  const request = {
    accountId: id,
    wallet: 'call_minutes' as const,
    source: 'campaign' as const,
    quantity: quantity(minor),
    expiresInMs: 600_000,
  };
  return stores.holds.place({ ...request, ...change }, key);
}

async function granted(id: AccountId, minor: number, change: Partial<HoldRequest> = {}): Promise<string> {
  const placed = await place(id, minor, change);
  if (placed.status !== 'held') throw new Error(`not held: ${placed.status}`);
  return placed.holdId;
}

const held = async (id: AccountId) => (await stores.accounts.overview(id))!.wallets.call_minutes.held;
const markOf = async (id: AccountId) =>
  (
    await stores.db.sql<{ dirty: boolean; urgent: boolean; version: number }[]>`
      select dirty, due_at <= now() as urgent, version from account_wakes where account_id = ${id}`
  )[0]!;
const told = async (id: AccountId) => {
  await stores.db.sql`update account_wakes set due_at = now() - interval '1 second' where account_id = ${id}`;
  const wakes = await stores.wakes.claim(CLAIM);
  await stores.wakes.acknowledge(wakes);
  const message = wakes.find((wake) => wake.accountId === id)?.message;
  return message?.kind === 'usage' ? (message.signal.wallets.call_minutes ?? null) : null;
};
const read = async (id: AccountId, since: number | null = 0) => {
  const from = since === null ? null : { call_minutes: since, chat_credits: 0 };
  const { campaignLowest, refusedRequired } = (await stores.accounts.readSnapshot(id, from)).wallets
    .call_minutes;
  return { campaignLowest, refusedRequired };
};
const credit = async (id: AccountId, minor: number, settingsVersion = 1) => {
  const warrant = {
    ...order(id).warrant!,
    settingsVersion,
    target: quantity(10 ** 9),
    cause: 'refusal' as const,
  };
  const { topUpId } = await paidTopUp(stores, id, { quantity: quantity(minor), warrant });
  await stores.ledger.creditTopUp(topUpId);
};

describe('a hold', () => {
  test('reserves what is available and not a thousandth more', async () => {
    const id = await accountWith(100);
    await granted(id, 60);
    expect(await place(id, 41)).toMatchObject({ status: 'refused', available: 40 });
    await granted(id, 40);
    expect(await held(id)).toBe(100);
    expect(await place(id, 1, { source: 'inbound' })).toMatchObject({ status: 'refused', available: 0 });
  });

  test('of one wallet leaves the other as it is', async () => {
    const id = await accountWith(100);
    await grant(stores, id, 5, 'chat_credits');
    await granted(id, 100);
    expect(await place(id, 5, { wallet: 'chat_credits', source: null })).toMatchObject({ status: 'held' });
    expect(await place(id, 1, { wallet: 'chat_credits', source: null })).toMatchObject({ status: 'refused' });
  });

  test('of an account that nobody knows is not placed', async () => {
    const nobody = `acc_${randomUUID()}` as AccountId;
    expect(await place(nobody, 1)).toEqual({ status: 'unknown_account' });
    expect(await place(nobody, 1, {}, 'k')).toEqual({ status: 'unknown_account' });
    expect(await stores.holds.release(nobody, 'hold_1')).toBe(false);
  });

  test('expires by itself, and those who watch the account are told', async () => {
    const id = await accountWith(100);
    const changes = createChangeReader(stores.db);
    const mark = async () => (await changes.read([id]))[0]!.mark;
    const before = await mark();
    await granted(id, 100, { expiresInMs: 700 });
    const during = await mark();
    expect(during).not.toBe(before);
    await eventually(async () => expect(await held(id)).toBe(0));
    expect(await mark()).toBe(before);
    await granted(id, 100);
  });

  test('is released once, and again without harm', async () => {
    const id = await accountWith(100);
    const hold = await granted(id, 100);
    expect(await stores.holds.release(await accountWith(1), hold)).toBe(false);
    expect(await held(id)).toBe(100);
    expect([await stores.holds.release(id, hold), await stores.holds.release(id, hold)]).toEqual([
      true,
      true,
    ]);
    expect(await held(id)).toBe(0);
    expect(await stores.holds.release(id, 'hold_of_nobody')).toBe(false);
  });

  test('is placed once under a key, however often it is asked for at the same time', async () => {
    const id = await accountWith(100);
    const answers = await Promise.all(Array.from({ length: 8 }, () => place(id, 60, {}, 'call-1')));
    const [first] = answers;
    expect(first).toMatchObject({ status: 'held' });
    expect(answers).toEqual(answers.map(() => first));
    expect(await held(id)).toBe(60);
    expect(await place(id, 61, {}, 'call-1')).toEqual({ status: 'conflict' });
    expect(await place(await accountWith(100), 60, {}, 'call-1')).toMatchObject({ status: 'held' });
  });

  test('that was refused under a key is granted under it when there is enough', async () => {
    const id = await accountWith(10);
    expect(await place(id, 60, {}, 'call-1')).toMatchObject({ status: 'refused' });
    await grant(stores, id, 50);
    expect(await place(id, 60, {}, 'call-1')).toMatchObject({ status: 'held' });
  });

  test('never oversells: of 1,000 at once by many connections, just those fit that have room', async () => {
    const id = await accountWith(2_505);
    const many = stores.open(40);
    try {
      const { place: placeOne } = createHolds(many, stores.policy);
      const request = {
        accountId: id,
        wallet: 'call_minutes',
        source: 'outbound',
        expiresInMs: 600_000,
      } as const;
      const answers = await Promise.all(
        Array.from({ length: 1_000 }, () => placeOne({ ...request, quantity: quantity(10) }, null)),
      );
      expect(answers.filter(({ status }) => status === 'held')).toHaveLength(250);
      expect(answers.filter(({ status }) => status === 'refused')).toHaveLength(750);
      expect(await held(id)).toBe(2_500);
    } finally {
      await many.end();
    }
  });

  test('never oversells while others are settled and released meanwhile', async () => {
    const id = await accountWith(500);
    const first = await Promise.all(Array.from({ length: 50 }, () => granted(id, 10)));
    const many = stores.open(20);
    try {
      const store = createHolds(many, stores.policy);
      const request = {
        accountId: id,
        wallet: 'call_minutes',
        source: 'outbound',
        expiresInMs: 600_000,
      } as const;
      const placing = Array.from({ length: 300 }, () =>
        store.place({ ...request, quantity: quantity(10) }, null),
      );
      const settling = first
        .slice(0, 25)
        .map((hold) => stores.ledger.ingest([usage(id, { hold, quantity: quantity(10) })]));
      const releasing = first.slice(25).map((hold) => store.release(id, hold));
      await Promise.all([...placing, ...settling, ...releasing]);
      const { balance } = (await stores.accounts.overview(id))!.wallets.call_minutes;
      expect(balance).toBe(250);
      expect(await held(id)).toBeLessThanOrEqual(250);
    } finally {
      await many.end();
    }
  });
});

describe('settlement', () => {
  const stateOf = async (id: AccountId, hold: string) =>
    (await stores.db.sql`select state from holds where account_id = ${id} and hold_id = ${hold}`)[0]?.[
      'state'
    ];

  test('ends the hold that usage names, whatever was really used', async () => {
    const id = await accountWith(100);
    const [first, second] = [await granted(id, 50), await granted(id, 50)];
    await stores.ledger.ingest([
      usage(id, { hold: first, quantity: quantity(7) }),
      usage(id, { hold: second, quantity: quantity(70) }),
    ]);
    expect([await stateOf(id, first), await stateOf(id, second)]).toEqual(['settled', 'settled']);
    const { balance, held: reserved } = (await stores.accounts.overview(id))!.wallets.call_minutes;
    expect({ balance, reserved }).toEqual({ balance: 23, reserved: 0 });
  });

  test('of a hold that is unknown, released, settled, expired, of another account or wallet is no error', async () => {
    const [id, other] = [await accountWith(100), await accountWith(100)];
    const released = await granted(id, 10);
    await stores.holds.release(id, released);
    const settled = await granted(id, 10);
    const expired = await granted(id, 10, { expiresInMs: 1 });
    const foreign = await granted(other, 10);
    await grant(stores, id, 10, 'chat_credits');
    const chat = await granted(id, 10, { wallet: 'chat_credits', source: null });
    const named = ['hold_unknown', released, settled, settled, expired, foreign, chat];
    const results = await stores.ledger.ingest(
      named.map((hold) => usage(id, { hold, quantity: quantity(1) })),
    );
    expect(results.map(({ status }) => status)).toEqual(named.map(() => 'accepted'));
    expect(await stateOf(id, released)).toBe('released');
    expect([await stateOf(other, foreign), await stateOf(id, chat)]).toEqual(['held', 'held']);
  });

  test('happens with the entry or not at all', async () => {
    const id = await accountWith(100);
    const hold = await granted(id, 50);
    const event = usage(id, { hold });
    await asOwner(stores, (sql) =>
      sql.unsafe(`create function fail() returns trigger language plpgsql
      as $$ begin raise exception 'no'; end $$; create trigger fail before update on wallets for each row
      when (new.account_id = '${id}') execute function fail()`),
    );
    await expect(stores.ledger.ingest([event])).rejects.toThrow('no');
    expect(await stateOf(id, hold)).toBe('held');
    await asOwner(stores, (sql) => sql.unsafe('drop trigger fail on wallets; drop function fail'));
    await stores.ledger.ingest([event]);
    expect(await stateOf(id, hold)).toBe('settled');
  });

  test('a conflicting event settles nothing', async () => {
    const id = await accountWith(100);
    const hold = await granted(id, 50);
    const event = usage(id);
    await stores.ledger.ingest([event]);
    const [answer] = await stores.ledger.ingest([{ ...event, fingerprint: 'other', hold }]);
    expect(answer?.status).toBe('conflict');
    expect(await stateOf(id, hold)).toBe('held');
  });
});

describe('a campaign’s hold wakes the account', () => {
  test('at once when it is refused, and the message says what it needs', async () => {
    const id = await accountWith(80);
    await granted(id, 70, { source: 'inbound' });
    expect(await place(id, 30)).toMatchObject({ status: 'refused', available: 10 });
    expect(await markOf(id)).toMatchObject({ dirty: true, urgent: true });
    // 70 run beside it: only at 100 would it be granted.
    expect(await told(id)).toMatchObject({ fromSeq: 1, seq: 1, balance: 80, refusedRequired: 100 });
  });

  test('at once when it is granted below the top-up value', async () => {
    const id = await accountWith(40);
    await granted(id, 10);
    expect(await markOf(id)).toMatchObject({ dirty: true, urgent: true });
    expect(await told(id)).toMatchObject({ campaignLowest: 40, refusedRequired: null });
  });

  test('not at all when nothing could follow', async () => {
    const silent = async (id: AccountId, minor: number, change: Partial<HoldRequest> = {}) => {
      const { version } = await markOf(id);
      const { status } = await place(id, minor, change);
      expect(await markOf(id)).toMatchObject({ dirty: false, version });
      return status;
    };
    expect(await silent(await accountWith(1_000), 10)).toBe('held');
    expect(await silent(await accountWith(10), 20, { source: 'inbound' })).toBe('refused');
    expect(await silent(await accountWith(10), 20, { source: 'outbound' })).toBe('refused');
    expect(await silent(await accountWith(10, { topUpOnRefusal: false }), 20)).toBe('refused');
    expect(await silent(await accountWith(10, { enabled: false }), 20)).toBe('refused');
    expect(await silent(await accountWith(10, null), 20)).toBe('refused');
    const suspended = await accountWith(10);
    await asOwner(
      stores,
      (sql) => sql`update accounts set suspension_reason = 'operator', suspended_at = now()
        where account_id = ${suspended}`,
    );
    expect(await silent(suspended, 20)).toBe('refused');
  });

  test('is told in its time when a top-up is open, or one like it was told a moment ago', async () => {
    const id = await accountWith(10);
    await place(id, 20);
    expect(await told(id)).toMatchObject({ refusedRequired: 20 });
    await place(id, 15);
    expect(await markOf(id)).toMatchObject({ dirty: true, urgent: false });
    await place(id, 30);
    expect(await markOf(id)).toMatchObject({ dirty: true, urgent: true });
    await quiet();
    await stores.topUps.recordIntent(order(id));
    await place(id, 40);
    expect(await markOf(id)).toMatchObject({ dirty: true, urgent: false });
  });

  test.each([
    ['refused', 20],
    ['granted', 2],
  ])('at once although one like it was %s a moment ago while a top-up was open', async (_state, minor) => {
    const id = await accountWith(10);
    const open = await stores.topUps.recordIntent(order(id));
    if (open.status !== 'recorded') throw new Error('not recorded');
    await place(id, minor);
    await stores.topUps.close(open.topUp.topUpId, { state: 'canceled', failure: null, suspend: null });
    await quiet();
    await place(id, minor);
    expect(await markOf(id)).toMatchObject({ dirty: true, urgent: true });
    await quiet();
    await place(id, minor);
    expect(await markOf(id)).toMatchObject({ dirty: true, urgent: false });
  });

  test('at once although one like it was refused a moment ago, when only the settings saved since let it ask', async () => {
    const id = await accountWith(80, { topUpOnRefusal: false });
    await place(id, 100);
    expect(await markOf(id)).toMatchObject({ dirty: false });
    await stores.settings.save(id, 'call_minutes', choice(), { ifVersion: null });
    await quiet();
    await place(id, 100);
    expect(await markOf(id)).toMatchObject({ dirty: true, urgent: true });
  });

  test('at once although one like it was refused a moment ago, when automatic top-up was suspended', async () => {
    const id = await accountWith(80);
    const suspend = (reason: string | null) =>
      asOwner(
        stores,
        (sql) => sql`update accounts set suspension_reason = ${reason}, updated_at = now(),
          suspended_at = case when ${reason}::text is null then null else now() end where account_id = ${id}`,
      );
    await suspend('operator');
    await place(id, 100);
    expect(await markOf(id)).toMatchObject({ dirty: false });
    await suspend(null);
    await place(id, 100);
    expect(await markOf(id)).toMatchObject({ dirty: true, urgent: true });
  });

  test('at once when it is granted, although one was refused a moment ago that was not to ask', async () => {
    const id = await accountWith(40, { topUpOnRefusal: false });
    expect(await place(id, 60)).toMatchObject({ status: 'refused' });
    expect(await markOf(id)).toMatchObject({ dirty: false });
    await granted(id, 10);
    expect(await markOf(id)).toMatchObject({ dirty: true, urgent: true });
    await quiet();
    await granted(id, 10);
    expect(await markOf(id)).toMatchObject({ dirty: true, urgent: false });
  });

  test.each([
    ['an open top-up', true],
    ['a card and nothing in the way', true],
    ['no card', false],
    ['the month’s cap in the way', false],
    ['topUpOnRefusal off', false],
  ])('and with %s a refusal says whether a top-up is pending: %s', async (situation, expected) => {
    const id = await accountWith(10, {
      topUpOnRefusal: situation !== 'topUpOnRefusal off',
      monthlyCapCents: situation === 'the month’s cap in the way' ? order(id0).amountCents : null,
    });
    if (situation !== 'no card') {
      await asOwner(
        stores,
        (sql) => sql`update accounts set payment_method_id = 'pm_1', card_brand = 'visa', card_last4 = '4242',
          card_exp_month = 12, card_exp_year = 2030 where account_id = ${id}`,
      );
    }
    if (situation === 'the month’s cap in the way') await credit(id, 1);
    if (situation === 'an open top-up') await stores.topUps.recordIntent(order(id));
    expect(await place(id, 20_000)).toMatchObject({ status: 'refused', topUpPending: expected });
    const inbound = await place(id, 20_000, { source: 'inbound' });
    expect(inbound).toMatchObject({ status: 'refused', topUpPending: situation === 'an open top-up' });
  });
});

const id0 = 'acc_0' as AccountId;

describe('what a refused call asks for', () => {
  test('is read afresh by a workflow that knows nothing, and by one that has heard of it', async () => {
    const id = await accountWith(80);
    await place(id, 100);
    await quiet();
    expect(await read(id, null)).toEqual({ campaignLowest: null, refusedRequired: 100 });
    expect(await read(id, 1)).toEqual({ campaignLowest: null, refusedRequired: 100 });
    await place(id, 90);
    expect(await read(id)).toEqual({ campaignLowest: null, refusedRequired: 100 });
  });

  test('is over with the top-up begun for it, even when the balance falls again', async () => {
    const id = await accountWith(80);
    await place(id, 100);
    await credit(id, 15);
    await quiet();
    // 95 do not suffice: the call that asks again is refused again, and only that counts.
    expect(await read(id)).toEqual({ campaignLowest: null, refusedRequired: null });
    await stores.ledger.ingest([usage(id, { quantity: quantity(5) })]);
    expect(await told(id)).toMatchObject({ refusedRequired: null });
    await place(id, 100);
    expect(await told(id)).toMatchObject({ refusedRequired: 100 });
  });

  test('stands when a top-up that was begun before is credited and is not enough', async () => {
    const id = await accountWith(10);
    const { topUpId } = await paidTopUp(stores, id, { quantity: quantity(50) });
    await place(id, 100);
    await stores.ledger.creditTopUp(topUpId);
    await quiet();
    expect(await read(id)).toMatchObject({ refusedRequired: 100 });
  });

  test('stands when a top-up that was begun for something else is not enough', async () => {
    const id = await accountWith(10);
    await place(id, 100);
    const { topUpId } = await paidTopUp(stores, id, { quantity: quantity(50) });
    await stores.ledger.creditTopUp(topUpId);
    await quiet();
    expect(await read(id)).toMatchObject({ refusedRequired: 100 });
  });

  test('is over once the balance has sufficed, whatever it is later', async () => {
    const id = await accountWith(80);
    await place(id, 100);
    await grant(stores, id, 20);
    await stores.ledger.ingest([usage(id, { quantity: quantity(30) })]);
    expect(await told(id)).toMatchObject({ balance: 70, refusedRequired: null });
    expect(await read(id)).toEqual({ campaignLowest: null, refusedRequired: null });
  });

  test('is over once what ran beside it has ended, and then never more than the call itself', async () => {
    const id = await accountWith(100);
    const beside = await granted(id, 95);
    await place(id, 20);
    await quiet();
    expect(await read(id)).toMatchObject({ refusedRequired: 115 });
    await stores.holds.release(id, beside);
    expect(await read(id)).toMatchObject({ refusedRequired: null });
    await stores.ledger.ingest([usage(id, { quantity: quantity(85) })]);
    await quiet();
    expect(await read(id)).toMatchObject({ refusedRequired: 20 });
  });

  test('is forgotten when the customer saves settings, and does not count against them later', async () => {
    const id = await accountWith(80);
    await place(id, 100);
    await stores.settings.save(id, 'call_minutes', choice({ alertBelow: quantity(90) }), { ifVersion: null });
    await quiet();
    expect(await read(id)).toEqual({ campaignLowest: null, refusedRequired: null });
    await stores.ledger.ingest([usage(id, { quantity: quantity(1) })]);
    expect(await told(id)).toMatchObject({ refusedRequired: null, campaignLowest: null });
  });

  test('a granted hold below the top-up value is activity until the balance has reached it', async () => {
    const id = await accountWith(40);
    await granted(id, 10);
    await quiet();
    expect(await read(id, null)).toEqual({ campaignLowest: 40, refusedRequired: null });
    await grant(stores, id, 20);
    await stores.ledger.ingest([usage(id, { quantity: quantity(30) })]);
    expect(await told(id)).toMatchObject({ balance: 30, campaignLowest: null });
    expect(await read(id, null)).toEqual({ campaignLowest: null, refusedRequired: null });
  });

  test('inbound holds ask for nothing', async () => {
    const id = await accountWith(40);
    await granted(id, 10, { source: 'inbound' });
    await place(id, 100, { source: 'inbound' });
    await stores.ledger.ingest([usage(id, { quantity: quantity(1), source: 'inbound' })]);
    expect(await told(id)).toMatchObject({ campaignLowest: null, refusedRequired: null });
  });
});

describe('the warrant of a refusal', () => {
  const warranted = (id: AccountId, target: number, balance: number) =>
    stores.topUps.recordIntent(
      order(id, {
        warrant: {
          balance: quantity(balance),
          seq: 1,
          settingsVersion: 1,
          target: quantity(target),
          cause: 'refusal',
        },
      }),
    );

  test('holds above the top-up value while the call would be refused again, and is no breach', async () => {
    const id = await accountWith(80);
    await place(id, 100);
    expect(await warranted(id, 100, 80)).toMatchObject({ status: 'recorded' });
    const broken = (await checkInvariants(stores.db, stores.policy)).filter(({ name }) => name === 'warrant');
    expect(broken.flatMap(({ violations }) => violations.filter((each) => each.startsWith(id)))).toEqual([]);
  });

  test('has gone when what ran beside the call has ended, although the balance is the same', async () => {
    const id = await accountWith(100);
    const beside = await granted(id, 95);
    await place(id, 20);
    await stores.holds.release(id, beside);
    expect(await warranted(id, 115, 100)).toMatchObject({
      status: 'not_needed',
      reason: 'balance_recovered',
    });
  });

  test('has gone before the next attempt when the call would be granted by then', async () => {
    const id = await accountWith(80);
    await place(id, 100);
    const recorded = await warranted(id, 100, 80);
    if (recorded.status !== 'recorded') throw new Error('not recorded');
    const { topUpId } = recorded.topUp;
    expect(await stores.topUps.beginAttempt(topUpId, 1, 'pm_1')).toBeNull();
    await grant(stores, id, 20);
    await stores.topUps.finishAttempt(topUpId, 1, {
      status: 'declined',
      decline: { kind: 'soft', reason: 'insufficient_funds' } as never,
    });
    expect(await stores.topUps.beginAttempt(topUpId, 2, 'pm_1')).toMatchObject({ status: 'recovered' });
  });
});

describe('the sweeper', () => {
  const isForgotten = async (id: AccountId) =>
    (await findMissingTopUps(stores.db.sql, stores.policy)).some(({ accountId }) => accountId === id);
  const minutesPass = async (id: AccountId) =>
    asOwner(stores, async (sql) => {
      for (const [table, column] of [
        ['holds', 'created_at'],
        ['settings', 'updated_at'],
        ['accounts', 'updated_at'],
        ['ledger_entries', 'created_at'],
      ]) {
        await sql.unsafe(`update ${table} set ${column} = ${column} - interval '2 minutes'
          where account_id = '${id}'`);
      }
    });

  test('finds a refused campaign call that nobody served, judged by what it needs', async () => {
    const id = await accountWith(80);
    await place(id, 100);
    expect(await isForgotten(id)).toBe(false);
    await minutesPass(id);
    expect(await isForgotten(id)).toBe(true);
    await stores.topUps.recordIntent(
      order(id, { warrant: { ...order(id).warrant!, target: quantity(100) } }),
    );
    expect(await isForgotten(id)).toBe(false);
  });

  test.each([
    ['refusals switched off', { topUpOnRefusal: false }],
    ['automatic top-up off', { enabled: false }],
  ])('leaves a refusal alone with %s', async (_name, settings) => {
    const id = await accountWith(80, settings);
    await place(id, 100);
    await minutesPass(id);
    expect(await isForgotten(id)).toBe(false);
  });

  test('finds a campaign’s hold below the top-up value that nobody served', async () => {
    const [campaign, inbound] = [await accountWith(40), await accountWith(40)];
    await granted(campaign, 10);
    await granted(inbound, 10, { source: 'inbound' });
    await minutesPass(campaign);
    await minutesPass(inbound);
    expect([await isForgotten(campaign), await isForgotten(inbound)]).toEqual([true, false]);
  });

  test('leaves a refusal alone that a top-up has answered', async () => {
    const id = await accountWith(80);
    await place(id, 100);
    await credit(id, 100);
    await minutesPass(id);
    expect(await isForgotten(id)).toBe(false);
  });
});

describe('what a call usually reserves', () => {
  test('is the median of what campaign holds asked for, granted or refused, whatever a few asked for', async () => {
    const id = await accountWith(1_000);
    for (const minor of [10, 20, 30]) await granted(id, minor);
    await granted(id, 900, { source: 'inbound' });
    expect(await stores.holds.usual(id, 'call_minutes')).toBeNull();
    await granted(id, 40);
    await place(id, 5_000);
    expect(await stores.holds.usual(id, 'call_minutes')).toBe(30);
    await place(id, 5_000);
    await place(id, 5_000);
    expect(await stores.holds.usual(id, 'call_minutes')).toBe(40);
    expect(await stores.holds.usual(id, 'chat_credits')).toBeNull();
    await asOwner(
      stores,
      (sql) => sql`update holds set created_at = now() - interval '31 days' where account_id = ${id}`,
    );
    expect(await stores.holds.usual(id, 'call_minutes')).toBeNull();
  });
});

test('the purge takes what ended or expired more than 30 days ago and nothing younger', async () => {
  const id = await accountWith(1_000);
  const [old, young, late] = [await granted(id, 1), await granted(id, 1), await granted(id, 1)];
  await asOwner(stores, async (sql) => {
    const month = "interval '31 days'";
    await sql.unsafe(`update holds set created_at = created_at - ${month}, expires_at = expires_at - ${month}
      where hold_id = '${old}'`);
    await sql.unsafe(`update holds set created_at = created_at - ${month} where hold_id = '${late}'`);
  });
  expect(await purgeHolds(stores.db)).toBe(1);
  const left = await stores.db.sql`select hold_id from holds where account_id = ${id} order by hold_id`;
  expect(left.map(({ holdId }) => holdId)).toEqual([young, late].sort());
});
