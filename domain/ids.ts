import type { Wallet } from './wallet.ts';

declare const accountIdBrand: unique symbol;
declare const topUpIdBrand: unique symbol;

/** The platform's own id of an account: opaque, never an address, because it appears in workflow ids. */
export type AccountId = string & { readonly [accountIdBrand]: true };
export type TopUpId = string & { readonly [topUpIdBrand]: true };

/** Letters, digits and `_ - .`: safe in URLs, workflow ids and provider keys without escaping. */
export const ACCOUNT_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** @throws RangeError for an id that the pattern does not admit. */
export function accountId(text: string): AccountId {
  if (!ACCOUNT_ID_PATTERN.test(text)) throw new RangeError(`not an account id: ${JSON.stringify(text)}`);
  return text as AccountId;
}

const TOP_UP_PREFIX = { call_minutes: 'tu_call_', chat_credits: 'tu_chat_' } as const;

/** The id of a top-up, made before anything happens; every key below derives from it and from nothing that
 *  a retry, a new run or a new worker could change. */
export function topUpId(wallet: Wallet, uuid: string): TopUpId {
  return `${TOP_UP_PREFIX[wallet]}${uuid}` as TopUpId;
}

/** The id of a hold; usage names it. */
export function holdId(uuid: string): string {
  return `hold_${uuid}`;
}

/** Idempotency keys for the payment provider (≤ 255 characters, kept at least 24 h by Stripe). */
export const providerKeys = {
  customer: (id: AccountId) => `account:${id}:customer`,
  invoice: (id: TopUpId) => `topup:${id}:invoice`,
  item: (id: TopUpId) => `topup:${id}:item`,
  finalize: (id: TopUpId) => `topup:${id}:finalize`,
  checkout: (id: TopUpId) => `topup:${id}:checkout`,
  pay: (id: TopUpId, attempt: number) => `topup:${id}:pay:${attempt}`,
  refund: (refundRequestId: string) => `refund:${refundRequestId}`,
} as const;

const WORKFLOW_PREFIX = 'account/';

/** The workflow of an account; `accountIdOfWorkflow` is its inverse. */
export function workflowIdOf(id: AccountId): string {
  return `${WORKFLOW_PREFIX}${id}`;
}

/** @returns null when the workflow is not an account's. */
export function accountIdOfWorkflow(workflowId: string): AccountId | null {
  return workflowId.startsWith(WORKFLOW_PREFIX) ? accountId(workflowId.slice(WORKFLOW_PREFIX.length)) : null;
}

/** The unique cause of a ledger entry within its account: what makes a second booking impossible. */
export const entryCauses = {
  usage: (eventId: string) => `usage:${eventId}`,
  grant: (grantId: string) => `grant:${grantId}`,
  topUp: (id: TopUpId) => `top_up:${id}`,
  refund: (refundId: string) => `refund:${refundId}`,
  dispute: (disputeId: string) => `dispute:${disputeId}`,
  adjustment: (adjustmentId: string) => `adjustment:${adjustmentId}`,
} as const;
