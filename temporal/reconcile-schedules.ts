import {
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
  type ScheduleClient,
  type ScheduleSpec,
} from '@temporalio/client';
import type { Duration } from '@temporalio/common';
import { RECONCILE_WORKFLOW_TYPE, type ReconcileScope } from '../workflows/messages.ts';

export const RECONCILE_SCHEDULE_IDS = {
  recent: 'reconcile/recent',
  nightly: 'reconcile/nightly',
} as const satisfies Record<ReconcileScope, string>;

/** A run that would overlap the one before is skipped: that one is late because something is away, and will see the
 *  same. For the same reason nothing is caught up after an outage but the latest. */
const SCHEDULES: Record<ReconcileScope, { spec: ScheduleSpec; catchupWindow: Duration; timeout: Duration }> =
  {
    recent: {
      spec: { intervals: [{ every: '10 minutes' }] },
      catchupWindow: '10 minutes',
      timeout: '2 hours',
    },
    nightly: {
      spec: { calendars: [{ hour: 3, minute: 0, comment: 'every night at 03:00 UTC' }], timezone: 'UTC' },
      catchupWindow: '6 hours',
      timeout: '20 hours',
    },
  };

/** Makes the reconciler's schedules, or brings those that there are to what this build needs; one that was paused
 *  stays paused. Safe to repeat, and at the same time by several processes.
 *  @throws ServiceError when Temporal does not answer. */
export async function ensureReconcileSchedules(
  schedules: ScheduleClient,
  { taskQueue }: { taskQueue: string },
): Promise<void> {
  for (const scope of ['recent', 'nightly'] as const) {
    const options = optionsOf(scope, taskQueue);
    try {
      await schedules.create(options);
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      const handle = schedules.getHandle(options.scheduleId);
      const { scheduleId: _, ...wanted } = options;
      await handle.update(({ state }) => ({ ...wanted, state }));
    }
  }
}

function optionsOf(scope: ReconcileScope, taskQueue: string) {
  const { spec, catchupWindow, timeout } = SCHEDULES[scope];
  return {
    scheduleId: RECONCILE_SCHEDULE_IDS[scope],
    spec,
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow },
    action: {
      type: 'startWorkflow' as const,
      workflowType: RECONCILE_WORKFLOW_TYPE,
      workflowId: RECONCILE_SCHEDULE_IDS[scope],
      taskQueue,
      args: [scope],
      workflowExecutionTimeout: timeout,
      staticSummary: `Reconciliation with Stripe: ${scope}`,
    },
  };
}
