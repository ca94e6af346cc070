import type {
  AccountSnapshot,
  BlockReason,
  ChargeOutcome,
  Closing,
  LookUpOutcome,
  SuspensionReason,
} from './account-state.ts';
import type { FailureReason } from './failures.ts';
import type { TopUpId } from './ids.ts';
import type { Policy } from './policy.ts';
import type { Quantity } from './quantities.ts';
import type { ReversalNews } from './reversals.ts';
import type { TopUpOrder } from './top-up.ts';
import type { RefreshSignal, UsageSignal } from './wakes.ts';
import type { Wallet } from './wallet.ts';

/** A notification that the workflow asks for; the notice is completed from the database. */
export type NoticeRequest =
  | { kind: 'balance.alert'; wallet: Wallet; balance: Quantity; seq: number; alertVersion: number }
  | { kind: 'balance.depleted'; wallet: Wallet; balance: Quantity; seq: number }
  | { kind: 'top_up.succeeded'; topUpId: TopUpId }
  | {
      kind: 'top_up.failed';
      topUpId: TopUpId;
      attempt: number;
      reason: FailureReason;
      nextAttemptAtMs: number | null;
    }
  | { kind: 'top_up.action_required' | 'top_up.action_reminder'; topUpId: TopUpId; untilMs: number }
  | { kind: 'auto_top_up.suspended'; reason: SuspensionReason | FailureReason; sinceMs: number }
  | { kind: 'auto_top_up.resumed'; sinceMs: number }
  | { kind: 'top_up.refunded'; topUpId: TopUpId; refundId: string };

/** What the workflow has to do next. The workflow runs those of one wallet one after the other. */
export type Command =
  | { kind: 'read_account'; since: Record<Wallet, number> | null }
  | { kind: 'sync_customer' }
  | { kind: 'charge'; wallet: Wallet; order: TopUpOrder; attempt: number }
  | { kind: 'credit'; wallet: Wallet; topUpId: TopUpId }
  | { kind: 'look_up'; wallet: Wallet; topUpId: TopUpId }
  | { kind: 'close'; wallet: Wallet; topUpId: TopUpId; closing: Closing }
  | {
      kind: 'defer';
      wallet: Wallet;
      topUpId: TopUpId;
      state: 'retrying' | 'action_required' | 'unknown';
      nextAttemptAtMs: number;
      failure: FailureReason | null;
    }
  | { kind: 'notify'; request: NoticeRequest }
  /** Not in a wallet's line: a refund that waits for the provider keeps no charge waiting. */
  | { kind: 'reverse'; topUpId: TopUpId };

/** What an account's workflow hears: signals, results of its commands, and the passing of time. */
export type Event =
  | { kind: 'usage'; signal: UsageSignal }
  | { kind: 'refresh'; signal: RefreshSignal }
  | { kind: 'tick' }
  | { kind: 'account_read'; snapshot: AccountSnapshot; policy: Policy }
  | {
      kind: 'customer_synced';
      customerId: string;
      blockedBy: BlockReason | null;
      suspensionLifted: boolean;
    }
  | { kind: 'charged'; wallet: Wallet; topUpId: TopUpId; outcome: ChargeOutcome }
  | { kind: 'credited'; wallet: Wallet; topUpId: TopUpId; seq: number; balance: Quantity }
  | { kind: 'looked_up'; wallet: Wallet; topUpId: TopUpId; outcome: LookUpOutcome }
  | { kind: 'closed'; wallet: Wallet; topUpId: TopUpId; outcome: { status: 'paid' | 'closed' } }
  | { kind: 'deferred'; wallet: Wallet; topUpId: TopUpId }
  /** An activity gave up: what it did is not known. */
  | { kind: 'gave_up'; wallet: Wallet; topUpId: TopUpId }
  /** `news` is null when the activity gave up. */
  | { kind: 'reversed'; topUpId: TopUpId; news: ReversalNews | null };

/** An event with the ids that a top-up decided on it will have: made outside, because a decision is pure. */
export type Input = Event & { topUpIds: Readonly<Record<Wallet, TopUpId>> };
