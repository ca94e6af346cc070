import type { AccountState, TopUpStep, WalletState } from './account-state.ts';
import { recheckWakeAtMs } from './block.ts';
import { guardInTheWay } from './guards.ts';
import { isOpenCheckout } from './steps.ts';
import { WALLETS } from './wallet.ts';

/** When the account has to be looked at again although nobody reports anything; null when nothing waits.
 *  Always after `nowMs`: what was due has been decided. */
export function nextWakeAtMs(state: AccountState, nowMs: number): number | null {
  const waits = WALLETS.flatMap((wallet) => waitsOf(state, state.wallets[wallet], nowMs));
  const next = Math.min(...waits.filter((atMs) => atMs > nowMs));
  return Number.isFinite(next) ? next : null;
}

function waitsOf(state: AccountState, watched: WalletState, nowMs: number): number[] {
  const { topUp } = watched;
  if (topUp === null) return waitsOfWant(state, watched, nowMs);
  const waits = waitsOfStep(topUp.step);
  return isOpenCheckout(topUp) ? [...waits, ...waitsOfWant(state, watched, nowMs)] : waits;
}

function waitsOfWant(state: AccountState, watched: WalletState, nowMs: number): number[] {
  const { want, settings, pausedUntilMs } = watched;
  if (want === null || settings === null || state.suspension !== null) return [];
  const guard = guardInTheWay({ ...watched, ...settings }, nowMs, state.policy);
  return [pausedUntilMs, recheckWakeAtMs(state), guard?.untilMs].filter(
    (atMs): atMs is number => typeof atMs === 'number',
  );
}

function waitsOfStep(step: TopUpStep): number[] {
  switch (step.kind) {
    case 'retry_at':
    case 'look_up_at':
      return [step.atMs];
    case 'authenticate_until':
      return [step.untilMs, step.remindAtMs, step.lookUpAtMs].filter((atMs) => typeof atMs === 'number');
    case 'charging':
    case 'crediting':
    case 'looking_up':
    case 'closing':
      return [];
  }
}
