import { type Attempt, type AttemptResult, attemptPayment, declinedBody } from '../charging.ts';
import { invalidRequest } from '../errors.ts';
import { newId, randomText } from '../ids.ts';
import { invoiceOf } from '../invoicing.ts';
import { listPage } from '../list.ts';
import { newPaymentIntent, type PaymentIntent } from '../objects/payment.ts';
import type { Params } from '../params.ts';
import { readAddress, readText } from '../read-params.ts';
import { attachMethod, markSetUp, methodOrToken } from '../saving-cards.ts';
import { type Call, get, ok, pathId, post, type Reply, type Route, type Scope } from '../scope.ts';
import { collectInvoice } from './invoice-actions.ts';

const MINIMUM_AMOUNT = 50;
const CANCEL_REASONS = ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'] as const;

export const paymentIntentRoutes: readonly Route[] = [
  post('/v1/payment_intents', create),
  get('/v1/payment_intents', list),
  get('/v1/payment_intents/:id', retrieve),
  post('/v1/payment_intents/:id', update),
  post('/v1/payment_intents/:id/confirm', confirm),
  post('/v1/payment_intents/:id/cancel', cancel),
];

/** Collects a payment intent by a card, through its invoice when it has one. A card that was paid with for future use
 *  stays with the customer. */
export function collectIntent(
  scope: Scope,
  intent: PaymentIntent,
  how: Omit<Attempt, 'intent' | 'method'> & { methodId: string },
): AttemptResult {
  const method = methodOrToken(scope, how.methodId, 'payment_method');
  const invoice = invoiceOf(scope, intent);
  const attempt = { intent, method, ...how };
  const result =
    invoice?.status === 'open'
      ? collectInvoice(scope, invoice, attempt).result
      : attemptPayment(scope, attempt);
  const keeps =
    result.status === 'succeeded' && intent.setup_future_usage !== null && intent.customer !== null;
  if (keeps && intent.customer !== null) {
    attachMethod(scope, method.id, intent.customer);
    if (intent.setup_future_usage === 'off_session') markSetUp(scope, method.id);
  }
  return result;
}

function create({ scope, params }: Call): Reply {
  const intent = readIntent(scope, params);
  scope.store.put(intent, { customer: intent.customer });
  scope.events.emit('payment_intent.created', intent);
  const confirmed = params.boolean('confirm') ?? false;
  const how = readConfirmation(params);
  return confirmed ? confirmWith(scope, intent, how) : ok(intent);
}

function readIntent(scope: Scope, params: Params): PaymentIntent {
  params.ignore(
    'capture_method',
    'confirmation_method',
    'payment_method_options',
    'mandate_data',
    'error_on_requires_action',
  );
  params.ignore(
    'excluded_payment_method_types',
    'payment_method_configuration',
    'statement_descriptor_suffix',
  );
  const amount = params.requiredInteger('amount');
  const currency = params.required('currency').toLowerCase();
  if (amount < MINIMUM_AMOUNT) {
    throw invalidRequest(`Amount must be at least ${MINIMUM_AMOUNT} cents`, {
      code: 'amount_too_small',
      param: 'amount',
    });
  }
  const id = newId('pi');
  const blank = newPaymentIntent(id, scope.now(), { amount, currency }, `${id}_secret_${randomText(25)}`);
  const customer = params.text('customer') ?? null;
  if (customer !== null) scope.store.need('customer', customer, 'customer');
  const method = params.text('payment_method') ?? null;
  const shipping = params.hash('shipping');
  const types = params.list('payment_method_types') ?? params.list('allowed_payment_method_types');
  const automatic = params.hash('automatic_payment_methods');
  const redirects = automatic?.choice('allow_redirects', ['always', 'never']) ?? 'always';
  return {
    ...blank,
    automatic_payment_methods:
      types === undefined
        ? { enabled: automatic?.boolean('enabled') ?? true, allow_redirects: redirects }
        : null,
    customer,
    description: readText(params, 'description', null),
    metadata: params.metadata(),
    payment_method: method === null ? null : methodOrToken(scope, method, 'payment_method').id,
    receipt_email: readText(params, 'receipt_email', null),
    setup_future_usage: params.choice('setup_future_usage', ['on_session', 'off_session']) ?? null,
    shipping:
      shipping === undefined || shipping === null
        ? null
        : {
            address: readAddress(shipping.hash('address'), null),
            carrier: null,
            name: shipping.text('name') ?? null,
            phone: shipping.text('phone') ?? null,
            tracking_number: null,
          },
    statement_descriptor: readText(params, 'statement_descriptor', null),
    status: method === null ? 'requires_payment_method' : 'requires_confirmation',
  };
}

interface Confirmation {
  offSession: boolean;
  returnUrl: string | null;
}

function readConfirmation(params: Params): Confirmation {
  return { offSession: params.text('off_session') === 'true', returnUrl: params.text('return_url') ?? null };
}

function confirm(call: Call): Reply {
  const { scope, params } = call;
  params.ignore('payment_method_options', 'mandate_data', 'error_on_requires_action', 'setup_future_usage');
  const intent = scope.store.need('payment_intent', pathId(call));
  const given = params.text('payment_method') ?? null;
  const method = given === null ? intent.payment_method : methodOrToken(scope, given, 'payment_method').id;
  return confirmWith(scope, { ...intent, payment_method: method }, readConfirmation(params));
}

function confirmWith(scope: Scope, intent: PaymentIntent, how: Confirmation): Reply {
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    throw invalidRequest(
      `This PaymentIntent's payment_method could not be updated because it has a status of ${intent.status}.`,
      { code: 'payment_intent_unexpected_state' },
    );
  }
  if (intent.payment_method === null) {
    throw invalidRequest(
      'You cannot confirm this PaymentIntent because it has a missing payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.',
      { code: 'payment_intent_unexpected_state' },
    );
  }
  const method = scope.store.need('payment_method', intent.payment_method, 'payment_method');
  const result = collectIntent(scope, intent, {
    methodId: method.id,
    authenticated: false,
    whenAsking: how.offSession ? 'decline' : 'ask',
    ...how,
  });
  if (result.status !== 'declined') return ok(result.intent);
  return { status: 402, body: { error: declinedBody(result, method) } };
}

function retrieve(call: Call): Reply {
  call.params.ignore('client_secret');
  return ok(call.scope.store.need('payment_intent', pathId(call)));
}

function update(call: Call): Reply {
  const { scope, params } = call;
  const before = scope.store.need('payment_intent', pathId(call));
  const after: PaymentIntent = {
    ...before,
    amount: params.integer('amount') ?? before.amount,
    description: readText(params, 'description', before.description),
    metadata: params.metadata(before.metadata),
    receipt_email: readText(params, 'receipt_email', before.receipt_email),
  };
  scope.store.put(after);
  return ok(after);
}

function cancel(call: Call): Reply {
  const { scope, params } = call;
  const intent = scope.store.need('payment_intent', pathId(call));
  const reason = params.choice('cancellation_reason', CANCEL_REASONS) ?? null;
  if (invoiceOf(scope, intent) !== undefined) {
    throw invalidRequest(
      'You cannot cancel this PaymentIntent because it belongs to an invoice. Void the invoice instead.',
    );
  }
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    throw invalidRequest(
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`,
      {
        code: 'payment_intent_unexpected_state',
      },
    );
  }
  const canceled: PaymentIntent = {
    ...intent,
    canceled_at: scope.now(),
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  };
  scope.store.put(canceled);
  scope.events.emit('payment_intent.canceled', canceled);
  return ok(canceled);
}

function list({ scope, params }: Call): Reply {
  const customer = params.text('customer') ?? undefined;
  return ok(listPage(scope.store, 'payment_intent', '/v1/payment_intents', params, { customer }));
}
