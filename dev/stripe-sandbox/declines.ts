import { docUrl, type ErrorBody } from './errors.ts';
import type { ChargeOutcome } from './objects/payment.ts';

export interface Decline {
  /** Stripe's error code. */
  code: string;
  declineCode: string;
  message: string;
  adviceCode: 'try_again_later' | 'do_not_try_again' | 'confirm_card_data' | null;
  networkDeclineCode: string;
}

/** How each decline code reads. Source: https://docs.stripe.com/declines/codes and /error-codes; network codes are
 *  those of ISO 8583 that banks send for the reason. */
const DECLINES: Readonly<Record<string, Omit<Decline, 'declineCode'>>> = {
  generic_decline: decline('card_declined', 'Your card was declined.', 'try_again_later', '01'),
  insufficient_funds: decline('card_declined', 'Your card has insufficient funds.', 'try_again_later', '51'),
  lost_card: decline('card_declined', 'Your card was declined.', 'do_not_try_again', '41'),
  stolen_card: decline('card_declined', 'Your card was declined.', 'do_not_try_again', '43'),
  pickup_card: decline('card_declined', 'Your card was declined.', 'do_not_try_again', '04'),
  fraudulent: decline('card_declined', 'Your card was declined.', 'do_not_try_again', '59'),
  do_not_honor: decline('card_declined', 'Your card was declined.', 'try_again_later', '05'),
  do_not_try_again: decline('card_declined', 'Your card was declined.', 'do_not_try_again', 'R0'),
  try_again_later: decline(
    'card_declined',
    'Your card was declined. Try again later.',
    'try_again_later',
    '91',
  ),
  card_velocity_exceeded: decline(
    'card_declined',
    'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
    'try_again_later',
    '65',
  ),
  expired_card: decline('expired_card', 'Your card has expired.', 'do_not_try_again', '54'),
  incorrect_cvc: decline(
    'incorrect_cvc',
    "Your card's security code is incorrect.",
    'confirm_card_data',
    'N7',
  ),
  processing_error: decline(
    'processing_error',
    'An error occurred while processing your card. Try again in a little bit.',
    'try_again_later',
    '96',
  ),
  authentication_required: decline(
    'authentication_required',
    'Your card was declined. This transaction requires authentication.',
    'try_again_later',
    '1A',
  ),
};

/** The decline with this code, and its usual advice unless another is given; one that nobody has heard of is a
 *  `card_declined` without advice. */
export function declineFor(declineCode: string, advice?: Decline['adviceCode']): Decline {
  const known = DECLINES[declineCode] ?? decline('card_declined', 'Your card was declined.', null, '05');
  return { ...known, declineCode, adviceCode: advice ?? known.adviceCode };
}

/** What a charge that the bank refused says about it. */
export function declinedOutcome(found: Decline): ChargeOutcome {
  return {
    advice_code: found.adviceCode,
    network_advice_code: found.adviceCode === 'do_not_try_again' ? '03' : null,
    network_decline_code: found.networkDeclineCode,
    network_status: 'declined_by_network',
    reason: found.declineCode,
    risk_level: 'normal',
    risk_score: 12,
    seller_message: `The bank returned the decline code \`${found.declineCode}\`.`,
    type: 'issuer_declined',
  };
}

export const APPROVED: ChargeOutcome = {
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: 'approved_by_network',
  reason: null,
  risk_level: 'normal',
  risk_score: 12,
  seller_message: 'Payment complete.',
  type: 'authorized',
};

/** The `card_error` of a refused charge. `charge` is missing when a card was refused on saving. */
export function declineError(found: Decline, charge?: string): ErrorBody {
  return {
    type: 'card_error',
    code: found.code,
    ...(found.adviceCode === null ? {} : { advice_code: found.adviceCode }),
    ...(charge === undefined ? {} : { charge }),
    decline_code: found.declineCode,
    doc_url: docUrl(found.code),
    message: found.message,
    network_decline_code: found.networkDeclineCode,
    ...(found.code === 'incorrect_cvc' ? { param: 'cvc' } : {}),
  };
}

function decline(
  code: string,
  message: string,
  adviceCode: Decline['adviceCode'],
  networkDeclineCode: string,
): Omit<Decline, 'declineCode'> {
  return { code, message, adviceCode, networkDeclineCode };
}
