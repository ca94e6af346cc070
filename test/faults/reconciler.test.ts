import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Database } from '../../db/connect.ts';
import { checkInvariants } from '../../db/invariants.ts';
import { POLICY as PRODUCT_POLICY } from '../../domain/policy.ts';
import { createDataConverter } from '../../temporal/data-converter.ts';
import { ensureReconcileSchedules, RECONCILE_SCHEDULE_IDS } from '../../temporal/reconcile-schedules.ts';
import { RECONCILE_WORKFLOW_TYPE, type ReconcileScope } from '../../workflows/messages.ts';
import { eventually } from '../support/eventually.ts';
import { call, createExampleAccount, type LedgerItem, type TopUpItem } from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { testTemporal } from '../support/temporal.ts';
import { TEST_PAYLOAD_KEYS } from '../workflows/account-worker.ts';

/** Late at once, so that the test does not wait; the sweeper must not do the reconciler's work. */
const POLICY = { forgottenAfterMs: 1_000, sweepEveryMs: 3_600_000 };
const IN_THE_END = { timeoutMs: 60_000, pauseMs: 200 };

let connection: Connection;
let client: Client;
beforeAll(async () => {
  const { address, namespace } = testTemporal();
  connection = await Connection.connect({ address });
  client = new Client({ connection, namespace, dataConverter: createDataConverter(TEST_PAYLOAD_KEYS) });
});
afterAll(() => connection.close());

describe('the reconciler', () => {
  let stack: Stack;
  let db: Database;
  beforeAll(async () => {
    stack = await startStack({ policy: POLICY, worker: false });
    db = connect(stack.databaseUrl, { max: 2, applicationName: 'test', log: { warn: () => undefined } });
  });
  afterAll(async () => {
    await db.end();
    await stack.stop();
  });

  const reconcile = (scope: ReconcileScope) =>
    client.workflow.execute(RECONCILE_WORKFLOW_TYPE, {
      workflowId: `reconcile/test-${randomBytes(6).toString('hex')}`,
      taskQueue: stack.taskQueue,
      args: [scope],
    }) as Promise<{ compared: number; repaired: number; reported: number }>;

  it('credits once what was paid while every webhook was lost, the worker dead and the top-up closed', {
    timeout: 180_000,
  }, async () => {
    const worker = await stack.startWorker();
    const account = await createExampleAccount(stack, { paymentMethod: 'pm_card_authenticationRequired' });
    await account.grant('call_minutes', 10);
    await account.enable('call_minutes');
    await fetch(`${stack.stripeUrl}/sandbox/webhook`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: null }),
    });
    await account.use([call(360)]);
    const [open] = await eventually(async () => {
      const list = await account.list<TopUpItem>('top-ups');
      expect(list).toMatchObject([{ state: 'action_required' }]);
      return list;
    }, IN_THE_END);
    process.kill(worker.pid, 'SIGKILL');
    await worker.exited;
    await db.sql`
      update top_ups set state = 'canceled', closed_at = now(), action_url = null, next_attempt_at = null
      where account_id = ${account.id}`;
    const [row] = await db.sql<{ invoiceId: string }[]>`
      select invoice_id from top_ups where account_id = ${account.id}`;
    await stack.stripe.invoices.pay(row!.invoiceId, { payment_method: 'pm_card_visa' });

    await stack.startWorker();
    const balance = async () => (await account.read()).wallets['call_minutes']?.balance;
    const before = await balance();
    await eventually(async () => {
      await reconcile('recent');
      expect(await balance()).toBeGreaterThan(before!);
    }, IN_THE_END);
    expect(await reconcile('nightly')).toMatchObject({ repaired: 0, reported: 0 });
    const items = await account.list<TopUpItem>('top-ups');
    expect(items.find(({ id }) => id === open?.id)).toMatchObject({ state: 'credited' });
    const credits = (await account.list<LedgerItem>('ledger')).filter(({ kind }) => kind === 'top_up');
    expect(credits).toHaveLength(1);
    await eventually(async () => {
      const tags = (await stack.mails(account.email)).map((mail) => mail.Tag);
      expect(tags).toContain('top_up.succeeded');
    }, IN_THE_END);
    expect((await checkInvariants(db, PRODUCT_POLICY)).filter(({ holds }) => !holds)).toEqual([]);
  });

  it('keeps what each run came to, the nightly one with every invariant', async () => {
    type Run = {
      scope: string;
      repaired: number;
      finished: boolean;
      invariants: { holds: boolean }[] | null;
    };
    const runs = await db.sql<Run[]>`
      select scope, repaired, finished_at is not null as finished, invariants
      from reconciliations order by started_at`;
    expect(runs.every(({ finished }) => finished)).toBe(true);
    expect(runs.reduce((sum, { repaired }) => sum + repaired, 0)).toBe(1);
    const nightly = runs.filter(({ scope }) => scope === 'nightly');
    expect(nightly).toHaveLength(1);
    expect(nightly[0]?.invariants?.map(({ holds }) => holds)).toEqual(Array(10).fill(true));
    expect(
      runs.filter(({ scope }) => scope === 'recent').every(({ invariants }) => invariants === null),
    ).toBe(true);
  });

  it('runs by the schedules that a migration makes, which may be made again', {
    timeout: 120_000,
  }, async () => {
    const { address, namespace } = testTemporal();
    const migrate = () =>
      execa(process.execPath, ['migrate.ts'], {
        env: {
          DATABASE_URL: stack.databaseUrl,
          TEMPORAL_ADDRESS: address,
          TEMPORAL_NAMESPACE: namespace,
          TEMPORAL_TASK_QUEUE: stack.taskQueue,
        },
      });
    await Promise.all([migrate(), migrate()]);
    const recent = client.schedule.getHandle(RECONCILE_SCHEDULE_IDS.recent);
    const nightly = client.schedule.getHandle(RECONCILE_SCHEDULE_IDS.nightly);
    expect(await recent.describe()).toMatchObject({
      spec: { intervals: [{ every: 600_000 }] },
      policies: { overlap: 'SKIP' },
      action: { workflowType: 'reconcile', args: ['recent'], taskQueue: stack.taskQueue },
    });
    expect(await nightly.describe()).toMatchObject({
      spec: { calendars: [{ hour: [{ start: 3, end: 3 }] }] },
      action: { args: ['nightly'] },
    });
    await recent.pause('a person is looking');
    await ensureReconcileSchedules(client.schedule, { taskQueue: stack.taskQueue });
    expect((await recent.describe()).state).toMatchObject({ paused: true, note: 'a person is looking' });
    await recent.unpause();

    const [{ count: before } = { count: 0 }] = await db.sql<{ count: number }[]>`
      select count(*)::bigint as count from reconciliations`;
    await recent.trigger();
    await eventually(async () => {
      const [row] = await db.sql<{ count: number }[]>`
        select count(*)::bigint as count from reconciliations where finished_at is not null`;
      expect(row?.count).toBe(before + 1);
    }, IN_THE_END);
    await Promise.all([recent.delete(), nightly.delete()]);
  });
});
