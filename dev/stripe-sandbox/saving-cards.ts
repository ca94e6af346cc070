import { cardByNumber, cardByToken, factsOf, isTestToken, type TestCard } from './cards.ts';
import { declineError, declineFor } from './declines.ts';
import { ApiError, invalidRequest, noSuchObject } from './errors.ts';
import { newId } from './ids.ts';
import { type BillingDetails, newPaymentMethod, type PaymentMethod } from './objects/payment-method.ts';
import type { Scope } from './scope.ts';

export const NO_BILLING_DETAILS: BillingDetails = {
  address: null,
  email: null,
  name: null,
  phone: null,
  tax_id: null,
};

/** A new payment method for the card, attached to nobody. */
export function createMethod(
  scope: Scope,
  card: TestCard,
  billing: BillingDetails = NO_BILLING_DETAILS,
  expiry = { month: 12, year: 2034 },
): PaymentMethod {
  const method = newPaymentMethod(newId('pm'), scope.now(), factsOf(card, expiry), billing);
  scope.store.put(method, { hidden: { number: card.number } });
  return method;
}

/** The payment method with this id. A test token such as `pm_card_visa` makes a new one each time it is used. */
export function methodOrToken(scope: Scope, id: string, param?: string): PaymentMethod {
  const card = isTestToken(id) ? cardByToken(id) : undefined;
  return card === undefined ? scope.store.need('payment_method', id, param) : createMethod(scope, card);
}

/** The card behind a payment method, as it behaves now. */
export function cardOf(scope: Scope, method: PaymentMethod): TestCard {
  const { number, behaves_as: behavesAs } = scope.store.hidden(method.id);
  const card = cardByNumber(behavesAs ?? number ?? '');
  if (card === undefined) throw new Error(`payment method ${method.id} has no card`);
  return card;
}

/** Attaches a payment method or test token to a customer.
 *  @throws ApiError 402 when the bank refuses the card on saving; 400 when it belongs to another customer. */
export function attachMethod(scope: Scope, id: string, customer: string, param?: string): PaymentMethod {
  const method = methodOrToken(scope, id, param);
  scope.store.need('customer', customer, 'customer');
  if (method.customer === customer) return method;
  if (method.customer !== null) {
    throw invalidRequest('The payment method you provided has already been attached to a customer.', {
      code: 'payment_method_unexpected_state',
      param: 'payment_method',
    });
  }
  assertSavable(cardOf(scope, method));
  const attached: PaymentMethod = { ...method, customer };
  scope.store.put(attached, { customer });
  scope.events.emit('payment_method.attached', attached);
  return attached;
}

/** @throws ApiError 402 for a card whose bank refuses it when it is saved. */
export function assertSavable(card: TestCard): void {
  if (card.refusesSaving !== true || card.declines === undefined) return;
  throw new ApiError(402, declineError(declineFor(card.declines)));
}

/** Remembers that the owner authenticated this card for use while away. */
export function markSetUp(scope: Scope, method: string): void {
  scope.store.setHidden(method, { ...scope.store.hidden(method), set_up: 'true' });
}

/** The card with this number or token, typed by a person or sent by an API.
 *  @throws ApiError `incorrect_number` for a number that is no test card. */
export function testCard(numberOrToken: string): TestCard {
  const card = cardByNumber(numberOrToken) ?? cardByToken(numberOrToken);
  if (card !== undefined) return card;
  if (numberOrToken.startsWith('tok_')) throw noSuchObject('token', numberOrToken, 'card[token]');
  throw new ApiError(402, {
    type: 'card_error',
    code: 'incorrect_number',
    message:
      'Your card number is incorrect. The sandbox knows the test cards of https://docs.stripe.com/testing only.',
    param: 'number',
  });
}
