import type { Policy } from '../domain/policy.ts';
import type {
  Ledger,
  Payments,
  ProviderRecords,
  Reconciliations,
  ReconciliationScope,
  ReconciliationTotals,
  TopUps,
} from './ports.ts';
import { createReconcileCredits, createReconcilePayments } from './reconcile-payments.ts';
import { createReconcileReversals } from './reconcile-reversals.ts';

/** Everything that the reconciler reaches the world through. */
export type ReconcilerDependencies = {
  records: ProviderRecords;
  reconciliations: Reconciliations;
  payments: Pick<Payments, 'readInvoice'>;
  topUps: Pick<TopUps, 'read' | 'markPaid'>;
  ledger: Pick<Ledger, 'creditTopUp'>;
  policy: Pick<Policy, 'forgottenAfterMs'>;
  nowMs: () => number;
};

export type ReconcilerActivities = ReturnType<typeof createReconcilerActivities>;

/** All activities of the reconciler's workflow, by the names that its history shows. */
export function createReconcilerActivities(dependencies: ReconcilerDependencies) {
  const { reconciliations } = dependencies;
  return {
    beginReconciliation: ({ runId, scope }: { runId: string; scope: ReconciliationScope }) =>
      reconciliations.begin(runId, scope),
    reconcilePayments: createReconcilePayments(dependencies),
    reconcileReversals: createReconcileReversals(dependencies),
    reconcileCredits: createReconcileCredits(dependencies),
    finishReconciliation: ({
      runId,
      scope,
      ...totals
    }: ReconciliationTotals & { runId: string; scope: ReconciliationScope }) =>
      reconciliations.finish(runId, scope, totals),
  };
}
