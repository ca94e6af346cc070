import type { AccountId } from '../domain/ids.ts';
import type { WebhookType } from '../domain/webhooks.ts';
import { writeAudit } from './audit.ts';
import type { Database, Runner, Transaction } from './connect.ts';
import { CursorError, type Page, type PageRequest } from './cursor.ts';
import { once, OPERATORS_SCOPE, type IdempotentResult } from './idempotent-requests.ts';
import type { WebhookDeliveryStatus } from './schema.ts';

/** A webhook to the platform as operators see it. */
export type WebhookDelivery = {
  messageId: string;
  accountId: AccountId;
  notificationId: string;
  type: WebhookType;
  payload: string;
  status: WebhookDeliveryStatus;
  /** Since the message was made, or since it was last replayed. */
  attempts: number;
  nextAttemptAtMs: number;
  responseStatus: number | null;
  detail: string | null;
  createdAtMs: number;
  updatedAtMs: number;
};

export type WebhookDeliveryFilter = PageRequest & {
  status?: WebhookDeliveryStatus | undefined;
  accountId?: AccountId | undefined;
};

export type Replay = { messageId: string; key: string; actor: string; reason: string };

export type WebhookDeliveries = ReturnType<typeof createWebhookDeliveries>;

/** What operators do with webhooks to the platform. */
export function createWebhookDeliveries(db: Database) {
  return {
    /** Newest first. @throws CursorError */
    list: (filter: WebhookDeliveryFilter) => listDeliveries(db.sql, filter),

    /** Puts a message in line again under its own id, whatever became of it, once per key, and audits it.
     *  @throws WebhookDeliveryUnknown */
    replay: (replay: Replay) => db.transaction((transaction) => replayOnce(transaction, replay)),
  };
}

export class WebhookDeliveryUnknown extends Error {
  override readonly name = 'WebhookDeliveryUnknown';
}

const MESSAGE_ID = /^msg_[0-9a-f-]{36}$/;

/** Ids are made in the order of time, so they are order and cursor at once. */
async function listDeliveries(
  sql: Runner,
  { status, accountId, cursor, limit }: WebhookDeliveryFilter,
): Promise<Page<WebhookDelivery>> {
  if (typeof cursor === 'string' && !MESSAGE_ID.test(cursor)) throw new CursorError(cursor);
  const rows = await sql<WebhookDelivery[]>`
    select ${columns(sql)} from webhook_deliveries
    where true
      ${status === undefined ? sql`` : sql`and status = ${status}`}
      ${accountId === undefined ? sql`` : sql`and account_id = ${accountId}`}
      ${typeof cursor === 'string' ? sql`and message_id < ${cursor}` : sql``}
    order by message_id desc
    limit ${limit + 1}`;
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? (items.at(-1)?.messageId ?? null) : null };
}

async function replayOnce(
  transaction: Transaction,
  { messageId, key, actor, reason }: Replay,
): Promise<IdempotentResult<WebhookDelivery>> {
  const asked = { act: 'replay_webhook', messageId, reason };
  return once(transaction, { scope: OPERATORS_SCOPE, key, asked }, async () => {
    const [before] = await transaction<WebhookDelivery[]>`
      select ${columns(transaction)} from webhook_deliveries where message_id = ${messageId} for update`;
    if (before === undefined) throw new WebhookDeliveryUnknown(messageId);
    const { accountId } = before;
    const [after = before] = await transaction<WebhookDelivery[]>`
      update webhook_deliveries
      set status = 'pending', attempts = 0, next_attempt_at = now(), updated_at = now()
      where account_id = ${accountId} and message_id = ${messageId}
      returning ${columns(transaction)}`;
    await writeAudit(transaction, {
      actor,
      action: 'webhook.replay',
      accountId,
      target: messageId,
      reason,
      before: { status: before.status, attempts: before.attempts, detail: before.detail },
      after: { status: after.status },
    });
    return after;
  });
}

function columns(sql: Runner) {
  return sql`message_id, account_id, notification_id, type, payload, status, attempts, response_status, detail,
    next_attempt_at as next_attempt_at_ms, created_at as created_at_ms, updated_at as updated_at_ms`;
}
