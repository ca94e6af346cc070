import type {
  AccountState,
  Closing,
  OpenTopUp,
  TopUpProgress,
  TopUpStep,
  TopUpWait,
} from './account-state.ts';
import type { Decision } from './decision.ts';
import { WALLETS, type Wallet } from './wallet.ts';

export function isWaiting(step: TopUpStep): step is TopUpWait {
  return step.kind === 'retry_at' || step.kind === 'authenticate_until' || step.kind === 'look_up_at';
}

export function startCharge({ state, commands }: Decision, wallet: Wallet, attempt: number): void {
  const { topUp } = state.wallets[wallet];
  if (topUp === null) return;
  topUp.attempt = attempt;
  topUp.step = { kind: 'charging' };
  commands.push({ kind: 'charge', wallet, order: topUp.order, attempt });
}

export function startCredit({ state, commands }: Decision, wallet: Wallet): void {
  const { topUp } = state.wallets[wallet];
  if (topUp === null) return;
  topUp.step = { kind: 'crediting' };
  commands.push({ kind: 'credit', wallet, topUpId: topUp.order.topUpId });
}

export function startLookUp({ state, commands }: Decision, wallet: Wallet, wait: TopUpWait): void {
  const { topUp } = state.wallets[wallet];
  if (topUp === null) return;
  topUp.step = { kind: 'looking_up', wait };
  commands.push({ kind: 'look_up', wallet, topUpId: topUp.order.topUpId });
}

export function startClose(
  { commands }: Decision,
  wallet: Wallet,
  topUp: TopUpProgress,
  closing: Closing,
): void {
  topUp.step = { kind: 'closing', closing };
  commands.push({ kind: 'close', wallet, topUpId: topUp.order.topUpId, closing });
}

export function awaitAuthentication(
  { state, commands, nowMs }: Decision,
  wallet: Wallet,
  topUp: TopUpProgress,
): void {
  const { actionRequiredWaitMs, actionRequiredReminderMs } = state.policy;
  const { topUpId } = topUp.order;
  const untilMs = nowMs + actionRequiredWaitMs;
  topUp.step = { kind: 'authenticate_until', untilMs, remindAtMs: nowMs + actionRequiredReminderMs };
  commands.push(
    {
      kind: 'defer',
      wallet,
      topUpId,
      state: 'action_required',
      nextAttemptAtMs: untilMs,
      failure: 'authentication_required',
    },
    { kind: 'notify', request: { kind: 'top_up.action_required', topUpId, untilMs } },
  );
}

export function awaitLookUp(
  { state, commands, nowMs }: Decision,
  wallet: Wallet,
  topUp: TopUpProgress,
  unknownSinceMs: number,
): void {
  const atMs = nowMs + state.policy.unknownLookUpEveryMs;
  const { topUpId } = topUp.order;
  topUp.step = { kind: 'look_up_at', atMs, unknownSinceMs };
  commands.push({ kind: 'defer', wallet, topUpId, state: 'unknown', nextAttemptAtMs: atMs, failure: null });
}

/** Waits with a closing that could not be done, or not yet. The database keeps what it has: a workflow that is
 *  lost now comes to the same closing again. */
export function awaitClosing({ state, nowMs }: Decision, topUp: TopUpProgress, closing: Closing): void {
  const atMs = nowMs + state.policy.unknownLookUpEveryMs;
  topUp.step = { kind: 'look_up_at', atMs, unknownSinceMs: nowMs, closing };
}

/** Waits for what the database says that an adopted top-up waits for. */
export function waitFor(decision: Decision, wallet: Wallet, open: OpenTopUp): void {
  const { state, nowMs } = decision;
  const { topUp } = state.wallets[wallet];
  if (topUp === null) return;
  const { step } = topUp;
  const dueAtMs = open.nextAttemptAtMs;
  if (open.state === 'unknown') {
    if (step.kind === 'look_up_at') return;
    startLookUp(decision, wallet, { kind: 'look_up_at', atMs: nowMs, unknownSinceMs: nowMs });
  } else if (dueAtMs === null) {
    // Its deadline is on its way to the database. Who does not know it asks for the same attempt again, and
    // hears how that one ended.
    if (!isWaiting(step)) startCharge(decision, wallet, Math.max(1, open.attempt));
  } else if (open.state === 'retrying') {
    topUp.step = { kind: 'retry_at', atMs: dueAtMs };
  } else if (step.kind === 'authenticate_until') {
    topUp.step = { ...step, untilMs: dueAtMs };
  } else {
    const { actionRequiredWaitMs, actionRequiredReminderMs } = state.policy;
    const remindAtMs = dueAtMs - actionRequiredWaitMs + actionRequiredReminderMs;
    topUp.step = { kind: 'authenticate_until', untilMs: dueAtMs, remindAtMs };
  }
}

/** Only automatic top-ups count towards suspension: a person who buys by hand sees the decline. One that is being
 *  closed in the other wallet has failed already. */
export function suspensionAfterFailure(state: AccountState, topUp: TopUpProgress): Closing['suspend'] {
  if (topUp.order.trigger !== 'auto') return null;
  const failing = WALLETS.filter((wallet) => {
    const other = state.wallets[wallet].topUp;
    return other !== null && other.order.topUpId !== topUp.order.topUpId && isFailing(other);
  });
  const failures = state.failuresInRow + failing.length + 1;
  return failures >= state.policy.failuresUntilSuspension ? 'repeated_failures' : null;
}

function isFailing({ step, order }: TopUpProgress): boolean {
  const closing = step.kind === 'closing' || step.kind === 'look_up_at' ? step.closing : undefined;
  return order.trigger === 'auto' && closing?.state === 'failed';
}
