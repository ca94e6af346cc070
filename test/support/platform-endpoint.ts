import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export type ReceivedWebhook = {
  id: string;
  timestamp: string;
  signature: string;
  body: { type: string; timestamp: string; data: Record<string, unknown> };
};

export type PlatformEndpoint = {
  readonly url: string;
  /** Whatever arrived and was verified, in order. */
  readonly received: readonly ReceivedWebhook[];
  /** Requests that no secret of the platform's verifies. */
  readonly refused: readonly string[];
  /** What the next requests are answered: a status, or `null` for no answer at all. 204 unless told. */
  answer(next: (webhook: ReceivedWebhook) => number | null, headers?: Record<string, string>): void;
  stop(): Promise<void>;
};

/** 24 bytes that are told apart by `fill`. */
export function webhookSecret(fill: number): string {
  return `whsec_${Buffer.alloc(24, fill).toString('base64')}`;
}

/** The platform as its engineers would build it: every message is verified by the reference library. */
export async function startPlatformEndpoint(secret: string): Promise<PlatformEndpoint> {
  const received: ReceivedWebhook[] = [];
  const refused: string[] = [];
  const verifier = new Webhook(secret);
  let next: (webhook: ReceivedWebhook) => number | null = () => 204;
  let answerHeaders: Record<string, string> = {};
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const headers = Object.fromEntries(
        ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [
          name,
          String(request.headers[name]),
        ]),
      );
      let body: ReceivedWebhook['body'];
      try {
        body = verifier.verify(text, headers) as ReceivedWebhook['body'];
      } catch (error) {
        refused.push(String(error));
        response.writeHead(401).end();
        return;
      }
      const webhook = {
        id: headers['webhook-id'] ?? '',
        timestamp: headers['webhook-timestamp'] ?? '',
        signature: headers['webhook-signature'] ?? '',
        body,
      };
      received.push(webhook);
      const status = next(webhook);
      if (status !== null) response.writeHead(status, answerHeaders).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received,
    refused,
    answer: (change, headers = {}) => {
      next = change;
      answerHeaders = headers;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
