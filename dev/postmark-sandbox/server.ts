import type { AddressInfo } from 'node:net';
import type { FastifyError, FastifyInstance } from 'fastify';
import Fastify from 'fastify';
import { bounceRoutes } from './bounce-routes.ts';
import { createBounces } from './bounces.ts';
import { openDatabase } from './database.ts';
import { messageRoutes } from './message-routes.ts';
import { createOutbox } from './outbox.ts';
import { outboxRoutes } from './outbox-routes.ts';
import { fault, sendFault } from './postmark-fault.ts';
import { sendRoutes } from './send-routes.ts';
import { requireServerToken } from './server-token.ts';
import { createSubmission } from './submission.ts';
import { switchRoutes } from './switch-routes.ts';
import { createSwitchBoard } from './switches.ts';
import { createWebhookQueue } from './webhook-queue.ts';
import type { WebhookSender } from './webhook-sender.ts';
import { POSTMARK_RETRY_DELAYS_MS, startWebhookSender } from './webhook-sender.ts';

const MAX_BODY_BYTES = 50 * 1_024 * 1_024;

export type PostmarkSandboxOptions = {
  /** 0 takes a free one. */
  port: number;
  host?: string;
  /** SQLite file that keeps mails across restarts; without it they live in memory. */
  dataFile?: string;
  /** The only token that is let in; without it, any token is. */
  serverToken?: string;
  webhookUrl?: string;
  webhookUser?: string;
  webhookPassword?: string;
  /** Waits before each further try of a webhook; Postmark's own by default. */
  webhookRetryDelaysMs?: readonly number[];
  searchLagMs?: number;
};

export type PostmarkSandbox = { url: string; port: number; stop(): Promise<void> };

/** Serves the part of Postmark's HTTP API that the official client's `ServerClient` uses to send and find
 *  mails, with an outbox for people and switches for faults.
 *  @throws Error `EADDRINUSE` when the port is taken. */
export async function startPostmarkSandbox(options: PostmarkSandboxOptions): Promise<PostmarkSandbox> {
  const { host = '127.0.0.1', port, webhookUrl } = options;
  const database = openDatabase(options.dataFile ?? null);
  const outbox = createOutbox(database);
  const bounces = createBounces(database);
  const webhooks = createWebhookQueue(database);
  const switches = createSwitchBoard({ searchLagMs: options.searchLagMs ?? 0 });
  const submission = createSubmission({ database, outbox, bounces, webhooks, switches });
  let sender: WebhookSender | null = null;
  const wakeSender = () => sender?.wake();

  const app = Fastify({ bodyLimit: MAX_BODY_BYTES, forceCloseConnections: true });
  answerErrorsLikePostmark(app);
  await app.register(async (api) => {
    api.addHook('onRequest', requireServerToken(options.serverToken ?? null));
    sendRoutes(api, { submission, switches, wakeSender });
    messageRoutes(api, { outbox, switches });
    bounceRoutes(api, { bounces });
  });
  outboxRoutes(app, { outbox });
  switchRoutes(app, { switches, outbox, submission, wakeSender });
  try {
    await app.listen({ host, port });
  } catch (error) {
    database.close();
    throw error;
  }
  if (webhookUrl !== undefined) {
    const target = {
      url: webhookUrl,
      user: options.webhookUser ?? null,
      password: options.webhookPassword ?? null,
    };
    sender = startWebhookSender(webhooks, target, options.webhookRetryDelaysMs ?? POSTMARK_RETRY_DELAYS_MS);
  }
  let stopping: Promise<void> | null = null;
  const shutDown = async () => {
    await app.close();
    await sender?.stop();
    database.close();
  };
  const boundPort = (app.server.address() as AddressInfo).port;
  return {
    url: `http://${host}:${boundPort}`,
    port: boundPort,
    stop() {
      stopping ??= shutDown();
      return stopping;
    },
  };
}

function answerErrorsLikePostmark(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
      return sendFault(reply, fault(422, 409, 'The Content-Type must be application/json.'));
    }
    if (status === 413) return sendFault(reply, fault(413, 0, 'The request is too large.'));
    if (status < 500) {
      return sendFault(reply, fault(422, 402, 'Received invalid JSON input. Failed to parse.'));
    }
    return sendFault(reply, fault(status, 0, error.message));
  });
  app.setNotFoundHandler((_request, reply) =>
    sendFault(reply, fault(404, 0, 'The sandbox has no such resource.')),
  );
}
