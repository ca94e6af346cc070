import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../api/deps.ts';
import { createNotifications } from '../../db/notifications.ts';
import { accountId } from '../../domain/ids.ts';
import { POLICY } from '../../domain/policy.ts';
import { eventually } from '../support/eventually.ts';
import { openStream, type OpenStream } from './support/events.ts';
import { ACME, PLATFORM_KEY, startTestApi, type TestApi } from './support/test-api.ts';

const SMS = { id: 's1', account: 'acme', type: 'sms', credits: 5, occurredAt: '2026-11-22T10:00:00Z' };

describe('a stream', () => {
  let api: TestApi;
  let origin = '';
  beforeAll(async () => {
    api = await startTestApi({ limits: { ...LIMITS, streamsPerAccount: 3 } });
    await api.platform('PUT', '/v1/accounts/acme', ACME);
    await api.platform('PUT', '/v1/accounts/other', ACME);
    origin = await api.app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => api.close());

  const streams: OpenStream[] = [];
  const open = async (account: string, credential: string) => {
    const stream = await openStream(`${origin}/v1/accounts/${account}/stream`, credential);
    streams.push(stream);
    return stream;
  };
  const customerToken = async (id: string) => (await api.deps.tokens.issue(accountId(id))).token;
  afterEach(async () => {
    for (const stream of streams.splice(0)) stream.close();
    await eventually(async () => {
      const { body } = await api.nobody('GET', '/metrics');
      if (!String(body).includes('open_streams 0')) throw new Error('a closed stream is still held open');
    });
  });

  test('begins with the whole account and tells every change of it, and of no other', async () => {
    const stream = await open('acme', await customerToken('acme'));
    expect(stream.response.statusCode).toBe(200);
    expect(stream.response.headers['content-type']).toBe('text/event-stream');
    expect(stream.response.headers['cache-control']).toBe('no-store');
    await eventually(() => expect(stream.events).toHaveLength(1));
    const customer = await api.customer('acme');
    const account = (await customer('GET', '/v1/accounts/acme')).body;
    expect(stream.events[0]).toEqual({ event: 'account', data: account });

    await api.platform('POST', '/v1/usage', { events: [{ ...SMS, account: 'other' }, SMS] });
    await eventually(() => expect(stream.events).toHaveLength(2));
    expect(stream.events[1]).toMatchObject({
      data: { id: 'acme', wallets: { chat_credits: { balance: -5 } } },
    });

    const settings = { enabled: true, alertBelow: 1, topUpBelow: 1, amount: 5 };
    await customer('PUT', '/v1/accounts/acme/auto-top-up/chat_credits', settings);
    await eventually(() =>
      expect(stream.events.at(-1)).toMatchObject({
        event: 'account',
        data: { wallets: { chat_credits: { settings: { version: 1 } } } },
      }),
    );
  });

  test('tells a notification when it is new, when it has been read, and when its mail has bounced', async () => {
    const stream = await open('acme', PLATFORM_KEY);
    await eventually(() => expect(stream.events).toHaveLength(1));
    expect(stream.events[0]).toMatchObject({ data: { stripeCustomerId: 'cus_acme' } });
    const request = { kind: 'auto_top_up.resumed', sinceMs: 1 } as const;
    const notice = { ...request, wallet: null };
    const notifications = createNotifications(api.db, POLICY);
    await notifications.record(accountId('acme'), request, notice, { title: 'Title', body: 'Body' });
    const told = () => stream.events.filter(({ event }) => event === 'notification').map(({ data }) => data);
    await eventually(() => expect(told()).toMatchObject([{ title: 'Title', readAt: null }]));
    const [{ id }] = told() as [{ id: string }];
    await api.platform('POST', `/v1/accounts/acme/notifications/${id}/read`);
    await eventually(() => expect(told()).toMatchObject([{ id }, { id, readAt: expect.any(String) }]));
    const [delivery] = await api.db.sql`select delivery_id from deliveries where notification_id = ${id}`;
    const { reports } = api.deps.postmark;
    const deliveryId = String(delivery?.['deliveryId']);
    await reports.reportDelivery({ deliveryId, status: 'bounced', detail: 'HardBounce' });
    const bounced = { id, email: { status: 'bounced', detail: 'HardBounce' } };
    await eventually(() => expect(told()).toMatchObject([{ id }, { id }, bounced]));
  });

  test('is refused to another customer, and beyond the limit of an account', async () => {
    expect((await open('acme', await customerToken('other'))).response.statusCode).toBe(404);
    const token = await customerToken('acme');
    for (let at = 0; at < 3; at += 1) expect((await open('acme', token)).response.statusCode).toBe(200);
    const refused = await open('acme', token);
    expect(refused.response.statusCode).toBe(429);
    expect(refused.response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect((await open('other', await customerToken('other'))).response.statusCode).toBe(200);
  });

  test('ends with its token', async () => {
    const expiring = await startTestApi({
      tokens: {
        ...api.deps.tokens,
        verify: async (token) => {
          const verified = await api.deps.tokens.verify(token);
          return verified && { ...verified, expiresAtMs: Date.now() + 300 };
        },
      },
    });
    try {
      await expiring.platform('PUT', '/v1/accounts/acme', ACME);
      const url = await expiring.app.listen({ host: '127.0.0.1', port: 0 });
      const stream = await openStream(`${url}/v1/accounts/acme/stream`, await customerToken('acme'));
      await stream.ended;
      expect(stream.events.at(-1)).toEqual({ event: 'end', data: { reason: 'expired' } });
    } finally {
      await expiring.close();
    }
  });

  test('does not keep the server from stopping', async () => {
    const stopping = await startTestApi();
    await stopping.platform('PUT', '/v1/accounts/acme', ACME);
    const url = await stopping.app.listen({ host: '127.0.0.1', port: 0 });
    const stream = await openStream(`${url}/v1/accounts/acme/stream`, PLATFORM_KEY);
    await eventually(() => expect(stream.events).toHaveLength(1));
    await stopping.close();
    await stream.ended;
    expect(stream.events.at(-1)).toEqual({ event: 'end', data: { reason: 'shutdown' } });
  });
});

describe('over a socket', () => {
  let api: TestApi;
  let port = 0;
  beforeAll(async () => {
    api = await startTestApi();
    port = Number(new URL(await api.app.listen({ host: '127.0.0.1', port: 0 })).port);
  });
  afterAll(() => api.close());

  /** Sends bytes as they are, and reads until the server closes. */
  async function exchange(...parts: readonly string[]): Promise<string> {
    const socket: Socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk;
    });
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
    });
    // The server may close before it has read everything: that is what is tested.
    socket.on('error', () => undefined);
    for (const part of parts) socket.write(part);
    await closed;
    return answer;
  }

  const head = (lines: string) =>
    `POST /v1/usage HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer ${PLATFORM_KEY}\r\n` +
    `content-type: application/json\r\n${lines}\r\n\r\n`;

  test('a body that says it is too large is refused before it is read', async () => {
    const answer = await exchange(head('content-length: 999999999'));
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('application/problem+json');
  });

  test('a body that does not say how large it is is cut off at the limit', async () => {
    const chunk = `${(64 * 1024).toString(16)}\r\n${' '.repeat(64 * 1024)}\r\n`;
    const chunks = Array.from({ length: 32 }, () => chunk);
    expect(await exchange(head('transfer-encoding: chunked'), ...chunks)).toMatch(/^HTTP\/1.1 413 /);
  });

  test('what is not HTTP gets a problem document', async () => {
    const answer = await exchange('hello there\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain('urn:auto-top-up:problem:malformed_request');
  });

  test('headers without end are refused', async () => {
    const answer = await exchange(head(`x-long: ${'x'.repeat(100_000)}`));
    expect(answer).toMatch(/^HTTP\/1.1 431 /);
    expect(answer).toContain('urn:auto-top-up:problem:headers_too_large');
  });
});
