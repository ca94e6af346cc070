import type { ChangeReader } from '../api/ports.ts';
import { WALLETS } from '../domain/wallet.ts';
import type { Database } from './connect.ts';

/** Top-ups and notifications looked at for changes: only the newest ones still change. */
const RECENT = 20;

/** Tells in one query which of the watched accounts have changed. The mark is made of numbers and instants that
 *  every write of the part moves; it is only ever compared with the one before. */
export function createChangeReader(db: Database): ChangeReader {
  return {
    read: async (accountIds) => [
      ...(await db.sql<{ accountId: (typeof accountIds)[number]; mark: string }[]>`
        select accounts.account_id, concat_ws('/',
          accounts.updated_at, accounts.suspended_at, accounts.payment_method_id,
          (select sum(seq) from wallets where wallets.account_id = accounts.account_id),
          -- What is held at this moment: it changes by itself when a hold expires.
          (select string_agg(running.held, '+') from (
            select concat(wallet, sum(quantity)) as held from holds
            where holds.account_id = accounts.account_id and wallet = any(${[...WALLETS]})
              and state = 'held' and expires_at > now()
            group by wallet order by wallet) as running),
          (select sum(version) from settings where settings.account_id = accounts.account_id),
          (select max(updated_at) from (
            select updated_at from top_ups where top_ups.account_id = accounts.account_id
            order by created_at desc limit ${RECENT}) as recent),
          (select max(greatest(recent.created_at, recent.read_at, delivery.updated_at)) from (
            select account_id, notification_id, created_at, read_at from notifications
            where notifications.account_id = accounts.account_id
            order by created_at desc limit ${RECENT}) as recent
            left join deliveries delivery on delivery.account_id = recent.account_id
              and delivery.notification_id = recent.notification_id),
          (select count(*) from notifications unread
            where unread.account_id = accounts.account_id and unread.read_at is null)
        ) as mark
        from accounts
        where accounts.account_id = any(${[...accountIds]})`),
    ],
  };
}
