import type { AccountSnapshot, WalletSnapshot } from '../domain/account-state.ts';
import type { AccountId, TopUpId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { PRICES } from '../domain/prices.ts';
import type { Settings } from '../domain/settings.ts';
import { forEachWallet, WALLETS, type Wallet } from '../domain/wallet.ts';
import { AccountError } from './account-error.ts';
import type { Database, Transaction } from './connect.ts';
import { readCampaignSight } from './campaign-sight.ts';
import { readFirstSight, type Sight } from './first-sight.ts';
import { readAccount } from './read-account.ts';
import { readFailuresInRow, readOpenTopUps, readSpending } from './read-top-ups.ts';
import { readSettingsAsOf } from './settings.ts';
import { readSlices, type Slice } from './slices.ts';
import { readUntold } from './untold.ts';

type Signalled = { signalledCallSeq: number; signalledChatSeq: number };

/** Reads what the account's workflow decides on, all at one moment. The ledger counts up to the last slice that
 *  the relay has cut, so that slices and snapshots together tell of each entry once; and the settings are those of
 *  that entry, because later ones were saved upon another balance. Their own wake follows.
 *  @param since the entries already watched, exclusive; null when the workflow knows nothing yet: then the slice
 *  is empty, and `lowest` and the armed flags say what is still to be told of the past (see first-sight.ts).
 *  @throws AccountError `account_unknown` */
export async function readSnapshot(
  db: Database,
  { dayMs }: Pick<Policy, 'dayMs'>,
  accountId: AccountId,
  since: Record<Wallet, number> | null,
): Promise<AccountSnapshot> {
  return db.reading(async (transaction) => {
    const signalled = await readSignalled(transaction, accountId);
    const [account, calls, chat, spending, open, failuresInRow, reversals] = await Promise.all([
      readAccount(transaction, accountId),
      readSettingsAsOf(transaction, accountId, 'call_minutes', signalled.call_minutes),
      readSettingsAsOf(transaction, accountId, 'chat_credits', signalled.chat_credits),
      readSpending(transaction, accountId, dayMs),
      readOpenTopUps(transaction, accountId),
      readFailuresInRow(transaction, accountId),
      readReversalsToDo(transaction, accountId),
    ]);
    if (account === null) throw new AccountError('account_unknown', accountId);
    const settings: Record<Wallet, Settings | null> = { call_minutes: calls, chat_credits: chat };
    const sights = await readSights(transaction, accountId, since, signalled, settings);
    const untold = since === null ? await readUntold(transaction, accountId) : [];
    return {
      accountId,
      plan: account.plan,
      prices: PRICES[account.plan],
      customerId: account.customerId,
      suspension: account.suspension,
      resumedAtMs: account.failuresSinceMs,
      failuresInRow,
      wallets: forEachWallet(
        (wallet): WalletSnapshot => ({
          ...sights[wallet],
          ...spending[wallet],
          settings: settings[wallet],
          openTopUp: open[wallet] ?? null,
        }),
      ),
      untold,
      ...(reversals.length === 0 ? {} : { reversals }),
    };
  });
}

/** More are found by the read that follows each. */
const REVERSALS_AT_ONCE = 20;

async function readReversalsToDo(transaction: Transaction, accountId: AccountId): Promise<TopUpId[]> {
  const rows = await transaction<{ topUpId: TopUpId }[]>`
    select top_up_id from top_ups
    where account_id = ${accountId} and reversal_mark > reversal_seen and paid_at is not null
    order by paid_at, top_up_id
    limit ${REVERSALS_AT_ONCE}`;
  return rows.map(({ topUpId }) => topUpId);
}

async function readSignalled(
  transaction: Transaction,
  accountId: AccountId,
): Promise<Record<Wallet, number>> {
  const [row] = await transaction<Signalled[]>`
    select signalled_call_seq, signalled_chat_seq from account_wakes where account_id = ${accountId}`;
  return { call_minutes: row?.signalledCallSeq ?? 0, chat_credits: row?.signalledChatSeq ?? 0 };
}

async function readSights(
  transaction: Transaction,
  accountId: AccountId,
  since: Record<Wallet, number> | null,
  signalled: Record<Wallet, number>,
  settings: Record<Wallet, Settings | null>,
): Promise<Record<Wallet, Sight>> {
  const slices = await readSlices(
    transaction,
    WALLETS.map((wallet) => ({
      accountId,
      wallet,
      fromSeq: since?.[wallet] ?? signalled[wallet],
      toSeq: signalled[wallet],
    })),
  );
  const sights: Partial<Record<Wallet, Sight>> = {};
  for (const row of slices) {
    sights[row.wallet] =
      since === null
        ? await readFirstSight(transaction, row, settings[row.wallet])
        : await readLaterSight(transaction, row, settings[row.wallet]);
  }
  return sights as Record<Wallet, Sight>;
}

/** Who has watched before knows what is armed; the flags only say where the balance stands. What campaigns ask for
 *  is told anew: a want that was dropped, with a top-up that failed say, would never come back by itself. */
async function readLaterSight(
  transaction: Transaction,
  key: Slice,
  settings: Settings | null,
): Promise<Sight> {
  const { slice } = key;
  return {
    ...slice,
    ...(await readCampaignSight(transaction, key, settings)),
    alertArmed: settings === null || slice.balance >= settings.alertBelow,
    depletedArmed: slice.balance > 0,
  };
}
