import type { UsageSlice } from './account-state.ts';
import { targetOf, wantRead, type Decision } from './decision.ts';
import type { Quantity } from './quantities.ts';
import type { Wallet } from './wallet.ts';

/** Takes a slice of the ledger that the relay sent. One that was seen is ignored; one that does not follow on
 *  what was watched makes the account be read, because a dip in between could have been missed. A slice without
 *  entries tells of a campaign's hold: hearing it twice at the same entry changes nothing. */
export function watchSlice(decision: Decision, wallet: Wallet, slice: UsageSlice): void {
  const watched = decision.state.wallets[wallet];
  if (slice.seq < watched.seq || (slice.seq === watched.seq && slice.fromSeq < slice.seq)) return;
  if (slice.fromSeq !== watched.seq) return wantRead(decision.state);
  observe(decision, wallet, slice);
}

/** Tells crossings and remembers what campaigns want. The caller vouches that the slice follows on.
 *  @param alertSlice what the alert is judged by: all of the slice, or only what is not older than its value. */
export function observe(
  decision: Decision,
  wallet: Wallet,
  slice: UsageSlice,
  alertSlice: UsageSlice = slice,
): void {
  const watched = decision.state.wallets[wallet];
  watched.seq = slice.seq;
  watched.balance = slice.balance;
  watched.used = slice.used;
  tellAlert(decision, wallet, alertSlice);
  tellDepletion(decision, wallet, slice);
  if (wallet === 'call_minutes') rememberCampaign(decision, slice);
}

function tellAlert({ state, commands }: Decision, wallet: Wallet, slice: UsageSlice): void {
  const watched = state.wallets[wallet];
  const { settings } = watched;
  if (settings === null || !settings.enabled) return;
  const isBelow = (balance: Quantity) => balance < settings.alertBelow;
  if (crossesDown(slice, watched.alertArmed, isBelow)) {
    commands.push({
      kind: 'notify',
      request: {
        kind: 'balance.alert',
        wallet,
        balance: isBelow(slice.balance) ? slice.balance : slice.lowest,
        seq: slice.seq,
        alertVersion: settings.alertVersion,
      },
    });
  }
  watched.alertArmed = !isBelow(slice.balance);
}

/** A balance of nothing is told whatever the settings; a new account has not run out of anything. */
function tellDepletion({ state, commands }: Decision, wallet: Wallet, slice: UsageSlice): void {
  const watched = state.wallets[wallet];
  const isEmpty = (balance: Quantity) => balance <= 0;
  if (crossesDown(slice, watched.depletedArmed, isEmpty)) {
    const balance = isEmpty(slice.balance) ? slice.balance : slice.lowest;
    commands.push({ kind: 'notify', request: { kind: 'balance.depleted', wallet, balance, seq: slice.seq } });
  }
  watched.depletedArmed = !isEmpty(slice.balance);
}

/** A dip counts when the watch was armed before the slice, or when it rose and fell again within it. */
function crossesDown(slice: UsageSlice, armed: boolean, isBelow: (balance: Quantity) => boolean): boolean {
  if (!isBelow(slice.lowest) && !isBelow(slice.balance)) return false;
  return armed || (isBelow(slice.balance) && !isBelow(slice.highest));
}

function rememberCampaign({ state, nowMs }: Decision, slice: UsageSlice): void {
  const watched = state.wallets.call_minutes;
  const { settings } = watched;
  if (settings === null || !settings.enabled) return;
  const { campaignLowest, refusedRequired } = slice;
  // Recovered within the slice, if not at its end: what was wanted before has been served.
  if (slice.highest >= targetOf(watched)) watched.want = null;
  if (settings.topUpOnRefusal && refusedRequired !== null && slice.balance < refusedRequired) {
    watched.want = { sinceMs: nowMs, cause: 'refusal', required: refusedRequired };
  } else if (campaignLowest !== null && campaignLowest < settings.topUpBelow) {
    watched.want ??= { sinceMs: nowMs, cause: 'campaign', required: null };
  }
}
