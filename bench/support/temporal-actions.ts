import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { workflowIdOf, type AccountId } from '../../domain/ids.ts';
import type { BenchContext } from '../bench.ts';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
type HistoryEvent = NonNullable<History['events']>[number];

/** Histories read at once. */
const AT_ONCE = 8;

/** Counts what Temporal Cloud would bill as actions in the histories of these accounts' workflows, all their runs:
 *  starts (continue-as-new included), signals, attempts of activities, timers and updates of search attributes.
 *  Workflow tasks and completions cost nothing. An account without a workflow counts nothing. */
export async function countActions(
  { temporal: server }: Pick<BenchContext, 'temporal'>,
  accountIds: readonly AccountId[],
): Promise<number> {
  const connection = await Connection.connect({ address: server.address });
  const client = new Client({ connection, namespace: server.namespace });
  const queue = [...accountIds];
  const counts: number[] = [];
  const reader = async () => {
    for (let account = queue.pop(); account !== undefined; account = queue.pop()) {
      counts.push(await actionsOf(client, account));
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, reader));
    return counts.reduce((sum, count) => sum + count, 0);
  } finally {
    await connection.close();
  }
}

async function actionsOf(client: Client, accountId: AccountId): Promise<number> {
  let actions = 0;
  let runId: string | undefined;
  do {
    const { events } = await client.workflow.getHandle(workflowIdOf(accountId), runId).fetchHistory();
    for (const event of events ?? []) actions += weight(event);
    runId = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
  } while (runId !== undefined && runId !== '');
  return actions;
}

function weight(event: HistoryEvent): number {
  // Written once the activity has ended; a retry is an action of its own.
  if (isSet(event.activityTaskStartedEventAttributes))
    return event.activityTaskStartedEventAttributes?.attempt ?? 1;
  const isAction =
    isSet(event.workflowExecutionStartedEventAttributes) ||
    isSet(event.workflowExecutionSignaledEventAttributes) ||
    isSet(event.timerStartedEventAttributes) ||
    isSet(event.upsertWorkflowSearchAttributesEventAttributes);
  return isAction ? 1 : 0;
}

function isSet(attributes: unknown): boolean {
  return attributes !== null && attributes !== undefined;
}
