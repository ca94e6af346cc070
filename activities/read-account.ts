import type { AccountSnapshot } from '../domain/account-state.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { ActivityDependencies } from './create-activities.ts';

/** Reads the account as the database has it, with the policy that this worker runs under. Changes nothing. */
export function createReadAccount({ accounts, policy }: Pick<ActivityDependencies, 'accounts' | 'policy'>) {
  return async (input: {
    accountId: AccountId;
    since: Record<Wallet, number> | null;
  }): Promise<{ snapshot: AccountSnapshot; policy: Policy }> => ({
    snapshot: await accounts.readSnapshot(input.accountId, input.since),
    policy,
  });
}
