import { checkoutExpiresAtMs, isCheckout } from '../domain/checkout.ts';
import type { TopUpId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { CANCELED } from '../domain/steps.ts';
import type { TopUp, TopUpOrder } from '../domain/top-up.ts';
import { AccountError } from './account-error.ts';
import type { Database, Transaction } from './connect.ts';
import { once, type IdempotentRequest } from './idempotent-requests.ts';
import { lockTopUp } from './lock-top-up.ts';
import { lockAccountWallets } from './lock-wallets.ts';
import { markWakes } from './mark-wakes.ts';
import { readAccount } from './read-account.ts';
import { isOpenTopUp, readOpenTopUps, readTopUp } from './read-top-ups.ts';
import { recordIntent } from './record-intent.ts';
import { closeTopUp } from './settle-top-up.ts';
import { readTopUpItem, type TopUpItem } from './top-ups.ts';

/** A purchase by a person, its prices frozen. */
export type Purchase = {
  order: TopUpOrder;
  /** `card`: the saved card is charged by the account's workflow. Otherwise bought on the provider's payment page, by
   *  this customer of the provider. */
  by: { method: 'card' } | { method: 'checkout'; customerId: string };
};

export type PurchaseResult =
  | { status: 'begun'; topUp: TopUpItem }
  /** The key was used before for something else. */
  | { status: 'conflict' }
  | { status: 'in_flight'; open: TopUpItem }
  | { status: 'no_payment_method' };

export type PurchaseStore = ReturnType<typeof createPurchases>;

/** The request that makes a payment page has ended by then, one way or the other. */
const PAGE_MADE_WITHIN_MS = 15_000;

/** Purchases by people. The wallet's single flight is what makes two tabs, a double click and an automatic top-up at
 *  the same moment one charge. */
export function createPurchases(db: Database, policy: Pick<Policy, 'dayMs' | 'maxTopUpsPerDay'>) {
  return {
    /** Records what is bought and wakes the account, once under the request's key; a repetition gets the same top-up
     *  as it is now. Nothing is recorded when it is refused, and the key stays free.
     *  @throws AccountError `account_unknown` */
    begin: (request: Omit<IdempotentRequest, 'scope'>, purchase: Purchase): Promise<PurchaseResult> =>
      begin(db, policy, request, purchase),

    read: (topUpId: TopUpId) => readTopUp(db.sql, topUpId),
    readItem: (topUpId: TopUpId) => readTopUpItem(db.sql, topUpId),

    /** Keeps the payment page of a top-up that still waits for its customer.
     *  @returns false when it does not any more: then nobody may pay on the page. */
    savePage: (topUpId: TopUpId, page: { sessionId: string; url: string | null }): Promise<boolean> =>
      db.transaction((transaction) => savePage(transaction, topUpId, page)),
  };
}

/** Thrown to leave the key free: the refusal is about the present, not about the request. */
class Refused extends Error {
  readonly result: PurchaseResult;

  constructor(result: PurchaseResult) {
    super(result.status);
    this.result = result;
  }
}

async function begin(
  db: Database,
  policy: Pick<Policy, 'dayMs' | 'maxTopUpsPerDay'>,
  request: Omit<IdempotentRequest, 'scope'>,
  purchase: Purchase,
): Promise<PurchaseResult> {
  // No account id has a slash: it cannot name the keys of the operators.
  const scope = `account/${purchase.order.accountId}`;
  try {
    const result = await db.transaction((transaction) =>
      once(transaction, { scope, ...request }, () => record(transaction, policy, purchase)),
    );
    if (result.status === 'conflict') return { status: 'conflict' };
    return { status: 'begun', topUp: await itemOf(db.sql, result.answer) };
  } catch (error) {
    if (error instanceof Refused) return error.result;
    throw error;
  }
}

async function record(
  transaction: Transaction,
  policy: Pick<Policy, 'dayMs' | 'maxTopUpsPerDay'>,
  { order, by }: Purchase,
): Promise<TopUpId> {
  const { accountId, wallet, topUpId } = order;
  const locked = await lockAccountWallets(transaction, accountId);
  const account = locked === null ? null : await readAccount(transaction, accountId);
  if (account === null) throw new AccountError('account_unknown', accountId);
  // A card that its bank has refused for good is none: networks fine those who ask again.
  const isDead = account.suspension?.reason === 'hard_decline';
  if (by.method === 'card' && (account.card === null || isDead))
    throw new Refused({ status: 'no_payment_method' });
  const open = (await readOpenTopUps(transaction, accountId))[wallet];
  if (open !== undefined) await takeOver(transaction, open.order.topUpId);
  const intent = await recordIntent(transaction, order, policy);
  if (intent.status !== 'recorded') throw new Error(`${topUpId} was not recorded: ${intent.reason}`);
  if (by.method === 'checkout') await waitForCustomer(transaction, intent.topUp, by.customerId);
  await markWakes(transaction, [{ accountId, refresh: 'account', delayMs: 0 }]);
  return topUpId;
}

/** Frees the wallet of a purchase whose payment page was never made: nobody has its address, so nobody can pay it.
 *  @throws Refused `in_flight` for every other open top-up. */
async function takeOver(transaction: Transaction, topUpId: TopUpId): Promise<void> {
  const { topUp } = await lockTopUp(transaction, topUpId);
  const [age] = await transaction<{ ms: number }[]>`
    select (extract(epoch from now() - created_at) * 1000)::bigint as ms
    from top_ups where top_up_id = ${topUpId}`;
  const hasNoPage = isCheckout(topUp) && topUp.checkoutSessionId === null;
  if (!hasNoPage || (age?.ms ?? 0) < PAGE_MADE_WITHIN_MS) {
    throw new Refused({ status: 'in_flight', open: await itemOf(transaction, topUpId) });
  }
  await closeTopUp(transaction, topUpId, CANCELED);
}

/** In the transaction of the intent, so that no workflow ever sees it without its deadline. */
async function waitForCustomer(transaction: Transaction, topUp: TopUp, customerId: string): Promise<void> {
  await transaction`
    update top_ups
    set state = 'action_required', customer_id = ${customerId},
      next_attempt_at = ${checkoutExpiresAtMs(topUp)}::timestamptz, updated_at = now()
    where account_id = ${topUp.accountId} and top_up_id = ${topUp.topUpId}`;
}

async function savePage(
  transaction: Transaction,
  topUpId: TopUpId,
  { sessionId, url }: { sessionId: string; url: string | null },
): Promise<boolean> {
  const { topUp } = await lockTopUp(transaction, topUpId);
  if (topUp.isPaid) return true;
  if (!isOpenTopUp(topUp)) return false;
  await transaction`
    update top_ups
    set checkout_session_id = ${sessionId}, action_url = ${url}, updated_at = now()
    where account_id = ${topUp.accountId} and top_up_id = ${topUpId}`;
  return true;
}

async function itemOf(sql: Parameters<typeof readTopUpItem>[0], topUpId: TopUpId): Promise<TopUpItem> {
  const item = await readTopUpItem(sql, topUpId);
  if (item === null) throw new Error(`${topUpId} was recorded and is not there`);
  return item;
}
