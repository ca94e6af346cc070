import type { Client, WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../dev/ports.ts';
import { accountId, workflowIdOf } from '../../domain/ids.ts';
import { eventually } from '../support/eventually.ts';
import {
  call,
  createExampleAccount,
  type ExampleAccount,
  type TopUpItem,
} from '../support/example-account.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { readMetric } from '../support/worker-metrics.ts';

type HistoryEvent = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];

/** The metrics of docs/operations.md's formula, and what each stands for in a history. */
const METRICS = {
  relay_signals_total: 'signals',
  temporal_activity_execution_latency_count: 'attempts',
  account_timers_total: 'timers',
  account_upserts_total: 'upserts',
  temporal_workflow_continue_as_new_total: 'continuations',
} as const;

type Counts = Record<(typeof METRICS)[keyof typeof METRICS], number>;

describe('the metrics that Temporal\u2019s actions are reckoned by', () => {
  let stack: Stack;
  let client: Client;
  let port: number;
  beforeAll(async () => {
    [port = 0] = await freePorts(1);
    stack = await startStack({ worker: false, policy: { historyEventsMax: 30, coalesceMs: 0 } });
    client = await stack.connectTemporal();
    await stack.startWorker(undefined, { METRICS_PORT: String(port) });
  });
  afterAll(async () => {
    await client.connection.close();
    await stack.stop();
  });

  async function readyAccount(paymentMethod?: null): Promise<ExampleAccount> {
    const account = await createExampleAccount(stack, paymentMethod === null ? { paymentMethod } : {});
    await account.grant('call_minutes', 60);
    await account.enable('call_minutes');
    return account;
  }

  async function eventsOf({ id }: ExampleAccount): Promise<HistoryEvent[]> {
    const all: HistoryEvent[] = [];
    let runId: string | undefined;
    do {
      const handle = client.workflow.getHandle(workflowIdOf(accountId(id)), runId);
      const events = (await handle.fetchHistory()).events ?? [];
      all.push(...events);
      runId = events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
    } while (runId !== undefined && runId !== '');
    return all;
  }

  function count(events: readonly HistoryEvent[]): Counts {
    const of = (isOne: (event: HistoryEvent) => unknown) =>
      events.filter((event) => Boolean(isOne(event))).length;
    return {
      signals: of((event) => event.workflowExecutionSignaledEventAttributes),
      // Each attempt is one; the event says which one it was.
      attempts: events.reduce(
        (sum, event) => sum + (event.activityTaskStartedEventAttributes?.attempt ?? 0),
        0,
      ),
      timers: of((event) => event.timerStartedEventAttributes),
      upserts: of(hasUpserted),
      continuations: of((event) => event.workflowExecutionContinuedAsNewEventAttributes),
    };
  }

  it('say what the histories say, after a top-up, a blocked one and several runs', {
    timeout: 120_000,
  }, async () => {
    const [paying, blocked] = [await readyAccount(), await readyAccount(null)];
    await paying.use([call(56 * 60)]);
    await blocked.use([call(56 * 60)]);
    await eventually(
      async () => {
        expect(await paying.list<TopUpItem>('top-ups')).toMatchObject([{ state: 'credited' }]);
        expect((await blocked.read()).wallets['call_minutes']?.autoTopUp.state).toBe('blocked');
      },
      { timeoutMs: 60_000 },
    );
    await eventually(
      async () => {
        const counts = count([...(await eventsOf(paying)), ...(await eventsOf(blocked))]);
        // Nothing is compared with nothing.
        expect(Math.min(...Object.values(counts))).toBeGreaterThan(0);
        const told = await Promise.all(
          Object.entries(METRICS).map(
            async ([metric, what]) => [what, await readMetric(port, metric)] as const,
          ),
        );
        expect(Object.fromEntries(told)).toEqual(counts);
        // No history has them; those that are throttled do not reach the server.
        const operation = 'RecordActivityTaskHeartbeat';
        const heartbeats = await readMetric(port, 'temporal_request_total', { operation });
        expect(heartbeats).toBeGreaterThan(0);
        expect(heartbeats).toBeLessThanOrEqual(counts.attempts);
      },
      { timeoutMs: 30_000, pauseMs: 500 },
    );
  });
});

/** By our code: in the run of a blocked account the SDK notes itself which rule that follows. */
function hasUpserted({ upsertWorkflowSearchAttributesEventAttributes: upsert }: HistoryEvent): boolean {
  const fields = upsert?.searchAttributes?.indexedFields ?? {};
  return Object.keys(fields).some((name) => name !== 'TemporalChangeVersion');
}
