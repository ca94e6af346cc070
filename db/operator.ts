import type { Suspension } from '../domain/account-state.ts';
import { entryCauses, type AccountId, type TopUpId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import type { Quantity } from '../domain/quantities.ts';
import type { Wallet } from '../domain/wallet.ts';
import { AccountError } from './account-error.ts';
import { writeAudit } from './audit.ts';
import { bookEntry } from './book-entry.ts';
import type { Database, Transaction } from './connect.ts';
import type { PageRequest } from './cursor.ts';
import { listFindings } from './findings.ts';
import { lockAccountWallets } from './lock-wallets.ts';
import { markWakes } from './mark-wakes.ts';
import { actOnce, type ActOrder } from './operator-act.ts';
import { resolveByOperator } from './operator-findings.ts';
import { cancelTopUp } from './operator-cancel.ts';
import { retryTopUp, type RetryEffect } from './operator-retry.ts';
import {
  countOperatorTopUps,
  listOperatorTopUps,
  readOperatorTopUp,
  type OperatorTopUp,
  type OperatorTopUpFilter,
  type OperatorTopUpQuery,
} from './operator-top-ups.ts';
import {
  resumeAccount,
  resumeAccountAsCustomer,
  suspendAccount,
  type SuspensionChange,
} from './suspension.ts';

/** What an act on a top-up came to, and the top-up that goes on. */
export type TopUpAct = { effect: RetryEffect | 'cancel_requested'; topUp: OperatorTopUp };

export type Adjustment = { accountId: AccountId; wallet: Wallet /** Signed, not 0. */; quantity: Quantity };
export type Adjusted = Adjustment & { seq: number; balance: Quantity };

export type OperatorStore = ReturnType<typeof createOperator>;

/** What people do to other people's money. Every act is one transaction: its effect, the account's wake and the
 *  audit's entry; so it is accepted while Temporal is away, and done once it is back.
 *  @returns of each act: the answer of the first request under the key, however often it is sent.
 *  @throws OperatorError, AccountError `account_unknown`; then nothing was changed. */
export function createOperator(db: Database, policy: Pick<Policy, 'dayMs' | 'maxTopUpsPerDay'>) {
  return {
    /** Top-ups of all accounts, oldest first. @throws CursorError */
    listTopUps: (query: OperatorTopUpQuery) => listOperatorTopUps(db.sql, query),
    /** @throws OperatorError `top_up_unknown` */
    readTopUp: (topUpId: TopUpId) => readOperatorTopUp(db.sql, topUpId),
    countTopUps: (filter: Omit<OperatorTopUpFilter, 'failure'>) => countOperatorTopUps(db.sql, filter),
    /** Open findings, oldest first. @throws CursorError */
    findings: (page: PageRequest) => listFindings(db.sql, page),

    /** @throws OperatorError `finding_unknown` */
    resolveFinding: (findingId: string, order: ActOrder) => resolveByOperator(db, findingId, order),

    /** Tries a top-up again: see `retryTopUp` for what that means in each state. */
    retry: (topUpId: TopUpId, order: ActOrder) =>
      actOnTopUp(db, 'top_up.retry', topUpId, order, (transaction) =>
        retryTopUp(transaction, topUpId, policy),
      ),

    cancel: (topUpId: TopUpId, order: ActOrder) =>
      actOnTopUp(db, 'top_up.cancel', topUpId, order, async (transaction) => ({
        ...(await cancelTopUp(transaction, topUpId)),
        topUpId,
      })),

    suspend: (accountId: AccountId, order: ActOrder) =>
      actOnSuspension(db, 'account.suspend', accountId, order, suspendAccount),

    resume: (accountId: AccountId, order: ActOrder) =>
      actOnSuspension(db, 'account.resume', accountId, order, resumeAccount),

    /** Adds units to a wallet, or takes them; a balance may go negative. */
    adjust: (adjustment: Adjustment, order: ActOrder) => adjust(db, adjustment, order),

    /** Lifts what the customer may lift; without a suspension nothing changes.
     *  @throws OperatorError `not_resumable` */
    resumeAsCustomer: (accountId: AccountId, actor: string): Promise<Suspension | null> =>
      db.transaction(async (transaction) => {
        const change = await resumeAccountAsCustomer(transaction, accountId);
        const order = { actor, reason: null };
        if (change.before !== null)
          await auditSuspension(transaction, 'account.resume', accountId, order, change);
        return change.after;
      }),
  };
}

async function actOnTopUp(
  db: Database,
  action: string,
  topUpId: TopUpId,
  order: ActOrder,
  act: (transaction: Transaction) => Promise<{ effect: TopUpAct['effect']; topUpId: TopUpId }>,
): Promise<TopUpAct> {
  return actOnce(db, order, [action, topUpId], async (transaction) => {
    // The act locks what is read here; read before it, for what was there before it.
    const before = await lockedView(transaction, topUpId);
    const { effect, topUpId: goesOn } = await act(transaction);
    const topUp = await readOperatorTopUp(transaction, goesOn);
    const { accountId } = before;
    const entry = { ...order, action, accountId, target: topUpId };
    await writeAudit(transaction, { ...entry, before: viewOf(before), after: { effect, ...viewOf(topUp) } });
    return { effect, topUp };
  });
}

/** The state that the act is going to judge: nobody changes it before the commit. */
async function lockedView(transaction: Transaction, topUpId: TopUpId): Promise<OperatorTopUp> {
  const { accountId } = await readOperatorTopUp(transaction, topUpId);
  await lockAccountWallets(transaction, accountId);
  return readOperatorTopUp(transaction, topUpId);
}

function viewOf(topUp: OperatorTopUp): Record<string, unknown> {
  const { topUpId, state, attempt, failure, amountCents, nextAttemptAtMs, retryOf, cancelRequestedAtMs } =
    topUp;
  return { topUpId, state, attempt, failure, amountCents, nextAttemptAtMs, retryOf, cancelRequestedAtMs };
}

async function actOnSuspension(
  db: Database,
  action: string,
  accountId: AccountId,
  order: ActOrder,
  act: (transaction: Transaction, accountId: AccountId) => Promise<SuspensionChange>,
): Promise<Suspension | null> {
  return actOnce(db, order, [action, accountId], async (transaction) => {
    const change = await act(transaction, accountId);
    await auditSuspension(transaction, action, accountId, order, change);
    return change.after;
  });
}

async function auditSuspension(
  transaction: Transaction,
  action: string,
  accountId: AccountId,
  { actor, reason }: { actor: string; reason: string | null },
  { before, after }: SuspensionChange,
): Promise<void> {
  const change = { before: { suspension: before }, after: { suspension: after } };
  await writeAudit(transaction, { actor, action, accountId, target: null, reason, ...change });
}

async function adjust(db: Database, adjustment: Adjustment, order: ActOrder): Promise<Adjusted> {
  const { accountId, wallet, quantity } = adjustment;
  const { actor, reason, key } = order;
  const action = 'account.adjust';
  return actOnce(db, order, [action, accountId, wallet, quantity], async (transaction) => {
    const locked = await lockAccountWallets(transaction, accountId);
    if (locked === null) throw new AccountError('account_unknown', accountId);
    const cause = entryCauses.adjustment(key);
    const { seq, balanceAfter } = await bookEntry(transaction, locked[wallet], {
      kind: 'adjustment',
      quantity,
      cause,
      fingerprint: null,
      reason,
    });
    const before = { wallet, balance: locked[wallet].balance };
    const after = { wallet, balance: balanceAfter };
    await writeAudit(transaction, { actor, action, accountId, target: cause, reason, before, after });
    await markWakes(transaction, [{ accountId, refresh: null, delayMs: 0 }]);
    return { ...adjustment, seq, balance: balanceAfter };
  });
}
