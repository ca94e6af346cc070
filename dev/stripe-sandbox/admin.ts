import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { actRoutes } from './admin-acts.ts';
import { expireOverdue } from './checking-out.ts';
import type { Door } from './dispatch.ts';
import { ApiError } from './errors.ts';
import { advanceClock, setWebhookTarget, webhookTarget } from './sandbox-settings.ts';
import { switchSchema } from './switches.ts';
import { within } from './within.ts';

const stateQuery = z.object({ customer: z.string().optional() });
const requestsQuery = z.object({
  path: z.string().optional(),
  key: z.string().optional(),
  method: z.string().optional(),
});
const webhookBody = z.strictObject({ url: z.url().nullable(), secret: z.string().optional() });
const clockBody = z.strictObject({ advanceSeconds: z.int().positive() });
const idParams = z.object({ id: z.string() });

/** The sandbox's own controls under /sandbox, in JSON, for tests and the demo. They need no key. */
export function adminRoutes(app: FastifyInstance, door: Door): void {
  void app.register((routes, _options, done) => {
    routes.removeContentTypeParser('*');
    routes.setErrorHandler((error, _request, reply) => {
      const refused =
        error instanceof ApiError ? error.status : (error as { statusCode?: number }).statusCode;
      const status = error instanceof z.ZodError ? 400 : (refused ?? 500);
      void reply.code(status).send({ message: error instanceof Error ? error.message : String(error) });
    });
    stateRoutes(routes, door);
    switchRoutes(routes, door);
    settingRoutes(routes, door);
    actRoutes(routes, door);
    done();
  });
}

function stateRoutes(app: FastifyInstance, door: Door): void {
  const { store } = door;
  app.get('/sandbox/state', (request) => {
    const { customer } = stateQuery.parse(request.query);
    const query = { customer };
    return {
      now: door.now(),
      customers: store.list('customer', query),
      taxIds: store.list('tax_id', query),
      paymentMethods: store.list('payment_method', query),
      setupIntents: store.list('setup_intent', query),
      invoices: store.list('invoice', query),
      invoicePayments: store.list('invoice_payment', query),
      paymentIntents: store.list('payment_intent', query),
      charges: store.list('charge', query),
      refunds: store.list('refund', query),
      creditNotes: store.list('credit_note', query),
      disputes: store.list('dispute', query),
      checkoutSessions: store.list('checkout.session', query),
      events: store.list('event', query),
    };
  });
  app.get('/sandbox/requests', (request) => {
    const wanted = requestsQuery.parse(request.query);
    const rows = store.db.prepare('SELECT * FROM requests ORDER BY seq').all();
    const items = rows
      .map((row) => ({
        id: String(row['id']),
        method: String(row['method']),
        path: String(row['path']),
        key: row['key'] === null ? null : String(row['key']),
        status: Number(row['status']),
        replayed: row['replayed'] === 1,
        at: Number(row['at']),
      }))
      .filter((item) => wanted.method === undefined || item.method === wanted.method)
      .filter((item) => wanted.key === undefined || item.key === wanted.key)
      .filter(
        (item) =>
          wanted.path === undefined || item.path === wanted.path || item.path.endsWith(`/${wanted.path}`),
      );
    return { count: items.length, executed: items.filter((item) => !item.replayed).length, items };
  });
  app.get('/sandbox/deliveries', () => ({
    items: store.db.prepare('SELECT * FROM deliveries ORDER BY seq').all(),
  }));
}

function switchRoutes(app: FastifyInstance, { switches }: Door): void {
  app.get('/sandbox/switches', () => ({ items: switches.list() }));
  app.post('/sandbox/switches', (request, reply) =>
    reply.code(201).send(switches.add(switchSchema.parse(request.body))),
  );
  app.delete('/sandbox/switches', (_request, reply) => {
    switches.clear();
    return reply.code(204).send();
  });
  app.delete('/sandbox/switches/:id', (request, reply) => {
    const found = switches.remove(idParams.parse(request.params).id);
    return reply.code(found ? 204 : 404).send();
  });
}

function settingRoutes(app: FastifyInstance, door: Door): void {
  const { store } = door;
  app.get('/sandbox/webhook', () => webhookTarget(store) ?? { url: null });
  app.put('/sandbox/webhook', (request) => {
    setWebhookTarget(store, door.now(), webhookBody.parse(request.body));
    return webhookTarget(store) ?? { url: null };
  });
  app.get('/sandbox/clock', () => ({ now: door.now() }));
  app.post('/sandbox/clock', (request) => ({
    now: within(door, (scope) => {
      const now = advanceClock(store, clockBody.parse(request.body).advanceSeconds);
      expireOverdue(scope);
      return now;
    }),
  }));
}
