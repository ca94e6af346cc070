import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { LIMITS, type ApiDeps, type UsageLimits } from '../../api/deps.ts';
import { createLedger } from '../../db/ledger.ts';
import { POLICY } from '../../domain/policy.ts';
import { eventually } from '../support/eventually.ts';
import { ACME, PLATFORM_KEY, startTestApi, type TestApi } from './support/test-api.ts';

function call(id: string): Record<string, unknown> {
  return {
    id,
    account: 'acme',
    type: 'call',
    source: 'outbound',
    seconds: 60,
    occurredAt: '2026-11-22T10:00:00Z',
  };
}

const batch = (name: string, size: number) => ({
  events: Array.from({ length: size }, (_, at) => call(`${name}-${at}`)),
});

describe('more usage than there is room for', () => {
  let api: TestApi;
  let resume = () => {};
  let held = 0;
  afterEach(async () => {
    resume();
    await api.close();
  });

  /** The API with little room, and a ledger that books nothing until `resume` is called. */
  async function start(usage: Partial<UsageLimits>): Promise<void> {
    const gate = new Promise<void>((resolve) => {
      resume = resolve;
    });
    held = 0;
    const ingest: ApiDeps['ledger']['ingest'] = async (events) => {
      held += 1;
      await gate;
      return createLedger(api.db, POLICY).ingest(events);
    };
    const notHere = () => Promise.reject(new Error('this test only reports usage'));
    api = await startTestApi({
      limits: { ...LIMITS, usage: { ...LIMITS.usage, ...usage } },
      ledger: { ingest, grant: notHere, list: notHere },
    });
    await api.platform('PUT', '/v1/accounts/acme', ACME);
  }

  const report = (body: unknown) => api.platform('POST', '/v1/usage', body as object);
  const metric = async (name: string) => {
    const line = String((await api.nobody('GET', '/metrics')).body)
      .split('\n')
      .find((each) => each.startsWith(name));
    return Number(line?.split(' ').at(-1));
  };

  test('is refused whole with a time to come back, and booked when it is sent again then', async () => {
    await start({ maxEvents: 10 });
    const first = report(batch('a', 8));
    await eventually(() => expect(held).toBe(1));
    const refused = await report(batch('b', 3));
    expect(refused).toMatchObject({
      status: 503,
      type: 'application/problem+json',
      body: { code: 'overloaded' },
    });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(await metric('usage_queue_events')).toBe(8);
    expect(await metric('usage_refused_total{reason="events"}')).toBe(1);
    resume();
    expect((await first).status).toBe(200);
    const { body } = await report(batch('b', 3));
    expect(body.results).toEqual(['b-0', 'b-1', 'b-2'].map((id) => ({ id, status: 'accepted' })));
    expect(await metric('usage_queue_events')).toBe(0);
    expect(await metric('usage_group_events_sum')).toBe(11);
    expect(await metric('usage_group_events_count')).toBe(2);
  });

  test('is refused before its body is read, and pages are answered meanwhile', async () => {
    await start({ maxEvents: 5 });
    const first = report(batch('a', 5));
    await eventually(() => expect(held).toBe(1));
    const refused = await report('this is not JSON and nobody finds out');
    expect(refused).toMatchObject({ status: 503, body: { code: 'overloaded' } });
    expect((await api.platform('GET', '/v1/accounts/acme')).status).toBe(200);
    expect((await api.nobody('GET', '/healthz')).status).toBe(200);
    resume();
    expect((await first).status).toBe(200);
  });

  test('is bounded in bytes too, and a client that goes away gives its bytes back', async () => {
    await start({ maxBytes: 2_000 });
    const url = await api.app.listen({ port: 0, host: '127.0.0.1' });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const begun = once(socket, 'data');
    socket.write(
      `POST /v1/usage HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${PLATFORM_KEY}\r\n` +
        'content-type: application/json\r\ncontent-length: 1900\r\nexpect: 100-continue\r\n\r\n',
    );
    expect(String(await begun)).toMatch(/^HTTP\/1.1 100 /);
    socket.write('{"events":[');
    resume();
    const refused = await report(batch('a', 1));
    expect(refused).toMatchObject({ status: 503, body: { code: 'overloaded' } });
    expect(await metric('usage_refused_total{reason="bytes"}')).toBe(1);
    socket.destroy();
    await eventually(async () => expect((await report(batch('b', 1))).status).toBe(200));
  });

  test('is refused while the process cannot keep up, and nothing else is', async () => {
    await start({ maxDelayMs: 20 });
    resume();
    expect((await report(batch('a', 1))).status).toBe(200);
    await eventually(
      async () => {
        const until = performance.now() + 100;
        while (performance.now() < until);
        const refused = await report(batch('b', 1));
        expect(refused).toMatchObject({ status: 503, body: { code: 'overloaded' } });
      },
      { pauseMs: 1, timeoutMs: 20_000 },
    );
    expect((await api.platform('GET', '/v1/accounts/acme')).status).toBe(200);
    await eventually(async () => expect((await report(batch('b', 1))).status).toBe(200), { pauseMs: 200 });
  });
});

describe('single events that arrive together', () => {
  test('share transactions, and each is answered for itself', async () => {
    const api = await startTestApi();
    try {
      await api.platform('PUT', '/v1/accounts/acme', ACME);
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, at) =>
          api.platform('POST', '/v1/usage', { events: [call(`c${at}`)] }),
        ),
      );
      expect(answers.map(({ status, body }) => [status, body.results])).toEqual(
        answers.map((_, at) => [200, [{ id: `c${at}`, status: 'accepted' }]]),
      );
      const text = String((await api.nobody('GET', '/metrics')).body);
      const groups = Number(/^usage_group_events_count (\d+)$/m.exec(text)?.[1]);
      expect(groups).toBeLessThan(100);
      expect(text).toContain('usage_group_events_sum 200\n');
    } finally {
      await api.close();
    }
  });
});
