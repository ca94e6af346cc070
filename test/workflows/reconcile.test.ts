import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { expect, it } from 'vitest';
import type { ReconcilerActivities } from '../../activities/create-reconciler-activities.ts';
import { bundleWorkflows } from '../../temporal/bundle.ts';
import { createDataConverter } from '../../temporal/data-converter.ts';
import { RECONCILE_WORKFLOW_TYPE } from '../../workflows/messages.ts';
import { testTemporal } from '../support/temporal.ts';
import { TEST_PAYLOAD_KEYS } from './account-worker.ts';

/** More than one run of the workflow does. */
const PAGES = 230;
const DAY_MS = 86_400_000;

/** A provider with many pages of payments and one of everything else; the third page fails at first. */
function manyPages() {
  const seen: string[] = [];
  const finished: unknown[] = [];
  let failures = 1;
  const page = { cursor: null, compared: 1, repaired: 0, reported: 0 };
  const activities: ReconcilerActivities = {
    beginReconciliation: async ({ runId, scope }) => void seen.push(`begin ${runId} ${scope}`),
    reconcilePayments: async ({ cursor, sinceMs }) => {
      const number = Number(cursor ?? 0) + 1;
      if (number === 3 && failures-- > 0) throw new Error('Stripe is away');
      seen.push(`payments ${number} ${sinceMs}`);
      return { ...page, cursor: number < PAGES ? String(number) : null, repaired: 1 };
    },
    reconcileReversals: async ({ kind }) => {
      seen.push(kind);
      return { ...page, reported: 1 };
    },
    reconcileCredits: async () => {
      seen.push('credits');
      return page;
    },
    finishReconciliation: async (input) => {
      finished.push(input);
      return { broken: 0 };
    },
  };
  return { activities, seen, finished };
}

it('compares every page once and in order, across a failure and continue-as-new, in one window and one run', {
  timeout: 120_000,
}, async () => {
  const { address, namespace, taskQueue } = testTemporal();
  const dataConverter = createDataConverter(TEST_PAYLOAD_KEYS);
  const [connection, native] = await Promise.all([
    Connection.connect({ address }),
    NativeConnection.connect({ address }),
  ]);
  const client = new Client({ connection, namespace, dataConverter });
  const { activities, seen, finished } = manyPages();
  const worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue,
    dataConverter,
    workflowBundle: await bundleWorkflows(),
    activities,
  });
  const startedAtMs = Date.now();
  const workflowId = `reconcile/test-${randomBytes(6).toString('hex')}`;
  const handle = await client.workflow.start(RECONCILE_WORKFLOW_TYPE, {
    workflowId,
    taskQueue,
    args: ['recent'],
  });
  const runId = handle.firstExecutionRunId;
  await worker.runUntil(handle.result());
  const last = await client.workflow.getHandle(workflowId).describe();
  await Promise.all([connection.close(), native.close()]);

  expect(last.runId).not.toBe(runId);
  const [, , since = ''] = seen[1]?.split(' ') ?? [];
  expect(Math.abs(Number(since) - (startedAtMs - 2 * DAY_MS))).toBeLessThan(60_000);
  expect(seen).toEqual([
    `begin ${runId} recent`,
    ...Array.from({ length: PAGES }, (_, index) => `payments ${index + 1} ${since}`),
    'refund',
    'dispute',
    'credits',
  ]);
  expect(finished).toEqual([{ runId, scope: 'recent', compared: PAGES + 3, repaired: PAGES, reported: 2 }]);
});
