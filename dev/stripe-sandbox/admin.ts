import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { cardByNumber } from './cards.ts';
import { expireOverdue } from './checking-out.ts';
import type { Door } from './dispatch.ts';
import { closeDispute, openDispute } from './disputing.ts';
import { advanceClock, setWebhookTarget, webhookTarget } from './sandbox-settings.ts';
import type { Scope } from './scope.ts';
import { switchSchema } from './switches.ts';

const stateQuery = z.object({ customer: z.string().optional() });
const requestsQuery = z.object({
  path: z.string().optional(),
  key: z.string().optional(),
  method: z.string().optional(),
});
const webhookBody = z.strictObject({ url: z.url().nullable(), secret: z.string().optional() });
const clockBody = z.strictObject({ advanceSeconds: z.int().positive() });
const cardBody = z.strictObject({ number: z.string() });
const disputeBody = z.strictObject({
  charge: z.string().optional(),
  paymentIntent: z.string().optional(),
  invoice: z.string().optional(),
  inquiry: z.boolean().default(false),
  reason: z.string().default('fraudulent'),
});
const idParams = z.object({ id: z.string() });

/** The sandbox's own controls under /sandbox, in JSON, for tests and the demo. They need no key. */
export function adminRoutes(app: FastifyInstance, door: Door): void {
  void app.register((routes, _options, done) => {
    routes.removeContentTypeParser('*');
    routes.setErrorHandler((error, _request, reply) => {
      const status =
        error instanceof z.ZodError ? 400 : ((error as { statusCode?: number }).statusCode ?? 500);
      void reply.code(status).send({ message: error instanceof Error ? error.message : String(error) });
    });
    stateRoutes(routes, door);
    switchRoutes(routes, door);
    settingRoutes(routes, door);
    cardRoutes(routes, door);
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

function cardRoutes(app: FastifyInstance, door: Door): void {
  const { store } = door;
  /** From now on the saved card behaves like the test card with this number; its fingerprint stays. */
  app.post('/sandbox/payment-methods/:id/behaves-as', (request, reply) => {
    const { id } = idParams.parse(request.params);
    const { number } = cardBody.parse(request.body);
    if (cardByNumber(number) === undefined)
      return reply.code(400).send({ message: `${number} is no test card` });
    store.setHidden(store.need('payment_method', id).id, { ...store.hidden(id), behaves_as: number });
    return { id, behavesAs: number };
  });
  app.post('/sandbox/disputes', (request, reply) => {
    const wanted = disputeBody.parse(request.body);
    const dispute = within(door, (scope) => {
      const charge = store.need('charge', chargeOf(door, wanted));
      const status = wanted.inquiry ? 'warning_needs_response' : 'needs_response';
      return openDispute(scope, charge, status, wanted.reason);
    });
    return reply.code(201).send(dispute);
  });
  for (const outcome of ['won', 'lost'] as const) {
    app.post(`/sandbox/disputes/:id/${outcome}`, (request) =>
      within(door, (scope) =>
        closeDispute(scope, store.need('dispute', idParams.parse(request.params).id), outcome),
      ),
    );
  }
}

function chargeOf({ store }: Door, wanted: z.output<typeof disputeBody>): string {
  if (wanted.charge !== undefined) return wanted.charge;
  const payment = store.list('invoice_payment', { parent: wanted.invoice ?? '' })[0];
  const intent = wanted.paymentIntent ?? payment?.payment.payment_intent ?? '';
  return store.need('payment_intent', intent).latest_charge ?? '';
}

function within<Result>(door: Door, work: (scope: Scope) => Result): Result {
  const result = door.store.transaction(() => work(door.scope({ id: null, idempotency_key: null })));
  door.committed();
  return result;
}
