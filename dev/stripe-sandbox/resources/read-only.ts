import { listPage } from '../list.ts';
import { type Call, get, ok, pathId, type Reply, type Route } from '../scope.ts';

/** Objects that the sandbox makes by itself and that are only read. */
export const readOnlyRoutes: readonly Route[] = [
  get('/v1/charges', listCharges),
  get('/v1/charges/:id', (call) => ok(call.scope.store.need('charge', pathId(call)))),
  get('/v1/invoice_payments', listInvoicePayments),
  get('/v1/invoice_payments/:id', (call) => ok(call.scope.store.need('invoice_payment', pathId(call)))),
  get('/v1/events', listEvents),
  get('/v1/events/:id', (call) => ok(call.scope.store.need('event', pathId(call)))),
  get('/v1/prices/:id', (call) => ok(call.scope.store.need('price', pathId(call)))),
  get('/v1/products/:id', (call) => ok(call.scope.store.need('product', pathId(call)))),
  get('/v1/tax_rates', ({ scope, params }) => ok(listPage(scope.store, 'tax_rate', '/v1/tax_rates', params))),
  get('/v1/tax_rates/:id', (call) => ok(call.scope.store.need('tax_rate', pathId(call)))),
  get('/v1/balance_transactions/:id', (call) =>
    ok(call.scope.store.need('balance_transaction', pathId(call))),
  ),
];

function listCharges({ scope, params }: Call): Reply {
  const customer = params.text('customer') ?? undefined;
  const intent = params.text('payment_intent') ?? undefined;
  const query = { customer, parent: intent };
  return ok(listPage(scope.store, 'charge', '/v1/charges', params, query));
}

function listInvoicePayments({ scope, params }: Call): Reply {
  const invoice = params.text('invoice') ?? undefined;
  const status = params.choice('status', ['open', 'paid', 'canceled']) ?? undefined;
  const payment = params.hash('payment');
  payment?.choice('type', ['payment_intent']);
  const intent = payment?.text('payment_intent') ?? undefined;
  const parent = invoice ?? (intent === undefined ? undefined : scope.store.parentOf(intent));
  return ok(
    listPage(scope.store, 'invoice_payment', '/v1/invoice_payments', params, { parent, fields: { status } }),
  );
}

function listEvents({ scope, params }: Call): Reply {
  const type = params.text('type') ?? undefined;
  const types = params.list('types');
  if (types === undefined)
    return ok(listPage(scope.store, 'event', '/v1/events', params, { fields: { type } }));
  const page = listPage(scope.store, 'event', '/v1/events', params);
  return ok({ ...page, data: page.data.filter((event) => types.includes(event.type)) });
}
