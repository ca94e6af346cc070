/** Why a charge did not happen, in the words of the field; each has a text for people in both languages. */
export const FAILURE_REASONS = [
  'insufficient_funds',
  'card_declined',
  'lost_or_stolen_card',
  'expired_card',
  'incorrect_cvc',
  'processing_error',
  'authentication_required',
  'authentication_timeout',
  'no_payment_method',
  'tax_location_unknown',
  'customer_balance_not_zero',
  'invoice_not_as_expected',
  'provider_unavailable',
  'unknown',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** What may follow a decline: another attempt on the schedule, or none with this card. */
export type DeclineKind = 'soft' | 'hard';

export type Decline = {
  kind: DeclineKind;
  reason: FailureReason;
  /** Stripe's `decline_code`, or its `code` when there is none. */
  code: string;
};

/** Codes after which the same card is not tried again: it is gone, it cannot pay this kind of charge, or its
 *  owner or the bank forbade it (source: docs.stripe.com/declines/codes, and the codes that Stripe's own retries
 *  leave alone). Every other decline is soft, the unexplained `generic_decline` and `do_not_honor` too. */
const HARD_CODES: ReadonlySet<string> = new Set([
  'lost_card',
  'stolen_card',
  'pickup_card',
  'restricted_card',
  'expired_card',
  'invalid_account',
  'new_account_information_available',
  'incorrect_number',
  'invalid_number',
  'invalid_expiry_month',
  'invalid_expiry_year',
  'card_not_supported',
  'currency_not_supported',
  'transaction_not_allowed',
  'pin_try_exceeded',
  'revocation_of_all_authorizations',
  'revocation_of_authorization',
  'stop_payment_order',
  'fraudulent',
  'merchant_blacklist',
  'highest_risk_level',
  'do_not_try_again',
]);

const REASON_OF_CODE: ReadonlyMap<string, FailureReason> = new Map([
  ['insufficient_funds', 'insufficient_funds'],
  ['card_velocity_exceeded', 'insufficient_funds'],
  ['withdrawal_count_limit_exceeded', 'insufficient_funds'],
  ['lost_card', 'lost_or_stolen_card'],
  ['stolen_card', 'lost_or_stolen_card'],
  ['pickup_card', 'lost_or_stolen_card'],
  ['expired_card', 'expired_card'],
  ['invalid_expiry_month', 'expired_card'],
  ['invalid_expiry_year', 'expired_card'],
  ['incorrect_cvc', 'incorrect_cvc'],
  ['invalid_cvc', 'incorrect_cvc'],
  ['processing_error', 'processing_error'],
  ['try_again_later', 'processing_error'],
  ['issuer_not_available', 'processing_error'],
  ['reenter_transaction', 'processing_error'],
  ['approve_with_id', 'processing_error'],
  ['duplicate_transaction', 'processing_error'],
  ['authentication_required', 'authentication_required'],
  // Not declines of a bank: Stripe no longer has the card, or the customer took it away before the charge.
  ['resource_missing', 'no_payment_method'],
  ['payment_method_unusable', 'no_payment_method'],
]);

/** Classifies what Stripe said of a declined card. `adviceCode` is the network's: its `do_not_try_again` makes
 *  any decline hard, and no advice makes a hard one soft. */
export function classifyDecline(code: string, adviceCode: string | null): Decline {
  const hard = adviceCode === 'do_not_try_again' || HARD_CODES.has(code);
  return { kind: hard ? 'hard' : 'soft', reason: REASON_OF_CODE.get(code) ?? 'card_declined', code };
}
