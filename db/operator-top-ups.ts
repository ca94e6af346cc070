import type { ChargeOutcome } from '../domain/account-state.ts';
import type { FailureReason } from '../domain/failures.ts';
import type { AccountId, TopUpId } from '../domain/ids.ts';
import type { Cents } from '../domain/money.ts';
import type { TopUpState } from '../domain/top-up.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { Runner } from './connect.ts';
import { parsePlace, toPage, type Page, type PageRequest } from './cursor.ts';
import { OperatorError } from './operator-error.ts';
import type { TopUpItem } from './top-ups.ts';

/** One try to pay, as an operator sees it. */
export type AttemptItem = {
  attempt: number;
  startedAtMs: number;
  finishedAtMs: number | null;
  /** null while it is not established. */
  outcome: ChargeOutcome['status'] | null;
  declineCode: string | null;
  declineReason: FailureReason | null;
};

/** A top-up with all that an operator needs to judge it. */
export type OperatorTopUp = TopUpItem & {
  accountId: AccountId;
  accountName: string;
  nextAttemptAtMs: number | null;
  unknownSinceMs: number | null;
  paidAtMs: number | null;
  closedAtMs: number | null;
  retryOf: TopUpId | null;
  retriedBy: TopUpId | null;
  cancelRequestedAtMs: number | null;
  customerId: string | null;
  invoiceId: string | null;
  paymentIntentId: string | null;
  attempts: AttemptItem[];
};

export type OperatorTopUpFilter = {
  accountId?: AccountId | undefined;
  wallet?: Wallet | undefined;
  failure?: FailureReason | undefined;
  /** Made before this instant. */
  olderThanMs?: number | undefined;
  /** Made at this instant or after it. */
  newerThanMs?: number | undefined;
  minAmountCents?: Cents | undefined;
  maxAmountCents?: Cents | undefined;
  /** Whether failed ones count that need nobody any more: tried again since, or followed by one that was credited. */
  withSuperseded: boolean;
};

export type OperatorTopUpQuery = OperatorTopUpFilter & PageRequest & { states: readonly TopUpState[] };

type Row = Omit<OperatorTopUp, 'attempts'>;

/** Top-ups of all accounts, oldest first. @throws CursorError */
export async function listOperatorTopUps(
  sql: Runner,
  { states, failure, cursor, limit, ...filter }: OperatorTopUpQuery,
): Promise<Page<OperatorTopUp>> {
  const after = parsePlace(cursor);
  const rows = await sql<Row[]>`
    select ${columns(sql)} from top_ups top_up
    where state = any(${states}::text[])
      ${failure === undefined ? sql`` : sql`and failure = ${failure}`}
      ${conditions(sql, filter)}
      ${
        // Instants on the wire have milliseconds; a page goes on right behind what was shown.
        after === null
          ? sql``
          : sql`and (date_trunc('milliseconds', created_at), top_up_id) > (${after.atMs}::timestamptz, ${after.id})`
      }
    order by date_trunc('milliseconds', created_at), top_up_id
    limit ${limit + 1}`;
  const page = toPage(rows, limit, (row) => ({ atMs: row.createdAtMs, id: row.topUpId }));
  return { items: await withAttempts(sql, page.items), next: page.next };
}

/** @throws OperatorError `top_up_unknown` */
export async function readOperatorTopUp(sql: Runner, topUpId: TopUpId): Promise<OperatorTopUp> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} from top_ups top_up where top_up_id = ${topUpId}`;
  const [topUp] = await withAttempts(sql, rows);
  if (topUp === undefined) throw new OperatorError('top_up_unknown', topUpId);
  return topUp;
}

export type TopUpCount = { state: TopUpState; failure: FailureReason | null; count: number };

/** How many top-ups need a look or are on their way, by state and by why the last attempt failed; the most first. */
export async function countOperatorTopUps(
  sql: Runner,
  filter: Omit<OperatorTopUpFilter, 'failure'>,
): Promise<TopUpCount[]> {
  return sql<TopUpCount[]>`
    select state, failure, count(*) from top_ups top_up
    where state not in ('credited', 'canceled') ${conditions(sql, filter)}
    group by state, failure
    order by count(*) desc, state, failure`;
}

/** What narrows list and counts alike. */
function conditions(sql: Runner, filter: Omit<OperatorTopUpFilter, 'failure'>) {
  const { accountId, wallet, olderThanMs, newerThanMs, minAmountCents, maxAmountCents } = filter;
  return sql`
    ${accountId === undefined ? sql`` : sql`and account_id = ${accountId}`}
    ${wallet === undefined ? sql`` : sql`and wallet = ${wallet}`}
    ${olderThanMs === undefined ? sql`` : sql`and created_at < ${olderThanMs}::timestamptz`}
    ${newerThanMs === undefined ? sql`` : sql`and created_at >= ${newerThanMs}::timestamptz`}
    ${minAmountCents === undefined ? sql`` : sql`and amount_cents >= ${minAmountCents}`}
    ${maxAmountCents === undefined ? sql`` : sql`and amount_cents <= ${maxAmountCents}`}
    ${filter.withSuperseded ? sql`` : sql`and not ${isSuperseded(sql)}`}`;
}

/** One that failed and that nobody has to look at any more. One that was taken back since has helped nobody. */
function isSuperseded(sql: Runner) {
  return sql`(
    state = 'failed' and exists (
      select 1 from top_ups later
      where later.account_id = top_up.account_id and later.created_at >= top_up.created_at
        and later.top_up_id <> top_up.top_up_id
        and (later.retry_of = top_up.top_up_id
          or later.wallet = top_up.wallet and later.state = 'credited')
    )
  )`;
}

function columns(sql: Runner) {
  return sql`top_up_id, account_id,
    (select name from accounts where accounts.account_id = top_up.account_id) as account_name, wallet, trigger, state, amount_cents, vat_cents, total_cents, currency, units,
    invoice_number, invoice_pdf_url, action_url, attempt, failure, created_at as created_at_ms,
    credited_at as credited_at_ms, next_attempt_at as next_attempt_at_ms, unknown_since as unknown_since_ms,
    paid_at as paid_at_ms, closed_at as closed_at_ms, retry_of, cancel_requested_at as cancel_requested_at_ms,
    customer_id, invoice_id, payment_intent_id,
    (
      select retry.top_up_id from top_ups retry
      where retry.account_id = top_up.account_id and retry.retry_of = top_up.top_up_id
      order by retry.created_at limit 1
    ) as retried_by`;
}

async function withAttempts(sql: Runner, rows: readonly Row[]): Promise<OperatorTopUp[]> {
  const topUpIds = rows.map(({ topUpId }) => topUpId);
  const accountIds = [...new Set(rows.map(({ accountId }) => accountId))];
  const attempts = await sql<(AttemptItem & { topUpId: TopUpId })[]>`
    select top_up_id, attempt, started_at as started_at_ms, finished_at as finished_at_ms,
      outcome ->> 'status' as outcome, outcome -> 'decline' ->> 'code' as decline_code,
      outcome -> 'decline' ->> 'reason' as decline_reason
    from charge_attempts
    where account_id = any(${accountIds}::text[]) and top_up_id = any(${topUpIds}::text[])
    order by attempt`;
  return rows.map((row) => ({
    ...row,
    attempts: attempts
      .filter(({ topUpId }) => topUpId === row.topUpId)
      .map(({ attempt, startedAtMs, finishedAtMs, outcome, declineCode, declineReason }) => ({
        attempt,
        startedAtMs,
        finishedAtMs,
        outcome,
        declineCode,
        declineReason,
      })),
  }));
}
