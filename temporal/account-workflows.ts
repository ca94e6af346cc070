import { isGrpcServiceError, QueryRejectedError, ServiceError, type Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { AccountWorkflows, WorkflowReading } from '../api/ports.ts';
import { workflowIdOf } from '../domain/ids.ts';
import { stateQuery } from '../workflows/messages.ts';

/** A person waits for the page. */
const DEADLINE_MS = 2_000;

/** Asks workflows for their state; the client has to reject queries of workflows that have ended.
 *  @param client null when no Temporal is configured.
 *  @param hasKeys whether the client can decrypt what workers write. */
export function createAccountWorkflows(client: Client | null, hasKeys: boolean): AccountWorkflows {
  return {
    async read(accountId) {
      if (client === null) return { status: 'unreachable' };
      const handle = client.workflow.getHandle(workflowIdOf(accountId));
      try {
        const deadline = Date.now() + DEADLINE_MS;
        const state = await client.connection.withDeadline(deadline, () => handle.query(stateQuery));
        return { status: 'answered', state };
      } catch (error) {
        return readingOf(error, hasKeys);
      }
    },
  };
}

/** @throws what is none of the ways in which an answer may be missing. */
function readingOf(error: unknown, hasKeys: boolean): WorkflowReading {
  if (error instanceof WorkflowNotFoundError || error instanceof QueryRejectedError) {
    return { status: 'absent' };
  }
  if (error instanceof ServiceError || isGrpcServiceError(error)) return { status: 'unreachable' };
  // It answered, and the answer could not be decoded: with keys that have been rotated away, or without any.
  if (!hasKeys || (error instanceof Error && error.name === 'ValueError')) return { status: 'unreadable' };
  throw error;
}
