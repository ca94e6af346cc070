import { type Attempt, type AttemptResult, attemptPayment, declinedBody } from '../charging.ts';
import { ApiError, docUrl, invalidRequest } from '../errors.ts';
import { finalize, intentOf, settle } from '../invoicing.ts';
import type { Invoice } from '../objects/invoice.ts';
import type { PaymentMethod } from '../objects/payment-method.ts';
import type { PaymentIntent } from '../objects/payment.ts';
import { methodOrToken } from '../saving-cards.ts';
import { type Call, ok, pathId, post, type Reply, type Route, type Scope } from '../scope.ts';

export const invoiceActionRoutes: readonly Route[] = [
  post('/v1/invoices/:id/finalize', finalizeInvoice),
  post('/v1/invoices/:id/pay', pay),
  post('/v1/invoices/:id/void', voidInvoice),
  post('/v1/invoices/:id/mark_uncollectible', markUncollectible),
  post('/v1/invoices/:id/send', send),
];

/** Collects an open invoice by a card and records what came of it on the invoice. Used by the API and by the pages. */
export function collectInvoice(
  scope: Scope,
  invoice: Invoice,
  attempt: Attempt,
): { result: AttemptResult; invoice: Invoice } {
  const result = attemptPayment(scope, attempt);
  const tried: Invoice = {
    ...invoice,
    attempt_count: invoice.attempt_count + 1,
    attempted: true,
  };
  if (result.status === 'succeeded') return { result, invoice: settle(scope, tried) };
  scope.store.put(tried);
  scope.events.emit('invoice.updated', tried, {
    attempt_count: invoice.attempt_count,
    attempted: invoice.attempted,
  });
  if (result.status === 'processing') return { result, invoice: tried };
  const wantsOwner = result.status === 'requires_action' || result.decline.code === 'authentication_required';
  if (wantsOwner) scope.events.emit('invoice.payment_action_required', tried);
  scope.events.emit('invoice.payment_failed', tried);
  return { result, invoice: tried };
}

function finalizeInvoice(call: Call): Reply {
  const { scope, params } = call;
  const invoice = scope.store.need('invoice', pathId(call));
  const autoAdvance = params.boolean('auto_advance') ?? invoice.auto_advance;
  if (invoice.status !== 'draft') {
    throw invalidRequest("This invoice is already finalized, you can't re-finalize a non-draft invoice.");
  }
  return ok(finalize(scope, { ...invoice, auto_advance: autoAdvance }));
}

function pay(call: Call): Reply {
  const { scope, params } = call;
  params.ignore('mandate', 'source');
  params.boolean('forgive');
  const given = scope.store.need('invoice', pathId(call));
  const outOfBand = params.boolean('paid_out_of_band') ?? false;
  const offSession = params.boolean('off_session');
  const methodId = params.text('payment_method') ?? null;
  assertPayable(given);
  const invoice = given.status === 'draft' ? finalize(scope, given) : given;
  if (invoice.status === 'paid') return ok(invoice);
  if (outOfBand) return ok(settle(scope, invoice, true));
  const intent = intentOf(scope, invoice);
  if (intent === undefined) throw new Error(`invoice ${invoice.id} is open without a payment intent`);
  assertNotProcessing(intent);
  const method = methodFor(scope, invoice, methodId);
  const paid = collectInvoice(scope, invoice, {
    intent,
    method,
    // Away is the default; the bank declines only when the caller has said so, else the owner is asked.
    offSession: offSession ?? true,
    whenAsking: offSession === true ? 'decline' : 'ask',
    authenticated: false,
  });
  return replyTo(paid.result, paid.invoice, method);
}

function replyTo(result: AttemptResult, invoice: Invoice, method: PaymentMethod): Reply {
  switch (result.status) {
    case 'succeeded':
    case 'processing':
      return ok(invoice);
    case 'declined':
      return { status: 402, body: { error: declinedBody(result, method) } };
    case 'requires_action':
      return { status: 402, body: { error: actionRequired(result.intent, method) } };
  }
}

function actionRequired(intent: PaymentIntent, method: PaymentMethod): object {
  const code = 'invoice_payment_intent_requires_action';
  const message =
    'Payment for this invoice requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with the invoice. For more details see: https://stripe.com/docs/billing/subscriptions/overview#requires-action';
  return {
    type: 'card_error',
    code,
    doc_url: docUrl(code),
    message,
    payment_intent: intent,
    payment_method: method,
  };
}

function assertPayable(invoice: Invoice): void {
  if (invoice.status === 'paid') throw invalidRequest('Invoice is already paid');
  if (invoice.status !== 'void') return;
  throw invalidRequest('This invoice is voided and can no longer be paid.', { code: 'invoice_not_editable' });
}

function assertNotProcessing(intent: PaymentIntent): void {
  if (intent.status !== 'processing') return;
  throw invalidRequest('The payment of this invoice is still being processed.', {
    code: 'payment_intent_unexpected_state',
  });
}

function methodFor(scope: Scope, invoice: Invoice, given: string | null): PaymentMethod {
  const customer = scope.store.need('customer', invoice.customer, 'customer');
  const id = given ?? invoice.default_payment_method ?? customer.invoice_settings.default_payment_method;
  if (id === null) {
    throw invalidRequest(
      'There is no `default_payment_method` set on this Customer or Invoice. Please set a `default_payment_method` on the Customer (i.e. `customer.invoice_settings.default_payment_method`), on the Invoice, or pass a `payment_method`.',
    );
  }
  const method = methodOrToken(scope, id, 'payment_method');
  if (method.customer === null || method.customer === customer.id) return method;
  throw invalidRequest('The payment method supplied does not belong to this customer.', {
    param: 'payment_method',
  });
}

function voidInvoice(call: Call): Reply {
  const { scope, params } = call;
  params.ignore('reason');
  const invoice = scope.store.need('invoice', pathId(call));
  if (scope.switches.take('void_fails', { path: 'void', customer: invoice.customer }) !== undefined) {
    throw new ApiError(400, {
      type: 'invalid_request_error',
      message: 'This invoice cannot be voided at the moment.',
    });
  }
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
    throw invalidRequest(
      `You can only void open or uncollectible invoices. This invoice is ${invoice.status}.`,
    );
  }
  const intent = intentOf(scope, invoice);
  if (intent !== undefined) assertNotProcessing(intent);
  cancelIntent(scope, invoice);
  return ok(transition(scope, invoice, { status: 'void', stamp: 'voided_at', event: 'invoice.voided' }));
}

function markUncollectible(call: Call): Reply {
  const { scope } = call;
  const invoice = scope.store.need('invoice', pathId(call));
  if (invoice.status !== 'open') {
    throw invalidRequest(
      `You can only mark open invoices as uncollectible. This invoice is ${invoice.status}.`,
    );
  }
  const to = {
    status: 'uncollectible',
    stamp: 'marked_uncollectible_at',
    event: 'invoice.marked_uncollectible',
  } as const;
  return ok(transition(scope, invoice, to));
}

function send(call: Call): Reply {
  const { scope } = call;
  const given = scope.store.need('invoice', pathId(call));
  const invoice = given.status === 'draft' ? finalize(scope, given) : given;
  scope.events.emit('invoice.sent', invoice);
  return ok(invoice);
}

interface Transition {
  status: 'void' | 'uncollectible';
  stamp: 'voided_at' | 'marked_uncollectible_at';
  event: string;
}

function transition(scope: Scope, invoice: Invoice, to: Transition): Invoice {
  const after: Invoice = {
    ...invoice,
    auto_advance: false,
    next_payment_attempt: null,
    status: to.status,
    status_transitions: { ...invoice.status_transitions, [to.stamp]: scope.now() },
  };
  scope.store.put(after);
  scope.events.emit('invoice.updated', after, { status: invoice.status });
  scope.events.emit(to.event, after);
  return after;
}

function cancelIntent(scope: Scope, invoice: Invoice): void {
  const intent = intentOf(scope, invoice);
  if (intent === undefined) return;
  const now = scope.now();
  const canceled: PaymentIntent = {
    ...intent,
    canceled_at: now,
    cancellation_reason: 'void_invoice',
    next_action: null,
    status: 'canceled',
  };
  scope.store.put(canceled);
  scope.events.emit('payment_intent.canceled', canceled);
  for (const payment of scope.store.list('invoice_payment', { parent: invoice.id })) {
    if (payment.status !== 'open') continue;
    scope.store.put({
      ...payment,
      status: 'canceled',
      status_transitions: { canceled_at: now, paid_at: null },
    });
  }
}
