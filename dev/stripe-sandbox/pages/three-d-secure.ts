import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { completePayment, complete } from '../checking-out.ts';
import { docUrl } from '../errors.ts';
import type { Door } from '../dispatch.ts';
import { invoiceOf } from '../invoicing.ts';
import type { PaymentIntent } from '../objects/payment.ts';
import type { SetupIntent } from '../objects/payment-method.ts';
import { collectIntent } from '../resources/payment-intents.ts';
import { completeSetup } from '../resources/setup-intents.ts';
import type { Scope } from '../scope.ts';
import { saveDefaultMethod } from './default-method.ts';
import { readFields } from './forms.ts';
import { alert, html, money, sendPage } from './layout.ts';
import { act, message, notFound, type Outcome } from './visit.ts';

const idParams = z.object({ id: z.string() });

/** The bank's page, where the owner of the card confirms a payment or refuses to. */
export function threeDSecurePages(app: FastifyInstance, door: Door): void {
  app.get('/3d-secure/:id', (request, reply) => {
    const intent = findIntent(door, idParams.parse(request.params).id);
    if (intent === undefined) return notFound(reply, 'payment');
    if (intent.status !== 'requires_action') {
      return message(reply, 'Nothing to confirm', `This payment is ${intent.status.replaceAll('_', ' ')}.`);
    }
    const what =
      intent.object === 'payment_intent'
        ? `a payment of ${money(intent.amount, intent.currency)}`
        : 'saving your card for later payments';
    return sendPage(
      reply,
      '3-D Secure',
      html`<section class="narrow"><h1>Your bank</h1>${alert(null)}<p>Please confirm ${what}.</p>
<form method="post"><button class="wide" id="complete" name="outcome" value="complete">Confirm</button>
<button class="wide plain" id="fail" name="outcome" value="fail">Refuse</button></form></section>`,
    );
  });
  app.post('/3d-secure/:id', (request, reply) => {
    const { id } = idParams.parse(request.params);
    const confirmed = readFields(request.body)['outcome'] === 'complete';
    const outcome = act(door, (scope) => settle(scope, id, confirmed));
    if ('goTo' in outcome) return reply.redirect(outcome.goTo, 303);
    return message(reply, 'The payment did not go through', outcome.failed);
  });
}

function findIntent(door: Door, id: string): PaymentIntent | SetupIntent | undefined {
  return door.store.find('payment_intent', id) ?? door.store.find('setup_intent', id);
}

function settle(scope: Scope, id: string, confirmed: boolean): Outcome {
  const payment = scope.store.find('payment_intent', id);
  const intent = payment ?? scope.store.need('setup_intent', id);
  if (intent.status !== 'requires_action') return { failed: 'There is nothing to confirm any longer.' };
  if (payment !== undefined)
    return confirmed ? confirmPayment(scope, payment) : refusePayment(scope, payment);
  const setup = scope.store.need('setup_intent', id);
  return confirmed ? confirmSetup(scope, setup) : refuseSetup(scope, setup);
}

function confirmPayment(scope: Scope, intent: PaymentIntent): Outcome {
  const methodId = intent.payment_method ?? '';
  const how = { offSession: false, whenAsking: 'ask', authenticated: true } as const;
  const result = collectIntent(scope, intent, { methodId, ...how });
  const session = sessionOf(scope, intent.id);
  if (result.status === 'succeeded' && session !== undefined) completePayment(scope, session, result.intent);
  if (result.status === 'declined' && session === undefined && invoiceOf(scope, intent) === undefined) {
    const url = returnUrlOf(intent);
    return url === null ? { failed: result.decline.message } : { goTo: url };
  }
  return nextPage(scope, intent);
}

/** The owner refused: the payment intent wants another card, and says why. */
function refusePayment(scope: Scope, intent: PaymentIntent): Outcome {
  const code = 'payment_intent_authentication_failure';
  const refused: PaymentIntent = {
    ...intent,
    last_payment_error: {
      type: 'invalid_request_error',
      code,
      doc_url: docUrl(code),
      message: AUTHENTICATION_FAILED,
      payment_method: scope.store.find('payment_method', intent.payment_method ?? ''),
    },
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  };
  scope.store.put(refused);
  scope.events.emit('payment_intent.payment_failed', refused);
  const invoice = invoiceOf(scope, intent);
  if (invoice?.status === 'open') scope.events.emit('invoice.payment_failed', invoice);
  return nextPage(scope, intent);
}

function confirmSetup(scope: Scope, setup: SetupIntent): Outcome {
  const method = scope.store.need('payment_method', setup.payment_method ?? '');
  const done = completeSetup(scope, setup, method, { authenticated: true, returnUrl: null });
  const session = sessionOf(scope, setup.id);
  if (session !== undefined) complete(scope, session);
  const { portal } = scope.store.hidden(setup.id);
  if (portal !== undefined && done.customer !== null) saveDefaultMethod(scope, done.customer, method.id);
  return nextPage(scope, setup);
}

function refuseSetup(scope: Scope, setup: SetupIntent): Outcome {
  const code = 'setup_intent_authentication_failure';
  const refused: SetupIntent = {
    ...setup,
    last_setup_error: {
      type: 'invalid_request_error',
      code,
      doc_url: docUrl(code),
      message: AUTHENTICATION_FAILED,
    },
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  };
  scope.store.put(refused);
  scope.events.emit('setup_intent.setup_failed', refused);
  return nextPage(scope, setup);
}

const AUTHENTICATION_FAILED =
  'We are unable to authenticate your payment method. Please choose a different payment method and try again.';

function sessionOf(scope: Scope, intent: string) {
  const id = scope.store.parentOf(intent) ?? scope.store.hidden(intent)['session'];
  return id === undefined ? undefined : scope.store.find('checkout.session', id);
}

/** Where the person came from: Checkout, the portal, the invoice, or the page that the API named. */
function nextPage(scope: Scope, intent: PaymentIntent | SetupIntent): Outcome {
  const session = sessionOf(scope, intent.id);
  if (session !== undefined) return { goTo: `/checkout/${session.id}` };
  const { portal } = scope.store.hidden(intent.id);
  if (portal !== undefined) return { goTo: `/portal/${portal}` };
  const invoice = intent.object === 'payment_intent' ? invoiceOf(scope, intent) : undefined;
  if (invoice !== undefined) return { goTo: `/invoices/${invoice.id}` };
  const url = returnUrlOf(intent);
  return url === null ? { goTo: `/3d-secure/${intent.id}` } : { goTo: url };
}

function returnUrlOf(intent: PaymentIntent | SetupIntent): string | null {
  const url = intent.next_action?.redirect_to_url?.return_url ?? null;
  if (url === null) return null;
  const target = new URL(url);
  target.searchParams.set(intent.object, intent.id);
  return target.href;
}
