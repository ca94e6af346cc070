import { createHash } from 'node:crypto';
import type { AccountId, TopUpId } from '../domain/ids.ts';
import { entryCauses } from '../domain/ids.ts';
import type { Quantity } from '../domain/quantities.ts';
import type { Wallet } from '../domain/wallet.ts';
import { writeAudit } from './audit.ts';
import { bookEntry, findEntry } from './book-entry.ts';
import type { UsageEvent } from './book-usage.ts';
import type { Database } from './connect.ts';
import { ingestUsage, type IngestPolicy } from './ingest-usage.ts';
import { listLedger } from './list-ledger.ts';
import { findLockedAccounts, lockAccountWallets } from './lock-wallets.ts';
import { markWakes } from './mark-wakes.ts';
import { creditTopUp } from './settle-top-up.ts';

/** Units given without a payment: included minutes, goodwill. */
export type Grant = {
  accountId: AccountId;
  /** Chosen by the caller; the same id in the same account is the same grant. */
  grantId: string;
  wallet: Wallet;
  /** Minor units, positive. */
  quantity: Quantity;
  reason: string;
  actor: string;
};

export type GrantResult =
  | { status: 'accepted' | 'duplicate' | 'conflict'; seq: number; balance: Quantity }
  | { status: 'unknown_account' };

export type LedgerStore = ReturnType<typeof createLedger>;

/** The only writer of entries and balances. Whatever it returns has been committed. */
export function createLedger(db: Database, policy: IngestPolicy) {
  return {
    /** Books a batch of usage in one transaction and answers for each event, in the order given.
     *  @param lockTimeoutMs how long it may wait for a wallet; unset, as long as any statement of the service. */
    ingest: (events: readonly UsageEvent[], lockTimeoutMs?: number) =>
      db.transaction((transaction) => ingestUsage(transaction, events, { ...policy, lockTimeoutMs })),

    /** Of these accounts, those with a wallet that somebody has locked at this moment. */
    findLocked: (accountIds: readonly AccountId[]) => findLockedAccounts(db.sql, accountIds),

    /** Books a grant once; the same id with other content is a conflict and changes nothing. */
    grant: (grant: Grant) => bookGrant(db, grant),

    /** Credits a paid top-up to its wallet, once however often and from wherever it is called, and marks the
     *  account for a wake.
     *  @throws LedgerError `top_up_unknown`, `top_up_unpaid` (no succeeded payment is recorded). */
    creditTopUp: (topUpId: TopUpId) => db.transaction((transaction) => creditTopUp(transaction, topUpId)),

    /** An account's entries, newest first. @throws CursorError */
    list: (accountId: AccountId, request: Parameters<typeof listLedger>[2]) =>
      listLedger(db.sql, accountId, request),
  };
}

async function bookGrant(db: Database, grant: Grant): Promise<GrantResult> {
  const { accountId, grantId, wallet, quantity, reason, actor } = grant;
  const cause = entryCauses.grant(grantId);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([wallet, quantity, reason]))
    .digest('hex');
  return db.transaction(async (transaction): Promise<GrantResult> => {
    const locked = await lockAccountWallets(transaction, accountId);
    if (locked === null) return { status: 'unknown_account' };
    const earlier = await findEntry(transaction, accountId, cause);
    if (earlier !== null) {
      const status = earlier.fingerprint === fingerprint ? 'duplicate' : 'conflict';
      return { status, seq: earlier.seq, balance: earlier.balanceAfter };
    }
    const { seq, balanceAfter } = await bookEntry(transaction, locked[wallet], {
      kind: 'grant',
      quantity,
      cause,
      fingerprint,
      reason,
    });
    await writeAudit(transaction, {
      actor,
      action: 'grant',
      accountId,
      target: cause,
      reason,
      before: { balance: locked[wallet].balance },
      after: { balance: balanceAfter },
    });
    // Not urgent: at the start of a month every account is granted its plan's units.
    await markWakes(transaction, [{ accountId, refresh: null, delayMs: 0, urgent: false }]);
    return { status: 'accepted', seq, balance: balanceAfter };
  });
}
