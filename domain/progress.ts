import type { Closing, LookUpOutcome, TopUpProgress, TopUpWait } from './account-state.ts';
import { charged } from './charge-outcome.ts';
import type { Input } from './commands.ts';
import { wantRead, type Decision } from './decision.ts';
import {
  awaitAuthentication,
  awaitLookUp,
  startCharge,
  startClose,
  startCredit,
  startLookUp,
  suspensionAfterFailure,
} from './steps.ts';
import type { Wallet } from './wallet.ts';

type TopUpEvent = Extract<Input, { topUpId: unknown }>;

/** Follows one top-up from result to result. A result of a top-up that is over changes nothing. */
export function applyTopUpEvent(decision: Decision, event: TopUpEvent): void {
  const { state, nowMs } = decision;
  const { wallet } = event;
  const topUp = state.wallets[wallet].topUp;
  if (topUp === null || topUp.order.topUpId !== event.topUpId) return;
  switch (event.kind) {
    case 'charged':
      if (topUp.step.kind !== 'charging') return;
      return charged(decision, wallet, topUp, event.outcome);
    case 'looked_up':
      if (topUp.step.kind !== 'looking_up') return;
      return lookedUp(decision, wallet, topUp, topUp.step.wait, event.outcome);
    case 'closed':
      if (topUp.step.kind !== 'closing') return;
      if (event.outcome.status === 'paid') return startCredit(decision, wallet);
      return closed(decision, wallet, topUp, topUp.step.closing);
    case 'credited':
      return credited(decision, wallet, topUp, event);
    case 'gave_up':
      return gaveUp(decision, wallet, topUp, nowMs + state.policy.unknownLookUpEveryMs);
    case 'deferred':
      return;
  }
}

/** Does what is due of the top-ups that wait: the need is judged again before every new attempt. */
export function advanceWaiting(decision: Decision, wallet: Wallet): void {
  const { state, commands, nowMs } = decision;
  const topUp = state.wallets[wallet].topUp;
  if (topUp === null) return;
  const { step } = topUp;
  if (step.kind === 'retry_at' && step.atMs <= nowMs) return tryAgain(decision, wallet, topUp);
  if (step.kind === 'look_up_at' && step.atMs <= nowMs) return startLookUp(decision, wallet, step);
  if (step.kind !== 'authenticate_until') return;
  if (step.untilMs <= nowMs) return startLookUp(decision, wallet, step);
  if (step.remindAtMs !== null && step.remindAtMs <= nowMs) {
    step.remindAtMs = null;
    const { topUpId } = topUp.order;
    commands.push({
      kind: 'notify',
      request: { kind: 'top_up.action_reminder', topUpId, untilMs: step.untilMs },
    });
  }
}

function lookedUp(
  decision: Decision,
  wallet: Wallet,
  topUp: TopUpProgress,
  wait: TopUpWait,
  outcome: LookUpOutcome,
): void {
  const { state, nowMs } = decision;
  if (outcome.status === 'paid') return startCredit(decision, wallet);
  if (outcome.status === 'closed') {
    return startClose(decision, wallet, topUp, { state: 'canceled', failure: null, suspend: null });
  }
  if (wait.kind === 'authenticate_until') {
    if (nowMs < wait.untilMs) topUp.step = wait;
    else {
      const suspend = suspensionAfterFailure(state, topUp);
      startClose(decision, wallet, topUp, { state: 'failed', failure: 'authentication_timeout', suspend });
    }
    return;
  }
  if (outcome.status === 'action_required') return awaitAuthentication(decision, wallet, topUp);
  if (wait.kind === 'retry_at') {
    topUp.step = wait;
    return;
  }
  const isQuiet = nowMs - wait.unknownSinceMs >= state.policy.unknownQuietMs;
  if (outcome.processing || !isQuiet) return awaitLookUp(decision, wallet, topUp, wait.unknownSinceMs);
  tryAgain(decision, wallet, topUp);
}

/** Another attempt under a new number, if the charge is still needed; otherwise the invoice is voided. */
function tryAgain(decision: Decision, wallet: Wallet, topUp: TopUpProgress): void {
  const { suspension, wallets } = decision.state;
  const isNeeded = topUp.order.trigger !== 'auto' || (wallets[wallet].want !== null && suspension === null);
  if (isNeeded) return startCharge(decision, wallet, topUp.attempt + 1);
  startClose(decision, wallet, topUp, { state: 'canceled', failure: null, suspend: null });
}

function closed(
  { state, commands, nowMs }: Decision,
  wallet: Wallet,
  topUp: TopUpProgress,
  closing: Closing,
): void {
  const { topUpId, trigger } = topUp.order;
  state.wallets[wallet].topUp = null;
  wantRead(state);
  if (closing.state !== 'failed') return;
  state.lastFailure = closing.failure;
  if (trigger === 'auto') state.failuresInRow += 1;
  commands.push({
    kind: 'notify',
    request: {
      kind: 'top_up.failed',
      topUpId,
      attempt: topUp.attempt,
      reason: closing.failure ?? 'unknown',
      nextAttemptAtMs: null,
    },
  });
  if (closing.suspend === null) return;
  state.suspension = { reason: closing.suspend, sinceMs: nowMs };
  commands.push({
    kind: 'notify',
    request: { kind: 'auto_top_up.suspended', reason: closing.suspend, sinceMs: nowMs },
  });
}

function credited(
  { state, commands }: Decision,
  wallet: Wallet,
  topUp: TopUpProgress,
  credit: { seq: number; balance: number },
): void {
  const watched = state.wallets[wallet];
  const { topUpId, trigger, warrant } = topUp.order;
  watched.topUp = null;
  watched.awaitSeq = Math.max(watched.awaitSeq, credit.seq);
  // Served, unless even ten times the amount, or the room under the cap, did not reach the target.
  if (credit.balance >= (warrant?.target ?? watched.settings?.topUpBelow ?? 0)) watched.want = null;
  if (trigger === 'auto') state.failuresInRow = 0;
  state.lastFailure = null;
  wantRead(state);
  commands.push({ kind: 'notify', request: { kind: 'top_up.succeeded', topUpId } });
}

/** An activity gave up, so what it did is not known: it is looked up before anything else. */
function gaveUp(decision: Decision, wallet: Wallet, topUp: TopUpProgress, againAtMs: number): void {
  const { nowMs } = decision;
  const { step } = topUp;
  switch (step.kind) {
    case 'crediting':
      return startCredit(decision, wallet);
    case 'looking_up':
      topUp.step = postponed(step.wait, againAtMs);
      return;
    case 'charging':
    case 'closing':
      return awaitLookUp(decision, wallet, topUp, nowMs);
    case 'retry_at':
    case 'authenticate_until':
    case 'look_up_at':
      return;
  }
}

function postponed(wait: TopUpWait, againAtMs: number): TopUpWait {
  if (wait.kind === 'authenticate_until') return { ...wait, untilMs: Math.max(wait.untilMs, againAtMs) };
  return { ...wait, atMs: Math.max(wait.atMs, againAtMs) };
}
