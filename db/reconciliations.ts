import type { AccountId, TopUpId } from '../domain/ids.ts';
import type { LedgerReversal, ProviderReversal } from '../domain/reconciling.ts';
import { listPaid, readPayments, readReversals } from './compare-records.ts';
import type { Database, Transaction } from './connect.ts';
import { reportFinding, resolveFinding, type FindingKind, type NewFinding } from './findings.ts';
import { checkInvariants, type InvariantLimits, type InvariantResult } from './invariants.ts';
import { markWakes } from './mark-wakes.ts';
import { raiseReversal } from './raise-reversal.ts';
import type { ReconciliationScope } from './schema/operations.ts';

export type Reconciliation = {
  runId: string;
  scope: ReconciliationScope;
  compared: number;
  repaired: number;
  reported: number;
  /** Null when the run did not judge them. */
  invariants: InvariantResult[] | null;
  startedAtMs: number;
  finishedAtMs: number | null;
};

/** What a monitor needs to know: when each scope was last done, which invariants held then, what is open. */
export type ReconcilerStanding = {
  finishedAtMs: Partial<Record<ReconciliationScope, number>>;
  invariants: { number: number; name: string; holds: boolean }[];
  openFindings: { kind: FindingKind; count: number }[];
};

type Totals = Pick<Reconciliation, 'compared' | 'repaired' | 'reported'>;

const PAYMENT_FINDINGS: readonly FindingKind[] = [
  'payment_without_top_up',
  'payment_differs',
  'credit_without_payment',
];

export type ReconciliationStore = ReturnType<typeof createReconciliations>;

/** The ledger's side of comparing it with the payment provider, and the runs that did. */
export function createReconciliations(db: Database, limits: InvariantLimits) {
  const { sql } = db;
  return {
    begin: async (runId: string, scope: ReconciliationScope): Promise<void> => {
      await sql`
        insert into reconciliations (run_id, scope) values (${runId}, ${scope})
        on conflict (run_id) do nothing`;
    },
    paymentsOf: (topUpIds: readonly TopUpId[]) => readPayments(sql, topUpIds),
    listPaid: (page: { sinceMs: number; limit: number; cursor: string | null }) => listPaid(sql, page),
    reversalsOf: (reversals: readonly ProviderReversal[]) => readReversals(sql, reversals),

    /** Reports what differs, and resolves the findings about the subjects that are right by now. */
    report: (findings: readonly NewFinding[], rightSubjects: readonly string[]) =>
      db.transaction(async (transaction) => {
        for (const finding of findings) await reportFinding(transaction, finding);
        await resolve(transaction, PAYMENT_FINDINGS, rightSubjects);
      }),

    wake: (accountId: AccountId) =>
      db.transaction((transaction) =>
        markWakes(transaction, [{ accountId, refresh: 'payment', delayMs: 0 }]),
      ),

    raiseReversal: (reversal: ProviderReversal, known: LedgerReversal) =>
      db.transaction((transaction) => raiseReversal(transaction, reversal, known)),

    resolveReversals: (reversalIds: readonly string[]) =>
      db.transaction((transaction) => resolve(transaction, ['reversal_differs'], reversalIds)),

    /** Ends a run; a nightly one judges the invariants, and reports what is broken. */
    finish: async (
      runId: string,
      scope: ReconciliationScope,
      totals: Totals,
    ): Promise<{ broken: number }> => {
      const invariants = scope === 'nightly' ? await checkInvariants(db, limits) : null;
      await db.transaction((transaction) => finish(transaction, runId, totals, invariants));
      return { broken: (invariants ?? []).filter(({ holds }) => !holds).length };
    },

    /** The latest runs, newest first. */
    list: ({ limit }: { limit: number }) =>
      sql<Reconciliation[]>`
        select run_id, scope, compared, repaired, reported, invariants, started_at as started_at_ms,
          finished_at as finished_at_ms
        from reconciliations
        order by started_at desc, run_id desc
        limit ${limit}`,

    standing: () => readStanding(db),
  };
}

async function resolve(
  transaction: Transaction,
  kinds: readonly FindingKind[],
  subjects: readonly string[],
): Promise<void> {
  if (subjects.length === 0) return;
  await transaction`
    update findings set resolved_at = now()
    where kind = any(${[...kinds]}::text[]) and subject = any(${[...subjects]}::text[]) and resolved_at is null`;
}

async function finish(
  transaction: Transaction,
  runId: string,
  { compared, repaired, reported }: Totals,
  invariants: readonly InvariantResult[] | null,
): Promise<void> {
  for (const { number, name, holds, violations } of invariants ?? []) {
    const subject = `invariant ${number}`;
    if (holds) {
      await resolveFinding(transaction, 'invariant_broken', subject);
      continue;
    }
    const [first = ''] = violations;
    const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : '';
    const detail = `Invariant ${number}, ${name}, is broken: ${first}${more}`;
    await reportFinding(transaction, {
      kind: 'invariant_broken',
      subject,
      accountId: null,
      topUpId: null,
      detail,
    });
  }
  await transaction`
    update reconciliations
    set compared = ${compared}, repaired = ${repaired}, reported = ${reported},
      invariants = ${invariants === null ? null : JSON.stringify(invariants)}::text::jsonb, finished_at = now()
    where run_id = ${runId}`;
}

async function readStanding({ sql }: Database): Promise<ReconcilerStanding> {
  const [finished, judged, openFindings] = await Promise.all([
    sql<{ scope: ReconciliationScope; finishedAtMs: number }[]>`
      select scope, max(finished_at) as finished_at_ms from reconciliations
      where finished_at is not null group by scope`,
    sql<{ invariants: InvariantResult[] }[]>`
      select invariants from reconciliations
      where invariants is not null order by started_at desc limit 1`,
    sql<{ kind: FindingKind; count: number }[]>`
      select kind, count(*)::bigint as count from findings where resolved_at is null group by kind`,
  ]);
  return {
    finishedAtMs: Object.fromEntries(finished.map(({ scope, finishedAtMs }) => [scope, finishedAtMs])),
    invariants: judged[0]?.invariants.map(({ number, name, holds }) => ({ number, name, holds })) ?? [],
    openFindings,
  };
}
