import type { AccountState, Block } from './account-state.ts';
import type { Decision } from './decision.ts';
import { POLICY, type Policy } from './policy.ts';

/** Has a blocked account looked at less and less often. Whoever runs the account says so before each decision and after
 *  it: a run that began under the earlier rule, by which it is the same pause always and without an end, goes on as it
 *  did, or its history would not replay. */
export function letRechecksBackOff({ blocked }: AccountState, isNewRule: () => boolean): void {
  if (blocked === null) return;
  if (isNewRule()) blocked.backsOff = true;
  else delete blocked.backsOff;
}

/** When an account that is still blocked has to be looked at again: after as long again as it has been blocked, and at
 *  least once a day. */
export function recheckAfterMs({ sinceMs, backsOff }: Block, policy: Policy, nowMs: number): number {
  const { blockedRecheckMs, dayMs } = policy;
  if (backsOff !== true) return blockedRecheckMs;
  return Math.max(blockedRecheckMs, Math.min(dayMs, nowMs - sinceMs));
}

/** When a blocked account is looked at again although nothing is heard of it; null once that has been done for long
 *  enough, because an account that nobody uses has to cost nothing. */
export function recheckWakeAtMs({ blocked, policy }: AccountState): number | null {
  if (blocked === null) return null;
  const { backsOff, recheckAtMs, sinceMs } = blocked;
  const { blockedRecheckForMs = POLICY.blockedRecheckForMs } = policy as Partial<Policy>;
  return backsOff === true && recheckAtMs > sinceMs + blockedRecheckForMs ? null : recheckAtMs;
}

/** Whether a blocked account has to be looked at now. Usage and whatever makes the account be read (settings, payments,
 *  operators) hasten it, so that one that is alive is never left waiting; news of the customer does it anyway. */
export function isRecheckDue({ state, input, nowMs }: Decision): boolean {
  const { blocked, policy } = state;
  if (blocked === null || nowMs >= blocked.recheckAtMs) return true;
  if (blocked.backsOff !== true) return false;
  const isNews = input.kind === 'usage' || input.kind === 'account_read';
  return isNews && nowMs >= (blocked.checkedAtMs ?? blocked.sinceMs) + policy.blockedRecheckMs;
}
