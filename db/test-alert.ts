import { v7 as uuid } from 'uuid';
import type { AccountId } from '../domain/ids.ts';
import type { BalanceAlert } from '../domain/notices.ts';
import type { Policy } from '../domain/policy.ts';
import { NO_QUANTITY } from '../domain/quantities.ts';
import type { Wallet } from '../domain/wallet.ts';
import { AccountError } from './account-error.ts';
import { readOverview } from './account-overview.ts';
import { writeAudit } from './audit.ts';
import { readOutlook } from './compose-notice.ts';
import type { Database, Transaction } from './connect.ts';
import { lockAccountWallets } from './lock-wallets.ts';
import { QUEUED_BY_OPERATOR } from './operator-mails.ts';
import { actOnce, type ActOrder } from './operator-act.ts';
import type { DeliveryStatus, Locale } from './schema.ts';

export type TestAlertOrder = ActOrder & {
  accountId: AccountId;
  wallet: Wallet;
  /** What the dashboard says, in the account's language. */
  words: Record<Locale, { title: string; body: string }>;
};

export type TestAlert = { notificationId: string; deliveryId: string; status: DeliveryStatus; to: string };

/** Tells a low balance as a test: a notification and a mail that say so, put in line once per key and audited. It has
 *  neither an entry nor a version of the settings, by which real alerts are told apart, so it disarms none of them; and
 *  the platform hears of no crossing that did not happen.
 *  @throws AccountError `account_unknown`; OperatorError `idempotency_conflict` */
export async function sendTestAlert(db: Database, policy: Policy, order: TestAlertOrder): Promise<TestAlert> {
  const { accountId, wallet, words, ...act } = order;
  const overview = await readOverview(db, policy, accountId);
  if (overview === null) throw new AccountError('account_unknown', accountId);
  const { balance, settings } = overview.wallets[wallet];
  const { email: to, locale } = overview.account;
  const notice: BalanceAlert = {
    kind: 'balance.alert',
    wallet,
    balance,
    alertBelow: settings?.alertBelow ?? NO_QUANTITY,
    autoTopUp: await readOutlook(db, policy, accountId, wallet),
    test: true,
  };
  return actOnce(db, act, ['account.test_alert', accountId, wallet], async (transaction) => {
    await lockAccountWallets(transaction, accountId);
    const sent = await queue(transaction, accountId, notice, words[locale]);
    const { actor, reason } = act;
    const entry = { actor, action: 'account.test_alert', accountId, target: sent.deliveryId, reason };
    await writeAudit(transaction, { ...entry, before: null, after: { wallet, status: sent.status } });
    return { ...sent, to };
  });
}

async function queue(
  transaction: Transaction,
  accountId: AccountId,
  notice: BalanceAlert,
  { title, body }: { title: string; body: string },
): Promise<Omit<TestAlert, 'to'>> {
  const [notificationId, deliveryId] = [uuid(), uuid()];
  await transaction`
    insert into notifications (account_id, notification_id, kind, wallet, cause, notice, title, body)
    values (${accountId}, ${notificationId}, ${notice.kind}, ${notice.wallet}, ${`test:${notificationId}`},
      ${JSON.stringify(notice)}::text::jsonb, ${title}, ${body})`;
  // Who has switched these mails off gets no test of them either.
  const [delivery] = await transaction<{ status: DeliveryStatus }[]>`
    insert into deliveries (account_id, delivery_id, notification_id, channel, status, detail)
    select account_id, ${deliveryId}, ${notificationId}, 'email',
      case when ${notice.kind} = any(muted_emails) then 'muted' else 'pending' end,
      case when ${notice.kind} = any(muted_emails) then null else ${QUEUED_BY_OPERATOR} end
    from accounts where account_id = ${accountId}
    returning status`;
  if (delivery === undefined) throw new AccountError('account_unknown', accountId);
  return { notificationId, deliveryId, status: delivery.status };
}
