import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { inParallel } from './in-parallel.ts';

export type HistoryCounts = {
  readonly events: number;
  readonly activities: number;
  readonly signals: number;
};

const AT_ONCE = 8;
const QUIET_MS = 1_000;

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

/** Returns when nothing has been added to the histories for a second: all activities have been told. */
export async function untilQuiet(client: Client, workflowIds: readonly string[]): Promise<void> {
  let before = -1;
  for (;;) {
    const { events } = await countHistories(client, workflowIds);
    if (events === before) return;
    before = events;
    await sleep(QUIET_MS);
  }
}

function isSet(attributes: unknown): boolean {
  return attributes !== null && attributes !== undefined;
}
