import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Database } from '../../db/connect.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { createWakes } from '../../db/wakes.ts';
import type { Child } from '../../dev/child.ts';
import { freePorts } from '../../dev/ports.ts';
import { accountId, workflowIdOf } from '../../domain/ids.ts';
import { POLICY as PRODUCT_POLICY } from '../../domain/policy.ts';
import { stateQuery } from '../../workflows/messages.ts';
import { eventually } from '../support/eventually.ts';
import {
  call,
  createExampleAccount,
  type ExampleAccount,
  type TopUpItem,
} from '../support/example-account.ts';
import { heardSignals } from '../support/heard-signals.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { readMetric } from '../support/worker-metrics.ts';

const ACCOUNTS = 10;
const CALLS = 40;
const POURED_SECONDS = 56 * 60;
/** Often, and above the thresholds as well, so that there is much to send. */
const POLICY = { coalesceMs: 100, inTimeFactor: 1 };
/** By then a relay that runs has settled what it had claimed. */
const SETTLED_MS = 1_000;
const AFTERWARDS = { timeoutMs: 90_000, pauseMs: 250 };

describe('two workers, each with its relay', () => {
  let stack: Stack;
  let db: Database;
  let client: Client;
  const workers: { child: Child; port: number }[] = [];
  beforeAll(async () => {
    stack = await startStack({ worker: false, policy: POLICY });
    db = connect(stack.databaseUrl, { max: 2, applicationName: 'test', log: { warn: () => undefined } });
    client = await stack.connectTemporal();
    for (const port of await freePorts(2)) {
      workers.push({ port, child: await stack.startWorker(undefined, { METRICS_PORT: String(port) }) });
    }
  });
  afterAll(async () => {
    await client.connection.close();
    await db.end();
    await stack.stop();
  });

  async function readyAccounts(): Promise<ExampleAccount[]> {
    const accounts = await Promise.all(Array.from({ length: ACCOUNTS }, () => createExampleAccount(stack)));
    await Promise.all(
      accounts.map(async (account) => {
        await account.grant('call_minutes', 60);
        await account.enable('call_minutes');
      }),
    );
    return accounts;
  }

  /** Fifty-six minutes of calls, one after the other. */
  async function pour(account: ExampleAccount): Promise<void> {
    for (let each = 0; each < CALLS; each += 1) await account.use([call(POURED_SECONDS / CALLS)]);
  }

  /** As much, second by second until it is told to end, and the rest at once. */
  async function pourUntil(ended: AbortSignal, account: ExampleAccount): Promise<void> {
    let left = POURED_SECONDS;
    for (; left > 1 && !ended.aborted; left -= 1) {
      await account.use([call(1)]);
      await sleep(POLICY.coalesceMs / 2);
    }
    await account.use([call(left)]);
  }

  async function claimed(): Promise<string[]> {
    const rows = await db.sql<{ lease: string }[]>`
      select lease from account_wakes where outstanding is not null`;
    return rows.map(({ lease }) => lease);
  }

  /** Freezes a worker again and again until it is caught with something that it has claimed, and kills it then.
   *  @returns how much that was. */
  async function killWithClaims({ pid }: Child): Promise<number> {
    const claims = await eventually(async () => {
      process.kill(pid, 'SIGSTOP');
      const before = await claimed();
      await sleep(SETTLED_MS);
      const after = await claimed();
      const held = after.filter((lease) => before.includes(lease));
      if (held.length === 0) process.kill(pid, 'SIGCONT');
      expect(held).not.toEqual([]);
      return held.length;
    }, AFTERWARDS);
    process.kill(pid, 'SIGKILL');
    return claims;
  }

  /** Everything that was used was watched, and led to one top-up. */
  async function expectFollowed(accounts: readonly ExampleAccount[]): Promise<void> {
    for (const account of accounts) {
      await eventually(async () => {
        expect((await account.read()).wallets['call_minutes']?.balance).toBe(4 + 454);
        const [ledger] = await db.sql<{ seq: number; balance: number }[]>`
          select seq, balance from wallets where account_id = ${account.id} and wallet = 'call_minutes'`;
        const state = await client.workflow.getHandle(workflowIdOf(accountId(account.id))).query(stateQuery);
        expect(state.wallets.call_minutes).toMatchObject({ ...ledger, topUp: null });
      }, AFTERWARDS);
      expect(await account.list<TopUpItem>('top-ups')).toMatchObject([{ state: 'credited', attempts: 1 }]);
    }
    expect((await checkInvariants(db, PRODUCT_POLICY)).filter(({ holds }) => !holds)).toEqual([]);
  }

  const sentBy = (index: number) => readMetric(workers[index]!.port, 'relay_signals_total');

  it('share the signals, and every signal is heard once', { timeout: 200_000 }, async () => {
    const accounts = await readyAccounts();
    await Promise.all(accounts.map(pour));
    await expectFollowed(accounts);
    await eventually(async () => expect((await createWakes(db).backlog()).dirty).toBe(0), AFTERWARDS);
    const heard = await Promise.all(accounts.map((account) => heardSignals(client, account.id)));
    const sent = [await sentBy(0), await sentBy(1)];
    expect(Math.min(...sent)).toBeGreaterThan(0);
    const total = heard.reduce((sum, messages) => sum + messages.length, 0);
    // A signal whose confirmation was late may have been heard before it is sent again.
    const failed = await Promise.all(
      workers.map(({ port }) => readMetric(port, 'relay_signals_failed_total')),
    );
    const repeated = total - (sent[0]! + sent[1]!);
    expect(repeated).toBeGreaterThanOrEqual(0);
    expect(repeated).toBeLessThanOrEqual(failed[0]! + failed[1]!);
  });

  it('go on as one when the other is killed with what it had claimed', { timeout: 200_000 }, async () => {
    const accounts = await readyAccounts();
    const killed = new AbortController();
    const pouring = Promise.all(accounts.map((account) => pourUntil(killed.signal, account)));
    try {
      expect(await killWithClaims(workers[0]!.child)).toBeGreaterThan(0);
    } finally {
      killed.abort();
      await pouring;
    }
    await expectFollowed(accounts);
  });
});
