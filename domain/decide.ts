import type { AccountState } from './account-state.ts';
import { recheckAfterMs } from './block.ts';
import type { Command, Input } from './commands.ts';
import { refreshWant, syncCustomer, wantRead, type Decision } from './decision.ts';
import { chargeWhatIsNeeded } from './need.ts';
import { advanceWaiting, applyTopUpEvent } from './progress.ts';
import { applySnapshot } from './snapshot.ts';
import { reversed } from './reverse.ts';
import { isWaiting, startLookUp } from './steps.ts';
import type { RefreshSignal, UsageSignal } from './wakes.ts';
import { WALLETS } from './wallet.ts';
import { watchSlice } from './watch.ts';

/** The whole policy of an account: what follows from what was heard. Pure: the same state, input and time give
 *  the same answer in every process.
 *  @param nowMs milliseconds since the epoch, from the workflow's clock.
 *  @returns the next state, and what has to be done; the given state is left as it was. */
export function decide(
  state: AccountState,
  input: Input,
  nowMs: number,
): { state: AccountState; commands: Command[] } {
  const copy = JSON.parse(JSON.stringify(state)) as AccountState;
  const decision: Decision = { state: copy, commands: [], input, nowMs };
  apply(decision);
  if (copy.known) {
    for (const wallet of WALLETS) {
      refreshWant(decision, wallet);
      advanceWaiting(decision, wallet);
      chargeWhatIsNeeded(decision, wallet);
    }
  }
  readWhenWanted(decision);
  return { state: copy, commands: decision.commands };
}

function apply(decision: Decision): void {
  const { state, input } = decision;
  switch (input.kind) {
    case 'usage':
      return used(decision, input.signal);
    case 'refresh':
      return refreshed(decision, input.signal);
    case 'tick':
      return;
    case 'account_read':
      return applySnapshot(decision, input.snapshot, input.policy);
    case 'customer_synced':
      return customerSynced(decision, input);
    case 'charged':
    case 'credited':
    case 'looked_up':
    case 'closed':
    case 'deferred':
    case 'gave_up':
      // What a running read saw may be older than this result: it is read again.
      if (state.reading.status === 'running') state.reading.stale = true;
      return applyTopUpEvent(decision, input);
    case 'reversed':
      return reversed(decision, input);
  }
}

/** Versions only rise: a wake that is not above the highest seen has been acted on. */
function isNews(state: AccountState, version: number): boolean {
  if (version <= state.version) return false;
  state.version = version;
  return true;
}

function used(decision: Decision, signal: UsageSignal): void {
  const { state } = decision;
  const isNew = isNews(state, signal.version);
  if (!state.known) {
    // The first read covers every slice that was cut before it.
    if (isNew) wantRead(state);
    return;
  }
  // Slices are judged by their entries: one that a later message has overtaken still counts.
  for (const wallet of WALLETS) {
    const slice = signal.wallets[wallet];
    if (slice !== undefined) watchSlice(decision, wallet, slice);
  }
}

function refreshed(decision: Decision, signal: RefreshSignal): void {
  const { state } = decision;
  if (!isNews(state, signal.version)) return;
  wantRead(state);
  const isOfCustomer = signal.reasons.includes('customer');
  // What failed may work with what has changed at the provider.
  if (isOfCustomer) for (const wallet of WALLETS) state.wallets[wallet].pausedUntilMs = null;
  // The provider's customer follows the account's address and language.
  if (isOfCustomer || signal.reasons.includes('account')) {
    if (state.syncingCustomer) state.syncAgain = true;
    else syncCustomer(decision);
  }
  const hasPaymentNews = signal.reasons.some((reason) => reason === 'payment' || reason === 'sweep');
  if (!hasPaymentNews) return;
  for (const wallet of WALLETS) {
    const step = state.wallets[wallet].topUp?.step;
    if (step === undefined) continue;
    if (isWaiting(step)) startLookUp(decision, wallet, step);
    else if (step.kind === 'looking_up') step.again = true;
  }
}

function customerSynced(decision: Decision, synced: Extract<Input, { kind: 'customer_synced' }>): void {
  const { state, nowMs } = decision;
  state.syncingCustomer = false;
  state.customerId = synced.customerId;
  if (synced.suspensionLifted) wantRead(state);
  if (synced.blockedBy === null) state.blocked = null;
  else if (state.blocked !== null) {
    state.blocked.recheckAtMs = nowMs + recheckAfterMs(state.blocked, state.policy, nowMs);
    state.blocked.checkedAtMs = nowMs;
  }
  if (state.syncAgain === undefined) return;
  delete state.syncAgain;
  syncCustomer(decision);
}

function readWhenWanted({ state, commands }: Decision): void {
  if (state.reading.status !== 'wanted') return;
  state.reading = { status: 'running', stale: false };
  const since = {
    call_minutes: state.wallets.call_minutes.seq,
    chat_credits: state.wallets.chat_credits.seq,
  };
  commands.push({ kind: 'read_account', since: state.known ? since : null });
}
