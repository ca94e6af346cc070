import type { NoticeRequest } from '../domain/commands.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Notice, NoticeKind } from '../domain/notices.ts';
import type { Policy } from '../domain/policy.ts';
import type { Wallet } from '../domain/wallet.ts';
import { composeNotice } from './compose-notice.ts';
import type { Database } from './connect.ts';
import { parsePlace, toPage, type Page, type PageRequest } from './cursor.ts';
import { beginSending, finishSending, notSent, readDelivery, type SendingResult } from './deliveries.ts';
import { recordNotice } from './record-notice.ts';

/** A notification as the dashboard shows it. */
export type NotificationItem = {
  notificationId: string;
  kind: NoticeKind;
  wallet: Wallet | null;
  title: string;
  body: string;
  createdAtMs: number;
  readAtMs: number | null;
};

export type NotificationFilter = PageRequest & { unread?: boolean | undefined };

/** What customers are told: on the dashboard, and by the deliveries of the outbox. */
export function createNotifications(db: Database, policy: Policy) {
  return {
    /** Completes a request into the notice that people read. @throws LedgerError `top_up_unknown` */
    compose: (accountId: AccountId, request: NoticeRequest) => composeNotice(db, policy, accountId, request),

    /** Records the dashboard notification and its email, once per crossing or outcome.
     *  @returns the delivery to send, new or already there; null when this crossing has been told already. */
    record: (
      accountId: AccountId,
      request: NoticeRequest,
      notice: Notice,
      text: { title: string; body: string },
    ) => db.transaction((transaction) => recordNotice(transaction, accountId, request, notice, text)),

    readDelivery: (deliveryId: string) => readDelivery(db.sql, deliveryId),

    /** Commits that the mail is going to be handed over. */
    beginSending: (deliveryId: string, attempt: number) => beginSending(db.sql, deliveryId, attempt),

    /** This hand-over certainly sent nothing. */
    notSent: (deliveryId: string, attempt: number) => notSent(db.sql, deliveryId, attempt),

    finishSending: (deliveryId: string, result: SendingResult) => finishSending(db.sql, deliveryId, result),

    /** An account's notifications, newest first. @throws CursorError */
    list: (accountId: AccountId, filter: NotificationFilter) => listNotifications(db, accountId, filter),

    /** Marks a notification read and keeps when it first was; null when the account has no such one. */
    markRead: async (accountId: AccountId, notificationId: string): Promise<NotificationItem | null> => {
      const [item] = await db.sql<NotificationItem[]>`
        update notifications set read_at = coalesce(read_at, now())
        where account_id = ${accountId} and notification_id = ${notificationId}
        returning notification_id, kind, wallet, title, body, created_at as created_at_ms,
          read_at as read_at_ms`;
      return item ?? null;
    },
  };
}

async function listNotifications(
  { sql }: Database,
  accountId: AccountId,
  { unread, cursor, limit }: NotificationFilter,
): Promise<Page<NotificationItem>> {
  const after = parsePlace(cursor);
  const rows = await sql<NotificationItem[]>`
    select notification_id, kind, wallet, title, body, created_at as created_at_ms, read_at as read_at_ms
    from notifications
    where account_id = ${accountId}
      ${unread === undefined ? sql`` : sql`and (read_at is null) = ${unread}`}
      ${after === null ? sql`` : sql`and (created_at, notification_id) < (${after.atMs}::timestamptz, ${after.id})`}
    order by created_at desc, notification_id desc
    limit ${limit + 1}`;
  return toPage(rows, limit, (row) => ({ atMs: row.createdAtMs, id: row.notificationId }));
}
