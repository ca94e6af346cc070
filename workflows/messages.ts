import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { AccountState } from '../domain/account-state.ts';
import type { Event } from '../domain/commands.ts';
import type { AccountId } from '../domain/ids.ts';
import type { RefreshSignal, UsageSignal } from '../domain/wakes.ts';

/** The wallets have moved: a slice of the ledger for each that has. */
export const usageSignal = defineSignal<[UsageSignal]>('usage');

/** Something other than usage has changed: the account is read afresh. */
export const refreshSignal = defineSignal<[RefreshSignal]>('refresh');

/** The whole state of an account's workflow. */
export const stateQuery = defineQuery<AccountState>('state');

export const ACCOUNT_WORKFLOW_TYPE = 'account';

/** Input of the account workflow. `carried` comes from the run before: state and what it had not yet heard. */
export type AccountWorkflowInput = {
  accountId: AccountId;
  carried?: { state: AccountState; inbox: Event[] };
};

export const RECONCILE_WORKFLOW_TYPE = 'reconcile';

/** What a run of the reconciler looks through: the last days, often; or everything that may still change, nightly. A
 *  bare text, because whoever makes the schedules has no payload keys. */
export type ReconcileScope = 'recent' | 'nightly';
