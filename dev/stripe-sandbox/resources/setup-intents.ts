import { invalidRequest } from '../errors.ts';
import { newId, randomText } from '../ids.ts';
import { listPage } from '../list.ts';
import {
  type NextAction,
  newSetupIntent,
  type PaymentMethod,
  type SetupIntent,
} from '../objects/payment-method.ts';
import type { Params } from '../params.ts';
import { readText } from '../read-params.ts';
import { assertSavable, attachMethod, cardOf, markSetUp, methodOrToken } from '../saving-cards.ts';
import { type Call, get, ok, pathId, post, type Reply, type Route, type Scope } from '../scope.ts';

export const setupIntentRoutes: readonly Route[] = [
  post('/v1/setup_intents', create),
  get('/v1/setup_intents', list),
  get('/v1/setup_intents/:id', retrieve),
  post('/v1/setup_intents/:id/confirm', confirm),
  post('/v1/setup_intents/:id/cancel', cancel),
];

/** A new intent to save a card for the customer, for use while they are away. */
export function createSetupIntent(
  scope: Scope,
  facts: {
    customer: string | null;
    description: string | null;
    metadata: Record<string, string>;
    usage: string;
  },
): SetupIntent {
  const id = newId('seti');
  const blank = newSetupIntent(id, scope.now(), `${id}_secret_${randomText(25)}`);
  const intent: SetupIntent = { ...blank, ...facts };
  scope.store.put(intent, { customer: facts.customer });
  scope.events.emit('setup_intent.created', intent);
  return intent;
}

/** Saves the card, or asks its owner to authenticate first.
 *  @throws ApiError 402 when the bank refuses the card. */
export function completeSetup(
  scope: Scope,
  intent: SetupIntent,
  method: PaymentMethod,
  how: { authenticated: boolean; returnUrl: string | null },
): SetupIntent {
  const card = cardOf(scope, method);
  assertSavable(card);
  if (card.authentication !== 'never' && !how.authenticated) {
    const url = `${scope.publicUrl}/3d-secure/${intent.id}`;
    const action: NextAction =
      how.returnUrl === null
        ? { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url } }
        : { type: 'redirect_to_url', redirect_to_url: { return_url: how.returnUrl, url } };
    const asking: SetupIntent = {
      ...intent,
      next_action: action,
      payment_method: method.id,
      status: 'requires_action',
    };
    scope.store.put(asking);
    scope.events.emit('setup_intent.requires_action', asking);
    return asking;
  }
  if (intent.customer !== null) attachMethod(scope, method.id, intent.customer);
  markSetUp(scope, method.id);
  const done: SetupIntent = { ...intent, next_action: null, payment_method: method.id, status: 'succeeded' };
  scope.store.put(done);
  scope.events.emit('setup_intent.succeeded', done);
  return done;
}

function create({ scope, params }: Call): Reply {
  params.ignore(
    'payment_method_types',
    'allowed_payment_method_types',
    'payment_method_options',
    'mandate_data',
  );
  const customer = params.text('customer') ?? null;
  if (customer !== null) scope.store.need('customer', customer, 'customer');
  const automatic = params.hash('automatic_payment_methods');
  automatic?.ignore('enabled', 'allow_redirects');
  const intent = createSetupIntent(scope, {
    customer,
    description: readText(params, 'description', null),
    metadata: params.metadata(),
    usage: params.choice('usage', ['off_session', 'on_session']) ?? 'off_session',
  });
  const methodId = params.text('payment_method') ?? null;
  const method = methodId === null ? null : methodOrToken(scope, methodId, 'payment_method');
  const ready: SetupIntent =
    method === null ? intent : { ...intent, payment_method: method.id, status: 'requires_confirmation' };
  scope.store.put(ready);
  const returnUrl = params.text('return_url') ?? null;
  return params.boolean('confirm') === true ? ok(confirmWith(scope, ready, returnUrl)) : ok(ready);
}

function confirm(call: Call): Reply {
  const { scope, params } = call;
  params.ignore('payment_method_options', 'mandate_data');
  const intent = scope.store.need('setup_intent', pathId(call));
  const given = params.text('payment_method') ?? null;
  const method = given === null ? intent.payment_method : methodOrToken(scope, given, 'payment_method').id;
  return ok(confirmWith(scope, { ...intent, payment_method: method }, readReturnUrl(params)));
}

function readReturnUrl(params: Params): string | null {
  return params.text('return_url') ?? null;
}

function confirmWith(scope: Scope, intent: SetupIntent, returnUrl: string | null): SetupIntent {
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    throw invalidRequest(`You cannot confirm this SetupIntent because it has a status of ${intent.status}.`, {
      code: 'setup_intent_unexpected_state',
    });
  }
  if (intent.payment_method === null) {
    throw invalidRequest('You cannot confirm this SetupIntent because it has a missing payment method.', {
      code: 'setup_intent_unexpected_state',
    });
  }
  const method = scope.store.need('payment_method', intent.payment_method, 'payment_method');
  return completeSetup(scope, intent, method, { authenticated: false, returnUrl });
}

function cancel(call: Call): Reply {
  const { scope, params } = call;
  params.ignore('cancellation_reason');
  const intent = scope.store.need('setup_intent', pathId(call));
  const canceled: SetupIntent = { ...intent, next_action: null, status: 'canceled' };
  scope.store.put(canceled);
  scope.events.emit('setup_intent.canceled', canceled);
  return ok(canceled);
}

function retrieve(call: Call): Reply {
  call.params.ignore('client_secret');
  return ok(call.scope.store.need('setup_intent', pathId(call)));
}

function list({ scope, params }: Call): Reply {
  const customer = params.text('customer') ?? undefined;
  return ok(listPage(scope.store, 'setup_intent', '/v1/setup_intents', params, { customer }));
}
