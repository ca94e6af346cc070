import { defineSearchAttributeKey } from '@temporalio/common';

/** What engineers and operators look for in Temporal's web UI. Never encrypted, so opaque values only. Set on
 *  transitions; the index follows with a delay, so no decision rests on it. */
export const accountIdAttribute = defineSearchAttributeKey('AccountId', 'KEYWORD');
export const topUpStateAttribute = defineSearchAttributeKey('TopUpState', 'KEYWORD');
export const walletAttribute = defineSearchAttributeKey('Wallet', 'KEYWORD');
export const lastFailureAttribute = defineSearchAttributeKey('LastFailure', 'KEYWORD');

export const SEARCH_ATTRIBUTES = [
  accountIdAttribute,
  topUpStateAttribute,
  walletAttribute,
  lastFailureAttribute,
] as const;
