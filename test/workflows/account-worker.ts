import { mkdir, writeFile } from 'node:fs/promises';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { expect } from 'vitest';
import { workflowIdOf } from '../../domain/ids.ts';
import type { UsageSignal, WakeMessage } from '../../domain/wakes.ts';
import type { Wallet } from '../../domain/wallet.ts';
import { bundleWorkflows } from '../../temporal/bundle.ts';
import { createDataConverter } from '../../temporal/data-converter.ts';
import { ACCOUNT_WORKFLOW_TYPE, refreshSignal, usageSignal } from '../../workflows/messages.ts';
import { accountIdAttribute } from '../../workflows/search-attributes.ts';
import { testTemporal } from '../support/temporal.ts';
import type { ScriptedAccount } from './scripted-account.ts';

/** Fixed, so that recorded histories can be decrypted by every build. */
export const TEST_PAYLOAD_KEYS = [{ id: 'test', key: Buffer.alloc(32, 7) }];

export type AccountHarness = {
  client: Client;
  handle: WorkflowHandle;
  send(message: WakeMessage): Promise<void>;
  sendUsage(signal: UsageSignal): Promise<void>;
};

Runtime.install({ logger: new DefaultLogger('WARN') });

let bundle: Promise<WorkflowBundleWithSourceMap> | undefined;

/** Runs a real worker on the real server for one scripted account while `use` runs. */
export async function withAccountWorker(
  account: ScriptedAccount,
  use: (harness: AccountHarness) => Promise<void>,
): Promise<void> {
  const { address, namespace, taskQueue } = testTemporal();
  const dataConverter = createDataConverter(TEST_PAYLOAD_KEYS);
  bundle ??= bundleWorkflows();
  const [connection, native] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  const client = new Client({ connection, namespace, dataConverter });
  const worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue,
    dataConverter,
    workflowBundle: await bundle,
    activities: account.activities,
    // Every task replays the whole history, so that anything that is not deterministic shows at once.
    maxCachedWorkflows: 0,
  });
  const workflowId = workflowIdOf(account.accountId);
  const send = async (message: WakeMessage) => {
    await client.workflow.signalWithStart(ACCOUNT_WORKFLOW_TYPE, {
      workflowId,
      taskQueue,
      args: [{ accountId: account.accountId }],
      signal: message.kind === 'usage' ? usageSignal : refreshSignal,
      signalArgs: [message.signal],
      typedSearchAttributes: [{ key: accountIdAttribute, value: account.accountId }],
    });
  };
  const sendUsage = (signal: UsageSignal) => send({ kind: 'usage', signal });
  account.whenCredited((wallet: Wallet) => void sendUsage(account.sliceOfCredit(wallet)));
  try {
    await worker.runUntil(use({ client, handle: client.workflow.getHandle(workflowId), send, sendUsage }));
    await record(client.workflow.getHandle(workflowId));
  } finally {
    await client.workflow
      .getHandle(workflowId)
      .terminate('test is over')
      .catch(() => undefined);
    await Promise.all([connection.close(), native.close()]);
  }
}

/** With `RECORD_HISTORIES=<version>`, keeps what this build has written, for later builds to replay. */
async function record(handle: WorkflowHandle): Promise<void> {
  const version = process.env['RECORD_HISTORIES'];
  if (version === undefined) return;
  const folder = new URL(`../histories/${version}/`, import.meta.url);
  const name = (expect.getState().currentTestName ?? 'unnamed').replaceAll(/[^a-z0-9]+/gi, '-');
  await mkdir(folder, { recursive: true });
  await writeFile(new URL(`${name}.json`, folder), historyToJSON(await handle.fetchHistory()));
}
