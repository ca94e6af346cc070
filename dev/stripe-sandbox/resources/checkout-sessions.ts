import { type CheckoutItem, type CheckoutPlan, expire, priced } from '../checking-out.ts';
import { invalidRequest, missingParameter } from '../errors.ts';
import { newId, randomText } from '../ids.ts';
import { listPage } from '../list.ts';
import { type CheckoutSession, newCheckoutSession } from '../objects/checkout.ts';
import type { Params } from '../params.ts';
import { readPriceData } from '../pricing.ts';
import { readText } from '../read-params.ts';
import { type Call, get, ok, pathId, post, type Reply, type Route, type Scope } from '../scope.ts';
import { locate } from '../tax.ts';
import { createSetupIntent } from './setup-intents.ts';

const MIN_LIFE_SECONDS = 30 * 60;

export const checkoutSessionRoutes: readonly Route[] = [
  post('/v1/checkout/sessions', create),
  get('/v1/checkout/sessions', list),
  get('/v1/checkout/sessions/:id', (call) => ok(call.scope.store.need('checkout.session', pathId(call)))),
  get('/v1/checkout/sessions/:id/line_items', lineItems),
  post('/v1/checkout/sessions/:id/expire', expireSession),
];

function create({ scope, params }: Call): Reply {
  params.ignore(
    'adaptive_pricing',
    'billing_address_collection',
    'allowed_payment_method_types',
    'payment_method_types',
    'submit_type',
  );
  params.ignore(
    'payment_method_options',
    'ui_mode',
    'saved_payment_method_options',
    'consent_collection',
    'custom_text',
  );
  const mode = params.choice('mode', ['payment', 'setup']);
  if (mode !== 'payment' && mode !== 'setup') throw missingParameter('mode');
  const id = `cs_test_${randomText(58)}`;
  const blank = newCheckoutSession(id, scope.now(), mode, `${scope.publicUrl}/checkout/${id}`);
  const session = readSession(scope, params, blank);
  const plan = readPlan(params);
  assertCustomerUsable(scope, session, plan);
  scope.store.put(session, { customer: session.customer, hidden: { plan: JSON.stringify(plan) } });
  const ready = mode === 'payment' ? withItems(scope, params, session) : withSetup(scope, params, session);
  scope.store.put(ready);
  return ok(ready);
}

function readSession(scope: Scope, params: Params, blank: CheckoutSession): CheckoutSession {
  const customer = params.text('customer') ?? null;
  if (customer !== null) scope.store.need('customer', customer, 'customer');
  const collection = params.hash('tax_id_collection');
  collection?.ignore('required');
  const automatic = params.hash('automatic_tax');
  automatic?.ignore('liability');
  return {
    ...blank,
    automatic_tax: { ...blank.automatic_tax, enabled: automatic?.boolean('enabled') ?? false },
    cancel_url: readText(params, 'cancel_url', null),
    client_reference_id: readText(params, 'client_reference_id', null),
    currency: params.text('currency')?.toLowerCase() ?? null,
    customer,
    customer_creation:
      params.choice('customer_creation', ['always', 'if_required']) ??
      (customer === null ? 'if_required' : null),
    customer_email: readText(params, 'customer_email', null),
    expires_at: readExpiry(scope, params, blank),
    invoice_creation: blank.mode === 'payment' ? readInvoiceCreation(params.hash('invoice_creation')) : null,
    locale: readText(params, 'locale', null),
    metadata: params.metadata(),
    success_url: readText(params, 'success_url', null),
    tax_id_collection: { enabled: collection?.boolean('enabled') ?? false, required: 'never' },
  };
}

function readExpiry(scope: Scope, params: Params, blank: CheckoutSession): number {
  const expiresAt = params.integer('expires_at');
  if (expiresAt === undefined) return blank.expires_at;
  if (expiresAt >= scope.now() + MIN_LIFE_SECONDS) return expiresAt;
  throw invalidRequest(
    'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.',
    {
      param: 'expires_at',
    },
  );
}

function readInvoiceCreation(params: Params | null | undefined): CheckoutSession['invoice_creation'] {
  const data = params?.hash('invoice_data');
  data?.ignore('rendering_options', 'issuer', 'account_tax_ids', 'custom_fields');
  return {
    enabled: params?.boolean('enabled') ?? false,
    invoice_data: {
      account_tax_ids: null,
      custom_fields: null,
      description: data?.text('description') ?? null,
      footer: data?.text('footer') ?? null,
      issuer: null,
      metadata: data?.metadata() ?? {},
      rendering_options: null,
    },
  };
}

function readPlan(params: Params): CheckoutPlan {
  const intent = params.hash('payment_intent_data');
  const update = params.hash('customer_update');
  update?.ignore('shipping');
  return {
    futureUsage: intent?.choice('setup_future_usage', ['on_session', 'off_session']) ?? null,
    intentMetadata: intent?.metadata() ?? {},
    intentDescription: intent?.text('description') ?? null,
    updatesAddress: update?.choice('address', ['auto', 'never']) === 'auto',
    updatesName: update?.choice('name', ['auto', 'never']) === 'auto',
  };
}

/** What Stripe insists on when tax is worked out for a customer who exists already. */
function assertCustomerUsable(scope: Scope, session: CheckoutSession, plan: CheckoutPlan): void {
  const customer = session.customer === null ? undefined : scope.store.find('customer', session.customer);
  if (customer === undefined) return;
  const unlocated = locate(customer.address) === 'unrecognized_location';
  if (session.automatic_tax.enabled && unlocated && !plan.updatesAddress) {
    throw invalidRequest(
      "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout to the Customer.",
      { code: 'customer_tax_location_invalid' },
    );
  }
  if (session.tax_id_collection.enabled && !plan.updatesName) {
    throw invalidRequest(
      'Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing customer, please set `customer_update[name]` to `auto`.',
    );
  }
}

function withItems(scope: Scope, params: Params, session: CheckoutSession): CheckoutSession {
  const given = params.hashes('line_items');
  const [first] = given ?? [];
  if (given === undefined || first === undefined) throw missingParameter('line_items');
  const items = given.map((item) => readItem(scope, item));
  return priced(scope, { ...session, currency: items[0]?.currency ?? session.currency }, items);
}

function readItem(scope: Scope, params: Params): CheckoutItem {
  params.ignore('adjustable_quantity');
  const data = params.hash('price_data');
  const known = params.text('price') ?? null;
  const quantity = params.integer('quantity') ?? 1;
  if (known === null && (data === undefined || data === null)) throw missingParameter('line_items[0][price]');
  const price = data
    ? readPriceData(scope, data)
    : scope.store.need('price', known ?? '', 'line_items[0][price]');
  const amount = (price.unit_amount ?? 0) * quantity;
  return {
    id: newId('li'),
    object: 'item',
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: price.currency,
    description: scope.store.need('product', price.product).name,
    metadata: {},
    price: price.id,
    quantity,
  };
}

function withSetup(scope: Scope, params: Params, session: CheckoutSession): CheckoutSession {
  const data = params.hash('setup_intent_data');
  const intent = createSetupIntent(scope, {
    customer: session.customer,
    description: data?.text('description') ?? null,
    metadata: data?.metadata() ?? {},
    usage: 'off_session',
  });
  scope.store.setHidden(intent.id, { session: session.id });
  return { ...session, setup_intent: intent.id };
}

function lineItems(call: Call): Reply {
  const { scope } = call;
  call.params.ignore('limit', 'starting_after', 'ending_before');
  const session = scope.store.need('checkout.session', pathId(call));
  const items = JSON.parse(scope.store.hidden(session.id)['line_items'] ?? '[]') as CheckoutItem[];
  const data = items.map((item) => ({ ...item, price: scope.store.need('price', item.price) }));
  return ok({ object: 'list', data, has_more: false, url: `/v1/checkout/sessions/${session.id}/line_items` });
}

function expireSession(call: Call): Reply {
  const { scope } = call;
  const session = scope.store.need('checkout.session', pathId(call));
  if (session.status === 'open') return ok(expire(scope, session));
  throw invalidRequest(
    `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
  );
}

function list({ scope, params }: Call): Reply {
  const customer = params.text('customer') ?? undefined;
  const intent = params.text('payment_intent') ?? undefined;
  const status = params.choice('status', ['open', 'complete', 'expired']) ?? undefined;
  const query = { customer, fields: { payment_intent: intent, status } };
  return ok(listPage(scope.store, 'checkout.session', '/v1/checkout/sessions', params, query));
}
