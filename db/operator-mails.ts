import { emailFate, type EmailFate } from '../domain/email-fate.ts';
import type { AccountId } from '../domain/ids.ts';
import type { NoticeKind } from '../domain/notices.ts';
import { writeAudit } from './audit.ts';
import type { Database, Runner, Transaction } from './connect.ts';
import { CursorError, type Page, type PageRequest } from './cursor.ts';
import { actOnce, type ActOrder } from './operator-act.ts';
import { OperatorError } from './operator-error.ts';
import type { DeliveryStatus } from './schema.ts';

/** Stands in the detail of a mail that an operator has put in line: the worker sends these itself, because no workflow
 *  has asked for them or waits for them any more. */
export const QUEUED_BY_OPERATOR = 'queued by an operator';

/** A mail as operators see it. */
export type OperatorMail = {
  deliveryId: string;
  accountId: AccountId;
  kind: NoticeKind;
  title: string;
  email: EmailFate;
  attempts: number;
  createdAtMs: number;
  updatedAtMs: number;
};

/** `dead`: no answer in time. `rejected`: the provider or the recipient's server said no. */
export const LOST_MAIL_STATUSES = ['dead', 'rejected'] as const satisfies readonly DeliveryStatus[];

export type MailFilter = PageRequest & {
  statuses: readonly (typeof LOST_MAIL_STATUSES)[number][];
  accountId?: AccountId | undefined;
};

export type OperatorMails = ReturnType<typeof createOperatorMails>;

/** Mails that did not arrive, and sending them again. */
export function createOperatorMails(db: Database) {
  return {
    /** Newest first. @throws CursorError */
    list: (filter: MailFilter) => listMails(db.sql, filter),

    /** Puts a mail that did not arrive in line again, to the account's address of now, once per key, and audits it.
     *  @throws OperatorError `mail_unknown`, `mail_not_replayable`, `idempotency_conflict` */
    replay: (deliveryId: string, order: ActOrder) => replayMail(db, deliveryId, order),
  };
}

/** Ids are made in the order of time, so they are order and cursor at once. */
async function listMails(
  sql: Runner,
  { statuses, accountId, cursor, limit }: MailFilter,
): Promise<Page<OperatorMail>> {
  if (typeof cursor === 'string' && !DELIVERY_ID.test(cursor)) throw new CursorError(cursor);
  const rows = await sql<Row[]>`
    ${selectMails(sql)}
    where delivery.status = any(${[...statuses]}::text[])
      ${accountId === undefined ? sql`` : sql`and delivery.account_id = ${accountId}`}
      ${typeof cursor === 'string' ? sql`and delivery.delivery_id < ${cursor}` : sql``}
    order by delivery.delivery_id desc
    limit ${limit + 1}`;
  const items = rows.slice(0, limit).map(toMail);
  return { items, next: rows.length > limit ? (items.at(-1)?.deliveryId ?? null) : null };
}

const DELIVERY_ID = /^[0-9a-f-]{36}$/;

async function replayMail(db: Database, deliveryId: string, order: ActOrder): Promise<OperatorMail> {
  const { actor, reason } = order;
  return actOnce(db, order, ['mail.replay', deliveryId], async (transaction) => {
    const before = await lockMail(transaction, deliveryId);
    if (before.status !== 'dead' && before.status !== 'rejected') {
      throw new OperatorError('mail_not_replayable', `The mail is ${before.status}.`);
    }
    const { accountId } = before;
    await transaction`
      update deliveries
      -- Handed over without an answer before it was given up: looked up first, as always then.
      set status = case when status = 'dead' and sending_since is not null then 'sending' else 'pending' end,
        attempts = 0, sending_since = case when status = 'dead' then sending_since end,
        detail = ${QUEUED_BY_OPERATOR}, updated_at = now()
      where account_id = ${accountId} and delivery_id = ${deliveryId}`;
    await writeAudit(transaction, {
      actor,
      action: 'mail.replay',
      accountId,
      target: deliveryId,
      reason,
      before: { status: before.status, attempts: before.attempts, detail: before.detail },
      after: { status: 'pending' },
    });
    return toMail(await lockMail(transaction, deliveryId));
  });
}

async function lockMail(transaction: Transaction, deliveryId: string): Promise<Row> {
  const [row] = await transaction<Row[]>`
    ${selectMails(transaction)} where delivery.delivery_id = ${deliveryId} for update of delivery`;
  if (row === undefined) throw new OperatorError('mail_unknown', deliveryId);
  return row;
}

type Row = Omit<OperatorMail, 'email'> & { status: DeliveryStatus; detail: string | null };

function selectMails(sql: Runner) {
  return sql`
    select delivery.delivery_id, delivery.account_id, notifications.kind, notifications.title, delivery.status,
      delivery.detail, delivery.attempts, delivery.created_at as created_at_ms, delivery.updated_at as updated_at_ms
    from deliveries delivery
    join notifications on notifications.account_id = delivery.account_id
      and notifications.notification_id = delivery.notification_id`;
}

function toMail({ status, detail, ...mail }: Row): OperatorMail {
  return { ...mail, email: emailFate(status, detail) };
}
