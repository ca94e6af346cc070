import type { Client } from '@temporalio/client';
import { accountId, workflowIdOf } from '../../domain/ids.ts';
import type { WakeMessage } from '../../domain/wakes.ts';

/** What the relay has told the current run of an account's workflow: each message has a higher version than the one
 *  before. One whose confirmation was late may be there twice. */
export async function heardSignals(client: Client, id: string): Promise<WakeMessage['signal'][]> {
  const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
  const { events } = await client.workflow.getHandle(workflowIdOf(accountId(id))).fetchHistory();
  let payloads = (events ?? []).flatMap((event) => {
    return event.workflowExecutionSignaledEventAttributes?.input?.payloads ?? [];
  });
  for (const codec of payloadCodecs) payloads = await codec.decode(payloads);
  return payloads.map((payload) => payloadConverter.fromPayload(payload));
}
