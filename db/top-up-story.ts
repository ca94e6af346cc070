import { entryCauses, type TopUpId } from '../domain/ids.ts';
import type { NoticeKind } from '../domain/notices.ts';
import type { Warrant } from '../domain/top-up.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Database, Transaction } from './connect.ts';
import type { LedgerEntry } from './list-ledger.ts';
import { OperatorError } from './operator-error.ts';
import type { DeliveryStatus } from './schema.ts';
import { readSavedSettings, type SavedSettings } from './settings-history.ts';

/** A notice that was told of a top-up, and what became of its mail. */
export type ToldNotice = {
  notificationId: string;
  kind: NoticeKind;
  title: string;
  createdAtMs: number;
  deliveryId: string | null;
  emailStatus: DeliveryStatus | null;
  emailDetail: string | null;
  attempts: number | null;
  ambiguous: boolean | null;
};

/** What happened around a top-up, besides its attempts. */
export type TopUpStory = {
  topUpId: TopUpId;
  accountId: AccountId;
  wallet: Wallet;
  notices: ToldNotice[];
  entries: LedgerEntry[];
  /** Why it was decided; null for what a person ordered. */
  warrant: Warrant | null;
  /** The settings that the warrant names. */
  settings: SavedSettings | null;
};

type Owner = { accountId: AccountId; wallet: Wallet; warrant: Warrant | null };

/** @throws OperatorError `top_up_unknown` */
export async function readTopUpStory(db: Database, topUpId: TopUpId): Promise<TopUpStory> {
  return db.reading(async (transaction) => {
    const [owner] = await transaction<Owner[]>`
      select account_id, wallet, warrant from top_ups where top_up_id = ${topUpId}`;
    if (owner === undefined) throw new OperatorError('top_up_unknown', topUpId);
    const { accountId, wallet, warrant } = owner;
    const version = warrant?.settingsVersion;
    return {
      topUpId,
      ...owner,
      notices: await readNotices(transaction, accountId, topUpId),
      entries: await readEntries(transaction, accountId, topUpId),
      settings:
        version === undefined ? null : await readSavedSettings(transaction, { accountId, wallet, version }),
    };
  });
}

async function readNotices(
  transaction: Transaction,
  accountId: AccountId,
  topUpId: TopUpId,
): Promise<ToldNotice[]> {
  return transaction<ToldNotice[]>`
    select notifications.notification_id, kind, title, notifications.created_at as created_at_ms,
      delivery.delivery_id, delivery.status as email_status, delivery.detail as email_detail, delivery.attempts,
      delivery.ambiguous
    from notifications
    left join deliveries delivery on delivery.account_id = notifications.account_id
      and delivery.notification_id = notifications.notification_id and delivery.channel = 'email'
    where notifications.account_id = ${accountId} and notice ->> 'topUpId' = ${topUpId}
    order by notifications.created_at, notifications.notification_id`;
}

/** Its credit, and what refunds and disputes took back. */
async function readEntries(
  transaction: Transaction,
  accountId: AccountId,
  topUpId: TopUpId,
): Promise<LedgerEntry[]> {
  const reversals = await transaction<{ kind: 'refund' | 'dispute'; reversalId: string }[]>`
    select kind, reversal_id from reversals where account_id = ${accountId} and top_up_id = ${topUpId}`;
  const causes = [
    entryCauses.topUp(topUpId),
    ...reversals.map(({ kind, reversalId }) => entryCauses[kind](reversalId)),
  ];
  return transaction<LedgerEntry[]>`
    select wallet, seq, kind, quantity, balance_after, cause, source, type, reason,
      occurred_at as occurred_at_ms, created_at as created_at_ms
    from ledger_entries
    where account_id = ${accountId} and (
      cause = any(${causes}::text[])
      -- A refund or dispute that changes is booked by steps, each under a cause of its own.
      or cause like any(${causes.slice(1).map((cause) => `${cause}:%`)}::text[])
    )
    order by created_at, seq`;
}
