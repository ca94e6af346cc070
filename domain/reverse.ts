import type { Input } from './commands.ts';
import { wantRead, type Decision } from './decision.ts';
import type { TopUpId } from './ids.ts';

/** Has top-ups brought in line with what went back of their payments, each by one activity at a time. */
export function startReversals({ state, commands }: Decision, topUpIds: readonly TopUpId[]): void {
  const running = state.reversing ?? [];
  const started = topUpIds.filter((topUpId) => !running.includes(topUpId));
  if (started.length === 0) return;
  state.reversing = [...running, ...started];
  for (const topUpId of started) commands.push({ kind: 'reverse', topUpId });
}

/** Tells what has come of it. One that gave up still stands in the database, and is found by a later read. */
export function reversed(decision: Decision, { topUpId, news }: Extract<Input, { kind: 'reversed' }>): void {
  const { state, commands } = decision;
  const left = (state.reversing ?? []).filter((running) => running !== topUpId);
  if (left.length === 0) delete state.reversing;
  else state.reversing = left;
  if (news === null) return;
  // The balance has changed, and there may be later news.
  wantRead(state);
  for (const refundId of news.refundIds) {
    commands.push({ kind: 'notify', request: { kind: 'top_up.refunded', topUpId, refundId } });
  }
  const { suspendedSinceMs, resumedSinceMs } = news;
  if (suspendedSinceMs !== null) {
    state.suspension = { reason: 'dispute', sinceMs: suspendedSinceMs };
    commands.push({
      kind: 'notify',
      request: { kind: 'auto_top_up.suspended', reason: 'dispute', sinceMs: suspendedSinceMs },
    });
  }
  if (resumedSinceMs !== null) {
    commands.push({ kind: 'notify', request: { kind: 'auto_top_up.resumed', sinceMs: resumedSinceMs } });
  }
}
