import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createPlatformWebhooks } from '../../../activities/adapters/platform-webhooks.ts';
import { freePorts } from '../../../dev/ports.ts';
import { webhookSecret } from '../../support/platform-endpoint.ts';

const MESSAGE = { messageId: 'msg_1', payload: '{"type":"balance.alert"}' };

describe('a webhook to the platform', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
    server?.closeAllConnections();
    server = undefined;
  });

  const sendTo = (port: number, timeoutMs = 5_000) =>
    createPlatformWebhooks({ url: `http://127.0.0.1:${port}/`, secrets: [webhookSecret(1)], timeoutMs }).send(
      MESSAGE,
    );
  async function answered(answer: RequestListener, timeoutMs?: number) {
    server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return sendTo((server.address() as AddressInfo).port, timeoutMs);
  }

  test('that is put off says until when, in seconds or as a date', async () => {
    const inSeconds = await answered((_, response) =>
      response.writeHead(429, { 'retry-after': '120' }).end(),
    );
    expect(inSeconds).toEqual({ status: 'answered', responseStatus: 429, retryAfterMs: 120_000 });
    const date = new Date(Date.now() + 60_000).toUTCString();
    const atDate = await answered((_, response) => response.writeHead(503, { 'retry-after': date }).end());
    if (atDate.status !== 'answered') throw new Error(atDate.detail);
    expect(atDate.retryAfterMs).toBeGreaterThan(50_000);
    expect(atDate.retryAfterMs).toBeLessThanOrEqual(60_000);
    const nonsense = await answered((_, response) =>
      response.writeHead(503, { 'retry-after': 'soon' }).end(),
    );
    expect(nonsense).toMatchObject({ retryAfterMs: null });
  });

  test('is answered by the status, though the body never ends', async () => {
    const answer = await answered((_, response) => {
      response.writeHead(200).write('a body without an end');
    });
    expect(answer).toMatchObject({ status: 'answered', responseStatus: 200 });
  });

  test('is unanswered when nobody listens, the connection breaks, or no status comes in time', async () => {
    const [port = 0] = await freePorts(1);
    expect(await sendTo(port)).toEqual({ status: 'unanswered', detail: 'ECONNREFUSED' });
    const broken = await answered((request) => request.socket.destroy());
    expect(broken).toMatchObject({ status: 'unanswered' });
    const silent = await answered(() => undefined, 200);
    expect(silent).toEqual({ status: 'unanswered', detail: 'no answer within 200 ms' });
  });
});
