import type { AccountId, TopUpId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import type { Database, Transaction } from './connect.ts';
import { LedgerError } from './ledger-error.ts';
import { OperatorError } from './operator-error.ts';
import { retryTopUp, type RetryEffect } from './operator-retry.ts';
import { readOperatorTopUp, type OperatorTopUp } from './operator-top-ups.ts';
import { readNeed, type TopUpNeed } from './top-up-need.ts';

export type RetryPreview = {
  topUpId: TopUpId;
  /** As it is now; null when there is no such top-up. */
  topUp: OperatorTopUp | null;
  /** What a retry would come to; null when it would be refused. */
  effect: RetryEffect | null;
  refusal: OperatorError['code'] | null;
  /** The card that would be charged; null when none is on file, or nothing would be charged. */
  card: { brand: string; last4: string } | null;
  /** Whether it is still needed; null when there is no such top-up. */
  need: TopUpNeed | null;
};

/** What a retry of each top-up would come to, if they were tried in this order: the retry itself, rolled back. So the
 *  preview cannot tell anything but what the act does, two of one wallet included. */
export async function previewRetries(
  db: Database,
  limits: Pick<Policy, 'dayMs' | 'maxTopUpsPerDay'>,
  topUpIds: readonly TopUpId[],
): Promise<RetryPreview[]> {
  const owners = await db.sql<{ topUpId: TopUpId; accountId: AccountId }[]>`
    select top_up_id, account_id from top_ups where top_up_id = any(${[...topUpIds]}::text[])`;
  const accountOf = new Map(owners.map(({ topUpId, accountId }) => [topUpId, accountId]));
  const previews = new Map<TopUpId, RetryPreview>();
  // One account at a time: none holds its locks while it waits for another.
  for (const group of Map.groupBy(topUpIds, (id) => accountOf.get(id)).values()) {
    for (const preview of await previewAccount(db, limits, group)) previews.set(preview.topUpId, preview);
  }
  return topUpIds.flatMap((id) => previews.get(id) ?? []);
}

class RolledBack extends Error {}

async function previewAccount(
  db: Database,
  limits: Pick<Policy, 'dayMs' | 'maxTopUpsPerDay'>,
  topUpIds: readonly TopUpId[],
): Promise<RetryPreview[]> {
  const previews: RetryPreview[] = [];
  await db
    .transaction(async (transaction) => {
      for (const topUpId of topUpIds) previews.push(await preview(transaction, topUpId, limits));
      throw new RolledBack();
    })
    .catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error;
    });
  return previews;
}

async function preview(
  transaction: Transaction,
  topUpId: TopUpId,
  limits: Pick<Policy, 'dayMs' | 'maxTopUpsPerDay'>,
): Promise<RetryPreview> {
  try {
    const topUp = await readOperatorTopUp(transaction, topUpId);
    const need = await readNeed(transaction, topUpId, limits);
    const tried = await tryOne(transaction, topUpId, limits);
    const charges = tried.effect === 'new_top_up' || (tried.effect === 'hastened' && !need.wouldCancel);
    const card = charges ? await readCard(transaction, topUp.accountId) : null;
    return { topUpId, topUp, ...tried, card, need };
  } catch (error) {
    if (!(error instanceof OperatorError) || error.code !== 'top_up_unknown') throw error;
    return { topUpId, topUp: null, effect: null, refusal: error.code, card: null, need: null };
  }
}

/** What is refused leaves nothing behind for those that follow. */
async function tryOne(
  transaction: Transaction,
  topUpId: TopUpId,
  limits: Pick<Policy, 'dayMs' | 'maxTopUpsPerDay'>,
): Promise<Pick<RetryPreview, 'effect' | 'refusal'>> {
  try {
    const { effect } = await transaction.savepoint((inner) => retryTopUp(inner, topUpId, limits));
    return { effect, refusal: null };
  } catch (error) {
    if (error instanceof OperatorError) return { effect: null, refusal: error.code };
    if (error instanceof LedgerError) return { effect: null, refusal: 'top_up_unknown' };
    throw error;
  }
}

async function readCard(
  transaction: Transaction,
  accountId: AccountId,
): Promise<{ brand: string; last4: string } | null> {
  const [card] = await transaction<{ brand: string; last4: string }[]>`
    select card_brand as brand, card_last4 as last4 from accounts
    where account_id = ${accountId} and payment_method_id is not null`;
  return card ?? null;
}
