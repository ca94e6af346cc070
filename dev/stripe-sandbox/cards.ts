import { createHash } from 'node:crypto';
import type { CardFacts } from './objects/payment-method.ts';

/** When a card wants its owner to authenticate: `always`, `unless_set_up` for off-session use, or never. */
export type Authentication = 'never' | 'unless_set_up' | 'always' | 'always_on_session';

export interface TestCard {
  number: string;
  brand: string;
  country: string;
  authentication: Authentication;
  /** Decline code of every charge, or none. */
  declines?: string;
  /** Whether the bank already refuses when the card is saved. */
  refusesSaving?: boolean;
  /** Disputed as soon as it is charged: as a chargeback or as an inquiry. */
  disputed?: 'chargeback' | 'inquiry';
}

/** Stripe's test cards, as far as the product meets them. Source: https://docs.stripe.com/testing */
const CARDS: readonly TestCard[] = [
  card('4242424242424242'),
  card('4000056655665556'),
  card('5555555555554444', { brand: 'mastercard' }),
  card('378282246310005', { brand: 'amex' }),
  card('4000002760000016', { country: 'DE' }),
  card('4000000000000077'),
  card('4000000000000341', { declines: 'generic_decline' }),
  card('4000000000000002', { declines: 'generic_decline', refusesSaving: true }),
  card('4000000000009995', { declines: 'insufficient_funds', refusesSaving: true }),
  card('4000000000009987', { declines: 'lost_card', refusesSaving: true }),
  card('4000000000009979', { declines: 'stolen_card', refusesSaving: true }),
  card('4000000000000069', { declines: 'expired_card', refusesSaving: true }),
  card('4000000000000127', { declines: 'incorrect_cvc', refusesSaving: true }),
  card('4000000000000119', { declines: 'processing_error', refusesSaving: true }),
  card('4000000000006975', { declines: 'card_velocity_exceeded', refusesSaving: true }),
  card('4000002500003155', { authentication: 'unless_set_up', country: 'IE' }),
  card('4000002760003184', { authentication: 'always', country: 'DE' }),
  card('4000003800000446', { authentication: 'always_on_session', country: 'CH' }),
  card('4000000000003220', { authentication: 'always' }),
  card('4000008260003178', { authentication: 'always', declines: 'insufficient_funds', country: 'GB' }),
  card('4000000000000259', { disputed: 'chargeback' }),
  card('4000000000001976', { disputed: 'inquiry' }),
];

const TOKENS: Readonly<Record<string, string>> = {
  pm_card_visa: '4242424242424242',
  pm_card_visa_debit: '4000056655665556',
  pm_card_mastercard: '5555555555554444',
  pm_card_amex: '378282246310005',
  pm_card_de: '4000002760000016',
  pm_card_bypassPending: '4000000000000077',
  pm_card_chargeCustomerFail: '4000000000000341',
  pm_card_chargeDeclined: '4000000000000002',
  pm_card_visa_chargeDeclined: '4000000000000002',
  pm_card_chargeDeclinedInsufficientFunds: '4000000000009995',
  pm_card_visa_chargeDeclinedInsufficientFunds: '4000000000009995',
  pm_card_chargeDeclinedLostCard: '4000000000009987',
  pm_card_visa_chargeDeclinedLostCard: '4000000000009987',
  pm_card_chargeDeclinedStolenCard: '4000000000009979',
  pm_card_visa_chargeDeclinedStolenCard: '4000000000009979',
  pm_card_chargeDeclinedExpiredCard: '4000000000000069',
  pm_card_chargeDeclinedIncorrectCvc: '4000000000000127',
  pm_card_chargeDeclinedProcessingError: '4000000000000119',
  pm_card_visa_chargeDeclinedVelocityLimitExceeded: '4000000000006975',
  pm_card_authenticationRequiredOnSetup: '4000002500003155',
  pm_card_authenticationRequiredSetupForOffSession: '4000003800000446',
  pm_card_authenticationRequired: '4000002760003184',
  pm_card_threeDSecure2Required: '4000000000003220',
  pm_card_threeDSecureRequired: '4000000000003220',
  pm_card_authenticationRequiredChargeDeclinedInsufficientFunds: '4000008260003178',
  pm_card_createDispute: '4000000000000259',
  pm_card_createDisputeInquiry: '4000000000001976',
};

export function cardByNumber(number: string): TestCard | undefined {
  const digits = number.replaceAll(/[\s-]/g, '');
  return CARDS.find((one) => one.number === digits);
}

/** The card behind a test token: `pm_card_visa`, or `tok_visa` of the older kind. */
export function cardByToken(token: string): TestCard | undefined {
  const number = TOKENS[token.replace(/^tok_/, 'pm_card_')];
  return number === undefined ? undefined : cardByNumber(number);
}

export function isTestToken(id: string): boolean {
  return Object.hasOwn(TOKENS, id);
}

/** Facts that Stripe shows of a card. The fingerprint belongs to the number, so that the same card saved twice is
 *  recognised as one. */
export function factsOf(testCard: TestCard, expiry: { month: number; year: number }): CardFacts {
  const hash = createHash('sha256').update(testCard.number).digest('base64url').replaceAll(/[-_]/g, 'x');
  return {
    brand: testCard.brand,
    country: testCard.country,
    expMonth: expiry.month,
    expYear: expiry.year,
    fingerprint: hash.slice(0, 16),
    last4: testCard.number.slice(-4),
  };
}

function card(number: string, more: Partial<TestCard> = {}): TestCard {
  return { number, brand: 'visa', country: 'US', authentication: 'never', ...more };
}
