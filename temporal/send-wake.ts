import type { Client } from '@temporalio/client';
import { workflowIdOf, type AccountId } from '../domain/ids.ts';
import type { WakeMessage } from '../domain/wakes.ts';
import { ACCOUNT_WORKFLOW_TYPE, refreshSignal, usageSignal } from '../workflows/messages.ts';
import { accountIdAttribute } from '../workflows/search-attributes.ts';

/** A busy workflow would be retried by the client for 40 s; its slot is needed before that. */
const SIGNAL_DEADLINE_MS = 2_000;

/** Signals the account's workflow, and starts it if it does not run.
 *  @returns the run that has heard it.
 *  @throws when Temporal has not confirmed it in time; the signal may have arrived all the same. */
export async function sendWake(
  { accountId, message }: { accountId: AccountId; message: WakeMessage },
  { client, taskQueue }: { client: Client; taskQueue: string },
): Promise<{ runId: string }> {
  const handle = await client.withDeadline(Date.now() + SIGNAL_DEADLINE_MS, () =>
    client.workflow.signalWithStart(ACCOUNT_WORKFLOW_TYPE, {
      workflowId: workflowIdOf(accountId),
      taskQueue,
      args: [{ accountId }],
      signal: message.kind === 'usage' ? usageSignal : refreshSignal,
      signalArgs: [message.signal],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: [{ key: accountIdAttribute, value: accountId }],
      staticSummary: `Auto top-up of ${accountId}`,
    }),
  );
  return { runId: handle.signaledRunId };
}
