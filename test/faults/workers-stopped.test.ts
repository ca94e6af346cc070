import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Database } from '../../db/connect.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { createWakes } from '../../db/wakes.ts';
import type { Child } from '../../dev/child.ts';
import { POLICY } from '../../domain/policy.ts';
import { runRelay } from '../../temporal/relay.ts';
import { createRunLoads } from '../../temporal/run-loads.ts';
import { eventually } from '../support/eventually.ts';
import { call, createExampleAccount, type ExampleAccount } from '../support/example-account.ts';
import { expectOneOfEach } from '../support/expect-one-of-each.ts';
import { heardSignals } from '../support/heard-signals.ts';
import { reportUsage } from '../support/report-usage.ts';
import { startStack, type Stack } from '../support/stack.ts';

const ACCOUNTS = 10;
const FEW = 2;
const EVENTS = 20_000;
/** So few, so that it is reached here; the relay's own numbers are held against days in relay-pace.test.ts. */
const UNSPACED = 5;
const SPACING_STEP_MS = 200;
const BATCH = 500;
const AFTERWARDS = { timeoutMs: 120_000, pauseMs: 500 };

describe(`${EVENTS} changes`, () => {
  let stack: Stack;
  let db: Database;
  let client: Client;
  beforeAll(async () => {
    stack = await startStack({ worker: false });
    db = connect(stack.databaseUrl, { max: 4, applicationName: 'test', log: { warn: () => undefined } });
    client = await stack.connectTemporal();
  });
  afterAll(async () => {
    await client.connection.close();
    await db.end();
    await stack.stop();
  });

  /** Accounts with 104 minutes, whose customers are known at Stripe. */
  async function readyAccounts(worker: Child, count = ACCOUNTS): Promise<ExampleAccount[]> {
    const accounts = await Promise.all(Array.from({ length: count }, () => createExampleAccount(stack)));
    for (const account of accounts) {
      await account.grant('call_minutes', 104);
      await account.enable('call_minutes');
    }
    await eventually(async () => expect((await createWakes(db).backlog()).dirty).toBe(0), AFTERWARDS);
    await worker.stop();
    return accounts;
  }

  /** Reports the same number of calls for each account, 100 minutes together, which cross both values. */
  async function report(
    accounts: readonly ExampleAccount[],
    afterBatch: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<void> {
    const seconds = (100 * 60 * accounts.length) / EVENTS;
    for (let sent = 0; sent < EVENTS; sent += BATCH) {
      const events = Array.from({ length: BATCH }, (_, index) => ({
        ...call(seconds),
        account: accounts[index % accounts.length]!.id,
      }));
      const results = await reportUsage(stack, events);
      expect(results.every((result) => result.status === 'accepted')).toBe(true);
      await afterBatch();
    }
  }

  async function versionOf({ id }: ExampleAccount): Promise<number> {
    const [wake] = await db.sql<{ version: number }[]>`
      select version::int from account_wakes where account_id = ${id}`;
    return wake!.version;
  }

  /** What was told of changes after `version`, each message once: one that was sent again because its confirmation was
   *  late is none that piled up. */
  async function toldAfter(version: number, { id }: ExampleAccount): Promise<string[]> {
    const later = (await heardSignals(client, id)).filter((message) => message.version > version);
    return [...new Set(later.map((message) => JSON.stringify(message)))];
  }

  async function expectTopUps(accounts: readonly ExampleAccount[]): Promise<void> {
    await expectOneOfEach(stack, accounts, AFTERWARDS);
    expect((await checkInvariants(db, POLICY)).filter(({ holds }) => !holds)).toEqual([]);
  }

  it('while no worker runs are one signal each, and every alert and top-up follows once', {
    timeout: 300_000,
  }, async () => {
    const accounts = await readyAccounts(await stack.startWorker());
    const before = await Promise.all(accounts.map(versionOf));
    await report(accounts);
    expect(await createWakes(db).backlog()).toMatchObject({ urgent: { dirty: ACCOUNTS } });

    const worker = await stack.startWorker();
    await expectTopUps(accounts);
    for (const [index, account] of accounts.entries()) {
      // The pile is one signal; another may tell of the credit, and of what it brought.
      const told = await toldAfter(before[index]!, account);
      expect(told.slice(4)).toEqual([]);
    }
    await worker.stop();
  });

  it('while a relay runs and no worker polls pile up in no run, and every alert and top-up follows once', {
    timeout: 300_000,
  }, async () => {
    const accounts = await readyAccounts(await stack.startWorker());
    const before = await Promise.all(accounts.map(versionOf));
    const stop = new AbortController();
    const { taskQueue } = stack;
    const relay = runRelay(
      { wakes: createWakes(db), client, taskQueue, onFault: () => undefined },
      stop.signal,
    );
    await report(accounts);
    // A crossing may wait behind what the stopped worker had claimed, until its lease is over.
    await eventually(async () => {
      for (const [index, account] of accounts.entries()) {
        expect(await toldAfter(before[index]!, account)).not.toEqual([]);
      }
      expect((await createWakes(db).backlog()).urgent.dirty).toBe(0);
    }, AFTERWARDS);
    stop.abort();
    await relay;
    // One for each value that was crossed.
    for (const [index, account] of accounts.entries()) {
      const told = await toldAfter(before[index]!, account);
      expect(told.slice(4)).toEqual([]);
    }

    const worker = await stack.startWorker();
    await expectTopUps(accounts);
    await worker.stop();
  });

  it('of few accounts, told at once while no worker polls, are spaced out in their runs, and every alert and top-up follows once', {
    timeout: 300_000,
  }, async () => {
    const accounts = await readyAccounts(await stack.startWorker(), FEW);
    const before = await Promise.all(accounts.map(versionOf));
    const stop = new AbortController();
    const { taskQueue } = stack;
    const loads = createRunLoads({ unspaced: UNSPACED, stepMs: SPACING_STEP_MS });
    const startedMs = performance.now();
    const relay = runRelay(
      { wakes: createWakes(db), client, taskQueue, loads, onFault: () => undefined },
      stop.signal,
    );
    const allTold = () =>
      eventually(async () => expect((await createWakes(db).backlog()).dirty).toBe(0), {
        ...AFTERWARDS,
        pauseMs: 20,
      });
    let batches = 0;
    // As if each change could not wait. The first ones are told each by itself, before the next is made.
    await report(accounts, async () => {
      await db.sql`update account_wakes set due_at = now() where dirty and outstanding is null`;
      batches += 1;
      if (batches <= UNSPACED) await allTold();
    });
    await allTold();
    stop.abort();
    await relay;
    const tookMs = performance.now() - startedMs;
    for (const [index, account] of accounts.entries()) {
      const heard = async () => (await toldAfter(before[index]!, account)).length;
      // A task that the stopped worker was just given keeps signals out of the history until it has timed out.
      await eventually(async () => expect(await heard()).toBeGreaterThanOrEqual(UNSPACED), AFTERWARDS);
      // Spaced ever further apart, so their number grows with the root of the time.
      expect(await heard()).toBeLessThanOrEqual(UNSPACED + Math.sqrt((2 * tookMs) / SPACING_STEP_MS) + 1);
    }

    const worker = await stack.startWorker();
    await expectTopUps(accounts);
    await worker.stop();
  });
});
