import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
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

test('while usage pours in and two relays race and crash, slices follow on one another and miss nothing', async () => {
  const ids = await Promise.all(Array.from({ length: 5 }, () => quietAccount()));
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
      const claimed = await wakes.claim({ limit: 3, leaseMs: 20 });
      for (const wake of claimed) heard.get(wake.accountId)!.push(wake);
      round += 1;
      // A crash between the claim and the acknowledgement: the messages have been sent all the same.
      if (round % crashesEvery !== 0) await wakes.acknowledge(claimed);
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
