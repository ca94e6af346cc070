import { writeAudit } from './audit.ts';
import type { Database } from './connect.ts';
import type { Finding } from './findings.ts';
import { actOnce, type ActOrder } from './operator-act.ts';
import { OperatorError } from './operator-error.ts';

/** Closes a finding that a person has dealt with, once; one that is closed stays as it is. What is still so is open
 *  again as soon as it is seen again.
 *  @returns the finding as it is then.
 *  @throws OperatorError `finding_unknown`, `idempotency_conflict` */
export async function resolveByOperator(db: Database, findingId: string, order: ActOrder): Promise<Finding> {
  const action = 'finding.resolve';
  return actOnce(db, order, [action, findingId], async (transaction) => {
    const [before] = await transaction<Pick<Finding, 'resolvedAtMs'>[]>`
      select resolved_at as resolved_at_ms from findings where finding_id = ${findingId} for update`;
    if (before === undefined) throw new OperatorError('finding_unknown', findingId);
    const [finding] = await transaction<Finding[]>`
      update findings set resolved_at = coalesce(resolved_at, now())
      where finding_id = ${findingId}
      returning finding_id, kind, subject, account_id, top_up_id, detail, opened_at as opened_at_ms,
        seen_at as seen_at_ms, resolved_at as resolved_at_ms`;
    if (finding === undefined) throw new Error(`${findingId} was not returned by its update`);
    if (before.resolvedAtMs === null) {
      const { kind, subject, accountId, detail, resolvedAtMs } = finding;
      await writeAudit(transaction, {
        actor: order.actor,
        reason: order.reason,
        action,
        accountId,
        target: finding.topUpId ?? subject,
        before: { findingId, kind, subject, detail, resolvedAtMs: null },
        after: { findingId, kind, subject, detail, resolvedAtMs },
      });
    }
    return finding;
  });
}
