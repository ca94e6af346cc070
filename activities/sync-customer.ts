import type { BlockReason } from '../domain/account-state.ts';
import type { AccountId } from '../domain/ids.ts';
import { blockedBy } from './customer-standing.ts';
import type { ActivityDependencies } from './create-activities.ts';
import { ProviderError } from './payment-errors.ts';
import type { AccountProfile } from './ports.ts';

type Dependencies = Pick<ActivityDependencies, 'accounts' | 'payments'>;
type Synced = { customerId: string; blockedBy: BlockReason | null; suspensionLifted: boolean };

/** Makes sure that the provider has the account as a customer with its present address, and reads the card from
 *  there. Repeating it changes nothing more. A customer whom the provider does not know, or will not change, blocks
 *  the account, which is looked at again later: asking at once would be answered the same. */
export function createSyncCustomer(dependencies: Dependencies) {
  return async ({ accountId }: { accountId: AccountId }): Promise<Synced> => {
    const profile = await dependencies.accounts.readProfile(accountId);
    try {
      return await sync(profile, dependencies);
    } catch (error) {
      const { customerId } = profile;
      if (customerId === null || !isRefusal(error)) throw error;
      const reason = 'no_payment_method';
      await dependencies.accounts.saveBlock(accountId, reason);
      return { customerId, blockedBy: reason, suspensionLifted: false };
    }
  };
}

async function sync(profile: AccountProfile, { accounts, payments }: Dependencies): Promise<Synced> {
  const { accountId } = profile;
  // Also when it is known: it may have been deleted there, or the account's address may have changed here.
  const { customerId } = await payments.ensureCustomer(profile);
  if (profile.customerId !== customerId) await accounts.saveCustomer(accountId, customerId);
  await payments.preferSavedCard(customerId);
  const standing = await payments.readCustomer(customerId);
  const { suspensionLifted } = await accounts.saveCard(accountId, standing.card);
  const reason = blockedBy(standing);
  await accounts.saveBlock(accountId, reason);
  return { customerId, blockedBy: reason, suspensionLifted };
}

/** A refused key is no word about this customer: that stays a fault, and is tried until somebody mends the key. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof ProviderError) || error.kind !== 'rejected') return false;
  return error.details.statusCode !== 401 && error.details.statusCode !== 403;
}
