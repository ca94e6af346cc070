import type { LedgerReversal, ProviderReversal } from '../domain/reconciling.ts';
import type { Transaction } from './connect.ts';
import { reportFinding } from './findings.ts';
import { once } from './idempotent-requests.ts';
import { lockTopUp } from './lock-top-up.ts';
import { markWakes } from './mark-wakes.ts';

/** Longer than a workflow that is awake takes to read a top-up's reversals. */
const PATIENCE_MS = 3_600_000;

/** Has the account's workflow read a top-up's refunds and disputes again. One that is still different although that
 *  was done, or was not done for an hour, becomes a finding.
 *  @throws LedgerError `top_up_unknown`. */
export async function raiseReversal(
  transaction: Transaction,
  { reversalId, kind, status, amountCents }: ProviderReversal,
  known: LedgerReversal,
): Promise<'raised' | 'reported'> {
  const { topUpId, accountId } = known;
  // The same reversal in the same state is raised as news once; then it is known that it was.
  const request = { scope: 'reconciler', key: `${reversalId}:${status}:${amountCents}`, asked: topUpId };
  const raised = await once(transaction, request, async () => {
    await lockTopUp(transaction, topUpId);
    await transaction`
      update top_ups set reversal_mark = greatest(reversal_mark, reversal_seen) + 1
      where account_id = ${accountId} and top_up_id = ${topUpId}`;
    return {};
  });
  if (raised.status === 'done' || !(await isIgnored(transaction, request, known))) {
    await markWakes(transaction, [{ accountId, refresh: 'payment', delayMs: 0 }]);
    return 'raised';
  }
  const here =
    known.status === null ? 'it is unknown here' : `here it is ${known.status} of ${known.amountCents} cents`;
  await reportFinding(transaction, {
    kind: 'reversal_differs',
    subject: reversalId,
    accountId,
    topUpId,
    detail: `The ${kind} ${reversalId} of ${topUpId} is ${status} of ${amountCents} cents, but ${here}`,
  });
  return 'reported';
}

/** Whether it was raised before, and nothing came of it. */
async function isIgnored(
  transaction: Transaction,
  { scope, key }: { scope: string; key: string },
  { accountId, topUpId }: LedgerReversal,
): Promise<boolean> {
  const ignored = await transaction`
    select 1
    from top_ups, idempotent_requests raised
    where top_ups.account_id = ${accountId} and top_ups.top_up_id = ${topUpId}
      and raised.scope = ${scope} and raised.key = ${key}
      and (top_ups.reversal_mark <= top_ups.reversal_seen
        or raised.created_at < now() - ${PATIENCE_MS}::bigint * interval '1 millisecond')`;
  return ignored.count > 0;
}
