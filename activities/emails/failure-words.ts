import type { FailureReason } from '../../domain/failures.ts';
import type { Language } from './language.ts';
import type { Link, Links } from './letter.ts';

export type FailureWords = {
  /** Two or three words for lists. */
  title: string;
  meaning: string;
  remedy: string;
};

/** The words for a failure, for customers and operators alike. */
export function failureWords(language: Language, reason: FailureReason): FailureWords {
  return {
    title: language.say(`failure.${reason}.title`),
    meaning: language.say(`failure.${reason}.meaning`),
    remedy: language.say(`failure.${reason}.remedy`),
  };
}

/** What the customer has to mend before a charge can succeed; `nothing` when that is not for them to do. */
export type Mending = 'card' | 'billing_address' | 'nothing';

export const MENDINGS: Readonly<Record<FailureReason, Mending>> = {
  insufficient_funds: 'card',
  card_declined: 'card',
  lost_or_stolen_card: 'card',
  expired_card: 'card',
  incorrect_cvc: 'card',
  processing_error: 'nothing',
  authentication_required: 'nothing',
  authentication_timeout: 'nothing',
  no_payment_method: 'card',
  tax_location_unknown: 'billing_address',
  customer_balance_not_zero: 'nothing',
  invoice_not_as_expected: 'nothing',
  provider_unavailable: 'nothing',
  unknown: 'nothing',
};

/** The button that leads to where it is mended. */
export function mendingButton(language: Language, links: Links, mending: Mending): Link {
  switch (mending) {
    case 'card':
      return { label: language.say('button.paymentMethod'), url: links.paymentMethodUrl ?? links.creditsUrl };
    case 'billing_address':
      return { label: language.say('button.billingAddress'), url: links.creditsUrl };
    case 'nothing':
      return { label: language.say('button.openCredits'), url: links.creditsUrl };
  }
}
