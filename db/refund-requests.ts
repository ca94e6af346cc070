import { v7 as uuid } from 'uuid';
import type { AccountId, TopUpId } from '../domain/ids.ts';
import { cents, type Cents } from '../domain/money.ts';
import { writeAudit } from './audit.ts';
import type { Database, Runner, Transaction } from './connect.ts';
import { reportFinding } from './findings.ts';
import { once, OPERATORS_SCOPE, type IdempotentResult } from './idempotent-requests.ts';
import { lockTopUp } from './lock-top-up.ts';
import { markWakes } from './mark-wakes.ts';
import type { RefundRequestState } from './schema.ts';

/** An operator's wish to refund, as it is answered. */
export type RefundRequest = {
  refundRequestId: string;
  accountId: AccountId;
  topUpId: TopUpId;
  /** Gross. */
  amountCents: Cents;
  state: RefundRequestState;
  reason: string;
  createdAtMs: number;
};

export type NewRefundRequest = {
  topUpId: TopUpId;
  reason: string;
  /** Gross; null for all that is left. */
  amountCents: Cents | null;
  actor: string;
  /** The operator's key: the same request again is the same refund. */
  key: string;
};

/** `not_paid`: there is nothing to give back. `too_much`: more than is left of it. */
export type RefundErrorCode = 'top_up_unknown' | 'not_paid' | 'too_much';

export class RefundError extends Error {
  override readonly name = 'RefundError';
  readonly code: RefundErrorCode;
  /** What could be refunded; null when that is not the trouble. */
  readonly leftCents: Cents | null;

  constructor(code: RefundErrorCode, leftCents: Cents | null = null) {
    super(code);
    this.code = code;
    this.leftCents = leftCents;
  }
}

export type RefundRequests = ReturnType<typeof createRefundRequests>;

export function createRefundRequests(db: Database) {
  return {
    /** Records that an operator wants a refund, and wakes the account, whose workflow makes it. Once under a key.
     *  @throws RefundError, and nothing is recorded. */
    request: (request: NewRefundRequest): Promise<IdempotentResult<RefundRequest>> =>
      db.transaction((transaction) => {
        const { key, ...asked } = request;
        // Not the actor: who repeats a request with another key of the operators' asks for the same.
        const { actor: _actor, ...fingerprinted } = asked;
        return once(transaction, { scope: OPERATORS_SCOPE, key, asked: { refund: fingerprinted } }, () =>
          recordRequest(transaction, request),
        );
      }),
  };
}

type Paid = { isPaid: boolean; totalCents: Cents | null; goneCents: Cents; askedCents: Cents };

async function recordRequest(transaction: Transaction, request: NewRefundRequest): Promise<RefundRequest> {
  const { topUpId, reason, actor } = request;
  const [known] = await transaction`select 1 from top_ups where top_up_id = ${topUpId}`;
  if (known === undefined) throw new RefundError('top_up_unknown');
  const { topUp } = await lockTopUp(transaction, topUpId);
  const { accountId } = topUp;
  const [paid] = await transaction<Paid[]>`
    select top_up.paid_at is not null as is_paid, top_up.total_cents,
      (select coalesce(sum(amount_cents), 0)::bigint from reversals
        where reversals.account_id = ${accountId} and reversals.top_up_id = ${topUpId}
          and reversals.status not in ('failed', 'canceled', 'won', 'prevented')
          and not starts_with(reversals.status, 'warning_')) as gone_cents,
      (select coalesce(sum(amount_cents), 0)::bigint from refund_requests
        where refund_requests.account_id = ${accountId} and refund_requests.top_up_id = ${topUpId}
          and refund_requests.state = 'requested') as asked_cents
    from top_ups top_up where top_up.account_id = ${accountId} and top_up.top_up_id = ${topUpId}`;
  if (paid === undefined || !paid.isPaid || paid.totalCents === null) throw new RefundError('not_paid');
  const leftCents = cents(Math.max(0, paid.totalCents - paid.goneCents - paid.askedCents));
  const amountCents = request.amountCents ?? leftCents;
  if (amountCents > leftCents || leftCents === 0) throw new RefundError('too_much', leftCents);
  const refundRequestId = `rr_${uuid()}`;
  const [row] = await transaction<RefundRequest[]>`
    insert into refund_requests (account_id, refund_request_id, top_up_id, amount_cents, state, reason, actor)
    values (${accountId}, ${refundRequestId}, ${topUpId}, ${amountCents}, 'requested', ${reason}, ${actor})
    returning refund_request_id, account_id, top_up_id, amount_cents, state, reason, created_at as created_at_ms`;
  if (row === undefined) throw new Error('an insert returned nothing');
  await transaction`
    update top_ups set reversal_mark = reversal_mark + 1, updated_at = now()
    where account_id = ${accountId} and top_up_id = ${topUpId}`;
  const before = { state: topUp.state, leftCents };
  const after = { refundRequestId, amountCents, leftCents: leftCents - amountCents };
  await writeAudit(transaction, {
    actor,
    action: 'top_up.refund',
    accountId,
    target: topUpId,
    reason,
    before,
    after,
  });
  await markWakes(transaction, [{ accountId, refresh: 'operator', delayMs: 0 }]);
  return row;
}

/** Refunds of a top-up that are asked for and not made, oldest first. */
export async function listRequested(
  sql: Runner,
  topUpId: TopUpId,
): Promise<{ refundRequestId: string; amountCents: Cents }[]> {
  return sql<{ refundRequestId: string; amountCents: Cents }[]>`
    select refund_request_id, amount_cents from refund_requests
    where top_up_id = ${topUpId} and state = 'requested'
      and account_id = (select account_id from top_ups where top_up_id = ${topUpId})
    order by created_at, refund_request_id`;
}

/** Stores how a request ended; a refused one is told to the operators. One that has ended stays as it is. */
export async function finishRequest(
  transaction: Transaction,
  refundRequestId: string,
  outcome: { status: 'refunded' } | { status: 'refused'; detail: string },
): Promise<void> {
  const detail = outcome.status === 'refused' ? outcome.detail : null;
  const [ended] = await transaction<{ accountId: AccountId; topUpId: TopUpId }[]>`
    update refund_requests
    set state = ${outcome.status}, detail = ${detail}, attempts = attempts + 1, updated_at = now()
    where refund_request_id = ${refundRequestId} and state = 'requested'
    returning account_id, top_up_id`;
  if (ended === undefined || detail === null) return;
  await reportFinding(transaction, {
    kind: 'refund_refused',
    subject: refundRequestId,
    ...ended,
    detail: `The payment provider refused the refund: ${detail}`,
  });
}
