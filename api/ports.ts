import type { AccountProfile } from '../db/accounts.ts';
import type { AccountState } from '../domain/account-state.ts';
import type { AccountId } from '../domain/ids.ts';

/** What of an account has last changed: the mark moves with every change of a part, and means nothing else. */
export type ChangeMark = { accountId: AccountId; mark: string };

export type ChangeReader = {
  /** One query, however many accounts. An account that is unknown is missing from the answer. */
  read(accountIds: readonly AccountId[]): Promise<ChangeMark[]>;
};

export type CustomerMaker = {
  /** Finds or makes the payment provider's customer. */
  ensureCustomer(profile: AccountProfile): Promise<{ customerId: string }>;
};

export type DeliveryReport = {
  deliveryId: string;
  status: 'delivered' | 'bounced' | 'complained';
  detail: string | null;
};

export type DeliveryReports = {
  /** Notes what became of a mail; a report of a mail that is not ours changes nothing. */
  reportDelivery(report: DeliveryReport): Promise<'recorded' | 'unrelated'>;
};

/** What an account's workflow says of itself. `absent`: there is none, the next wake starts it. `unreachable`: Temporal
 *  or every worker is away. `unreadable`: it answered, and this process has not the keys to read it. */
export type WorkflowReading =
  | { status: 'answered'; state: AccountState }
  | { status: 'absent' | 'unreachable' | 'unreadable' };

export type AccountWorkflows = {
  /** Never waits longer than a few seconds, and never rejects because Temporal is away. */
  read(accountId: AccountId): Promise<WorkflowReading>;
};
