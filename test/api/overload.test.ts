import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { LIMITS, type ApiDeps, type UsageLimits } from '../../api/deps.ts';
import { createKeys } from '../../db/keys.ts';
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

const head = (headers: string): string =>
  `POST /v1/usage HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${PLATFORM_KEY}\r\n` +
  `content-type: application/json\r\n${headers}\r\n\r\n`;

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
  async function start(
    usage: Partial<UsageLimits>,
    beforeLookUp: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
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
      limits: { ...LIMITS, keyTrustMs: 0, usage: { ...LIMITS.usage, ...usage } },
      ledger: { ingest, findLocked: notHere, grant: notHere, list: notHere },
      keys: {
        isOperator: notHere,
        useCode: notHere,
        authenticate: async (key) => {
          await beforeLookUp();
          return createKeys(api.db).authenticate(key);
        },
      },
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
    socket.write(head('content-length: 1900\r\nexpect: 100-continue'));
    expect(String(await begun)).toMatch(/^HTTP\/1.1 100 /);
    socket.write('{"events":[');
    resume();
    const refused = await report(batch('a', 1));
    expect(refused).toMatchObject({ status: 503, body: { code: 'overloaded' } });
    expect(await metric('usage_refused_total{reason="bytes"}')).toBe(1);
    socket.destroy();
    await eventually(async () => expect((await report(batch('b', 1))).status).toBe(200));
  });

  test('clients that go away while their key is looked up take no room along', async () => {
    const answered = Promise.withResolvers<void>();
    const lookUps = { areSlow: false, waiting: 0 };
    await start({ maxBytes: 2_000 }, async () => {
      if (!lookUps.areSlow) return;
      lookUps.waiting += 1;
      await answered.promise;
    });
    resume();
    lookUps.areSlow = true;
    const url = await api.app.listen({ port: 0, host: '127.0.0.1' });
    const gone = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const socket = connect(Number(new URL(url).port), '127.0.0.1');
        socket.write(head('content-length: 900') + '{"events":[');
        await once(socket, 'connect');
        return socket;
      }),
    );
    await eventually(() => expect(lookUps.waiting).toBe(5));
    const open = () =>
      new Promise((resolve) => api.app.server.getConnections((_error, count) => resolve(count)));
    for (const socket of gone) socket.destroy();
    await eventually(async () => expect(await open()).toBe(0));
    lookUps.areSlow = false;
    answered.resolve();
    expect(await report(batch('a', 10))).toMatchObject({ status: 200 });
  });

  test('counts a body of which nobody says how long it is as it comes', async () => {
    await start({ maxBytes: 10_000 });
    const url = await api.app.listen({ port: 0, host: '127.0.0.1' });
    const stream = async () => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      const begun = once(socket, 'data');
      socket.write(head('transfer-encoding: chunked\r\nexpect: 100-continue'));
      await begun;
      const write = (text: string) => socket.write(`${text.length.toString(16)}\r\n${text}\r\n`);
      return { socket, write, answer: once(socket, 'data').then(String) };
    };
    resume();
    const streams = await Promise.all(Array.from({ length: 40 }, stream));
    streams.forEach(({ write }, at) => {
      write(JSON.stringify({ events: [call(`s${at}`)] }));
      write('');
    });
    for (const { answer } of streams) expect(await answer).toMatch(/^HTTP\/1.1 200 /);
    const long = await stream();
    long.write(' '.repeat(10_001));
    expect(await long.answer).toMatch(/^HTTP\/1.1 503 [^]*overloaded/);
    for (const { socket } of [...streams, long]) socket.destroy();
    await eventually(async () => expect((await report(batch('b', 10))).status).toBe(200));
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
