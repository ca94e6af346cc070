import type { Client } from '@temporalio/client';
import { inParallel } from './in-parallel.ts';

const AT_ONCE = 8;

/** When the last workflow task of these workflows was completed, by the server's clock: milliseconds since the
 *  epoch. What a workflow heard before it has been judged by then. Asking writes nothing into the histories. */
export async function lastDecisionMs(client: Client, workflowIds: readonly string[]): Promise<number> {
  let lastMs = 0;
  await inParallel(workflowIds, AT_ONCE, async (workflowId) => {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    for (const event of events ?? []) {
      if (!isSet(event.workflowTaskCompletedEventAttributes)) continue;
      const { seconds, nanos } = event.eventTime ?? {};
      lastMs = Math.max(lastMs, Number(seconds ?? 0) * 1_000 + (nanos ?? 0) / 1e6);
    }
  });
  return lastMs;
}

function isSet(attributes: unknown): boolean {
  return attributes !== null && attributes !== undefined;
}
