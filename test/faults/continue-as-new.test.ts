import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Database } from '../../db/connect.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { accountId, workflowIdOf } from '../../domain/ids.ts';
import { POLICY as PRODUCT_POLICY } from '../../domain/policy.ts';
import { stateQuery } from '../../workflows/messages.ts';
import { eventually } from '../support/eventually.ts';
import { call, createExampleAccount, type TopUpItem } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';

/** Every wake is sent by itself, and a few of them fill a run. */
const POLICY = { coalesceMs: 0, historyEventsMax: 40 };
/** At least, and at most: a slow machine tells several calls together, and fills fewer runs with as many. */
const CALLS = { least: 150, most: 600 } as const;
const RUNS = 6;
const AFTERWARDS = { timeoutMs: 90_000, pauseMs: 250 };

describe('a stream of signals to a workflow that continues as new all the time', () => {
  let stack: Stack;
  let db: Database;
  let client: Client;
  beforeAll(async () => {
    stack = await startStack({ policy: POLICY });
    db = connect(stack.databaseUrl, { max: 2, applicationName: 'test', log: { warn: () => undefined } });
    client = await stack.connectTemporal();
  });
  afterAll(async () => {
    await client.connection.close();
    await db.end();
    await stack.stop();
  });

  it('loses nothing: all is watched, paid once and credited once', { timeout: 200_000 }, async () => {
    const account = await createExampleAccount(stack);
    await account.grant('call_minutes', 60);
    await account.enable('call_minutes');
    const handle = client.workflow.getHandle(workflowIdOf(accountId(account.id)));
    const runs = new Set<string>();
    let calls = 0;
    while (calls < CALLS.least || (runs.size < RUNS && calls < CALLS.most)) {
      await account.use([call(8 * 60)]);
      calls += 1;
      runs.add((await handle.describe()).runId);
    }

    await eventually(async () => {
      const [ledger] = await db.sql<{ seq: number; balance: number }[]>`
        select seq, balance from wallets where account_id = ${account.id} and wallet = 'call_minutes'`;
      const { wallets } = await handle.query(stateQuery);
      expect(wallets.call_minutes).toMatchObject({ ...ledger, topUp: null, want: null });
    }, AFTERWARDS);
    runs.add((await handle.describe()).runId);
    expect(runs.size).toBeGreaterThanOrEqual(RUNS);

    const topUps = await account.list<TopUpItem>('top-ups');
    expect(topUps.every(({ state }) => state === 'credited')).toBe(true);
    const bought = topUps.reduce((sum, { units }) => sum + units, 0);
    const { wallets, stripeCustomerId } = await account.read();
    expect(wallets['call_minutes']?.balance).toBe(60 - calls * 8 + bought);
    expect(wallets['call_minutes']?.balance).toBeGreaterThanOrEqual(5);
    const invoices = await stack.stripe.invoices.list({ customer: stripeCustomerId, limit: 100 });
    expect(invoices.data.map(({ status }) => status)).toEqual(topUps.map(() => 'paid'));
    expect((await checkInvariants(db, PRODUCT_POLICY)).filter(({ holds }) => !holds)).toEqual([]);
  });
});
