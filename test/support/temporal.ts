import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';

export type TestTemporalTarget = {
  readonly address: string;
  readonly namespace: string;
  /** Of this caller only, so that a worker of another test never takes its tasks. */
  readonly taskQueue: string;
};

/** Where the shared Temporal server is, with a new task queue at each call. Workflow ids are shared
 *  by all tests: make them unique too.
 *  @throws when the shared Temporal server could not be started, with the reason. */
export function testTemporal(): TestTemporalTarget {
  const server = inject('temporal');
  if (server.status === 'failed') throw new Error(`Temporal for tests: ${server.reason}`);
  const { address, namespace } = server;
  return { address, namespace, taskQueue: `test-${randomBytes(6).toString('hex')}` };
}
