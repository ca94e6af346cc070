import { useMessages } from '../../shared/i18n/use-messages.ts';
import { declineMessages } from './decline-messages.ts';

type Kind =
  | 'funds'
  | 'declined'
  | 'lost'
  | 'expired'
  | 'cvc'
  | 'fault'
  | 'confirm'
  | 'late'
  | 'unfit'
  | 'risk'
  | 'revoked'
  | 'nocard'
  | 'tax'
  | 'credit'
  | 'invoice'
  | 'away'
  | 'unknown';

/** By the code of Stripe's decline, which says more than the reason that we keep (docs.stripe.com/declines/codes). */
const OF_CODE: Readonly<Record<string, Kind>> = {
  insufficient_funds: 'funds',
  card_velocity_exceeded: 'funds',
  withdrawal_count_limit_exceeded: 'funds',
  generic_decline: 'declined',
  do_not_honor: 'declined',
  call_issuer: 'declined',
  lost_card: 'lost',
  stolen_card: 'lost',
  pickup_card: 'lost',
  restricted_card: 'lost',
  expired_card: 'expired',
  invalid_expiry_month: 'expired',
  invalid_expiry_year: 'expired',
  incorrect_cvc: 'cvc',
  invalid_cvc: 'cvc',
  processing_error: 'fault',
  try_again_later: 'fault',
  issuer_not_available: 'fault',
  reenter_transaction: 'fault',
  approve_with_id: 'fault',
  duplicate_transaction: 'fault',
  authentication_required: 'confirm',
  card_not_supported: 'unfit',
  currency_not_supported: 'unfit',
  transaction_not_allowed: 'unfit',
  invalid_account: 'unfit',
  new_account_information_available: 'unfit',
  incorrect_number: 'unfit',
  invalid_number: 'unfit',
  pin_try_exceeded: 'unfit',
  fraudulent: 'risk',
  merchant_blacklist: 'risk',
  highest_risk_level: 'risk',
  revocation_of_all_authorizations: 'revoked',
  revocation_of_authorization: 'revoked',
  stop_payment_order: 'revoked',
  do_not_try_again: 'revoked',
  resource_missing: 'nocard',
  payment_method_unusable: 'nocard',
};

const OF_REASON: Readonly<Record<string, Kind>> = {
  insufficient_funds: 'funds',
  card_declined: 'declined',
  lost_or_stolen_card: 'lost',
  expired_card: 'expired',
  incorrect_cvc: 'cvc',
  processing_error: 'fault',
  authentication_required: 'confirm',
  authentication_timeout: 'late',
  no_payment_method: 'nocard',
  tax_location_unknown: 'tax',
  customer_balance_not_zero: 'credit',
  invoice_not_as_expected: 'invoice',
  provider_unavailable: 'away',
};

/** What waits for another attempt and what has had its last one need another hand. */
const ENDED_KINDS = ['funds', 'declined', 'fault', 'confirm'] as const;

/** Says what a failure means and what to do, in plain words.
 *  @param failure the reason that we keep; `code` is Stripe's for the same attempt, when it is known; `isEnded` when no
 *  attempt follows by itself. */
export function useDeclineWords(): (
  failure: string | null,
  code: string | null,
  isEnded: boolean,
) => { means: string; todo: string } {
  const t = useMessages(declineMessages);
  return (failure, code, isEnded) => {
    const kind = OF_CODE[code ?? ''] ?? OF_REASON[failure ?? ''] ?? 'unknown';
    const ended = isEnded ? ENDED_KINDS.find((each) => each === kind) : undefined;
    return { means: t(`means_${kind}`), todo: t(ended === undefined ? `todo_${kind}` : `ended_${ended}`) };
  };
}
