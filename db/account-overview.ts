import type { OpenTopUp } from '../domain/account-state.ts';
import type { FailedTopUp } from '../domain/explain.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import type { Quantity } from '../domain/quantities.ts';
import type { Settings } from '../domain/settings.ts';
import { forEachWallet, type Wallet } from '../domain/wallet.ts';
import type { Database } from './connect.ts';
import { readHeld, readUsualHold } from './read-holds.ts';
import { readAccount, type AccountRow } from './read-account.ts';
import { readLastFailed, readOpenTopUps, readSpending, type Spending } from './read-top-ups.ts';
import { readSettings } from './settings.ts';

export type WalletOverview = Spending & {
  balance: Quantity;
  /** Reserved by holds that run. */
  held: Quantity;
  /** What a campaign's call usually reserves; null when there were too few. */
  usualHold: Quantity | null;
  seq: number;
  /** null until the first save. */
  settings: Settings | null;
  openTopUp: OpenTopUp | null;
  /** The last automatic top-up, when it has failed and nothing has been forgiven since. */
  lastFailed: FailedTopUp | null;
};

export type AccountOverview = {
  account: AccountRow;
  wallets: Record<Wallet, WalletOverview>;
  unreadNotifications: number;
  /** The database's clock, by which limits open and months end. */
  readAtMs: number;
};

/** Everything that is shown of an account, all at one moment; null when there is no such account. */
export async function readOverview(
  db: Database,
  { dayMs }: Pick<Policy, 'dayMs'>,
  accountId: AccountId,
): Promise<AccountOverview | null> {
  return db.reading(async (transaction) => {
    const account = await readAccount(transaction, accountId);
    if (account === null) return null;
    const [balances, calls, chat, spending, open, failed, held, usualHold, [clock], [unread]] =
      await Promise.all([
        transaction<{ wallet: Wallet; balance: Quantity; seq: number }[]>`
        select wallet, balance, seq from wallets where account_id = ${accountId}`,
        readSettings(transaction, accountId, 'call_minutes'),
        readSettings(transaction, accountId, 'chat_credits'),
        readSpending(transaction, accountId, dayMs),
        readOpenTopUps(transaction, accountId),
        readLastFailed(transaction, accountId),
        readHeld(transaction, accountId),
        readUsualHold(transaction, accountId),
        transaction<{ readAtMs: number }[]>`select now() as read_at_ms`,
        transaction<{ count: number }[]>`
        select count(*) from notifications where account_id = ${accountId} and read_at is null`,
      ]);
    const settings = { call_minutes: calls, chat_credits: chat };
    const wallets = forEachWallet((wallet): WalletOverview => {
      const row = balances.find((each) => each.wallet === wallet);
      if (row === undefined) throw new Error(`account ${accountId} has no wallet ${wallet}`);
      const { balance, seq } = row;
      return {
        ...spending[wallet],
        balance,
        held: held[wallet],
        usualHold: wallet === 'call_minutes' ? usualHold : null,
        seq,
        settings: settings[wallet],
        openTopUp: open[wallet] ?? null,
        lastFailed: failed[wallet] ?? null,
      };
    });
    return { account, wallets, unreadNotifications: unread?.count ?? 0, readAtMs: clock?.readAtMs ?? 0 };
  });
}
