import { v7 as uuid } from 'uuid';
import type { AccountId, TopUpId } from '../domain/ids.ts';
import type { Runner } from './connect.ts';
import { parsePlace, toPage, type Page, type PageRequest } from './cursor.ts';

/** What a person has to look at. */
export const FINDING_KINDS = [
  'dispute_opened',
  'refund_failed',
  'refund_refused',
  'payment_without_top_up',
  'payment_differs',
  'credit_without_payment',
  'reversal_differs',
  'invariant_broken',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export type NewFinding = {
  kind: FindingKind;
  /** What it is about, such as the provider's id; with the kind it is the finding's identity. */
  subject: string;
  accountId: AccountId | null;
  topUpId: TopUpId | null;
  /** One sentence for the operator. */
  detail: string;
};

export type Finding = NewFinding & {
  findingId: string;
  openedAtMs: number;
  seenAtMs: number;
  resolvedAtMs: number | null;
};

/** Reports a finding once; one that was resolved and is seen again is open again. */
export async function reportFinding(sql: Runner, finding: NewFinding): Promise<void> {
  await sql`
    insert into findings (finding_id, kind, subject, account_id, top_up_id, detail)
    values (${uuid()}, ${finding.kind}, ${finding.subject}, ${finding.accountId}, ${finding.topUpId},
      ${finding.detail})
    on conflict (kind, subject) do update
    set detail = excluded.detail, seen_at = now(),
      opened_at = case when findings.resolved_at is null then findings.opened_at else now() end,
      resolved_at = null`;
}

/** Resolves a finding that does not hold any more; one that is not open stays as it is. */
export async function resolveFinding(sql: Runner, kind: FindingKind, subject: string): Promise<void> {
  await sql`
    update findings set resolved_at = now()
    where kind = ${kind} and subject = ${subject} and resolved_at is null`;
}

/** Open findings, oldest first. @throws CursorError */
export async function listFindings(sql: Runner, { cursor, limit }: PageRequest): Promise<Page<Finding>> {
  const after = parsePlace(cursor);
  const rows = await sql<Finding[]>`
    select finding_id, kind, subject, account_id, top_up_id, detail, opened_at as opened_at_ms,
      seen_at as seen_at_ms, resolved_at as resolved_at_ms
    from findings where resolved_at is null
      ${after === null ? sql`` : sql`and (opened_at, finding_id) > (${after.atMs}::timestamptz, ${after.id})`}
    order by opened_at, finding_id
    limit ${limit + 1}`;
  return toPage(rows, limit, ({ openedAtMs, findingId }) => ({ atMs: openedAtMs, id: findingId }));
}
