import { isForOrder } from './as-ordered.ts';
import { compareCredits, comparePayments, type JudgedPayment } from './compare-payments.ts';
import type { ReconcilerDependencies } from './create-reconciler-activities.ts';
import type { PaymentFinding, ReconciliationTotals } from './ports.ts';

export type ReconcileInput = { sinceMs: number; cursor: string | null };
/** What one page came to; `cursor` is null after the last one. */
export type ReconciledPage = ReconciliationTotals & { cursor: string | null };

/** Compares one page of the provider's payments with the ledger, credits what is paid and not credited, and reports
 *  what is not certain. The same page again has no second effect.
 *  @throws ProviderError when the provider does not answer. */
export function createReconcilePayments(dependencies: ReconcilerDependencies) {
  const { policy, nowMs } = dependencies;
  return async (input: ReconcileInput): Promise<ReconciledPage> => {
    const times = { nowMs: nowMs(), patienceMs: policy.forgottenAfterMs };
    const { judged, next } = await comparePayments(dependencies, input, times);
    let repaired = 0;
    for (const one of judged) if (await act(one, dependencies)) repaired += 1;
    const reported = await report(judged, dependencies);
    return { cursor: next, compared: judged.length, repaired, reported };
  };
}

/** Compares one page of the ledger's paid top-ups with the provider, and reports what the provider does not know as
 *  paid: nothing is taken back by itself.
 *  @throws ProviderError when the provider does not answer. */
export function createReconcileCredits(dependencies: ReconcilerDependencies) {
  return async (input: ReconcileInput): Promise<ReconciledPage> => {
    const { judged, next } = await compareCredits(dependencies, input);
    const reported = await report(judged, dependencies);
    return { cursor: next, compared: judged.length, repaired: 0, reported };
  };
}

/** @returns whether it was credited by this call. */
async function act(
  { payment, topUp, verdict }: JudgedPayment,
  { reconciliations, payments, topUps, ledger }: ReconcilerDependencies,
): Promise<boolean> {
  if (payment === null || topUp === null) return false;
  if (verdict.kind === 'wait' && !topUp.isCredited) await reconciliations.wake(topUp.accountId);
  if (verdict.kind !== 'repair') return false;
  const { topUpId, accountId } = topUp;
  // The whole invoice, as the charge itself would have read it: VAT, number and PDF belong to the record.
  const invoice = await payments.readInvoice(payment.invoiceId);
  const order = await topUps.read(topUpId);
  if (order === null || invoice.status !== 'paid' || !isForOrder(invoice, order)) return false;
  await topUps.markPaid(topUpId, invoice);
  const { alreadyCredited } = await ledger.creditTopUp(topUpId);
  // A workflow that was at work on it looks again, and finds it settled.
  await reconciliations.wake(accountId);
  return !alreadyCredited;
}

async function report(
  judged: readonly JudgedPayment[],
  { reconciliations }: ReconcilerDependencies,
): Promise<number> {
  const findings = judged.flatMap(({ subject, topUp, payment, verdict }): PaymentFinding[] => {
    if (verdict.kind !== 'report') return [];
    const accountId = topUp?.accountId ?? null;
    const topUpId = topUp?.topUpId ?? payment?.topUpId ?? null;
    return [{ kind: verdict.finding, subject, accountId, topUpId, detail: verdict.detail }];
  });
  const right = judged.filter(({ verdict }) => verdict.kind === 'agrees' || verdict.kind === 'repair');
  await reconciliations.report(
    findings,
    right.map(({ subject }) => subject),
  );
  return findings.length;
}
