import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { createReadAccount } from '../../activities/read-account.ts';
import { nthAccount, seedAccounts } from '../../bench/support/seed.ts';
import { startWorkflowsOf } from '../../bench/support/start-workflows.ts';
import { createAccounts } from '../../db/accounts.ts';
import { connect, type Database } from '../../db/connect.ts';
import { createWakes } from '../../db/wakes.ts';
import { workflowIdOf, type AccountId } from '../../domain/ids.ts';
import { POLICY } from '../../domain/policy.ts';
import { bundleWorkflows } from '../../temporal/bundle.ts';
import { runRelay } from '../../temporal/relay.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { testTemporal } from '../support/temporal.ts';

test('a bench begins when the workflows it has started are at rest, not when they have been told', async () => {
  const { address, namespace, taskQueue } = testTemporal();
  const database = await createTestDatabase();
  const db = connect(database.url, { max: 4, applicationName: 'test', log: { warn: () => undefined } });
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  const stop = new AbortController();
  const relay = runRelay(
    { wakes: createWakes(db), client, taskQueue, onFault: () => undefined },
    stop.signal,
  );
  try {
    const seeded = await seedAccounts(database.url, { accounts: 3 });
    const ids = Array.from({ length: seeded.count }, (_, number) => nthAccount(seeded, number));
    const place = { temporal: { address, namespace }, databaseUrl: database.url };
    const reads = startWorkflowsOf(place, ids).then(() => accountReads(client, ids));
    // All have been told, and none has a worker.
    await eventually(async () => {
      const [row] = await db.sql<{ told: number }[]>`
        select count(*)::int as told from account_wakes where version > 1 and not dirty`;
      expect(row?.told).toBe(ids.length);
    });
    await whileWorkerRuns({ address, namespace, taskQueue, db }, () =>
      expect(reads).resolves.toEqual(ids.map(() => 1)),
    );
    await Promise.all(ids.map((id) => client.workflow.getHandle(workflowIdOf(id)).terminate('test is over')));
  } finally {
    stop.abort();
    await relay;
    await connection.close();
    await db.end();
    await database.drop();
  }
});

async function whileWorkerRuns(
  { address, namespace, taskQueue, db }: ReturnType<typeof testTemporal> & { db: Database },
  act: () => Promise<void>,
): Promise<void> {
  const connection = await NativeConnection.connect({ address });
  try {
    const readAccount = createReadAccount({ accounts: createAccounts(db, POLICY), policy: POLICY });
    const worker = await Worker.create({
      connection,
      namespace,
      taskQueue,
      workflowBundle: await bundleWorkflows(),
      activities: { readAccount },
    });
    await worker.runUntil(act);
  } finally {
    await connection.close();
  }
}

/** How often each account's workflow has read it. */
function accountReads(client: Client, ids: readonly AccountId[]): Promise<number[]> {
  return Promise.all(
    ids.map(async (id) => {
      const { events } = await client.workflow.getHandle(workflowIdOf(id)).fetchHistory();
      return (events ?? []).filter((event) => Boolean(event.activityTaskCompletedEventAttributes)).length;
    }),
  );
}
