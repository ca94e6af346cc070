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

/** How a top-up ends that nobody needs any more. */
export const CANCELED: Closing = { state: 'canceled', failure: null, suspend: null };

/** A payment page that nobody has paid on yet. It is given up for an automatic charge: a campaign must not stop for an
 *  abandoned tab. */
export function isOpenCheckout(topUp: TopUpProgress | null): topUp is TopUpProgress {
  return topUp?.checkout === true && topUp.step.kind === 'authenticate_until';
}

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

/** Gives up a top-up that no activity has in hand. It is looked up first: a payment that the provider is still
 *  processing is waited for, never voided. */
export function cancelWaiting(decision: Decision, wallet: Wallet, { step }: TopUpProgress): void {
  const { nowMs } = decision;
  // On its way to its end already.
  if (step.kind === 'look_up_at' && step.closing !== undefined) return;
  startLookUp(decision, wallet, {
    kind: 'look_up_at',
    atMs: nowMs,
    unknownSinceMs: nowMs,
    closing: CANCELED,
  });
}

/** Has a deadline that is moved during a look-up count after it. Whoever runs the account says so before each decision
 *  and after it: a run that began under the earlier rule, by which that was not heard, goes on as it did, or its history
 *  would not replay. */
export function letDeadlinesMove({ wallets }: AccountState, isNewRule: () => boolean): void {
  for (const wallet of WALLETS) {
    const step = wallets[wallet].topUp?.step;
    if (step?.kind !== 'looking_up' || step.wait.kind === 'look_up_at') continue;
    if (isNewRule()) step.mayMove = true;
    else delete step.mayMove;
  }
}

/** Takes the deadline that the database has by now: an operator or a new card may have moved it. Another kind of wait in
 *  the database is older, its successor is on the way there. */
export function moveDeadline(wait: TopUpWait, { state, nextAttemptAtMs }: OpenTopUp): void {
  if (nextAttemptAtMs === null) return;
  if (wait.kind === 'retry_at' && state === 'retrying') wait.atMs = nextAttemptAtMs;
  if (wait.kind === 'authenticate_until' && state === 'action_required') wait.untilMs = nextAttemptAtMs;
}

/** Waits for what the database says that an adopted top-up waits for. What this workflow waits for already may only
 *  be moved. */
export function waitFor(decision: Decision, wallet: Wallet, open: OpenTopUp): void {
  const { state, nowMs } = decision;
  const { topUp } = state.wallets[wallet];
  if (topUp === null) return;
  const { step } = topUp;
  const dueAtMs = open.nextAttemptAtMs;
  if (isWaiting(step)) {
    moveDeadline(step, open);
  } else if (open.state === 'unknown') {
    startLookUp(decision, wallet, { kind: 'look_up_at', atMs: nowMs, unknownSinceMs: nowMs });
  } else if (dueAtMs === null) {
    // Lost before its deadline was stored: the same attempt is asked for again, and tells how it ended.
    startCharge(decision, wallet, Math.max(1, open.attempt));
  } else if (open.state === 'retrying') {
    topUp.step = { kind: 'retry_at', atMs: dueAtMs };
  } else if (topUp.checkout === true) {
    // It may have been paid before this workflow knew of it, and the news of that is over. Nobody is reminded of a
    // payment page: whoever left it has changed their mind.
    startLookUp(decision, wallet, { kind: 'authenticate_until', untilMs: dueAtMs, remindAtMs: null });
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

/** Whether automatic charges are suspended, or will be once a top-up has been closed: until that is certain, its
 *  card is not charged for the other wallet either. */
export function isSuspended(state: AccountState): boolean {
  if (state.suspension !== null) return true;
  return WALLETS.some((wallet) => (closingOf(state.wallets[wallet].topUp)?.suspend ?? null) !== null);
}

function isFailing(topUp: TopUpProgress): boolean {
  return topUp.order.trigger === 'auto' && closingOf(topUp)?.state === 'failed';
}

function closingOf(topUp: TopUpProgress | null): Closing | undefined {
  const step = topUp?.step.kind === 'looking_up' ? topUp.step.wait : topUp?.step;
  return step?.kind === 'closing' || step?.kind === 'look_up_at' ? step.closing : undefined;
}
