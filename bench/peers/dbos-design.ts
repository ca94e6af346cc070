import { DBOSClient } from '@dbos-inc/dbos-sdk';
import type { BenchContext } from '../bench.ts';
import { inParallel } from '../support/in-parallel.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import type { DbosAccountInput, DbosWorkerSettings } from './dbos-worker.ts';
import type { Peer } from './peer.ts';
import type { Till } from './till.ts';
import { THRESHOLDS, type Workload } from './workload.ts';

const START_AT_ONCE = 8;
/** Above the number of accounts: a workflow that waits for its next event must keep none out. */
const QUEUE_CONCURRENCY = 2_000;
const RESULT_POLL_MS = 25;

/** One durable message per usage event: DBOS `send` and `recv`, one workflow an account, on the same PostgreSQL.
 *  @param poolSize connections of the sending and of the receiving process, each. */
export async function startDbosDesign(
  { createDatabase }: Pick<BenchContext, 'createDatabase'>,
  till: Till,
  poolSize: number,
): Promise<Peer> {
  const database = await createDatabase();
  const settings: DbosWorkerSettings = {
    databaseUrl: database.url,
    poolSize,
    queueConcurrency: QUEUE_CONCURRENCY,
    tillUrl: till.url,
  };
  const worker = await startWorkerProcess(new URL('dbos-worker.ts', import.meta.url), settings);
  const client = await DBOSClient.create({
    systemDatabaseUrl: database.url,
    systemDatabasePoolSize: poolSize,
    applicationName: 'bench',
  });
  return {
    name: 'DBOS send and recv',
    async run(workload, concurrency) {
      await startWorkflows(client, workload);
      const chargedBefore = till.charges();
      const startedAtMs = Date.now();
      await inParallel(workload.events, concurrency, ({ id, accountId, seconds }) =>
        client.send(accountId, seconds, 'usage', id),
      );
      const { evaluated, endedAtMs } = await untilEvaluated(client, workload);
      return {
        durationMs: endedAtMs - startedAtMs,
        topUps: till.charges() - chargedBefore,
        evaluated,
      };
    },
    async stop() {
      await client.destroy();
      await worker.stop();
      await database.drop();
    },
  };
}

/** All of them run before the first event. */
async function startWorkflows(client: DBOSClient, { accounts, events }: Workload): Promise<void> {
  const expected = Map.groupBy(events, ({ accountId }) => accountId);
  await inParallel(accounts, START_AT_ONCE, async ({ id, startSeconds }) => {
    const input: DbosAccountInput = {
      accountId: id,
      startSeconds,
      events: expected.get(id)?.length ?? 0,
      rules: { alertBelow: THRESHOLDS.alertBelow * 60, topUpBelow: THRESHOLDS.topUpBelow * 60 },
      boughtSeconds: THRESHOLDS.boughtMinutes * 60,
    };
    await client.enqueue<(input: DbosAccountInput) => Promise<number>>(
      { queueName: 'accounts', workflowName: 'account', workflowID: id },
      input,
    );
  });
  for (;;) {
    const waiting = await client.listWorkflows({ queueName: 'accounts', status: 'ENQUEUED', limit: 1 });
    if (waiting.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, RESULT_POLL_MS));
  }
}

/** The end is when the last workflow was completed, by the clock of the process that ran it. */
async function untilEvaluated(
  client: DBOSClient,
  { accounts }: Workload,
): Promise<{ evaluated: number; endedAtMs: number }> {
  let evaluated = 0;
  let endedAtMs = 0;
  for (const { id } of accounts) {
    const handle = client.retrieveWorkflow<number>(id);
    const applied = await handle.getResult({ pollingIntervalMs: RESULT_POLL_MS });
    evaluated += applied ?? 0;
    const status = await handle.getStatus();
    endedAtMs = Math.max(endedAtMs, status?.completedAt ?? status?.updatedAt ?? Date.now());
  }
  return { evaluated, endedAtMs };
}
