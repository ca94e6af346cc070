import type { BlockReason } from '../domain/account-state.ts';
import type { AccountId } from '../domain/ids.ts';
import { blockedBy } from './customer-standing.ts';
import type { ActivityDependencies } from './create-activities.ts';

/** Makes sure that the provider has the account as a customer, and reads the card from there. Repeating it
 *  changes nothing more. */
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
    const customerId = profile.customerId ?? (await payments.ensureCustomer(profile)).customerId;
    if (profile.customerId === null) await accounts.saveCustomer(accountId, customerId);
    const standing = await payments.readCustomer(customerId);
    const { suspensionLifted } = await accounts.saveCard(accountId, standing.card);
    return { customerId, blockedBy: blockedBy(standing), suspensionLifted };
  };
}
