import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { BenchContext } from '../bench.ts';
import { eventually } from '../../test/support/eventually.ts';
import { inParallel } from '../support/in-parallel.ts';
import { lastDecisionMs } from '../support/last-decision.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { openingBalance } from './account-balance.ts';
import type { Peer } from './peer.ts';
import type { SignalWorkerSettings } from './signal-worker.ts';
import { appliedQuery, usedSignal, type SignalledAccountInput, signalledAccount } from './signal-workflow.ts';
import type { Till } from './till.ts';
import { THRESHOLDS, type Workload } from './workload.ts';

const START_AT_ONCE = 8;
const QUERIES_AT_ONCE = 8;
const EVALUATED_TIMEOUT_MS = 600_000;

/** One Temporal signal per usage event, to a workflow that keeps the balance. */
export async function startSignalDesign(
  { temporal }: Pick<BenchContext, 'temporal'>,
  till: Till,
): Promise<Peer> {
  const taskQueue = `bench-signals-${randomBytes(4).toString('hex')}`;
  const { address, namespace } = temporal;
  const settings: SignalWorkerSettings = { address, namespace, taskQueue, tillUrl: till.url };
  const connection = await Connection.connect({ address });
  const worker = await startWorkerProcess(new URL('signal-worker.ts', import.meta.url), settings);
  const client = new Client({ connection, namespace });
  return {
    name: 'one Temporal signal per event',
    async run(workload, concurrency) {
      await startWorkflows(client, taskQueue, workload);
      const chargedBefore = till.charges();
      const startedAtMs = Date.now();
      await inParallel(workload.events, concurrency, ({ accountId, seconds }) =>
        client.workflow.getHandle(workflowIdOf(accountId)).signal(usedSignal, seconds),
      );
      const evaluated = await untilEvaluated(client, workload);
      await eventually(() => requireAll(till.charges() - chargedBefore, workload.dueTopUps));
      const ids = workload.accounts.map(({ id }) => workflowIdOf(id));
      const endedAtMs = await lastDecisionMs(client, ids);
      await inParallel(
        ids,
        QUERIES_AT_ONCE,
        async (id) => void (await client.workflow.getHandle(id).terminate()),
      );
      return {
        durationMs: endedAtMs - startedAtMs,
        topUps: till.charges() - chargedBefore,
        evaluated,
      };
    },
    async stop() {
      await worker.stop();
      await connection.close();
    },
  };
}

function workflowIdOf(accountId: string): string {
  return `bench-signals/${accountId}`;
}

/** All of them are there before the first event, in every design. */
async function startWorkflows(client: Client, taskQueue: string, { accounts }: Workload): Promise<void> {
  await inParallel(accounts, START_AT_ONCE, async ({ id, startSeconds }) => {
    const input: SignalledAccountInput = {
      account: openingBalance(id, startSeconds),
      rules: { alertBelow: THRESHOLDS.alertBelow * 60, topUpBelow: THRESHOLDS.topUpBelow * 60 },
      boughtSeconds: THRESHOLDS.boughtMinutes * 60,
    };
    const handle = await client.workflow.start(signalledAccount, {
      taskQueue,
      workflowId: workflowIdOf(id),
      args: [input],
    });
    await handle.query(appliedQuery);
  });
}

async function untilEvaluated(client: Client, { accounts, events }: Workload): Promise<number> {
  const expected = Map.groupBy(events, ({ accountId }) => accountId);
  let evaluated = 0;
  await inParallel(accounts, QUERIES_AT_ONCE, async ({ id }) => {
    const handle = client.workflow.getHandle(workflowIdOf(id));
    const applied = await eventually(
      async () => requireAll(await handle.query(appliedQuery), expected.get(id)?.length ?? 0),
      { timeoutMs: EVALUATED_TIMEOUT_MS },
    );
    evaluated += applied;
  });
  return evaluated;
}

function requireAll(count: number, expected: number): number {
  if (count !== expected) throw new Error(`${count} of ${expected}`);
  return count;
}
