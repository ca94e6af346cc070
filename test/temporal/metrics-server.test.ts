import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePorts } from '../../dev/ports.ts';
import { accountId } from '../../domain/ids.ts';
import { serveMetrics, type SdkMetrics } from '../../temporal/metrics-server.ts';
import type { Wake } from '../../temporal/relay.ts';
import { createWorkerMetrics } from '../../temporal/worker-metrics.ts';
import { eventually } from '../support/eventually.ts';
import { readMetric } from '../support/worker-metrics.ts';

const wake = (urgent: boolean): Wake => ({
  accountId: accountId('acc_1'),
  lease: crypto.randomUUID(),
  version: 1,
  message: { kind: 'usage', signal: { version: 1, wallets: {} } },
  urgent,
  dueAtMs: 0,
});

describe('the metrics of a worker', () => {
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  async function served(
    backlog: () => Promise<never> | ReturnType<typeof waiting>,
    sdk: SdkMetrics | null = null,
  ) {
    const metrics = createWorkerMetrics({ backlog });
    const stop = new AbortController();
    const [port = 0] = await freePorts(1);
    const serving = serveMetrics(
      { METRICS_PORT: port, HOST: '127.0.0.1' },
      { registry: metrics.registry, sdk, stop: stop.signal },
    );
    stops.push(() => {
      stop.abort();
      return serving;
    });
    await eventually(() => readMetric(port, 'accounts_swept_total'));
    return { port, metrics };
  }

  const waiting = async () => ({
    urgent: { dirty: 2, oldestDueMs: Date.now() - 3_000 },
    unhurried: { dirty: 7, oldestDueMs: null },
  });

  it('tell signals, failures, lag and what waits, by urgency', async () => {
    const { port, metrics } = await served(waiting);
    metrics.sent({ wake: wake(true), lagMs: 200 });
    metrics.sent({ wake: wake(false), lagMs: 20_000 });
    metrics.failed({ wakes: [wake(false), wake(false)] });
    metrics.swept(4);
    const read = (name: string, urgency?: string) =>
      readMetric(port, name, urgency === undefined ? {} : { urgency });
    expect(await read('relay_signals_total', 'urgent')).toBe(1);
    expect(await read('relay_signals_total', 'unhurried')).toBe(1);
    expect(await read('relay_signals_failed_total', 'unhurried')).toBe(2);
    expect(await read('relay_urgent_lag_seconds_sum')).toBeCloseTo(0.2);
    expect(await read('relay_urgent_lag_seconds_count')).toBe(1);
    expect(await read('accounts_swept_total')).toBe(4);
    expect(await read('wakes_backlog', 'urgent')).toBe(2);
    expect(await read('wakes_backlog', 'unhurried')).toBe(7);
    expect(await read('wakes_oldest_due_seconds', 'urgent')).toBeGreaterThanOrEqual(3);
    expect(await read('wakes_oldest_due_seconds', 'unhurried')).toBe(0);
  });

  it('are there while the database is away', async () => {
    const { port } = await served(() => Promise.reject(new Error('away')));
    expect(await readMetric(port, 'accounts_swept_total')).toBe(0);
  });

  it('pass on what the SDK says, and are an error when it says nothing', async () => {
    const core = createServer((_request, response) => response.end('temporal_request_total 5\n'));
    await new Promise<void>((listening) => core.listen(0, '127.0.0.1', listening));
    const { port: corePort } = core.address() as AddressInfo;
    const url = `http://127.0.0.1:${corePort}/metrics`;
    const { port } = await served(waiting, { url, telemetryOptions: {} });
    expect(await readMetric(port, 'temporal_request_total')).toBe(5);
    core.closeAllConnections();
    await new Promise((closed) => core.close(closed));
    expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(503);
  });
});
