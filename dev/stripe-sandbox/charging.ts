import { ACCOUNT } from './objects/account.ts';
import type { TestCard } from './cards.ts';
import { APPROVED, type Decline, declinedOutcome, declineError, declineFor } from './declines.ts';
import { openDispute } from './disputing.ts';
import { newId, randomText } from './ids.ts';
import { type Charge, newBalanceTransaction, newCharge, type PaymentIntent } from './objects/payment.ts';
import type { NextAction, PaymentMethod } from './objects/payment-method.ts';
import { cardOf } from './saving-cards.ts';
import type { Scope } from './scope.ts';

export interface Attempt {
  intent: PaymentIntent;
  method: PaymentMethod;
  /** The customer is away: a card that was set up for this does not ask. */
  offSession: boolean;
  /** What happens when the card asks all the same: the owner is asked, or the bank declines. */
  whenAsking: 'ask' | 'decline';
  /** The owner has just authenticated. */
  authenticated: boolean;
  returnUrl?: string | null;
}

export type AttemptResult =
  | { status: 'succeeded'; intent: PaymentIntent; charge: Charge }
  | { status: 'declined'; intent: PaymentIntent; charge: Charge; decline: Decline }
  | { status: 'requires_action'; intent: PaymentIntent }
  | { status: 'processing'; intent: PaymentIntent };

/** One try at collecting a payment intent by a card: moves the (pretended) money, stores what came of it, and records
 *  the events of charge and payment intent. A decline is a result, not an error. */
export function attemptPayment(scope: Scope, attempt: Attempt): AttemptResult {
  const card = cardOf(scope, attempt.method);
  const occasion = { path: 'pay', customer: attempt.intent.customer ?? undefined };
  const wantsOwner = !attempt.authenticated && asksOwner(scope, card, attempt);
  const forced = !attempt.authenticated && scope.switches.take('requires_action', occasion) !== undefined;
  if (forced || (wantsOwner && attempt.whenAsking === 'ask')) return askOwner(scope, attempt);
  if (wantsOwner) return refuse(scope, attempt, declineFor('authentication_required'));
  const told = scope.switches.take('decline', occasion);
  const code = told?.code ?? card.declines;
  if (code !== undefined) return refuse(scope, attempt, declineFor(code, told?.advice));
  if (scope.switches.take('processing', occasion) !== undefined) return keepWaiting(scope, attempt);
  return collect(scope, attempt, card);
}

/** The bank has not answered yet; the sandbox's controls settle it later. */
function keepWaiting(scope: Scope, attempt: Attempt): AttemptResult {
  const intent: PaymentIntent = {
    ...attempt.intent,
    next_action: null,
    payment_method: attempt.method.id,
    status: 'processing',
  };
  scope.store.put(intent);
  scope.events.emit('payment_intent.processing', intent);
  return { status: 'processing', intent };
}

/** The payment intent's `last_payment_error` and the error body of a declined attempt. */
export function declinedBody(result: AttemptResult & { status: 'declined' }, method: PaymentMethod): object {
  return {
    ...declineError(result.decline, result.charge.id),
    payment_intent: result.intent,
    payment_method: method,
  };
}

function asksOwner(scope: Scope, card: TestCard, attempt: Attempt): boolean {
  switch (card.authentication) {
    case 'never':
      return false;
    case 'always':
      return true;
    case 'always_on_session':
      return !attempt.offSession;
    case 'unless_set_up':
      return !(attempt.offSession && scope.store.hidden(attempt.method.id)['set_up'] === 'true');
  }
}

function askOwner(scope: Scope, attempt: Attempt): AttemptResult {
  const { id } = attempt.intent;
  const returnUrl = attempt.returnUrl ?? null;
  const url = `${scope.publicUrl}/3d-secure/${id}`;
  const action: NextAction =
    returnUrl === null
      ? {
          type: 'use_stripe_sdk',
          use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url, source: newId('src') },
        }
      : { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } };
  const intent: PaymentIntent = {
    ...attempt.intent,
    next_action: action,
    payment_method: attempt.method.id,
    status: 'requires_action',
  };
  scope.store.put(intent);
  scope.events.emit('payment_intent.requires_action', intent);
  return { status: 'requires_action', intent };
}

function refuse(scope: Scope, attempt: Attempt, decline: Decline): AttemptResult {
  const charge: Charge = {
    ...newCharge(newId('ch'), scope.now(), attempt.intent, attempt.method),
    failure_code: decline.code,
    failure_message: decline.message,
    outcome: declinedOutcome(decline),
  };
  const error = { ...declineError(decline, charge.id), payment_method: attempt.method };
  const intent: PaymentIntent = {
    ...attempt.intent,
    last_payment_error: error,
    latest_charge: charge.id,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  };
  scope.store.put(charge, { customer: intent.customer, parent: intent.id });
  scope.store.put(intent);
  scope.events.emit('charge.failed', charge);
  scope.events.emit('payment_intent.payment_failed', intent);
  return { status: 'declined', intent, charge, decline };
}

function collect(scope: Scope, attempt: Attempt, card: TestCard): AttemptResult {
  const charge = succeededCharge(scope, attempt);
  const intent: PaymentIntent = {
    ...attempt.intent,
    amount_received: attempt.intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: attempt.method.id,
    status: 'succeeded',
  };
  scope.store.put(charge, { customer: intent.customer, parent: intent.id });
  scope.store.put(intent);
  scope.events.emit('charge.succeeded', charge);
  scope.events.emit('payment_intent.succeeded', intent);
  if (card.disputed !== undefined) {
    const status = card.disputed === 'inquiry' ? 'warning_needs_response' : 'needs_response';
    openDispute(scope, charge, status, 'fraudulent');
  }
  return { status: 'succeeded', intent, charge };
}

function succeededCharge(scope: Scope, attempt: Attempt): Charge {
  const id = newId('ch');
  const { amount, currency, description } = attempt.intent;
  const movement = newBalanceTransaction(newId('txn'), scope.now(), {
    amount,
    fee: feeOf(amount),
    currency,
    source: id,
    type: 'charge',
    category: 'charge',
    description,
  });
  scope.store.put(movement);
  const charge = newCharge(id, scope.now(), attempt.intent, attempt.method);
  const secured = {
    authentication_flow: 'challenge',
    electronic_commerce_indicator: '05',
    result: 'authenticated',
  };
  return {
    ...charge,
    amount_captured: amount,
    balance_transaction: movement.id,
    captured: true,
    outcome: APPROVED,
    paid: true,
    payment_method_details: {
      ...charge.payment_method_details,
      card: {
        ...charge.payment_method_details.card,
        amount_authorized: amount,
        authorization_code: randomText(6).toUpperCase(),
        network_transaction_id: randomText(15).toUpperCase(),
        three_d_secure: attempt.authenticated
          ? {
              ...secured,
              exemption_indicator: null,
              result_reason: null,
              transaction_id: null,
              version: '2.2.0',
            }
          : null,
      },
    },
    receipt_url: `${scope.publicUrl}/receipts/${ACCOUNT.id}/${id}`,
    status: 'succeeded',
  };
}

/** 1.5 % + 25 cents, the price of a European card. */
function feeOf(amount: number): number {
  return Math.round(amount * 0.015) + 25;
}
