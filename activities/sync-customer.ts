import type { BlockReason } from '../domain/account-state.ts';
import type { AccountId } from '../domain/ids.ts';
import { blockedBy } from './customer-standing.ts';
import type { ActivityDependencies } from './create-activities.ts';

/** Makes sure that the provider has the account as a customer with its present address, and reads the card from
 *  there. Repeating it changes nothing more. */
export function createSyncCustomer({
  accounts,
  payments,
}: Pick<ActivityDependencies, 'accounts' | 'payments'>) {
  return async ({
    accountId,
  }: {
    accountId: AccountId;
  }): Promise<{ customerId: string; blockedBy: BlockReason | null; suspensionLifted: boolean }> => {
    const profile = await accounts.readProfile(accountId);
    // Also when it is known: it may have been deleted there, or the account's address may have changed here.
    const { customerId } = await payments.ensureCustomer(profile);
    if (profile.customerId !== customerId) await accounts.saveCustomer(accountId, customerId);
    const standing = await payments.readCustomer(customerId);
    const { suspensionLifted } = await accounts.saveCard(accountId, standing.card);
    const reason = blockedBy(standing);
    await accounts.saveBlock(accountId, reason);
    return { customerId, blockedBy: reason, suspensionLifted };
  };
}
