import type { NoticeRequest } from '../domain/commands.ts';
import { emailFate, type EmailFate } from '../domain/email-fate.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Notice, NoticeKind } from '../domain/notices.ts';
import type { Policy } from '../domain/policy.ts';
import type { Wallet } from '../domain/wallet.ts';
import { composeNotice } from './compose-notice.ts';
import type { Database, Runner } from './connect.ts';
import { parsePlace, toPage, type Page, type PageRequest } from './cursor.ts';
import { beginSending, finishSending, notSent, readDelivery, type SendingResult } from './deliveries.ts';
import { recordNotice, type NoticeText } from './record-notice.ts';
import type { DeliveryStatus } from './schema.ts';

/** A notification as the dashboard shows it. */
export type NotificationItem = {
  notificationId: string;
  kind: NoticeKind;
  wallet: Wallet | null;
  title: string;
  body: string;
  createdAtMs: number;
  readAtMs: number | null;
  /** What became of its mail; null when none was made. */
  email: EmailFate | null;
};

export type NotificationFilter = PageRequest & { unread?: boolean | undefined };

/** What customers are told: on the dashboard, and by the deliveries of the outbox. */
export function createNotifications(db: Database, policy: Policy) {
  return {
    /** Completes a request into the notice that people read. @throws LedgerError `top_up_unknown` */
    compose: (accountId: AccountId, request: NoticeRequest) => composeNotice(db, policy, accountId, request),

    /** Records the dashboard notification, its email and its webhook, once per crossing or outcome.
     *  @returns the delivery to send, new or already there; null when this crossing has been told already. */
    record: (accountId: AccountId, request: NoticeRequest, notice: Notice, text: NoticeText) =>
      db.transaction((transaction) => recordNotice(transaction, accountId, request, notice, text)),

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
      const [row] = await db.sql<Row[]>`
        with notifications as (
          update notifications set read_at = coalesce(read_at, now())
          where account_id = ${accountId} and notification_id = ${notificationId}
          returning *
        )
        ${selectItems(db.sql)}`;
      return row === undefined ? null : toItem(row);
    },

    /** Marks all of an account's notifications read. @returns how many were not. */
    markAllRead: async (accountId: AccountId): Promise<number> => {
      const read = await db.sql`
        update notifications set read_at = now() where account_id = ${accountId} and read_at is null`;
      return read.count;
    },
  };
}

async function listNotifications(
  { sql }: Database,
  accountId: AccountId,
  { unread, cursor, limit }: NotificationFilter,
): Promise<Page<NotificationItem>> {
  const after = parsePlace(cursor);
  const rows = await sql<Row[]>`
    ${selectItems(sql)}
    where notifications.account_id = ${accountId}
      ${unread === undefined ? sql`` : sql`and (read_at is null) = ${unread}`}
      ${
        after === null
          ? sql``
          : sql`and (notifications.created_at, notifications.notification_id)
              < (${after.atMs}::timestamptz, ${after.id})`
      }
    order by notifications.created_at desc, notifications.notification_id desc
    limit ${limit + 1}`;
  return toPage(rows.map(toItem), limit, (item) => ({ atMs: item.createdAtMs, id: item.notificationId }));
}

type Row = Omit<NotificationItem, 'email'> & {
  emailStatus: DeliveryStatus | null;
  emailDetail: string | null;
};

function selectItems(sql: Runner) {
  return sql`
    select notifications.notification_id, kind, wallet, title, body, notifications.created_at as created_at_ms,
      read_at as read_at_ms, delivery.status as email_status, delivery.detail as email_detail
    from notifications
    left join deliveries delivery on delivery.account_id = notifications.account_id
      and delivery.notification_id = notifications.notification_id and delivery.channel = 'email'`;
}

function toItem({ emailStatus, emailDetail, ...item }: Row): NotificationItem {
  return { ...item, email: emailStatus === null ? null : emailFate(emailStatus, emailDetail) };
}
