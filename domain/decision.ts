import type { AccountState, Want, WalletState } from './account-state.ts';
import type { Command, Input } from './commands.ts';
import type { Wallet } from './wallet.ts';

/** A decision in the making. Its state is a copy and may be changed; commands are only added. */
export type Decision = {
  state: AccountState;
  commands: Command[];
  readonly input: Input;
  readonly nowMs: number;
};

/** The account has to be read; a read that runs already is too old for what has just happened. */
export function wantRead(state: AccountState): void {
  if (state.reading.status === 'running') state.reading.stale = true;
  else state.reading = { status: 'wanted' };
}

/** Looks at the provider's customer, once at a time. */
export function syncCustomer({ state, commands }: Decision): void {
  if (state.syncingCustomer) return;
  state.syncingCustomer = true;
  commands.push({ kind: 'sync_customer' });
}

/** Brings the remembered want of a wallet up to date: chat credits are wanted whenever they are below the
 *  top-up value, call minutes only since campaign activity asked for them (watch.ts). */
export function refreshWant({ state, nowMs }: Decision, wallet: Wallet): void {
  const watched = state.wallets[wallet];
  const { settings, want, balance } = watched;
  if (settings === null || !settings.enabled) {
    watched.want = null;
    return;
  }
  if (want !== null && want.required !== null && !settings.topUpOnRefusal) {
    // Switched off since a call was refused: its campaign counts like any other.
    watched.want = { ...want, cause: 'campaign', required: null };
  }
  if (balance < settings.topUpBelow) {
    if (wallet === 'chat_credits') watched.want ??= { sinceMs: nowMs, cause: 'balance', required: null };
    return;
  }
  if (balance >= targetOf(watched)) watched.want = null;
}

/** The balance that a charge has to reach. */
export function targetOf({ settings, want }: WalletState): number {
  return Math.max(settings?.topUpBelow ?? 0, want?.required ?? 0);
}

/** Whether a refused call asks for the charge that was last heard of so long ago that what ran beside it may have ended
 *  since. */
export function isOfOldRefusal({ state, nowMs }: Decision, wallet: Wallet): boolean {
  const { want } = state.wallets[wallet];
  return want !== null && isOfRefusal(want) && nowMs - want.sinceMs > state.policy.disagreementPauseMs;
}

/** Whether a refused call is what asks for the charge. */
export function isOfRefusal(want: Want | null): boolean {
  return want !== null && want.required !== null;
}
