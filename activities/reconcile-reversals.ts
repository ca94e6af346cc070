import { agreesOnReversal, type ProviderReversal } from '../domain/reconciling.ts';
import type { ReconcilerDependencies } from './create-reconciler-activities.ts';
import type { ReconciledPage, ReconcileInput } from './reconcile-payments.ts';

/** Compares one page of the provider's refunds or disputes with what the ledger knows of them. What it has not heard
 *  of, the account's workflow reads again; what stays different after that is reported.
 *  @throws ProviderError when the provider does not answer. */
export function createReconcileReversals({
  records,
  reconciliations,
  policy,
  nowMs,
}: ReconcilerDependencies) {
  return async ({
    kind,
    sinceMs,
    cursor,
  }: ReconcileInput & { kind: ProviderReversal['kind'] }): Promise<ReconciledPage> => {
    const { items, next } = await records.listReversals(kind, { fromMs: sinceMs, cursor });
    const latestMs = nowMs() - policy.forgottenAfterMs;
    const due = items.filter(({ createdAtMs }) => createdAtMs <= latestMs);
    const known = await reconciliations.reversalsOf(due);
    const byId = new Map(due.map((reversal) => [reversal.reversalId, reversal]));
    const right: string[] = [];
    let repaired = 0;
    let reported = 0;
    for (const one of known) {
      const reversal = byId.get(one.reversalId);
      if (reversal === undefined) continue;
      if (agreesOnReversal(reversal, one)) {
        right.push(one.reversalId);
        continue;
      }
      const done = await reconciliations.raiseReversal(reversal, one);
      if (done === 'raised') repaired += 1;
      else reported += 1;
    }
    await reconciliations.resolveReversals(right);
    return { cursor: next, compared: known.length, repaired, reported };
  };
}
