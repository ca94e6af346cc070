import type { SuspensionReason } from './account-state.ts';
import type { FailureReason } from './failures.ts';
import type { TopUpId } from './ids.ts';
import type { Cents, Currency } from './money.ts';
import type { Quantity } from './quantities.ts';
import type { TopUpTrigger } from './top-up.ts';
import type { Wallet } from './wallet.ts';

/** What the customer is told, by email and on the dashboard. */
export const NOTICE_KINDS = [
  'balance.alert',
  'balance.depleted',
  'top_up.succeeded',
  'top_up.failed',
  'top_up.action_required',
  'top_up.action_reminder',
  'top_up.refunded',
  'auto_top_up.suspended',
  'auto_top_up.resumed',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Which happening a notice tells of: the part of it that never differs between two tellings. */
export type NoticeIdentity =
  | { kind: 'balance.alert'; wallet: Wallet; seq: number; alertVersion: number }
  | { kind: 'balance.depleted'; wallet: Wallet; seq: number }
  | { kind: 'top_up.succeeded'; topUpId: TopUpId }
  | { kind: 'top_up.failed'; topUpId: TopUpId; attempt: number; nextAttemptAtMs: number | null }
  | { kind: 'top_up.action_required' | 'top_up.action_reminder'; topUpId: TopUpId }
  | { kind: 'top_up.refunded'; refundId: string }
  | { kind: 'auto_top_up.suspended' | 'auto_top_up.resumed'; sinceMs: number };

/** The unique cause of a notice within its account: what makes telling the same happening twice impossible. */
export function noticeCause(identity: NoticeIdentity): string {
  switch (identity.kind) {
    case 'balance.alert':
      return `${identity.kind}:${identity.wallet}:${identity.alertVersion}:${identity.seq}`;
    case 'balance.depleted':
      return `${identity.kind}:${identity.wallet}:${identity.seq}`;
    case 'top_up.failed': {
      // A top-up ends once, and perhaps without another attempt after the one that was told with a next try.
      const which = identity.nextAttemptAtMs === null ? 'final' : identity.attempt;
      return `${identity.kind}:${identity.topUpId}:${which}`;
    }
    case 'top_up.succeeded':
    case 'top_up.action_required':
    case 'top_up.action_reminder':
      return `${identity.kind}:${identity.topUpId}`;
    case 'top_up.refunded':
      return `${identity.kind}:${identity.refundId}`;
    case 'auto_top_up.suspended':
    case 'auto_top_up.resumed':
      return `${identity.kind}:${identity.sinceMs}`;
  }
}

/** What automatic top-up is about to do for the wallet, so that a warning can say what happens next. */
export type AutoTopUpOutlook =
  | { state: 'off' }
  | { state: 'on'; topUpBelow: Quantity; amountCents: Cents; currency: Currency }
  | { state: 'running' }
  | { state: 'suspended' }
  | { state: 'limit_reached'; opensAtMs: number };

/** The figures of an invoice or of a credit note. `vatRate` is a percentage as decimal text such as "19.0";
 *  null when no VAT was charged. */
export type Figures = {
  currency: Currency;
  netCents: Cents;
  vatCents: Cents;
  totalCents: Cents;
  vatRate: string | null;
  reverseCharge: boolean;
  invoiceNumber: string | null;
};

export type NoticeCard = { brand: string; last4: string };

/** A purchase as every notice about it names it: `units` whole minutes or credits for `amountCents` net. */
type Purchase = {
  topUpId: TopUpId;
  wallet: Wallet;
  trigger: TopUpTrigger;
  units: number;
  amountCents: Cents;
  currency: Currency;
};

export type BalanceAlert = {
  kind: 'balance.alert';
  wallet: Wallet;
  balance: Quantity;
  alertBelow: Quantity;
  autoTopUp: AutoTopUpOutlook;
  /** An operator tries whether mails arrive; nothing has happened to the balance. */
  test?: true;
};

export type BalanceDepleted = {
  kind: 'balance.depleted';
  wallet: Wallet;
  balance: Quantity;
  autoTopUp: AutoTopUpOutlook;
};

export type TopUpSucceeded = Purchase &
  Figures & {
    kind: 'top_up.succeeded';
    /** Right after the credit. */
    balance: Quantity;
    paidAtMs: number;
    card: NoticeCard | null;
    invoiceUrl: string | null;
    invoicePdfUrl: string | null;
  };

export type TopUpFailed = Purchase & {
  kind: 'top_up.failed';
  attempt: number;
  reason: FailureReason;
  /** null when it was the last attempt. */
  nextAttemptAtMs: number | null;
  card: NoticeCard | null;
};

export type TopUpAction = Purchase & {
  kind: 'top_up.action_required' | 'top_up.action_reminder';
  /** The gross amount to confirm; null while the invoice has not been read. */
  totalCents: Cents | null;
  /** What the invoice collects; absent while it has not been read, and in notices of earlier releases. */
  figures?: Figures;
  /** The provider's page on which the customer confirms; null leads to the credits page. */
  actionUrl: string | null;
  untilMs: number;
};

export type TopUpRefunded = Figures & {
  kind: 'top_up.refunded';
  refundId: string;
  topUpId: TopUpId;
  wallet: Wallet;
  /** Taken back from the wallet. */
  quantity: Quantity;
  /** Right after that. */
  balance: Quantity;
  creditNoteNumber: string | null;
  creditNotePdfUrl: string | null;
};

/** Both concern the account's card, so both wallets: `wallet` is null. */
export type AutoTopUpSuspended = {
  kind: 'auto_top_up.suspended';
  wallet: null;
  reason: SuspensionReason | FailureReason;
  sinceMs: number;
};

type AutoTopUpResumed = { kind: 'auto_top_up.resumed'; wallet: null; sinceMs: number };

/** A notice complete with all that its texts name; plain JSON, so it is stored as it is. */
export type Notice =
  | BalanceAlert
  | BalanceDepleted
  | TopUpSucceeded
  | TopUpFailed
  | TopUpAction
  | TopUpRefunded
  | AutoTopUpSuspended
  | AutoTopUpResumed;
