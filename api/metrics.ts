import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

/** Makes the metrics of one API instance, in a registry of its own. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Duration of answered requests.',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    usageEvents: new Counter({
      name: 'usage_events_total',
      help: 'Usage events by what was answered.',
      labelNames: ['status'] as const,
      registers,
    }),
    usageGroups: new Histogram({
      name: 'usage_group_events',
      help: 'Events per transaction that books usage; its count is the number of transactions.',
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
      registers,
    }),
    usageRefused: new Counter({
      name: 'usage_refused_total',
      help: 'Requests to report usage that were answered 503 overloaded, by what was exhausted.',
      labelNames: ['reason'] as const,
      registers,
    }),
    holdsOverloaded: new Counter({
      name: 'holds_overloaded_total',
      help: 'Requests to place a hold that were answered 503 overloaded, because too many were waiting.',
      registers,
    }),
    /** Asks for the number of events when the metrics are read. */
    watchUsageQueue(events: () => number): void {
      void new Gauge({
        name: 'usage_queue_events',
        help: 'Usage events that wait or are being booked.',
        registers,
        collect() {
          this.set(events());
        },
      });
    },
    webhooks: new Counter({
      name: 'webhooks_total',
      help: 'Webhooks received, by provider, type and outcome.',
      labelNames: ['provider', 'type', 'outcome'] as const,
      registers,
    }),
    openStreams: new Gauge({
      name: 'open_streams',
      help: 'Streams of server-sent events that are open.',
      registers,
    }),
  };
}
