import type { Client } from '@temporalio/client';
import { accountId, workflowIdOf } from '../../domain/ids.ts';

/** How many signals the current run of an account's workflow has been told, and how long its history is. */
export async function heardSignals(client: Client, id: string): Promise<{ signals: number; events: number }> {
  const history = await client.workflow.getHandle(workflowIdOf(accountId(id))).fetchHistory();
  const events = history.events ?? [];
  const signals = events.filter((event) => Boolean(event.workflowExecutionSignaledEventAttributes));
  return { signals: signals.length, events: events.length };
}
