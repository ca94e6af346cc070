import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import type { AccountId } from '../../domain/ids.ts';
import { NOTICE_KINDS, type Notice, type NoticeKind } from '../../domain/notices.ts';
import { WALLETS, type Wallet } from '../../domain/wallet.ts';
import { accounts } from './accounts.ts';
import { count, instant, NOW, oneOf } from './columns.ts';

export const notifications = pgTable(
  'notifications',
  {
    accountId: text()
      .$type<AccountId>()
      .notNull()
      .references(() => accounts.accountId),
    notificationId: text().notNull(),
    kind: text().$type<NoticeKind>().notNull(),
    wallet: text().$type<Wallet>(),
    /** What is told, from `noticeCause`: unique in the account, so nothing is told twice. */
    cause: text().notNull(),
    notice: jsonb().$type<Notice>().notNull(),
    title: text().notNull(),
    body: text().notNull(),
    /** Of a balance notice: the entry up to which the crossing had been seen. */
    seq: count(),
    /** Of a balance alert: the settings that armed it. */
    alertVersion: count(),
    createdAtMs: instant('created_at').notNull().default(NOW),
    readAtMs: instant('read_at'),
  },
  (notification) => [
    primaryKey({ columns: [notification.accountId, notification.notificationId] }),
    unique('notifications_cause').on(notification.accountId, notification.cause),
    index('notifications_created_at').on(
      notification.accountId,
      notification.createdAtMs,
      notification.notificationId,
    ),
    index('notifications_unread').on(notification.accountId).where(sql`${notification.readAtMs} is null`),
    check('notifications_kind', oneOf(notification.kind, NOTICE_KINDS)),
    check('notifications_wallet', oneOf(notification.wallet, WALLETS)),
  ],
);

/** `muted`: the customer wants this kind on the dashboard only; nothing is sent. */
export const DELIVERY_STATUSES = ['pending', 'sending', 'sent', 'rejected', 'dead', 'muted'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export const DELIVERY_CHANNELS = ['email'] as const;
export type DeliveryChannel = (typeof DELIVERY_CHANNELS)[number];

/** The outbox: one row a notification and channel, committed together with the notification. */
export const deliveries = pgTable(
  'deliveries',
  {
    accountId: text().$type<AccountId>().notNull(),
    deliveryId: text().notNull(),
    notificationId: text().notNull(),
    channel: text().$type<DeliveryChannel>().notNull(),
    status: text().$type<DeliveryStatus>().notNull(),
    attempts: integer().notNull().default(0),
    /** When it was last handed over to the provider; null before the first time. */
    sendingSinceMs: instant('sending_since'),
    providerMessageId: text(),
    /** It may have been sent twice: an attempt ended without an answer and could not be found again. */
    ambiguous: boolean().notNull().default(false),
    detail: text(),
    createdAtMs: instant('created_at').notNull().default(NOW),
    updatedAtMs: instant('updated_at').notNull().default(NOW),
  },
  (delivery) => [
    primaryKey({ columns: [delivery.accountId, delivery.deliveryId] }),
    unique('deliveries_channel').on(delivery.accountId, delivery.notificationId, delivery.channel),
    index('deliveries_delivery_id').on(delivery.deliveryId),
    check('deliveries_status', oneOf(delivery.status, DELIVERY_STATUSES)),
    check('deliveries_channel_name', oneOf(delivery.channel, DELIVERY_CHANNELS)),
  ],
);
