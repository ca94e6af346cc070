import { continueAsNew, proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { ReconcilerActivities } from '../activities/create-reconciler-activities.ts';
import type { ReconcileScope } from './messages.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Recent: what a lost webhook or a dead worker left behind, soon. Nightly: as long as a card holder may dispute, with
 *  room to spare. By when the provider made the invoice, refund or dispute. */
const WINDOW_MS: Readonly<Record<ReconcileScope, number>> = { recent: 2 * DAY_MS, nightly: 400 * DAY_MS };
/** One activity each: a history stays far below what Temporal allows. */
const PAGES_PER_RUN = 200;

const STAGES = ['payments', 'refunds', 'disputes', 'credits'] as const;
type Stage = (typeof STAGES)[number];

/** How far a reconciliation has come; carried over when it continues as new. */
export type ReconcileProgress = {
  runId: string;
  sinceMs: number;
  stage: number;
  cursor: string | null;
  totals: { compared: number; repaired: number; reported: number };
};

/** Compares the payment provider's payments, refunds and disputes with the ledger, both ways, page by page: repairs
 *  what is certain, reports what is not. Any step may be done again without a second effect. */
export async function reconcile(
  scope: ReconcileScope,
  carried?: ReconcileProgress,
): Promise<ReconcileProgress['totals']> {
  const progress = carried ?? start(scope);
  const { runId, sinceMs, totals } = progress;
  if (carried === undefined) await activities('Begin').beginReconciliation({ runId, scope });
  let pages = 0;
  for (; progress.stage < STAGES.length; progress.stage += 1) {
    const stage = STAGES[progress.stage] ?? 'payments';
    do {
      if (pages >= PAGES_PER_RUN) await continueAsNew<typeof reconcile>(scope, progress);
      pages += 1;
      setCurrentDetails(describe(scope, stage, progress));
      const page = await reconcilePage(stage, { sinceMs, cursor: progress.cursor });
      totals.compared += page.compared;
      totals.repaired += page.repaired;
      totals.reported += page.reported;
      progress.cursor = page.cursor;
    } while (progress.cursor !== null);
  }
  const { broken } = await judging().finishReconciliation({ runId, scope, ...totals });
  setCurrentDetails(
    `${describe(scope, 'done', progress)}${scope === 'nightly' ? ` Invariants broken: ${broken}.` : ''}`,
  );
  return totals;
}

function start(scope: ReconcileScope): ReconcileProgress {
  return {
    runId: workflowInfo().firstExecutionRunId,
    sinceMs: Date.now() - WINDOW_MS[scope],
    stage: 0,
    cursor: null,
    totals: { compared: 0, repaired: 0, reported: 0 },
  };
}

function reconcilePage(stage: Stage, page: { sinceMs: number; cursor: string | null }) {
  switch (stage) {
    case 'payments':
      return activities('Payments at Stripe, compared with the ledger').reconcilePayments(page);
    case 'refunds':
      return activities('Refunds at Stripe, compared with the ledger').reconcileReversals({
        ...page,
        kind: 'refund',
      });
    case 'disputes':
      return activities('Disputes at Stripe, compared with the ledger').reconcileReversals({
        ...page,
        kind: 'dispute',
      });
    case 'credits':
      return activities('Paid top-ups of the ledger, compared with Stripe').reconcileCredits(page);
  }
}

/** The provider or the database may be away for hours: a page is tried until they are back. */
function activities(summary: string) {
  return proxyActivities<ReconcilerActivities>({
    summary,
    startToCloseTimeout: '5 minutes',
    retry: { initialInterval: '1 second', maximumInterval: '5 minutes' },
  });
}

/** Judging the invariants reads every entry. */
function judging() {
  return proxyActivities<ReconcilerActivities>({
    summary: 'Finish, and judge the invariants when it is nightly',
    startToCloseTimeout: '2 hours',
    retry: { initialInterval: '5 seconds', maximumInterval: '10 minutes' },
  });
}

function describe(scope: ReconcileScope, stage: Stage | 'done', { totals }: ReconcileProgress): string {
  const { compared, repaired, reported } = totals;
  return `${scope}: ${stage}. Compared ${compared}, repaired ${repaired}, reported ${reported}.`;
}
