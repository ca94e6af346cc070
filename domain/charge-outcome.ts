import type { BlockReason, ChargeOutcome, TopUpProgress } from './account-state.ts';
import { wantRead, type Decision } from './decision.ts';
import type { Decline } from './failures.ts';
import {
  awaitAuthentication,
  awaitLookUp,
  CANCELED,
  startClose,
  startCredit,
  suspensionAfterFailure,
} from './steps.ts';
import type { Wallet } from './wallet.ts';

export function charged(
  decision: Decision,
  wallet: Wallet,
  topUp: TopUpProgress,
  outcome: ChargeOutcome,
): void {
  switch (outcome.status) {
    case 'paid':
      return startCredit(decision, wallet);
    case 'not_needed':
      return dropUnneeded(decision, wallet, outcome);
    case 'recovered':
      return startClose(decision, wallet, topUp, CANCELED);
    case 'declined':
      return declined(decision, wallet, topUp, outcome.decline);
    case 'action_required':
      if (topUp.cancelRequested === true) return startClose(decision, wallet, topUp, CANCELED);
      return awaitAuthentication(decision, wallet, topUp);
    case 'blocked':
      return blocked(decision, wallet, topUp, outcome.reason);
    case 'invalid':
      // Nothing that the customer's card did, so it does not lead to a suspension.
      return startClose(decision, wallet, topUp, { state: 'failed', failure: outcome.reason, suspend: null });
    case 'unknown':
      return awaitLookUp(decision, wallet, topUp, decision.nowMs);
  }
}

/** The database refused the warrant: the watch has to catch up with what it knows. */
function dropUnneeded(
  { state, nowMs }: Decision,
  wallet: Wallet,
  outcome: Extract<ChargeOutcome, { status: 'not_needed' }>,
): void {
  const watched = state.wallets[wallet];
  watched.topUp = null;
  if (outcome.reason === 'balance_recovered' && outcome.seq > watched.seq) {
    watched.awaitSeq = outcome.seq;
    return;
  }
  wantRead(state);
  const isNewer = outcome.settingsVersion > (watched.settings?.version ?? 0);
  if (outcome.reason === 'settings_changed' && isNewer) return;
  // Both sides looked at the same facts and disagree, or a guard closed in between: not in a busy loop.
  watched.pausedUntilMs = nowMs + state.policy.disagreementPauseMs;
}

function declined(decision: Decision, wallet: Wallet, topUp: TopUpProgress, decline: Decline): void {
  const { state, commands, nowMs } = decision;
  const { topUpId, trigger } = topUp.order;
  const delayMs = state.policy.softDeclineDelaysMs[topUp.declines];
  topUp.declines += 1;
  state.lastFailure = decline.reason;
  // A person who buys by hand is there to choose another card; only automatic charges are tried again.
  if (decline.kind === 'hard' || delayMs === undefined || trigger !== 'auto') {
    const isHard = decline.kind === 'hard' && trigger === 'auto';
    const suspend = isHard ? 'hard_decline' : suspensionAfterFailure(state, topUp);
    return startClose(decision, wallet, topUp, { state: 'failed', failure: decline.reason, suspend });
  }
  if (topUp.cancelRequested === true) return startClose(decision, wallet, topUp, CANCELED);
  const atMs = nowMs + delayMs;
  const { attempt } = topUp;
  const { reason } = decline;
  topUp.step = { kind: 'retry_at', atMs };
  commands.push(
    { kind: 'defer', wallet, topUpId, state: 'retrying', nextAttemptAtMs: atMs, failure: reason },
    { kind: 'notify', request: { kind: 'top_up.failed', topUpId, attempt, reason, nextAttemptAtMs: atMs } },
  );
}

/** No charge is possible until the customer mends something; the customer is told once. */
function blocked(decision: Decision, wallet: Wallet, topUp: TopUpProgress, reason: BlockReason): void {
  const { state, commands, nowMs } = decision;
  const recheckAtMs = nowMs + state.policy.blockedRecheckMs;
  if (state.blocked?.reason !== reason) {
    commands.push({ kind: 'notify', request: { kind: 'auto_top_up.suspended', reason, sinceMs: nowMs } });
  }
  state.lastFailure = reason;
  state.blocked = { reason, sinceMs: nowMs, recheckAtMs };
  startClose(decision, wallet, topUp, { state: 'canceled', failure: reason, suspend: null });
}
