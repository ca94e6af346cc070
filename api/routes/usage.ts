import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { UsageEvent } from '../../db/book-usage.ts';
import type { ApiDeps } from '../deps.ts';
import type { Metrics } from '../metrics.ts';
import { problems } from '../schemas/problem.ts';
import {
  readUsageEvent,
  usageBody,
  usageResponse,
  type EventReading,
  type usageResultSchema,
} from '../schemas/usage.ts';

/** A thousand of the longest events are about half of this. */
const BODY_LIMIT_BYTES = 1024 * 1024;

type Result = z.output<typeof usageResultSchema>;
type Deps = Pick<ApiDeps, 'ledger'> & { metrics: Metrics };

/** Usage, reported by the platform in batches and acknowledged only after the commit. */
export const usageRoutes: FastifyPluginAsyncZod<Deps> = async (app, { ledger, metrics }) => {
  app.post('/usage', {
    bodyLimit: BODY_LIMIT_BYTES,
    config: { access: ['platform'] },
    schema: {
      operationId: 'reportUsage',
      tags: ['Usage'],
      summary: 'Report what was used',
      description:
        'Up to 1,000 events, each answered on its own: one that does not fit never spoils the rest. `accepted` ' +
        'and `duplicate` are booked for good; `conflict` means that the id was booked before with other ' +
        'content; `rejected` was not booked. After any other answer than 200, send the same batch again.',
      body: usageBody,
      response: { 200: usageResponse, ...problems('malformed_json') },
    },
    handler: async (request) => {
      const nowMs = Date.now();
      const readings = request.body.events.map((raw) => readUsageEvent(raw, nowMs));
      const results = await book(readings, ledger);
      for (const { status } of results) metrics.usageEvents.inc({ status });
      return { results };
    },
  });
};

/** Books the events that fit, in one transaction, and puts the answers back into the order of the batch. */
async function book(readings: readonly EventReading[], ledger: ApiDeps['ledger']): Promise<Result[]> {
  const events: UsageEvent[] = readings.flatMap((reading) =>
    reading.status === 'parsed' ? [reading.event] : [],
  );
  const booked = (events.length === 0 ? [] : await ledger.ingest(events)).values();
  return readings.map((reading): Result => {
    if (reading.status === 'invalid') {
      return { id: reading.id, status: 'rejected', reason: 'invalid_event', detail: reading.detail };
    }
    const { value, done } = booked.next();
    if (done === true || value.id !== reading.event.id) throw new Error('the ledger answered other events');
    return value;
  });
}
