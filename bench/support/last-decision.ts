import type { Client, WorkflowHandle } from '@temporalio/client';
import { inParallel } from './in-parallel.ts';

const AT_ONCE = 8;

type Events = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>;

/** When the last signal of these workflows had been judged, by the server's clock: milliseconds since the epoch. That is
 *  when the next workflow task after it was completed. Asking writes nothing into the histories.
 *  @param signalName set, other signals and what follows from them (a credit, a mail) do not count. */
export async function lastDecisionMs(
  client: Client,
  workflowIds: readonly string[],
  signalName?: string,
): Promise<number> {
  let lastMs = 0;
  await inParallel(workflowIds, AT_ONCE, async (workflowId) => {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    lastMs = Math.max(lastMs, judgedAtMs(events ?? [], signalName));
  });
  return lastMs;
}

/** A run that continued another one with signals in hand, and heard none since, judges them in its first task. */
function judgedAtMs(events: Events, signalName: string | undefined): number {
  const heardAt = events.findLastIndex(({ workflowExecutionSignaledEventAttributes: signal }) =>
    signalName === undefined ? isSet(signal) : signal?.signalName === signalName,
  );
  const judged = events
    .slice(heardAt + 1)
    .find(({ workflowTaskCompletedEventAttributes: task }) => isSet(task));
  const { seconds, nanos } = judged?.eventTime ?? {};
  return Number(seconds ?? 0) * 1_000 + (nanos ?? 0) / 1e6;
}

function isSet(attributes: unknown): boolean {
  return attributes !== null && attributes !== undefined;
}
