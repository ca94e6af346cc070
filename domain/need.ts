import { isRecheckDue } from './block.ts';
import { isOfOldRefusal, syncCustomer, targetOf, wantRead, type Decision } from './decision.ts';
import { guardInTheWay } from './guards.ts';
import { orderFor } from './order.ts';
import { quantity } from './quantities.ts';
import { CANCELED, isOpenCheckout, isSuspended, startClose } from './steps.ts';
import type { Wallet } from './wallet.ts';

/** Starts an automatic top-up when one is wanted and nothing is in the way. What is in the way opens by itself
 *  (`nextWakeAtMs`) or by a wake; the want is remembered until then. A payment page that is open for the wallet is
 *  closed first: when it turns out to be paid, that is the top-up. */
export function chargeWhatIsNeeded(decision: Decision, wallet: Wallet): void {
  const { state, commands, nowMs } = decision;
  const watched = state.wallets[wallet];
  const { settings, want } = watched;
  if (want === null || settings === null || state.prices === null || !mayDecide(decision, wallet)) return;
  // The month's figures are of a month that is over.
  if (nowMs >= watched.monthEndsAtMs) return wantRead(state);
  const facts = { ...watched, ...settings };
  if (guardInTheWay(facts, nowMs, state.policy) !== null) return;
  // What ran beside the refused call then has ended since: the account is read before the customer pays for it.
  if (isOfOldRefusal(decision, wallet)) return wantRead(state);
  const order = orderFor(
    {
      topUpId: decision.input.topUpIds[wallet],
      accountId: state.accountId,
      wallet,
      settings,
      prices: state.prices,
      spentThisMonthCents: watched.spentThisMonthCents,
      warrant: {
        balance: watched.balance,
        seq: watched.seq,
        settingsVersion: settings.version,
        target: quantity(targetOf(watched)),
        cause: want.cause,
      },
    },
    state.policy,
  );
  if (order === null) return;
  if (watched.topUp !== null) return startClose(decision, wallet, watched.topUp, CANCELED);
  watched.topUp = { order, attempt: 1, declines: 0, step: { kind: 'charging' } };
  commands.push({ kind: 'charge', wallet, order, attempt: 1 });
}

function mayDecide(decision: Decision, wallet: Wallet): boolean {
  const { state, nowMs } = decision;
  const { topUp, seq, awaitSeq, pausedUntilMs } = state.wallets[wallet];
  if ((topUp !== null && !isOpenCheckout(topUp)) || state.reading.status !== 'no' || seq < awaitSeq)
    return false;
  if (pausedUntilMs !== null && nowMs < pausedUntilMs) return false;
  if (isSuspended(state)) return false;
  if (state.customerId === null || state.blocked !== null) {
    if (isRecheckDue(decision)) syncCustomer(decision);
    return false;
  }
  return true;
}
