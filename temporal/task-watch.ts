import type { Client } from '@temporalio/client';

/** A task waits for some milliseconds, and in a short burst for a second or two; one that waits this long says that the
 *  workers have too much to do. Holding back sooner would cost a burst more than it waits: it ends up to 5 s late. */
const LONG_MS = 5_000;
const LOOK_EVERY_MS = 1_000;
/** So long after a signal its task may show in what Temporal counts. */
const SHOWN_AFTER_MS = 7_000;
const DEADLINE_MS = 2_000;
const NANOS_PER_MS = 1_000_000;

/** How long the oldest workflow task of a queue has waited for a worker, in ms. As Temporal counts it: approximately,
 *  up to 5 s late, and without the tasks that wait for the one worker that has their workflow in memory.
 *  @throws when Temporal does not answer within 2 s. */
export async function oldestTaskAgeMs({
  client,
  taskQueue,
}: {
  client: Client;
  taskQueue: string;
}): Promise<number> {
  const { stats } = await client.withDeadline(Date.now() + DEADLINE_MS, () =>
    // Of the two types that a queue has, this asks for workflow tasks.
    client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: taskQueue },
      reportStats: true,
    }),
  );
  const { seconds, nanos } = stats?.approximateBacklogAge ?? {};
  return Number(seconds ?? 0) * 1_000 + (nanos ?? 0) / NANOS_PER_MS;
}

export type TaskWatchOptions = {
  /** How long the oldest task has waited (`oldestTaskAgeMs`). */
  askAgeMs: () => Promise<number>;
  /** Tasks have begun to pile up before the workers, or no longer do. */
  onChange?: (change: { isPiledUp: boolean; ageMs: number }) => void;
};

/** Sees whether workflow tasks pile up before the workers: Temporal takes signals at once even then, and hands the
 *  tasks out in their order, so that a crossing would wait behind all that was told before it. */
export function createTaskWatch({ askAgeMs, onChange = () => undefined }: TaskWatchOptions) {
  let isPiledUp = false;
  let sentSinceLook = 0;
  let nextLookMs = Number.NEGATIVE_INFINITY;
  let lookUntilMs = Number.NEGATIVE_INFINITY;

  async function look(): Promise<void> {
    // Who is not told goes on as if nothing waited: slow signals still slow down what can wait.
    const ageMs = await askAgeMs().catch(() => 0);
    const was = isPiledUp;
    isPiledUp = ageMs >= LONG_MS;
    if (isPiledUp !== was) onChange({ isPiledUp, ageMs });
  }

  return {
    /** A signal that can wait is on its way. */
    sent(nowMs: number): void {
      sentSinceLook += 1;
      lookUntilMs = nowMs + SHOWN_AFTER_MS;
    },

    /** Looks again in the background when it is time to. Costs nothing while nothing that can wait is sent. */
    lookNowAndThen(nowMs: number): void {
      if (nowMs < nextLookMs || (nowMs >= lookUntilMs && !isPiledUp)) return;
      sentSinceLook = 0;
      nextLookMs = Number.POSITIVE_INFINITY;
      void look().then(() => {
        nextLookMs = nowMs + LOOK_EVERY_MS;
      });
    },

    /** How many signals that can wait may be sent now. While tasks are piled up it is one at each look, so that a wrong
     *  figure stops nothing for ever. */
    get room(): number {
      return isPiledUp ? Math.max(0, 1 - sentSinceLook) : Number.POSITIVE_INFINITY;
    },
  };
}
