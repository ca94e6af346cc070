import type { NoticeRequest } from './commands.ts';
import type { Decline, FailureReason } from './failures.ts';
import type { AccountId, TopUpId } from './ids.ts';
import { NO_CENTS, type Cents } from './money.ts';
import { POLICY, type Policy } from './policy.ts';
import type { Plan, Price } from './prices.ts';
import { NO_QUANTITY, type Quantity } from './quantities.ts';
import type { Settings } from './settings.ts';
import type { OpenTopUpState, TopUpOrder } from './top-up.ts';
import { forEachWallet, type Wallet } from './wallet.ts';

/** A run of ledger entries of one wallet, `fromSeq` exclusive to `seq` inclusive. Slices are cut once, by the
 *  relay, and never overlap, so a dip between two of them is counted exactly once. */
export type UsageSlice = {
  fromSeq: number;
  seq: number;
  balance: Quantity;
  /** Sum of the usage in the slice, positive. */
  used: Quantity;
  lowest: Quantity;
  highest: Quantity;
  /** Lowest balance right after a campaign's usage, or below the top-up value at a campaign's hold; null without. */
  campaignLowest: Quantity | null;
  /** The balance at which every refused campaign hold that still stands would be granted; null without one. */
  refusedRequired: Quantity | null;
};

export const SUSPENSION_REASONS = ['repeated_failures', 'hard_decline', 'operator', 'dispute'] as const;
export type SuspensionReason = (typeof SUSPENSION_REASONS)[number];
export type Suspension = { reason: SuspensionReason; sinceMs: number };

/** Reasons for which no charge can be made until the customer mends something. */
export const BLOCK_REASONS = [
  'no_payment_method',
  'tax_location_unknown',
  'customer_balance_not_zero',
] as const;
export type BlockReason = (typeof BLOCK_REASONS)[number];

/** A top-up that is neither settled nor dead, as read from the database. */
export type OpenTopUp = {
  order: TopUpOrder;
  /** Why the last attempt failed, when one did. */
  failure: FailureReason | null;
  state: OpenTopUpState;
  attempt: number;
  declines: number;
  nextAttemptAtMs: number | null;
  /** An operator wants it closed; it is, unless the payment is quicker. */
  cancelRequested?: true;
  /** A purchase on the provider's payment page: nobody is charged unless a person pays there. */
  checkout?: true;
};

/** What the database says of one wallet, as far as the relay has cut its slices. */
export type WalletSnapshot = UsageSlice & {
  alertArmed: boolean;
  depletedArmed: boolean;
  settings: Settings | null;
  /** Net cents of this month's automatic top-ups, those in flight included. */
  spentThisMonthCents: Cents;
  /** When the calendar month ends in the account's time zone. */
  monthEndsAtMs: number;
  /** Starts of the automatic top-ups of the last 24 h, oldest first. */
  recentTopUpsAtMs: number[];
  openTopUp: OpenTopUp | null;
};

export type AccountSnapshot = {
  accountId: AccountId;
  plan: Plan;
  prices: Record<Wallet, Price>;
  customerId: string | null;
  suspension: Suspension | null;
  /** When failures were last forgiven. Absent in reads recorded before resumptions were told: what follows from the
   *  end of a suspension is only decided where it is there, so that old histories replay. */
  resumedAtMs?: number;
  /** Automatic top-ups that failed since the last success or resumption. */
  failuresInRow: number;
  /** At a workflow's first read: what has happened in the last day and was not told. */
  untold: NoticeRequest[];
  wallets: Record<Wallet, WalletSnapshot>;
  /** Paid top-ups with news of refunds or disputes; the oldest few. Absent in snapshots of earlier versions. */
  reversals?: TopUpId[];
};

/** How a top-up waits between two activities; the database has the same deadline. */
export type TopUpWait =
  | { kind: 'retry_at'; atMs: number }
  /** `lookUpAtMs` is there after a look-up that gave up: what it was to find out is not known yet. */
  | { kind: 'authenticate_until'; untilMs: number; remindAtMs: number | null; lookUpAtMs?: number }
  /** `closing` is there when it is certain how the top-up ends unless it turns out to be paid. */
  | { kind: 'look_up_at'; atMs: number; unknownSinceMs: number; closing?: Closing };

/** What an ending top-up leaves behind once it is certain that it was not paid. */
export type Closing = {
  state: 'failed' | 'canceled';
  failure: FailureReason | null;
  /** Automatic top-ups are suspended in the same transaction, so that no read can come between. */
  suspend: SuspensionReason | null;
};

/** What one top-up is doing: an activity has it, or it waits. */
export type TopUpStep =
  | { kind: 'charging' }
  | { kind: 'crediting' }
  /** `again` is there when a payment was reported after the look began, which may have missed it; `mayMove` when what it
   *  waits for afterwards follows the database's deadline already (steps.ts). */
  | { kind: 'looking_up'; wait: TopUpWait; again?: true; mayMove?: true }
  | { kind: 'closing'; closing: Closing }
  | TopUpWait;

export type TopUpProgress = {
  order: TopUpOrder;
  /** Number of the attempt that is running, or of the last whose outcome has been heard; 0 before the first. */
  attempt: number;
  declines: number;
  step: TopUpStep;
  /** No attempt follows the one that is running: unless that pays, the top-up is closed. */
  cancelRequested?: true;
  /** Waits for a person on the provider's payment page, and gives way to an automatic charge. */
  checkout?: true;
};

/** Why a charge is wanted: remembered until it is served or the balance has recovered. A refusal's `sinceMs` is when it
 *  was heard of last. */
export type Want = { sinceMs: number; cause: 'balance' | 'campaign' | 'refusal'; required: Quantity | null };

export type WalletState = {
  balance: Quantity;
  /** The ledger has been watched up to here. */
  seq: number;
  used: Quantity;
  settings: Settings | null;
  alertArmed: boolean;
  depletedArmed: boolean;
  want: Want | null;
  topUp: TopUpProgress | null;
  /** No charge is decided before the watch has reached this entry: a credit, or what a refused call is judged by, is on
   *  its way to it. */
  awaitSeq: number;
  pausedUntilMs: number | null;
  spentThisMonthCents: Cents;
  monthEndsAtMs: number;
  recentTopUpsAtMs: number[];
};

/** No charge is possible until the customer mends something. `checkedAtMs` is there once it has been looked at again;
 *  `backsOff` says by which rule (block.ts). */
export type Block = {
  reason: BlockReason;
  sinceMs: number;
  recheckAtMs: number;
  checkedAtMs?: number;
  backsOff?: true;
};

/** State of an account's workflow: plain JSON, because it is carried across continue-as-new. */
export type AccountState = {
  accountId: AccountId;
  /** The highest wake seen; older ones and duplicates are ignored. */
  version: number;
  /** The account has been read at least once. */
  known: boolean;
  /** A read of the account is needed, or running; `stale` when something happened since it began. */
  reading: { status: 'no' } | { status: 'wanted' } | { status: 'running'; stale: boolean };
  policy: Policy;
  customerId: string | null;
  /** A look at the provider's customer (card, tax location) is running. */
  syncingCustomer: boolean;
  /** The customer has changed since that look began. */
  syncAgain?: true;
  prices: Record<Wallet, Price> | null;
  suspension: Suspension | null;
  blocked: Block | null;
  failuresInRow: number;
  /** Why the last charge failed, until one succeeds: a search attribute. */
  lastFailure: FailureReason | null;
  wallets: Record<Wallet, WalletState>;
  /** Top-ups that an activity brings in line with their refunds and disputes now. */
  reversing?: TopUpId[];
};

/** How one call of the charge activity ended. A decline is an outcome; an outage is thrown. */
export type ChargeOutcome =
  | { status: 'paid' }
  | { status: 'not_needed'; reason: NotNeededReason; seq: number; settingsVersion: number }
  | { status: 'declined'; decline: Decline }
  | { status: 'action_required'; actionUrl: string | null }
  /** The intent stands, but the balance has recovered before this attempt: nothing was charged. */
  | { status: 'recovered' }
  | { status: 'blocked'; reason: BlockReason }
  /** The provider's invoice is not what was ordered; nothing was charged. */
  | { status: 'invalid'; reason: FailureReason }
  | { status: 'unknown' };

/** Why the database refused an intent. */
export type NotNeededReason =
  | 'balance_recovered'
  | 'settings_changed'
  | 'in_flight'
  | 'suspended'
  | 'monthly_cap'
  | 'daily_limit'
  | 'closed';

/** What a look-up or a close found at the provider. */
export type LookUpOutcome =
  | { status: 'paid' }
  | { status: 'open'; processing: boolean }
  | { status: 'action_required'; actionUrl: string | null }
  | { status: 'closed' };

/** State of a workflow that knows nothing yet: its first act is to read the account. */
export function initialState(accountId: AccountId): AccountState {
  return {
    accountId,
    version: 0,
    known: false,
    reading: { status: 'no' },
    policy: POLICY,
    customerId: null,
    syncingCustomer: false,
    prices: null,
    suspension: null,
    blocked: null,
    failuresInRow: 0,
    lastFailure: null,
    wallets: forEachWallet(() => ({
      balance: NO_QUANTITY,
      seq: 0,
      used: NO_QUANTITY,
      settings: null,
      alertArmed: true,
      depletedArmed: false,
      want: null,
      topUp: null,
      awaitSeq: 0,
      pausedUntilMs: null,
      spentThisMonthCents: NO_CENTS,
      monthEndsAtMs: 0,
      recentTopUpsAtMs: [],
    })),
  };
}
