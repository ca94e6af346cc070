import type { Client } from '@temporalio/client';
import { accountId, workflowIdOf } from '../../domain/ids.ts';

/** What the relay tells of an account: each message has a higher version than the one before. */
type Message = { version: number };

/** What the current run of an account's workflow has been told. A message whose confirmation was late may be there
 *  twice. */
export async function heardSignals(client: Client, id: string): Promise<Message[]> {
  const { events } = await client.workflow.getHandle(workflowIdOf(accountId(id))).fetchHistory();
  return (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) =>
    (signal?.input?.payloads ?? []).map(
      ({ data }): Message => JSON.parse(Buffer.from(data ?? []).toString()),
    ),
  );
}
