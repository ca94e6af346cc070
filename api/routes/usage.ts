import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { UsageEvent } from '../../db/book-usage.ts';
import { isDatabaseAwayForAll, isRowLocked } from '../database-faults.ts';
import type { ApiDeps, UsageLimits } from '../deps.ts';
import type { Metrics } from '../metrics.ts';
import { overload, overloaded } from '../plugins/overload.ts';
import { problems } from '../schemas/problem.ts';
import {
  readUsageEvent,
  usageBody,
  usageResponse,
  type EventReading,
  type usageResultSchema,
} from '../schemas/usage.ts';
import { UsageQueueFull } from '../usage-queue.ts';
import { UsageShards } from '../usage-shards.ts';

/** A thousand of the longest events are about half of this. */
const BODY_LIMIT_BYTES = 1024 * 1024;

type Result = z.output<typeof usageResultSchema>;
type Deps = Pick<ApiDeps, 'ledger'> & { limits: { usage: UsageLimits }; metrics: Metrics };

/** Usage, reported by the platform in batches and acknowledged only after the commit. */
export const usageRoutes: FastifyPluginAsyncZod<Deps> = async (app, { ledger, limits, metrics }) => {
  const queue = createQueue(ledger, limits.usage, metrics);
  await app.register(overload, { ...limits.usage, isFull: () => queue.isFull, metrics });
  app.post('/usage', {
    bodyLimit: BODY_LIMIT_BYTES,
    config: { access: ['platform'], fairUse: 'usage' },
    // What leaves is made here, field by field: checking it once more would cost as much as reading it.
    serializerCompiler: () => JSON.stringify,
    schema: {
      operationId: 'reportUsage',
      tags: ['Usage'],
      summary: 'Report what was used',
      description:
        'Up to 1,000 events, each answered on its own: one that does not fit never spoils the rest. `accepted` ' +
        'and `duplicate` are booked for good; `conflict` means that the id was booked before with other ' +
        'content; `rejected` was not booked. After any other answer than 200, send the same batch again: what ' +
        'was booked after all is answered `duplicate`. `overloaded` (503) says that more usage is waiting than ' +
        'can be taken and `Retry-After` when to come again. Batches of about 100 events cost the least; single ' +
        'events that are sent at the same time share transactions.',
      body: usageBody,
      response: { 200: usageResponse, ...problems('malformed_json', 'overloaded') },
    },
    handler: async (request) => {
      const nowMs = Date.now();
      const readings = request.body.events.map((raw) => readUsageEvent(raw, nowMs));
      const results = await book(readings, queue).catch((error: unknown) => {
        if (!(error instanceof UsageQueueFull)) throw error;
        metrics.usageRefused.inc({ reason: 'events' });
        throw overloaded();
      });
      countByStatus(results, metrics);
      return { results };
    },
  });
};

function createQueue(
  ledger: Deps['ledger'],
  { lockTimeoutMs, ...limits }: UsageLimits,
  metrics: Metrics,
): UsageShards {
  const queue = new UsageShards({
    ...limits,
    ingest: (events, patience) => ledger.ingest(events, lockTimeoutMs[patience]),
    findLocked: (accounts) => ledger.findLocked(accounts),
    isLocked: isRowLocked,
    concernsAll: isDatabaseAwayForAll,
    onGroup: ({ events }) => metrics.usageGroups.observe(events),
  });
  metrics.watchUsageQueue(() => queue.events);
  return queue;
}

/** Books the events that fit and puts the answers back into the order of the batch. */
async function book(readings: readonly EventReading[], queue: UsageShards): Promise<Result[]> {
  const events: UsageEvent[] = readings.flatMap((reading) =>
    reading.status === 'parsed' ? [reading.event] : [],
  );
  const booked = (events.length === 0 ? [] : await queue.book(events)).values();
  return readings.map((reading): Result => {
    if (reading.status === 'invalid') {
      return { id: reading.id, status: 'rejected', reason: 'invalid_event', detail: reading.detail };
    }
    const { value, done } = booked.next();
    if (done === true || value.id !== reading.event.id) throw new Error('the ledger answered other events');
    return value;
  });
}

/** Once a status and not once an event. */
function countByStatus(results: readonly Result[], metrics: Metrics): void {
  const counts = new Map<Result['status'], number>();
  for (const { status } of results) counts.set(status, (counts.get(status) ?? 0) + 1);
  for (const [status, count] of counts) metrics.usageEvents.inc({ status }, count);
}
