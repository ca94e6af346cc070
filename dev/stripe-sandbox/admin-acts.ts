import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { cardByNumber } from './cards.ts';
import type { Door } from './dispatch.ts';
import { closeDispute, openDispute } from './disputing.ts';
import { collectIntent } from './resources/payment-intents.ts';
import { saveCustomer } from './resources/customers.ts';
import { switchSchema } from './switches.ts';
import { within } from './within.ts';

const idParams = z.object({ id: z.string() });
const cardBody = z.strictObject({ number: z.string() });
const renewalBody = z.strictObject({
  expMonth: z.int().min(1).max(12),
  expYear: z.int().min(2000).max(2100),
});
const eventBody = z.strictObject({ type: z.string().min(1), object: z.string() });
const settleBody = z.strictObject({ outcome: z.enum(['succeeded', 'failed']), code: z.string().optional() });
const balanceBody = z.strictObject({ balance: z.int() });
const disputeBody = z.strictObject({
  charge: z.string().optional(),
  paymentIntent: z.string().optional(),
  invoice: z.string().optional(),
  inquiry: z.boolean().default(false),
  reason: z.string().default('fraudulent'),
});

/** What banks and card holders do, which no API call can bring about. */
export function actRoutes(app: FastifyInstance, door: Door): void {
  cardActs(app, door);
  disputeActs(app, door);
  otherActs(app, door);
}

function cardActs(app: FastifyInstance, door: Door): void {
  const { store } = door;
  // From now on the saved card behaves like the test card with this number; its fingerprint stays.
  app.post('/sandbox/payment-methods/:id/behaves-as', (request, reply) => {
    const { id } = idParams.parse(request.params);
    const { number } = cardBody.parse(request.body);
    if (cardByNumber(number) === undefined)
      return reply.code(400).send({ message: `${number} is no test card` });
    store.setHidden(store.need('payment_method', id).id, { ...store.hidden(id), behaves_as: number });
    return { id, behavesAs: number };
  });
  // The network tells Stripe of a card's new expiry date.
  app.post('/sandbox/payment-methods/:id/renew', (request) =>
    within(door, (scope) => {
      const { expMonth, expYear } = renewalBody.parse(request.body);
      const before = store.need('payment_method', idParams.parse(request.params).id);
      const after = { ...before, card: { ...before.card, exp_month: expMonth, exp_year: expYear } };
      store.put(after);
      scope.events.emit('payment_method.automatically_updated', after, { card: before.card });
      return after;
    }),
  );
}

function disputeActs(app: FastifyInstance, door: Door): void {
  const { store } = door;
  app.post('/sandbox/disputes', (request, reply) => {
    const wanted = disputeBody.parse(request.body);
    const dispute = within(door, (scope) => {
      const charge = store.need('charge', chargeOf(door, wanted));
      return openDispute(
        scope,
        charge,
        wanted.inquiry ? 'warning_needs_response' : 'needs_response',
        wanted.reason,
      );
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

function otherActs(app: FastifyInstance, door: Door): void {
  const { store } = door;
  // The bank answers a payment that was left `processing` by the switch of that name.
  app.post('/sandbox/payment-intents/:id/settle', (request) => {
    const { outcome, code } = settleBody.parse(request.body);
    return within(door, (scope) => {
      const intent = store.need('payment_intent', idParams.parse(request.params).id);
      const customer = intent.customer ?? undefined;
      if (outcome === 'failed') {
        scope.switches.add(
          switchSchema.parse({ kind: 'decline', count: 1, customer, code: code ?? 'generic_decline' }),
        );
      }
      const how = { offSession: true, whenAsking: 'decline', authenticated: true } as const;
      return collectIntent(scope, intent, { methodId: intent.payment_method ?? '', ...how }).intent;
    });
  });
  // Any event about any object, also of a type that nobody knows.
  app.post('/sandbox/events', (request, reply) => {
    const { type, object } = eventBody.parse(request.body);
    const found = store.any(object);
    if (found === undefined) return reply.code(404).send({ message: `there is no ${object}` });
    within(door, (scope) => scope.events.emit(type, found));
    return reply.code(201).send(store.list('event', { limit: 1 })[0]);
  });
  // A credit (negative) or debt (positive) in cents, as Stripe keeps it for the next invoice.
  app.post('/sandbox/customers/:id/balance', (request) =>
    within(door, (scope) => {
      const before = store.need('customer', idParams.parse(request.params).id);
      const after = { ...before, balance: balanceBody.parse(request.body).balance };
      saveCustomer(scope, before, after);
      return after;
    }),
  );
}

function chargeOf({ store }: Door, wanted: z.output<typeof disputeBody>): string {
  if (wanted.charge !== undefined) return wanted.charge;
  const payment = store.list('invoice_payment', { parent: wanted.invoice ?? '' })[0];
  const intent = wanted.paymentIntent ?? payment?.payment.payment_intent ?? '';
  return store.need('payment_intent', intent).latest_charge ?? '';
}
