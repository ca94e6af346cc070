import type { TopUpId } from '../domain/ids.ts';
import type { LedgerPayment, LedgerReversal, ProviderReversal } from '../domain/reconciling.ts';
import type { Runner } from './connect.ts';
import { parsePlace, toPage, type Page } from './cursor.ts';

type PaidTopUp = LedgerPayment & { createdAtMs: number };

/** The top-ups among the ids that there are, as a comparison with the provider needs them. */
export async function readPayments(sql: Runner, topUpIds: readonly TopUpId[]): Promise<LedgerPayment[]> {
  if (topUpIds.length === 0) return [];
  return sql<LedgerPayment[]>`
    select ${paymentColumns(sql)} from top_ups where top_up_id = any(${[...topUpIds]}::text[])`;
}

/** Top-ups that were paid since, oldest first. @throws CursorError */
export async function listPaid(
  sql: Runner,
  { sinceMs, limit, cursor }: { sinceMs: number; limit: number; cursor: string | null },
): Promise<Page<PaidTopUp>> {
  const after = parsePlace(cursor ?? undefined);
  const rows = await sql<PaidTopUp[]>`
    select ${paymentColumns(sql)}, created_at as created_at_ms
    from top_ups
    where paid_at >= ${sinceMs}::timestamptz
      ${after === null ? sql`` : sql`and (created_at, top_up_id) > (${after.atMs}::timestamptz, ${after.id})`}
    order by created_at, top_up_id
    limit ${limit + 1}`;
  return toPage(rows, limit, (row) => ({ atMs: row.createdAtMs, id: row.topUpId }));
}

function paymentColumns(sql: Runner) {
  return sql`top_up_id, account_id, state, amount_cents, currency, invoice_id, paid_at is not null as is_paid,
    credited_at is not null as is_credited`;
}

/** What is known of each reversal of a payment of ours; those of foreign payments are left out. */
export async function readReversals(
  sql: Runner,
  reversals: readonly ProviderReversal[],
): Promise<(LedgerReversal & { reversalId: string })[]> {
  const ours = reversals.filter(({ paymentIntentId }) => paymentIntentId !== null);
  if (ours.length === 0) return [];
  return sql<(LedgerReversal & { reversalId: string })[]>`
    select listed.reversal_id, top_up.top_up_id, top_up.account_id, known.status, known.amount_cents
    from unnest(
      ${ours.map(({ reversalId }) => reversalId)}::text[],
      ${ours.map(({ paymentIntentId }) => paymentIntentId)}::text[]
    ) as listed (reversal_id, payment_intent_id)
    join top_ups top_up on top_up.payment_intent_id = listed.payment_intent_id
    left join reversals known on known.account_id = top_up.account_id
      and known.reversal_id = listed.reversal_id`;
}
