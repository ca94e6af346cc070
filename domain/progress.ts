import type { Closing, LookUpOutcome, TopUpProgress, TopUpStep, TopUpWait } from './account-state.ts';
import { charged } from './charge-outcome.ts';
import type { Input } from './commands.ts';
import { targetOf, wantRead, type Decision } from './decision.ts';
import {
  CANCELED,
  awaitAuthentication,
  awaitClosing,
  awaitLookUp,
  isSuspended,
  startCharge,
  startClose,
  startCredit,
  startLookUp,
  suspensionAfterFailure,
} from './steps.ts';
import type { Wallet } from './wallet.ts';

type TopUpEvent = Extract<Input, { topUpId: unknown; wallet: unknown }>;

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
      return lookedUp(decision, wallet, topUp, topUp.step, event.outcome);
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
  const { lookUpAtMs, ...wait } = step;
  if (Math.min(step.untilMs, lookUpAtMs ?? step.untilMs) <= nowMs) return startLookUp(decision, wallet, wait);
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
  { wait, again }: Extract<TopUpStep, { kind: 'looking_up' }>,
  outcome: LookUpOutcome,
): void {
  const { state, nowMs } = decision;
  if (outcome.status === 'paid') return startCredit(decision, wallet);
  const begun = wait.kind === 'look_up_at' ? wait.closing : undefined;
  // Voided by somebody else, unless it is our own closing that had taken effect.
  if (outcome.status === 'closed') return startClose(decision, wallet, topUp, begun ?? CANCELED);
  if (again === true) return startLookUp(decision, wallet, wait);
  const canceled = topUp.cancelRequested === true ? CANCELED : null;
  const closing = begun ?? canceled ?? timedOut(decision, topUp, wait);
  const isProcessing = outcome.status === 'open' && outcome.processing;
  if (closing !== null) {
    if (isProcessing) return awaitClosing(decision, topUp, closing);
    return startClose(decision, wallet, topUp, closing);
  }
  if (wait.kind === 'authenticate_until') {
    topUp.step = wait;
    return;
  }
  if (outcome.status === 'action_required') return awaitAuthentication(decision, wallet, topUp);
  if (wait.kind === 'retry_at') {
    topUp.step = wait;
    return;
  }
  const isQuiet = nowMs - wait.unknownSinceMs >= state.policy.unknownQuietMs;
  if (isProcessing || !isQuiet) return awaitLookUp(decision, wallet, topUp, wait.unknownSinceMs);
  tryAgain(decision, wallet, topUp);
}

/** How a top-up ends whose customer has not authenticated in time; null before the deadline. */
function timedOut({ state, nowMs }: Decision, topUp: TopUpProgress, wait: TopUpWait): Closing | null {
  if (wait.kind !== 'authenticate_until' || nowMs < wait.untilMs) return null;
  // Nothing has failed: a tab was closed.
  if (topUp.checkout === true) return CANCELED;
  const suspend = suspensionAfterFailure(state, topUp);
  return { state: 'failed', failure: 'authentication_timeout', suspend };
}

/** The next attempt, if the charge is still needed; otherwise the invoice is voided. */
function tryAgain(decision: Decision, wallet: Wallet, topUp: TopUpProgress): void {
  const { state } = decision;
  const isNeeded =
    topUp.checkout !== true &&
    (topUp.order.trigger !== 'auto' || (state.wallets[wallet].want !== null && !isSuspended(state)));
  if (isNeeded) return startCharge(decision, wallet, topUp.attempt + 1);
  startClose(decision, wallet, topUp, CANCELED);
}

function closed(decision: Decision, wallet: Wallet, topUp: TopUpProgress, closing: Closing): void {
  const { state, commands, nowMs } = decision;
  const { topUpId, trigger } = topUp.order;
  state.wallets[wallet].topUp = null;
  wantRead(state);
  if (closing.state !== 'failed') return;
  state.lastFailure = closing.failure;
  if (trigger === 'auto') pauseAfterFailure(decision, wallet, closing);
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

/** The want stands, but the card or the provider refused a moment ago: a new top-up waits as a retry would. A fault of
 *  the provider counts as no failure of the card. */
function pauseAfterFailure({ state, nowMs }: Decision, wallet: Wallet, { failure }: Closing): void {
  const { softDeclineDelaysMs, blockedRecheckMs } = state.policy;
  const delayMs = softDeclineDelaysMs[state.failuresInRow] ?? softDeclineDelaysMs.at(-1) ?? blockedRecheckMs;
  state.wallets[wallet].pausedUntilMs = nowMs + delayMs;
  if (failure !== 'invoice_not_as_expected') state.failuresInRow += 1;
}

function credited(
  { state, commands }: Decision,
  wallet: Wallet,
  topUp: TopUpProgress,
  credit: { seq: number; balance: number },
): void {
  const watched = state.wallets[wallet];
  const { topUpId, trigger } = topUp.order;
  watched.topUp = null;
  watched.awaitSeq = Math.max(watched.awaitSeq, credit.seq);
  // Served, unless even ten times the amount, or the room under the cap, did not reach the target.
  if (credit.balance >= targetOf(watched)) watched.want = null;
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
    case 'looking_up':
      topUp.step = postponed(step.wait, againAtMs);
      return;
    case 'charging':
      // The same attempt is made again first: it may have an outcome by now, or never have begun.
      topUp.attempt -= 1;
      return awaitLookUp(decision, wallet, topUp, nowMs);
    case 'crediting':
      return awaitLookUp(decision, wallet, topUp, nowMs);
    case 'closing':
      return awaitClosing(decision, topUp, step.closing);
    case 'retry_at':
    case 'authenticate_until':
    case 'look_up_at':
      return;
  }
}

function postponed(wait: TopUpWait, againAtMs: number): TopUpWait {
  if (wait.kind === 'authenticate_until') return { ...wait, lookUpAtMs: againAtMs };
  return { ...wait, atMs: Math.max(wait.atMs, againAtMs) };
}
