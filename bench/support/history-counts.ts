import type { Client } from '@temporalio/client';
import { inParallel } from './in-parallel.ts';

export type HistoryCounts = {
  readonly events: number;
  readonly activities: number;
  readonly signals: number;
};

const AT_ONCE = 8;

/** Counts what the current runs of these workflows have in their histories. */
export async function countHistories(client: Client, workflowIds: readonly string[]): Promise<HistoryCounts> {
  const counts = { events: 0, activities: 0, signals: 0 };
  await inParallel(workflowIds, AT_ONCE, async (workflowId) => {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    for (const event of events ?? []) {
      counts.events += 1;
      if (isSet(event.activityTaskScheduledEventAttributes)) counts.activities += 1;
      if (isSet(event.workflowExecutionSignaledEventAttributes)) counts.signals += 1;
    }
  });
  return counts;
}

function isSet(attributes: unknown): boolean {
  return attributes !== null && attributes !== undefined;
}
