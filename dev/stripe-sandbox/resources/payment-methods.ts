import { invalidRequest, missingParameter } from '../errors.ts';
import { listPage } from '../list.ts';
import type { BillingDetails, PaymentMethod } from '../objects/payment-method.ts';
import type { Params } from '../params.ts';
import { readAddress, readText } from '../read-params.ts';
import { attachMethod, createMethod, NO_BILLING_DETAILS, testCard } from '../saving-cards.ts';
import { type Call, get, ok, pathId, post, type Reply, type Route, type Scope } from '../scope.ts';
import { saveCustomer } from './customers.ts';

export const paymentMethodRoutes: readonly Route[] = [
  post('/v1/payment_methods', create),
  get('/v1/payment_methods', list),
  get('/v1/payment_methods/:id', retrieve),
  post('/v1/payment_methods/:id', update),
  post('/v1/payment_methods/:id/attach', attach),
  post('/v1/payment_methods/:id/detach', detach),
  get('/v1/customers/:id/payment_methods', listOfCustomer),
  get('/v1/customers/:id/payment_methods/:id', retrieveOfCustomer),
];

/** Takes a payment method from its customer for good, as Stripe does; it is no one's default any longer. */
export function detachMethod(scope: Scope, method: PaymentMethod): PaymentMethod {
  const owner = method.customer;
  if (owner === null) {
    throw invalidRequest(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
    );
  }
  const detached: PaymentMethod = { ...method, customer: null };
  scope.store.put(detached);
  scope.events.emit('payment_method.detached', detached, { customer: owner });
  const customer = scope.store.find('customer', owner);
  if (customer?.invoice_settings.default_payment_method === method.id) {
    const settings = { ...customer.invoice_settings, default_payment_method: null };
    saveCustomer(scope, customer, { ...customer, invoice_settings: settings });
  }
  return detached;
}

function create({ scope, params }: Call): Reply {
  const type = params.choice('type', ['card']);
  const card = params.hash('card');
  if (type !== 'card') throw missingParameter('type');
  if (card === undefined || card === null) throw missingParameter('card');
  card.ignore('cvc', 'networks');
  const found = testCard(card.text('token') ?? card.required('number'));
  const year = card.integer('exp_year') ?? 2034;
  const expiry = { month: card.integer('exp_month') ?? 12, year: year < 100 ? 2000 + year : year };
  const billing = readBilling(params.hash('billing_details'), NO_BILLING_DETAILS);
  const method = { ...createMethod(scope, found, billing, expiry), metadata: params.metadata() };
  scope.store.put(method);
  return ok(method);
}

function retrieve(call: Call): Reply {
  return ok(call.scope.store.need('payment_method', pathId(call)));
}

function retrieveOfCustomer(call: Call): Reply {
  return ok(call.scope.store.need('payment_method', pathId(call, 1)));
}

function update(call: Call): Reply {
  const { scope, params } = call;
  const before = scope.store.need('payment_method', pathId(call));
  const card = params.hash('card');
  const after: PaymentMethod = {
    ...before,
    billing_details: readBilling(params.hash('billing_details'), before.billing_details),
    card: {
      ...before.card,
      exp_month: card?.integer('exp_month') ?? before.card.exp_month,
      exp_year: card?.integer('exp_year') ?? before.card.exp_year,
    },
    metadata: params.metadata(before.metadata),
  };
  scope.store.put(after);
  scope.events.emit('payment_method.updated', after, { metadata: before.metadata });
  return ok(after);
}

function attach(call: Call): Reply {
  return ok(attachMethod(call.scope, pathId(call), call.params.required('customer')));
}

function detach(call: Call): Reply {
  return ok(detachMethod(call.scope, call.scope.store.need('payment_method', pathId(call))));
}

function list(call: Call): Reply {
  const customer = call.params.text('customer') ?? undefined;
  return methodsOf(call, customer, '/v1/payment_methods');
}

function listOfCustomer(call: Call): Reply {
  const customer = call.scope.store.need('customer', pathId(call)).id;
  return methodsOf(call, customer, `/v1/customers/${customer}/payment_methods`);
}

function methodsOf({ scope, params }: Call, customer: string | undefined, url: string): Reply {
  params.ignore('allow_redisplay');
  const type = params.text('type') ?? undefined;
  return ok(listPage(scope.store, 'payment_method', url, params, { customer, fields: { customer, type } }));
}

function readBilling(params: Params | null | undefined, current: BillingDetails): BillingDetails {
  if (params === undefined || params === null) return current;
  return {
    address: readAddress(params.hash('address'), current.address),
    email: readText(params, 'email', current.email),
    name: readText(params, 'name', current.name),
    phone: readText(params, 'phone', current.phone),
    tax_id: readText(params, 'tax_id', current.tax_id),
  };
}
