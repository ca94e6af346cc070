import type { FailureReason } from './failures.ts';
import type { AccountId, TopUpId } from './ids.ts';
import type { Cents, Currency } from './money.ts';
import type { Quantity } from './quantities.ts';
import type { Wallet } from './wallet.ts';

export const TOP_UP_STATES = [
  'pending',
  'charging',
  'paid',
  'credited',
  'action_required',
  'retrying',
  'unknown',
  'failed',
  'canceled',
  'refunded',
  'disputed',
] as const;
export type TopUpState = (typeof TOP_UP_STATES)[number];

/** States in which a wallet's single flight is taken: neither settled nor dead. */
export const OPEN_TOP_UP_STATES = [
  'pending',
  'charging',
  'paid',
  'action_required',
  'retrying',
  'unknown',
] as const satisfies readonly TopUpState[];
export type OpenTopUpState = (typeof OPEN_TOP_UP_STATES)[number];

export const TOP_UP_TRIGGERS = ['auto', 'manual', 'operator'] as const;
export type TopUpTrigger = (typeof TOP_UP_TRIGGERS)[number];

/** What justifies an automatic charge; recorded with it, and checked again when the intent is written. */
export type Warrant = {
  balance: Quantity;
  seq: number;
  settingsVersion: number;
  /** The balance that the charge has to reach: the top-up value, or what a refused call needed. */
  target: Quantity;
  cause: 'balance' | 'campaign' | 'refusal';
};

/** A purchase, frozen when it is decided: amount, units and price never change afterwards. */
export type TopUpOrder = {
  topUpId: TopUpId;
  accountId: AccountId;
  wallet: Wallet;
  trigger: TopUpTrigger;
  amountCents: Cents;
  currency: Currency;
  /** Whole minutes or credits bought. */
  units: number;
  /** The same in minor units: what the credit adds. */
  quantity: Quantity;
  warrant: Warrant | null;
};

/** A top-up as the database has it. */
export type TopUp = TopUpOrder & {
  state: TopUpState;
  /** Number of the last payment attempt begun; 0 before the first. */
  attempt: number;
  /** Declined attempts only: an outage is no decline. */
  declines: number;
  invoiceId: string | null;
  /** The provider's payment page on which it is bought. */
  checkoutSessionId: string | null;
  customerId: string | null;
  paymentMethodId: string | null;
  failure: FailureReason | null;
  actionUrl: string | null;
  nextAttemptAtMs: number | null;
  createdAtMs: number;
};

/** How a top-up in this state has ended as far as its payment goes; null while that is open. */
export function settlementOf(state: TopUpState): 'paid' | 'closed' | null {
  switch (state) {
    case 'paid':
    case 'credited':
    case 'refunded':
    case 'disputed':
      return 'paid';
    case 'failed':
    case 'canceled':
      return 'closed';
    case 'pending':
    case 'charging':
    case 'action_required':
    case 'retrying':
    case 'unknown':
      return null;
  }
}
