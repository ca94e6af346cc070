import type {
  AccountSnapshot,
  OpenTopUp,
  TopUpProgress,
  UsageSlice,
  WalletSnapshot,
  WalletState,
} from './account-state.ts';
import { isOfOldRefusal, isOfRefusal, syncCustomer, wantRead, type Decision } from './decision.ts';
import { startReversals } from './reverse.ts';
import type { Policy } from './policy.ts';
import {
  cancelWaiting,
  isWaiting,
  moveDeadline,
  startCharge,
  startCredit,
  startLookUp,
  waitFor,
} from './steps.ts';
import { WALLETS, type Wallet } from './wallet.ts';
import { observe } from './watch.ts';

/** Takes what was read of the account, unless something happened since the read began: then it is only read again,
 *  because a top-up could look open in it that has been settled in the meantime. */
export function applySnapshot(decision: Decision, snapshot: AccountSnapshot, policy: Policy): void {
  const { state } = decision;
  const stale = state.reading.status === 'running' && state.reading.stale;
  state.reading = { status: stale ? 'wanted' : 'no' };
  // A workflow that knows nothing takes the old read too, or a busy account would never be known.
  if (stale && state.known) return;
  state.policy = policy;
  state.prices = snapshot.prices;
  if (state.known) tellSuspension(decision, snapshot);
  state.suspension = snapshot.suspension;
  state.failuresInRow = snapshot.failuresInRow;
  state.customerId = snapshot.customerId;
  for (const wallet of WALLETS) applyWallet(decision, wallet, snapshot.wallets[wallet]);
  if (!state.known) {
    // What the workflow before this one did not come to tell; telling twice is recorded once.
    for (const request of snapshot.untold) decision.commands.push({ kind: 'notify', request });
  }
  startReversals(decision, snapshot.reversals ?? []);
  state.known = true;
  if (state.customerId === null) syncCustomer(decision);
}

/** Tells of a suspension that a person made, and of any that has ended: nobody else hears of them. After a resumption
 *  nothing is left to wait for, so what is wanted is served at once. */
function tellSuspension({ state, commands }: Decision, { suspension, resumedAtMs }: AccountSnapshot): void {
  const before = state.suspension;
  if (resumedAtMs === undefined) return;
  if (suspension === null && before !== null) {
    for (const wallet of WALLETS) state.wallets[wallet].pausedUntilMs = null;
    const { sinceMs } = before;
    commands.push({ kind: 'notify', request: { kind: 'auto_top_up.resumed', sinceMs } });
  }
  if (suspension?.reason !== 'operator') return;
  if (before?.reason === 'operator' && before.sinceMs === suspension.sinceMs) return;
  commands.push({ kind: 'notify', request: { kind: 'auto_top_up.suspended', ...suspension } });
}

function applyWallet(decision: Decision, wallet: Wallet, read: WalletSnapshot): void {
  const { state, nowMs } = decision;
  const watched = state.wallets[wallet];
  const rearmed = watched.settings?.alertVersion !== read.settings?.alertVersion;
  const isLowered = (read.settings?.topUpBelow ?? 0) < (watched.settings?.topUpBelow ?? 0);
  watched.settings = read.settings;
  watched.spentThisMonthCents = read.spentThisMonthCents;
  watched.monthEndsAtMs = read.monthEndsAtMs;
  watched.recentTopUpsAtMs = read.recentTopUpsAtMs;
  // The database's clock is behind: its month is not over yet. Reading at once again would run in circles.
  if (read.monthEndsAtMs <= nowMs) watched.pausedUntilMs = nowMs + state.policy.disagreementPauseMs;
  if (!state.known) {
    watched.alertArmed = read.alertArmed;
    watched.depletedArmed = read.depletedArmed;
    observe(decision, wallet, read);
  } else {
    if (rearmed) watched.alertArmed = true;
    // What a campaign asked for under a higher value may never have been below this one.
    if (watched.want?.cause === 'campaign' && isLowered) watched.want = null;
    // A slice that overtook the read has been watched already; what the read knows beyond it is read again.
    const follows = read.fromSeq === watched.seq;
    if (!follows && read.seq > watched.seq) wantRead(state);
    const isAsFar = read.seq === watched.seq;
    const slice = follows ? read : standingStill(watched, isAsFar ? read : null);
    // The read tells of every refusal that stands: one that it does not tell of has been answered.
    const isCurrent = follows || isAsFar;
    if (isCurrent && isOfRefusal(watched.want) && read.refusedRequired === null) watched.want = null;
    // A new alert value is not held against an older dip.
    observe(decision, wallet, slice, rearmed ? levelOf(slice) : slice);
    if (isCurrent) awaitWhatRefusalNeeds(decision, wallet, slice);
  }
  adoptTopUp(decision, wallet, read.openTopUp);
}

/** A refusal stands by the ledger as it is now, and may be answered by the balance that has been watched. Then entries
 *  in between are on their way to the watch, and no other read would know more before they have come. A campaign that
 *  is below the top-up value is served without them. */
function awaitWhatRefusalNeeds(decision: Decision, wallet: Wallet, slice: UsageSlice): void {
  const watched = decision.state.wallets[wallet];
  const { want, settings, seq, balance } = watched;
  const { refusedRequired, campaignLowest } = slice;
  if (want === null || settings === null || !isOfOldRefusal(decision, wallet)) return;
  if (refusedRequired === null || balance < refusedRequired) return;
  if (campaignLowest !== null && campaignLowest < settings.topUpBelow && balance < settings.topUpBelow) {
    watched.want = { ...want, cause: 'campaign', required: null };
  } else {
    watched.awaitSeq = Math.max(watched.awaitSeq, seq + 1);
  }
}

/** The slice after what has been watched: nothing yet, but for what campaigns still want. */
function standingStill({ seq, balance, used }: WalletState, read: UsageSlice | null): UsageSlice {
  const level = { balance, lowest: balance, highest: balance };
  const { campaignLowest, refusedRequired } = read ?? { campaignLowest: null, refusedRequired: null };
  return { fromSeq: seq, seq, used, ...level, campaignLowest, refusedRequired };
}

/** The balance as it is, without the past. */
function levelOf(slice: UsageSlice): UsageSlice {
  return { ...slice, lowest: slice.balance, highest: slice.balance };
}

/** Takes over a top-up that the database has open: one made by a customer or an operator, or this account's
 *  own after its workflow was lost. A top-up that an activity has in hand is left to it. */
function adoptTopUp(decision: Decision, wallet: Wallet, open: OpenTopUp | null): void {
  const watched = decision.state.wallets[wallet];
  const current = watched.topUp;
  const isCanceled = open?.cancelRequested === true;
  if (isCanceled && current?.order.topUpId === open.order.topUpId) current.cancelRequested = true;
  if (current !== null && !mayAdopt(decision, wallet, current, open)) return;
  if (open === null) return;
  const progress: TopUpProgress = {
    order: open.order,
    attempt: current?.attempt ?? lastKnownAttempt(open),
    // The defer that stores the last decline may still be on its way.
    declines: Math.max(current?.declines ?? 0, open.declines),
    step: current?.step ?? { kind: 'charging' },
    ...(isCanceled ? { cancelRequested: true } : {}),
    ...(open.checkout === true ? { checkout: true } : {}),
  };
  watched.topUp = progress;
  // An attempt that may be running in the provider is asked for again first: how it ended decides.
  const isRunning = current === null && (open.state === 'pending' || open.state === 'charging');
  if (isCanceled && open.state !== 'paid' && !isRunning) return cancelWaiting(decision, wallet, progress);
  switch (open.state) {
    case 'pending':
    case 'charging':
      if (current === null) startCharge(decision, wallet, Math.max(1, open.attempt));
      return;
    case 'paid':
      return startCredit(decision, wallet);
    case 'retrying':
    case 'action_required':
    case 'unknown':
      return waitFor(decision, wallet, open);
  }
}

/** Whether what was read may replace what is known of the wallet's current top-up. */
function mayAdopt(
  decision: Decision,
  wallet: Wallet,
  current: TopUpProgress,
  open: OpenTopUp | null,
): boolean {
  const { step, order } = current;
  const isSame = open?.order.topUpId === order.topUpId;
  if (step.kind === 'looking_up') {
    if (!isSame || open.state === 'paid') step.again = true;
    else if (step.mayMove === true) moveDeadline(step.wait, open);
    return false;
  }
  if (!isWaiting(step)) return false;
  // Settled elsewhere: the look-up finds out how, and the customer is told.
  if (!isSame) startLookUp(decision, wallet, step);
  return isSame;
}

/** An attempt whose outcome is not known is made again, under the same key, before there is another. */
function lastKnownAttempt({ state, attempt }: OpenTopUp): number {
  return state === 'unknown' ? Math.max(0, attempt - 1) : attempt;
}
