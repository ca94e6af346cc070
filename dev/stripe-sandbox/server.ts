import type { AddressInfo } from 'node:net';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { adminRoutes } from './admin.ts';
import { expireOverdue } from './checking-out.ts';
import { type ApiResponse, type Door, serve } from './dispatch.ts';
import { createEventLog } from './events.ts';
import { API_VERSION } from './objects/account.ts';
import { pageRoutes } from './pages/routes.ts';
import { ROUTES } from './routes.ts';
import { setWebhookTarget } from './sandbox-settings.ts';
import type { Scope } from './scope.ts';
import { Store } from './store.ts';
import { Switches } from './switches.ts';
import { WebhookSender } from './webhooks.ts';
import { within } from './within.ts';

const MAX_BODY_BYTES = 1024 * 1024;
const SWEEP_EVERY_MS = 15_000;

export interface StripeSandboxOptions {
  /** 0 takes a free port. */
  port: number;
  host?: string;
  /** SQLite file that survives restarts; without it everything lives in memory. */
  dataFile?: string;
  /** Where every event is posted, signed with `webhookSecret`. Can be changed at run time. */
  webhookUrl?: string;
  webhookSecret?: string;
  /** Where people reach the pages; the sandbox's own address unless given. */
  publicUrl?: string;
}

export interface StripeSandbox {
  url: string;
  port: number;
  stop(): Promise<void>;
}

/** Starts a local Stripe. Resolves when it answers.
 *  @throws when the port is in use or the data file cannot be opened. */
export async function startStripeSandbox(options: StripeSandboxOptions): Promise<StripeSandbox> {
  const store = openStore(options.dataFile);
  const host = options.host ?? '127.0.0.1';
  const switches = new Switches();
  const sender = new WebhookSender(store);
  const app = Fastify({ bodyLimit: MAX_BODY_BYTES, forceCloseConnections: true });
  const address = { publicUrl: options.publicUrl?.replace(/\/$/, '') ?? '' };
  const door = createDoor(store, switches, sender, address);
  build(app, door);
  try {
    await app.listen({ port: options.port, host });
  } catch (error) {
    store.close();
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  const url = `http://${host}:${port}`;
  if (address.publicUrl === '') address.publicUrl = url;
  if (options.webhookUrl !== undefined) {
    setWebhookTarget(store, door.now(), { url: options.webhookUrl, secret: options.webhookSecret });
  }
  sender.wake();
  const sweep = setInterval(() => sweepSessions(door), SWEEP_EVERY_MS);
  return { url, port, stop: () => stop(app, sender, store, sweep) };
}

async function stop(
  app: FastifyInstance,
  sender: WebhookSender,
  store: Store,
  sweep: NodeJS.Timeout,
): Promise<void> {
  clearInterval(sweep);
  await app.close();
  await sender.stop();
  store.close();
}

/** Check-out sessions expire by themselves, also when nobody asks for them. */
function sweepSessions(door: Door): void {
  within(door, (scope) => expireOverdue(scope));
}

function openStore(dataFile: string | undefined): Store {
  if (dataFile !== undefined) mkdirSync(dirname(dataFile), { recursive: true });
  return new Store(dataFile ?? ':memory:');
}

function createDoor(
  store: Store,
  switches: Switches,
  sender: WebhookSender,
  address: { publicUrl: string },
): Door {
  const now = (): number =>
    Math.floor(Date.now() / 1000) + Number(store.setting('clock_offset_seconds') ?? 0);
  const scope = (request: Scope['request']): Scope => ({
    store,
    switches,
    now,
    publicUrl: address.publicUrl,
    request,
    events: createEventLog({ store, switches, now, request }),
  });
  return { store, switches, routes: ROUTES, inFlight: new Set(), now, scope, committed: () => sender.wake() };
}

function build(app: FastifyInstance, door: Door): void {
  const asText = (
    _request: FastifyRequest,
    body: string | Buffer,
    done: (error: null, body: string) => void,
  ): void => done(null, body.toString());
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, asText);
  app.addContentTypeParser('*', { parseAs: 'string' }, asText);
  app.route({
    method: ['GET', 'POST', 'DELETE', 'PUT', 'PATCH'],
    url: '/v1/*',
    handler: (request, reply) => answerApi(door, request, reply),
  });
  app.route({
    method: ['POST', 'GET', 'DELETE'],
    url: '/v2/*',
    handler: (request, reply) => answerApi(door, request, reply),
  });
  adminRoutes(app, door);
  pageRoutes(app, door);
}

async function answerApi(door: Door, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const [path = '', query = ''] = request.url.split(/\?(.*)/s);
  const key = request.headers['idempotency-key'];
  const response = await serve(door, {
    method: request.method,
    path,
    query,
    body: typeof request.body === 'string' ? request.body : '',
    authorization: request.headers.authorization,
    idempotencyKey: typeof key === 'string' ? key : undefined,
  });
  const version = request.headers['stripe-version'];
  return send(reply, response, {
    'request-id': response.requestId,
    'stripe-version': typeof version === 'string' ? version : API_VERSION,
    ...(typeof key === 'string' ? { 'idempotency-key': key } : {}),
    ...(response.replayed ? { 'idempotent-replayed': 'true' } : {}),
  });
}

function send(reply: FastifyReply, response: ApiResponse, headers: Record<string, string>): FastifyReply {
  switch (response.fault) {
    case 'none':
      return reply.code(response.status).headers(headers).type('application/json').send(response.body);
    case 'reset':
      reply.hijack();
      reply.raw.destroy();
      return reply;
    case 'truncate': {
      // Half of what the length promises, then the end of the connection.
      reply.hijack();
      const body = Buffer.from(response.body);
      reply.raw.writeHead(response.status, {
        ...headers,
        'content-type': 'application/json',
        'content-length': body.length,
      });
      reply.raw.write(body.subarray(0, Math.floor(body.length / 2)), () => reply.raw.destroy());
      return reply;
    }
  }
}
