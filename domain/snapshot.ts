import type { AccountSnapshot, AccountState, OpenTopUp, WalletSnapshot } from './account-state.ts';
import { syncCustomer, type Decision } from './decision.ts';
import type { Policy } from './policy.ts';
import { isWaiting, startCharge, startCredit, startLookUp, waitFor } from './steps.ts';
import { WALLETS, type Wallet } from './wallet.ts';
import { observe } from './watch.ts';

/** Takes what was read of the account, unless something happened since the read began: then it is read again,
 *  because a top-up could look open in it that has been settled in the meantime. */
export function applySnapshot(decision: Decision, snapshot: AccountSnapshot, policy: Policy): void {
  const { state } = decision;
  const stale = state.reading.status === 'running' && state.reading.stale;
  state.reading = { status: stale ? 'wanted' : 'no' };
  if (stale) return;
  state.policy = policy;
  state.prices = snapshot.prices;
  state.suspension = snapshot.suspension;
  state.failuresInRow = snapshot.failuresInRow;
  state.customerId = snapshot.customerId;
  for (const wallet of WALLETS) applyWallet(decision, wallet, snapshot.wallets[wallet]);
  state.known = true;
  if (state.customerId === null) syncCustomer(decision);
}

function applyWallet(decision: Decision, wallet: Wallet, read: WalletSnapshot): void {
  const watched = decision.state.wallets[wallet];
  const rearmed = watched.settings?.alertVersion !== read.settings?.alertVersion;
  watched.settings = read.settings;
  watched.spentThisMonthCents = read.spentThisMonthCents;
  watched.monthEndsAtMs = read.monthEndsAtMs;
  watched.recentTopUpsAtMs = read.recentTopUpsAtMs;
  if (!decision.state.known) {
    watched.alertArmed = read.alertArmed;
    watched.depletedArmed = read.depletedArmed;
    observe(decision, wallet, read);
  } else {
    if (rearmed) watched.alertArmed = true;
    // Slices that overtook the read have been watched already, or are on their way.
    if (read.fromSeq === watched.seq && !rearmed) observe(decision, wallet, read);
    else observe(decision, wallet, standingStill(watched, read));
  }
  adoptTopUp(decision, wallet, read.openTopUp);
}

/** The balance as it is, without the past: a new alert value is not held against an older dip. */
function standingStill(watched: AccountState['wallets'][Wallet], read: WalletSnapshot): WalletSnapshot {
  const follows = read.fromSeq === watched.seq;
  const balance = follows ? read.balance : watched.balance;
  return {
    ...read,
    seq: follows ? read.seq : watched.seq,
    balance,
    lowest: balance,
    highest: balance,
    campaignLowest: follows ? read.campaignLowest : null,
    refusedRequired: follows ? read.refusedRequired : null,
    used: follows ? read.used : watched.used,
  };
}

/** Takes over a top-up that the database has open: one made by a customer or an operator, or this account's
 *  own after its workflow was lost. A top-up that an activity has in hand is left to it. */
function adoptTopUp(decision: Decision, wallet: Wallet, open: OpenTopUp | null): void {
  const watched = decision.state.wallets[wallet];
  const current = watched.topUp;
  if (current !== null) {
    const { step, order } = current;
    if (!isWaiting(step)) return;
    // Settled elsewhere: the look-up finds out how, and the customer is told.
    if (open?.order.topUpId !== order.topUpId) return startLookUp(decision, wallet, step);
  }
  if (open === null) return;
  const progress = {
    order: open.order,
    attempt: Math.max(1, open.attempt),
    declines: open.declines,
    step: current?.step ?? { kind: 'charging' as const },
  };
  watched.topUp = progress;
  switch (open.state) {
    case 'pending':
    case 'charging':
      if (current === null) startCharge(decision, wallet, progress.attempt);
      return;
    case 'paid':
      return startCredit(decision, wallet);
    case 'retrying':
    case 'action_required':
    case 'unknown':
      return waitFor(decision, wallet, open);
  }
}
