import { setTimeout as sleep } from 'node:timers/promises';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Wake } from './relay.ts';

/** A scrape does not wait longer for the database. */
const TIMEOUT_MS = 1_000;

type Waiting = { dirty: number; oldestDueMs: number | null };

/** What a worker process counts, in a registry of its own. What waits in the database is asked for at a scrape; every
 *  worker tells the same then, so take the `max` of them. */
export function createWorkerMetrics(wakes: { backlog(): Promise<{ urgent: Waiting; unhurried: Waiting }> }) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const signals = new Counter({
    name: 'relay_signals_total',
    help: 'Signals that have arrived at account workflows, by urgency and kind.',
    labelNames: ['urgency', 'kind'] as const,
    registers,
  });
  const failures = new Counter({
    name: 'relay_signals_failed_total',
    help: 'Signals that were not confirmed in time, by urgency; each is sent again.',
    labelNames: ['urgency'] as const,
    registers,
  });
  const lag = new Histogram({
    name: 'relay_urgent_lag_seconds',
    help: 'From when a crossing or other urgent news was booked to when its signal had arrived.',
    buckets: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers,
  });
  const swept = new Counter({
    name: 'accounts_swept_total',
    help: 'Accounts that should have moved and were woken by the sweeper.',
    registers,
  });
  addBacklog(registry, wakes);
  for (const urgency of ['urgent', 'unhurried'] as const) {
    failures.inc({ urgency }, 0);
    for (const kind of ['usage', 'refresh'] as const) signals.inc({ urgency, kind }, 0);
  }
  const urgencyOf = ({ urgent }: Wake) => (urgent ? 'urgent' : 'unhurried');
  return {
    registry,
    sent: ({ wake, lagMs }: { wake: Wake; lagMs: number }): void => {
      signals.inc({ urgency: urgencyOf(wake), kind: wake.message.kind });
      if (wake.urgent) lag.observe(lagMs / 1_000);
    },
    failed: ({ wakes: failed }: { wakes: readonly Wake[] }): void => {
      for (const wake of failed) failures.inc({ urgency: urgencyOf(wake) });
    },
    swept: (count: number): void => swept.inc(count),
  };
}

/** A scrape never fails for it: while the database does not answer, the gauges keep what they said last. */
function addBacklog(
  registry: Registry,
  wakes: { backlog(): Promise<{ urgent: Waiting; unhurried: Waiting }> },
): void {
  const registers = [registry];
  const labelNames = ['urgency'] as const;
  const dirty = new Gauge({
    name: 'wakes_backlog',
    help: 'Accounts that wait to be told, those within their time included, by urgency.',
    labelNames,
    registers,
    collect: () => refresh(),
  });
  const oldest = new Gauge({
    name: 'wakes_oldest_due_seconds',
    help: 'For how long the first account that waits to be told has been due, by urgency; 0 when none is.',
    labelNames,
    registers,
    collect: () => refresh(),
  });
  const show = (backlog: Record<'urgent' | 'unhurried', Waiting>): void => {
    const nowMs = Date.now();
    for (const urgency of ['urgent', 'unhurried'] as const) {
      const { dirty: count, oldestDueMs } = backlog[urgency];
      dirty.set({ urgency }, count);
      oldest.set({ urgency }, Math.max(0, nowMs - (oldestDueMs ?? nowMs)) / 1_000);
    }
  };
  let asked: Promise<void> | null = null;
  // Both gauges are collected together and ask once.
  const refresh = async (): Promise<void> => {
    asked ??= wakes
      .backlog()
      .then(show, () => undefined)
      .finally(() => {
        asked = null;
      });
    await Promise.race([asked, sleep(TIMEOUT_MS, undefined, { ref: false })]);
  };
}
