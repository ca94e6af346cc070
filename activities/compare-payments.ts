import {
  judgeCredit,
  judgePayment,
  type LedgerPayment,
  type PaymentVerdict,
  type ProviderPayment,
} from '../domain/reconciling.ts';
import type { ProviderRecords, Reconciliations } from './ports.ts';

/** Both sides of one payment, and what follows. */
export type JudgedPayment = {
  /** What a finding is about: the invoice, or the top-up when the provider knows no payment. */
  subject: string;
  payment: ProviderPayment | null;
  topUp: LedgerPayment | null;
  verdict: PaymentVerdict;
};

export type ComparedPage = { judged: JudgedPayment[]; next: string | null };

type Sides = {
  records: Pick<ProviderRecords, 'listPayments' | 'readPayment'>;
  reconciliations: Pick<Reconciliations, 'paymentsOf' | 'listPaid'>;
};

/** Top-ups that are compared at once. Each may need a request of its own. */
const LEDGER_PAGE = 50;
/** An invoice is made right after its top-up, by clocks that may differ. */
const CLOCKS_DIFFER_MS = 10 * 60_000;
/** Beyond it, single requests are cheaper than a list full of other business. */
const MAX_LIST_PAGES = 3;

/** Compares one page of the provider's payments with the ledger. Changes nothing.
 *  @param patienceMs how long the account's workflow has to credit a payment by itself. */
export async function comparePayments(
  { records, reconciliations }: Sides,
  { sinceMs, cursor }: { sinceMs: number; cursor: string | null },
  { nowMs, patienceMs }: { nowMs: number; patienceMs: number },
): Promise<ComparedPage> {
  const { items, next } = await records.listPayments({ fromMs: sinceMs, toMs: null, cursor });
  const topUps = await reconciliations.paymentsOf(items.map(({ topUpId }) => topUpId));
  const byId = new Map(topUps.map((topUp) => [topUp.topUpId, topUp]));
  const judged = items.map((payment) => {
    const topUp = byId.get(payment.topUpId) ?? null;
    const verdict = judgePayment(payment, topUp, { nowMs, patienceMs });
    return { subject: payment.invoiceId, payment, topUp, verdict };
  });
  return { judged, next };
}

/** Compares one page of the ledger's paid top-ups with the provider. Changes nothing. */
export async function compareCredits(
  { records, reconciliations }: Sides,
  { sinceMs, cursor }: { sinceMs: number; cursor: string | null },
): Promise<ComparedPage> {
  const { items, next } = await reconciliations.listPaid({ sinceMs, cursor, limit: LEDGER_PAGE });
  const listed = await listAround(records, items);
  const judged: JudgedPayment[] = [];
  for (const topUp of items) {
    const { invoiceId, topUpId } = topUp;
    const payment =
      invoiceId === null ? null : (listed.get(invoiceId) ?? (await records.readPayment(invoiceId)));
    const verdict = judgeCredit(topUp, payment);
    judged.push({ subject: topUpId, payment, topUp, verdict });
  }
  return { judged, next };
}

/** Most of the payments in few requests; those that are not among them are asked for one by one. */
async function listAround(
  records: Sides['records'],
  topUps: readonly { createdAtMs: number }[],
): Promise<Map<string, ProviderPayment>> {
  const found = new Map<string, ProviderPayment>();
  const times = topUps.map(({ createdAtMs }) => createdAtMs);
  if (times.length === 0) return found;
  const range = {
    fromMs: Math.min(...times) - CLOCKS_DIFFER_MS,
    toMs: Math.max(...times) + CLOCKS_DIFFER_MS,
  };
  let cursor: string | null = null;
  for (let pages = 0; pages < MAX_LIST_PAGES; pages += 1) {
    const page: Awaited<ReturnType<typeof records.listPayments>> = await records.listPayments({
      ...range,
      cursor,
    });
    for (const payment of page.items) found.set(payment.invoiceId, payment);
    if (page.next === null) break;
    cursor = page.next;
  }
  return found;
}
