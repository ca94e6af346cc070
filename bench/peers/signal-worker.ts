import { fileURLToPath } from 'node:url';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { READY_LINE, settingsOf } from '../support/worker-process.ts';
import { chargeAtTill } from './till.ts';

export type SignalWorkerSettings = {
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly tillUrl: string;
};

/** More than there are accounts, so that none is ever replayed. */
const CACHED_WORKFLOWS = 2_000;

/** The worker of the signal-per-event design. */
const { address, namespace, taskQueue, tillUrl } = settingsOf() as SignalWorkerSettings;
Runtime.install({ shutdownSignals: ['SIGTERM', 'SIGINT'] });
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue,
  workflowsPath: fileURLToPath(import.meta.resolve('./signal-workflow.ts')),
  activities: { charge: (key: string) => chargeAtTill(tillUrl, key) },
  maxCachedWorkflows: CACHED_WORKFLOWS,
});
console.log(READY_LINE);
await worker.run();
await connection.close();
